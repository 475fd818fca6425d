/* traces: see traces.h. */
#include "tests/support/traces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines/trace.h"
#include "tests/support/check.h"
#include "tests/support/texts.h"

static unsigned deviations;

static void count(void *context, const struct trace_line *line, const struct judged *j)
{
    (void)context;
    (void)line;
    assert_true(j->judgement != JUDGEMENT_INCONCLUSIVE);
    deviations += j->judgement == JUDGEMENT_DEVIATES;
}

static unsigned lines_of(const char *text)
{
    unsigned lines = 0;

    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

void traces_check(const char *what, bool conforms, const char *start, const char *rest)
{
    static const char *const words[2][9] = {
        {"$AF", "AF_INET", "$LO", "127.0.0.1", "$ANY", "0.0.0.0", "$WHOLE",
         "setsockopt(c, IPPROTO_IP, IP_MTU_DISCOVER, [2])", NULL},
        {"$AF", "AF_INET6", "$LO", "[::1]", "$ANY", "[::]", "$WHOLE",
         "setsockopt(c, IPPROTO_IPV6, IPV6_DONTFRAG, [1])", NULL}};
    static struct trace_judge judge;
    struct drill_error fault;
    unsigned calls = lines_of(start) + lines_of(rest) - 1; /* but for the header */
    char *whole = NULL;

    assert_true(asprintf(&whole, "%s%send %u\n", start, rest, calls) > 0);
    for (unsigned family = 0; family < 2; family++) {
        char *text = text_replaced(whole, words[family]);

        deviations = 0;
        judge.report = count;
        if (!trace_judge_text(&judge, NULL, text, strlen(text), &fault))
            fail_msg("%s: %u:%u: %s", what, fault.line, fault.column, fault.message);
        if ((deviations == 0) != conforms)
            fail_msg("%s, %s: %u deviations\n%s", what, words[family][1], deviations, text);
        free(text);
    }
    free(whole);
}
