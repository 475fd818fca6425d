/* test_answers: the answers of a drill in both forms. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drill/drill.h"
#include "tests/support/check.h"

static struct drill drill;
static struct drill again;
static struct drill_notes notes;
static struct drill_error error;

static bool parse(const char *text)
{
    return drill_parse(&drill, &notes, &error, text, strlen(text));
}

/* Each answer once, on some socket, with some number. */
static void fill(void)
{
    drill.call_count = 0;
    drill.answer_count = ANSWER_KINDS;
    for (unsigned kind = 0; kind < ANSWER_KINDS; kind++) {
        struct answer *a = &drill.answers[kind];

        *a = (struct answer){.kind = (uint8_t)kind};
        if (answer_names_socket(kind))
            a->socket = (uint8_t)(kind % ANSWER_SOCKETS);
        if (answer_takes_number(kind))
            a->number = (uint16_t)(kind * 1234);
    }
}

static void test_text(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    fill();
    again = drill;
    drill_print(out, &drill, NULL);
    fclose(out);
    assert_true(parse(text));
    assert_true(drill_equal(&drill, &again));
    assert_int_equal(drill.answer_count, ANSWER_KINDS);
    free(text);
}

static void test_binary(void **state)
{
    static uint8_t bytes[DRILL_ENCODED_MAX];
    size_t size;

    (void)state;
    fill();
    size = drill_encode(&drill, bytes, sizeof bytes, &drill_rules_remote);
    drill_decode(&again, bytes, size, &drill_rules_remote);
    assert_true(drill_equal(&drill, &again));
}

/* The form says it: an old input keeps its meaning. */
static void test_codes_are_frozen(void **state)
{
    static const uint8_t bytes[] = {'G',  'E',  'T', 0xfe, 0x53, 0xe3, 2,    0,    3,    0, 0xfe,
                                    0x53, 0xe3, 0,   0x12, 0x00, 0x04, 0xfe, 0x53, 0xe3, 9, 0x05};
    static const struct answer answers[] = {
        {.kind = 0, .socket = 2, .number = 3}, {.kind = 0x12, .number = 1024}, {.kind = 5}};

    (void)state;
    drill_decode(&drill, bytes, sizeof bytes, &drill_rules_remote);
    assert_int_equal(drill.call_count, 1);
    assert_int_equal(drill.calls[0].data_size, 3);
    assert_int_equal(drill.answer_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(answer_equal(&drill.answers[i], &answers[i]));
    assert_string_equal(answer_info(0x12)->answer, "number");
    assert_int_equal(answer_info(5)->error, EINTR);
    drill_decode(&drill, bytes, sizeof bytes, &drill_rules_any);
    assert_int_equal(drill.answer_count, 0);
}

static void test_what_is_no_answer(void **state)
{
    static const char *const texts[] = {"answer recv",
                                        "answer recv short",
                                        "answer recv short -1",
                                        "answer recv short 65536",
                                        "answer recv fail EBADF",
                                        "answer send lost",
                                        "answer wait fail EINTR on 1",
                                        "answer recv short 3 on 16",
                                        "answer bind fail EINTR"};

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(texts); i++)
        if (parse(texts[i]))
            fail_msg("%s", texts[i]);
    assert_true(parse("answer = socket(AF_INET, SOCK_STREAM, 0)"));
    assert_true(parse("  answer recv short 3 on 15 # the last\nanswer recv lost"));
    assert_int_equal(notes.answer_lines[1], 2);
}

static void test_too_many(void **state)
{
    static char text[(ANSWERS_MAX + 1) * 24];
    static uint8_t bytes[(ANSWERS_MAX + 9) * 3];

    (void)state;
    for (unsigned i = 0; i <= ANSWERS_MAX; i++) {
        size_t used = strlen(text);

        assert_true(parse(text));
        snprintf(text + used, sizeof text - used, "answer recv lost\n");
    }
    assert_false(parse(text));
    assert_non_null(strstr(error.message, "64 answers"));
    for (size_t i = 0; i < sizeof bytes; i += 3)
        memcpy(bytes + i, (const uint8_t[]){0xfe, 0x53, 0xe3}, 3);
    drill_decode(&drill, bytes, sizeof bytes, &drill_rules_remote);
    assert_int_equal(drill.answer_count, ANSWERS_MAX);
}

static void test_levels_have_names(void **state)
{
    (void)state;
    assert_string_equal(answer_level_name(LEVEL_NONE), "none");
    assert_string_equal(answer_level_name(LEVEL_IO), "io");
    assert_string_equal(answer_level_name(LEVEL_FAULTS), "faults");
    assert_null(answer_level_name(ANSWER_LEVELS));
}

CHECK_MAIN(cmocka_unit_test(test_text), cmocka_unit_test(test_binary),
           cmocka_unit_test(test_codes_are_frozen), cmocka_unit_test(test_what_is_no_answer),
           cmocka_unit_test(test_too_many), cmocka_unit_test(test_levels_have_names))
