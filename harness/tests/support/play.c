/* play: see play.h. */
#include "tests/support/play.h"

#include <stdlib.h>
#include <string.h>

#include "stacks/isolation.h"
#include "tests/support/check.h"
#include "tests/support/texts.h"

enum { SLACK_MS = 3000 }; /* for a busy machine: a hang takes longer */

const struct sockdrill_stack *play_stack = &sockdrill_stack_kernel;
int play_wait_ms = PLAY_WAIT_MS;
struct executor play_executor;

static struct {
    struct drill drill;
    struct drill_notes notes;
    uint32_t calls;
    unsigned unmet;
} play;

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    const char *expected;
    const char *why;

    (void)context;
    (void)request;
    if (call == NULL)
        return;
    expected = play.notes.expected[play.calls];
    assert_true(outcome_sane(call, outcome, &why));
    if (expected != NULL && !outcome_matches(expected, call, outcome, &play.notes)) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);

        drill_print_call(out, call, &play.notes);
        fprintf(out, " %s, but ", expected);
        outcome_print(out, call, outcome, &play.notes);
        fclose(out);
        print_message("line %u: %s\n", play.notes.lines[play.calls], text);
        free(text);
        play.unmet++;
    }
    play.calls++;
}

void play_init(void)
{
    executor_init(&play_executor, play_stack);
    play_executor.loopback_only = !isolation_entered();
    play_executor.wait_ms = play_wait_ms;
    play_executor.drill_wait_ms = PLAY_DRILL_WAIT_MS;
    play_executor.block_ms = PLAY_BLOCK_MS;
    play_executor.observe = observe;
}

void play_parse(struct drill *drill, struct drill_notes *notes, const char *text,
                enum play_family family)
{
    static const char *const words[PLAY_FAMILIES][9] = {
        {"$AF", "AF_INET", "$LO", "127.0.0.1", "$ANY", "0.0.0.0", "$OTHER", "AF_INET6", NULL},
        {"$AF", "AF_INET6", "$LO", "[::1]", "$ANY", "[::]", "$OTHER", "AF_INET", NULL},
    };
    char *replaced = text_replaced(text, words[family]);

    text_parse_valid(drill, notes, replaced, strlen(replaced));
    free(replaced);
}

unsigned play_unmet(const char *text, enum play_family family)
{
    play_parse(&play.drill, &play.notes, text, family);
    play.calls = 0;
    play.unmet = 0;
    executor_drill(&play_executor, &play.drill);
    assert_int_equal(play.calls, play.drill.call_count);
    return play.unmet;
}

void play_all(const struct play *rows, size_t count)
{
    unsigned unmet = 0;

    play_init();
    for (size_t i = 0; i < count; i++)
        for (enum play_family family = PLAY_IPV4; family < PLAY_FAMILIES; family++) {
            unsigned before = check_descriptors();
            int64_t start = check_now_ms();
            unsigned here = play_unmet(rows[i].text, family);

            if (here > 0)
                print_message("  in: %s, over %s\n", rows[i].shows,
                              family == PLAY_IPV4 ? "IPv4" : "IPv6");
            unmet += here;
            assert_int_equal(check_descriptors(), before);
            assert_true(check_now_ms() - start < PLAY_DRILL_WAIT_MS + SLACK_MS);
        }
    assert_int_equal(unmet, 0);
}
