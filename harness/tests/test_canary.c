/*
 * test_canary: the planted bug is one that fuzzing must find and chance does not: a million random
 * inputs leave it alone, the calls that it takes do not. The engines' part is ci/fuzz's.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "canary/planted.h"
#include "stacks/executor.h"
#include "stacks/isolation.h"
#include "tests/support/check.h"
#include "tests/support/inputs.h"
#include "tests/support/texts.h"

static struct drill drill;
static struct drill_notes notes;
static struct executor executor;

static void play_drill(void)
{
    executor_init(&executor, planted_stack());
    executor.loopback_only = !isolation_entered();
    executor_drill(&executor, &drill);
}

static void test_random_inputs_never_trip_it(void **state)
{
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(200000, 1000000); i > 0; i--) {
        drill_decode(&drill, room, input_make(&random, INPUT_NOISE, room), &drill_rules_stream);
        play_drill();
    }
}

/* In the child: plays a text; 0 when it goes well. */
static int play_text(void *context)
{
    const char *text = context;

    text_parse_valid(&drill, &notes, text, strlen(text));
    play_drill();
    return 0;
}

#define LISTENER                                                                                   \
    "l = socket(AF_INET, SOCK_STREAM, 0)\n"                                                        \
    "bind(l, 127.0.0.1:0)\n"

static bool trips(const char *text)
{
    char *copy = strdup(text);
    struct check_end end = check_child(play_text, copy, 30);
    bool died = check_died(&end) && strstr(end.said, "heap-use-after-free") != NULL;

    assert_true(died || check_exited(&end, 0));
    free(end.said);
    free(copy);
    return died;
}

static void test_its_calls_trip_it(void **state)
{
    static const char *const texts[] = {
        LISTENER "listen(l, 1)\nshutdown(l, SHUT_RDWR)\na = accept4(l, 0)\n",
        LISTENER "listen(l, 1)\nshutdown(l, SHUT_RD)\nd = dup(l)\na = accept4(l, 0)\n",
    };

    (void)state;
    if (!CHECK_SANITIZED)
        skip();
    for (size_t i = 0; i < CHECK_COUNT(texts); i++)
        assert_true(trips(texts[i]));
}

/* Any two of them, or another order, do not. */
static void test_fewer_calls_do_not(void **state)
{
    static const char *const texts[] = {
        LISTENER "listen(l, 1)\na = accept4(l, 0)\n",
        LISTENER "listen(l, 1)\nshutdown(l, SHUT_RDWR)\n",
        LISTENER "shutdown(l, SHUT_RDWR)\na = accept4(l, 0)\n",
        LISTENER "shutdown(l, SHUT_RDWR)\nlisten(l, 1)\na = accept4(l, 0)\n",
        LISTENER "listen(l, 1)\na = accept4(l, 0)\nshutdown(l, SHUT_RDWR)\n",
        LISTENER "listen(l, 1)\nshutdown(l, SHUT_RDWR)\nclose(l)\na = accept4(l, 0)\n",
        LISTENER "listen(l, 1)\nshutdown(l, SHUT_RDWR)\na = accept(l)\n",
    };

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(texts); i++)
        assert_false(trips(texts[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_inputs_never_trip_it),
        cmocka_unit_test(test_its_calls_trip_it),
        cmocka_unit_test(test_fewer_calls_do_not),
    };

    signal(SIGPIPE, SIG_IGN);
    isolation_enter(); /* its calls stay on loopback where that is not permitted */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
