/*
 * test_edits: the binary form is append-safe and trim-safe: what is added at an input's end, or cut
 * off there, leaves the calls before the last one as they were. Slots included: repair looks back
 * only.
 */
#include <stdlib.h>
#include <string.h>

#include "drill/drill.h"
#include "tests/support/check.h"
#include "tests/support/inputs.h"
#include "tests/support/seeds.h"

static struct drill before;
static struct drill after;

/* The calls of two drills that are the same from the first on. */
static uint32_t common_calls(const struct drill *a, const struct drill *b)
{
    uint32_t same = 0;

    while (same < a->call_count && same < b->call_count &&
           call_equal(&a->calls[same], &b->calls[same]))
        same++;
    return same;
}

/* Each record but the last one is a call that must stay; the last may grow, shrink or go. */
static void check_prefix(const uint8_t *input, size_t whole, size_t part,
                         const struct drill_rules *rules)
{
    uint8_t *exact = input_exact(input, part);

    drill_decode(&before, exact, part, rules);
    drill_decode(&after, input, whole, rules);
    assert_true(after.call_count + rules->actors >= before.call_count); /* it may name an actor */
    assert_true(common_calls(&before, &after) + 1 >= before.call_count);
    free(exact);
}

static void test_every_prefix_of_the_seeds(void **state)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t part = 0; part < seeds[i].byte_count && part < 1000; part++)
            check_prefix(seeds[i].bytes, seeds[i].byte_count, part, seeds_rules(&seeds[i]));
}

static void test_random_prefixes(void **state)
{
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(30000, 0); i > 0; i--) {
        size_t size = input_make(&random, (enum input_kind)(i % INPUT_KINDS), room);

        check_prefix(room, size, random_below(&random, (uint32_t)size + 1),
                     seeds_every_rules[i / INPUT_KINDS % SEEDS_RULES]);
    }
}

/* An input put behind another one adds its calls; the first input's stay, the last one aside. */
static void test_inputs_joined(void **state)
{
    struct random random;
    uint8_t room[2 * INPUT_SIZE_MAX];

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(30000, 0); i > 0; i--) {
        size_t first = input_make(&random, (enum input_kind)(i % INPUT_KINDS), room);
        size_t second =
            input_make(&random, (enum input_kind)(i / INPUT_KINDS % INPUT_KINDS), room + first);

        check_prefix(room, first + second, first, &drill_rules_any);
    }
}

/* Encoded drills end at a fence, so not even the last call changes when one is put behind it. */
static void test_seeds_joined_keep_every_call(void **state)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);
    static const uint8_t close[] = {0xfe, 0x53, 0x0d};
    uint8_t room[8192];

    (void)state;
    for (size_t i = 0; i + 1 < count; i++) {
        size_t first = seeds[i].byte_count;

        if (first + 3 > sizeof room)
            continue;
        memcpy(room, seeds[i].bytes, first);
        memcpy(room + first, close, sizeof close);
        drill_decode(&before, seeds[i].bytes, first, seeds_rules(&seeds[i]));
        drill_decode(&after, room, first + 3, seeds_rules(&seeds[i]));
        assert_int_equal(common_calls(&before, &after), before.call_count);
        assert_int_equal(after.call_count, before.call_count + 1);
    }
}

/* What the checks above compare with sees a call that changed. */
static void test_a_planted_change_is_seen(void **state)
{
    static const uint8_t input[] = "\xfe\x53\x01\xfe\x53\x02\xfe\x53\x03";

    (void)state;
    drill_decode(&before, input, sizeof input - 1, &drill_rules_any);
    after = before;
    assert_int_equal(common_calls(&before, &after), 3);
    after.calls[1].address.port ^= 1;
    assert_int_equal(common_calls(&before, &after), 1);
}

CHECK_MAIN(cmocka_unit_test(test_every_prefix_of_the_seeds), cmocka_unit_test(test_random_prefixes),
           cmocka_unit_test(test_inputs_joined),
           cmocka_unit_test(test_seeds_joined_keep_every_call),
           cmocka_unit_test(test_a_planted_change_is_seen))
