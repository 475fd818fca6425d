/* test_text: printing and parsing are inverse, for every drill and every seed. */
#include <stdlib.h>
#include <string.h>

#include "drill/record.h"
#include "tests/support/check.h"
#include "tests/support/inputs.h"
#include "tests/support/seeds.h"
#include "tests/support/texts.h"

static struct drill drill;
static struct drill parsed;
static struct drill_notes notes;
static struct drill_notes no_notes;

/* parse(print(d)) = d, and print -> parse -> print is a fixpoint. */
static void check_printed(const struct drill_notes *names)
{
    size_t size;
    size_t again_size;
    char *text = text_printed(&drill, names, &size);
    char *again;

    text_parse_valid(&parsed, &notes, text, size);
    if (!drill_equal(&drill, &parsed))
        fail_msg("another drill is read from:\n%.*s", size > 2000 ? 2000 : (int)size, text);
    again = text_printed(&parsed, &notes, &again_size);
    assert_int_equal(again_size, size);
    assert_memory_equal(again, text, size);
    free(again);
    free(text);
}

static void check_decoded(const uint8_t *input, size_t size, const struct drill_rules *rules)
{
    drill_decode(&drill, input, size, rules);
    check_printed(NULL);
}

static void test_random_drills(void **state)
{
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(20000, 0); i > 0; i--) {
        size_t size = input_make(&random, (enum input_kind)(i % INPUT_KINDS), room);

        check_decoded(room, size, seeds_every_rules[i / INPUT_KINDS % SEEDS_RULES]);
    }
}

static void test_inputs_of_up_to_two_bytes(void **state)
{
    (void)state;
    for (unsigned number = 0; number < 1u << 16; number++) {
        const uint8_t input[] = {(uint8_t)number, (uint8_t)(number >> 8)};

        if (number < 256)
            check_decoded(input, 1, &drill_rules_any);
        check_decoded(input, 2, &drill_rules_any);
    }
}

/* Every value of each header byte of every call: every word that the text form has. */
static void test_every_header_byte(void **state)
{
    uint8_t input[64];

    (void)state;
    for (unsigned op = 0; op < OPS; op++)
        for (unsigned field = 0; field < HEADER_SIZE; field++)
            for (unsigned value = 0; value < 256; value++) {
                struct record record = {.code = call_info(op)->code,
                                        .payload = (const uint8_t *)"\x01\xfe\"\\\n\t\x7f?",
                                        .payload_size = 8};

                record.header[field] = (uint8_t)value;
                record.header[HEADER_CHOICE2] |= 1;
                check_decoded(input, record_write(&record, input, 0, sizeof input),
                              &drill_rules_any);
            }
}

/* The largest and smallest numbers of each kind of argument that holds one. */
static void test_extreme_numbers(void **state)
{
    static const uint32_t extremes[] = {0,          1,          2,          0x7fffffff,
                                        0x80000000, 0x80000001, 0xffff0000, 0xfffffffe,
                                        0xffffffff, 999,        1000,       DATA_BYTES_MAX};
    uint8_t input[64];
    size_t count;

    (void)state;
    options(&count);
    for (unsigned op = 0; op < OPS; op++)
        for (size_t choice = 0; choice < count; choice++)
            for (size_t i = 0; i < CHECK_COUNT(extremes); i++) {
                struct record record = {.code = call_info(op)->code};

                record.header[HEADER_CHOICE] = (uint8_t)choice;
                record_set_number(&record, extremes[i]);
                check_decoded(input, record_write(&record, input, 0, sizeof input),
                              &drill_rules_any);
            }
}

/* As many bytes as an input can hold, and calls with literal addresses after them. */
static void test_largest_payload_and_an_address(void **state)
{
    static const uint8_t bind[] = "\xfe\x53\x01\xfe\x53\x02";
    uint8_t *input = calloc(1, DRILL_BYTES_MAX);

    (void)state;
    assert_non_null(input);
    memcpy(input + DRILL_BYTES_MAX - sizeof bind + 1, bind, sizeof bind - 1);
    check_decoded(input, DRILL_BYTES_MAX, &drill_rules_any);
    free(input);
}

/*
 * As a crash of a server is printed: slot 15 is called `remote`, and stays what it is even in a
 * drill that assigns it before it is used.
 */
static void test_remote_keeps_its_slot(void **state)
{
    struct drill_notes *names = &no_notes;
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];

    (void)state;
    random_start(&random);
    memset(names, 0, offsetof(struct drill_notes, text));
    strcpy(names->names[SLOT_REMOTE], "remote");
    for (uint64_t i = random_count(5000, 0); i > 0; i--) {
        drill_decode(&drill, room, input_make(&random, INPUT_RECORDS, room), &drill_rules_remote);
        check_printed(names);
    }
}

/* A seed's canonical form is read as the same drill with the same names and expectations. */
static void check_seed(const struct seed *seed)
{
    static struct drill_notes first;
    size_t size;
    size_t again_size;
    char *text;
    char *again;

    text_parse_valid(&drill, &first, seed->text, seed->size);
    text = text_printed(&drill, &first, &size);
    text_parse_valid(&parsed, &notes, text, size);
    assert_true(drill_equal(&drill, &parsed));
    assert_memory_equal(first.names, notes.names, sizeof notes.names);
    assert_int_equal(first.uses_remote, notes.uses_remote);
    for (uint32_t i = 0; i < drill.call_count; i++) {
        assert_int_equal(first.expected[i] == NULL, notes.expected[i] == NULL);
        if (first.expected[i] != NULL)
            assert_string_equal(first.expected[i], notes.expected[i]);
    }
    again = text_printed(&parsed, &notes, &again_size);
    assert_int_equal(again_size, size);
    assert_memory_equal(again, text, size);
    free(again);
    free(text);
}

static void test_seeds(void **state)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);

    (void)state;
    for (size_t i = 0; i < count; i++)
        check_seed(&seeds[i]);
}

/* Spaces, comments, empty lines and line ends of Windows mean nothing. */
static void test_layout_means_nothing(void **state)
{
    static const char plain[] = "s = socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0)\n"
                                "bind(s, 127.0.0.1:20001, 16) = 0\n"
                                "poll([{s, POLLIN|POLLOUT}, {-1, 0}], -1) = 1 [{s, POLLHUP}]\n";
    static const char spaced[] = "\r\n# comment\r\n\n  s\t=socket ( AF_INET ,SOCK_STREAM | "
                                 "SOCK_CLOEXEC,0 )#c\r\n"
                                 "\tbind( s , 127.0.0.1 : 20001 , 16 )=0 # = 5\r\n"
                                 "poll( [ { s , POLLIN | POLLOUT } , { -1 , 0 } ] , -1 ) = 1 [ { "
                                 "s , POLLHUP } ]";
    size_t size;
    char *text;

    (void)state;
    text_parse_valid(&drill, &notes, spaced, sizeof spaced - 1);
    assert_int_equal(notes.lines[0], 4);
    assert_int_equal(notes.lines[2], 6);
    text = text_printed(&drill, &notes, &size);
    assert_string_equal(text, plain);
    free(text);
}

/* The fixpoint check sees a drill that differs from what its text says. */
static void test_a_planted_difference_is_seen(void **state)
{
    static const char text[] = "s0 = socket(AF_INET, SOCK_STREAM, 0)\nlisten(s0, 5)\n";

    (void)state;
    text_parse_valid(&drill, &notes, text, sizeof text - 1);
    parsed = drill;
    assert_true(drill_equal(&drill, &parsed));
    parsed.calls[1].number++;
    assert_false(drill_equal(&drill, &parsed));
}

CHECK_MAIN(cmocka_unit_test(test_random_drills), cmocka_unit_test(test_inputs_of_up_to_two_bytes),
           cmocka_unit_test(test_every_header_byte), cmocka_unit_test(test_extreme_numbers),
           cmocka_unit_test(test_largest_payload_and_an_address),
           cmocka_unit_test(test_remote_keeps_its_slot), cmocka_unit_test(test_seeds),
           cmocka_unit_test(test_layout_means_nothing),
           cmocka_unit_test(test_a_planted_difference_is_seen))
