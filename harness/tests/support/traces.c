/* traces: see traces.h. */
#include "tests/support/traces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines/trace.h"
#include "tests/support/check.h"
#include "tests/support/texts.h"

/* Of each judgement. */
static unsigned seen[JUDGEMENT_INCONCLUSIVE + 1];

static void count(void *context, const struct trace_line *line, const struct judged *j)
{
    (void)context;
    (void)line;
    seen[j->judgement]++;
}

static unsigned lines_of(const char *text)
{
    unsigned lines = 0;

    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

static void judge_lines(const char *what, const char *text)
{
    static struct trace_judge judge;
    struct drill_error fault;

    memset(seen, 0, sizeof seen);
    judge.report = count;
    if (!trace_judge_text(&judge, NULL, text, strlen(text), &fault))
        fail_msg("%s: %u:%u: %s", what, fault.line, fault.column, fault.message);
}

/* Judges a trace over each family, and has is_right say whether that came out as it should. */
static void judge_both(const char *what, bool (*is_right)(void), const char *start,
                       const char *rest)
{
    static const char *const words[2][11] = {
        {"$AF", "AF_INET", "$LO", "127.0.0.1", "$ANY", "0.0.0.0", "$WHOLE",
         "setsockopt(c, IPPROTO_IP, IP_MTU_DISCOVER, [2])", "$RECVERR", "IPPROTO_IP, IP_RECVERR",
         NULL},
        {"$AF", "AF_INET6", "$LO", "[::1]", "$ANY", "[::]", "$WHOLE",
         "setsockopt(c, IPPROTO_IPV6, IPV6_DONTFRAG, [1])", "$RECVERR",
         "IPPROTO_IPV6, IPV6_RECVERR", NULL}};
    unsigned calls = lines_of(start) + lines_of(rest) - 1; /* but for the header */
    char *whole = NULL;

    assert_true(asprintf(&whole, "%s%send %u\n", start, rest, calls) > 0);
    for (unsigned family = 0; family < 2; family++) {
        char *text = text_replaced(whole, words[family]);

        judge_lines(what, text);
        if (!is_right())
            fail_msg("%s, %s: %u deviations, %u inconclusive\n%s", what, words[family][1],
                     seen[JUDGEMENT_DEVIATES], seen[JUDGEMENT_INCONCLUSIVE], text);
        free(text);
    }
    free(whole);
}

static bool all_conform(void)
{
    return seen[JUDGEMENT_DEVIATES] == 0 && seen[JUDGEMENT_INCONCLUSIVE] == 0;
}

static bool one_deviates(void)
{
    return seen[JUDGEMENT_DEVIATES] > 0 && seen[JUDGEMENT_INCONCLUSIVE] == 0;
}

static bool end_is_open(void)
{
    return seen[JUDGEMENT_DEVIATES] == 0 && seen[JUDGEMENT_INCONCLUSIVE] > 0;
}

void traces_check(const char *what, bool conforms, const char *start, const char *rest)
{
    judge_both(what, conforms ? all_conform : one_deviates, start, rest);
}

void traces_check_open(const char *what, const char *start, const char *rest)
{
    judge_both(what, end_is_open, start, rest);
}

char *traces_repeated(unsigned times, const char *lines, const char *rest)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    for (unsigned i = 0; i < times; i++)
        fputs(lines, out);
    fputs(rest, out);
    assert_int_equal(fclose(out), 0);
    return text;
}
