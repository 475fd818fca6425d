/* test_input: the files that inputs are kept in, in each form, and what is said of bad ones. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engines/input.h"
#include "tests/support/check.h"
#include "tests/support/files.h"
#include "tests/support/seeds.h"
#include "tests/support/texts.h"

enum { GOT_MAX = 16, GOT_BYTES_MAX = 256 };

/* The inputs that came out of a file. */
static struct {
    size_t count;
    size_t sizes[GOT_MAX];
    uint8_t bytes[GOT_MAX][GOT_BYTES_MAX];
} got;

static void take(void *context, const uint8_t *data, size_t size)
{
    assert_ptr_equal(context, &got);
    assert_true(got.count < GOT_MAX);
    got.sizes[got.count] = size;
    if (size > 0)
        memcpy(got.bytes[got.count], data, size < GOT_BYTES_MAX ? size : GOT_BYTES_MAX);
    got.count++;
}

/* Reads a file of this name and content. */
static bool read_as(const char *name, const void *bytes, size_t size,
                    const struct drill_rules *rules, char error[INPUT_ERROR_MAX])
{
    char *path = files_write(name, bytes, size);
    bool read;

    got.count = 0;
    *error = '\0';
    read = input_each(path, rules, take, &got, error);
    unlink(path);
    free(path);
    return read;
}

static bool reads(const char *name, const char *text, char error[INPUT_ERROR_MAX])
{
    return read_as(name, text, strlen(text), &drill_rules_any, error);
}

static void assert_got(size_t index, const char *bytes, size_t size)
{
    assert_true(index < got.count);
    assert_int_equal(got.sizes[index], size);
    assert_memory_equal(got.bytes[index], bytes, size);
}

/* One line that ends with what is expected after the file's name. */
static void assert_error(const char *error, const char *file, const char *place_and_fault)
{
    const char *name = strstr(error, file);

    if (name == NULL || strstr(name, place_and_fault) == NULL)
        fail_msg("\"%s\" does not say \"%s%s\"", error, file, place_and_fault);
    assert_null(strchr(error, '\n'));
}

static void test_other_files_are_one_input(void **state)
{
    static const char bytes[] = "# not\0a comment\n\xfe\x53\n";
    char error[INPUT_ERROR_MAX];

    (void)state;
    assert_true(read_as("crash-1", bytes, sizeof bytes - 1, &drill_rules_any, error));
    assert_int_equal(got.count, 1);
    assert_got(0, bytes, sizeof bytes - 1);
    assert_true(read_as("empty", "", 0, &drill_rules_any, error));
    assert_int_equal(got.count, 1);
    assert_int_equal(got.sizes[0], 0);
    assert_true(reads("drill", "close(s0)", error)); /* the ending counts, with its dot */
    assert_got(0, "close(s0)", 9);
}

static void test_text_files_hold_an_input_a_line(void **state)
{
    char error[INPUT_ERROR_MAX];

    (void)state;
    assert_true(reads("a.txt",
                      "# a comment\n"
                      "127.0.0.1\n"
                      "\n"
                      " # no comment\n"
                      "\\n\\r\\t\\0\\\"\\\\\\x41\\xfF\n"
                      "\\x23 looks like a comment\n"
                      "the last line",
                      error));
    assert_int_equal(got.count, 5);
    assert_got(0, "127.0.0.1", 9);
    assert_got(1, " # no comment", 13);
    assert_got(2, "\n\r\t\0\"\\A\xff", 8);
    assert_got(3, "# looks like a comment", 22);
    assert_got(4, "the last line", 13);
    assert_true(reads("a.txt", "", error));
    assert_int_equal(got.count, 0);
}

/* An empty line is no input; the escape for nothing says an empty one (engines/input.h). */
static void test_an_empty_input_has_a_line(void **state)
{
    char error[INPUT_ERROR_MAX];

    (void)state;
    assert_true(reads("a.txt", "\n\n" INPUT_NOTHING "\n\na" INPUT_NOTHING "b\n\\\\&\n", error));
    assert_int_equal(got.count, 3);
    assert_int_equal(got.sizes[0], 0);
    assert_got(1, "ab", 2);
    assert_got(2, "\\&", 2);
}

static void test_malformed_lines(void **state)
{
    static const struct {
        const char *text;
        const char *place_and_fault;
    } rows[] = {
        {"good\nbad \\q\n", ":2:5: expected an escape: \\n \\r \\t \\0"},
        {"\\x4", ":1:1: expected an escape"},
        {"#\n\nabc\\", ":3:4: expected an escape"},
        {"\\n\\n\\xg0", ":1:5: expected an escape"},
    };
    char error[INPUT_ERROR_MAX];

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        assert_false(reads("bad.txt", rows[i].text, error));
        assert_error(error, "/bad.txt", rows[i].place_and_fault);
    }
    assert_false(reads("bad.txt", "good\nbad \\q\n", error));
    assert_int_equal(got.count, 0); /* no input is used before all have been read */
}

/* A drill becomes the input that decodes to it, under the rules of whoever reads it. */
static void test_drills_become_inputs(void **state)
{
    static struct drill drill;
    static struct drill again;
    static struct drill_notes notes;
    size_t count;
    const struct seed *seeds = seeds_all(&count);
    char error[INPUT_ERROR_MAX];

    (void)state;
    for (size_t i = 0; i < count; i++) {
        const struct drill_rules *rules = seeds_rules(&seeds[i]);

        assert_true(read_as("a.drill", seeds[i].text, seeds[i].size, rules, error));
        assert_int_equal(got.count, 1);
        if (got.sizes[0] > GOT_BYTES_MAX)
            continue;
        text_parse_valid(&drill, &notes, seeds[i].text, seeds[i].size);
        drill_decode(&again, got.bytes[0], got.sizes[0], rules);
        assert_true(drill_equal(&drill, &again));
    }
}

static void test_malformed_drills(void **state)
{
    char error[INPUT_ERROR_MAX];

    (void)state;
    assert_false(reads("bad.drill", "s = dup(-1)\nclose(x)\n", error));
    assert_error(error, "/bad.drill", ":2:7: variable \"x\" has not been assigned");
    assert_false(reads("bad.drill", "close(remote)\n", error));
    assert_error(error, "/bad.drill",
                 ": the variable \"remote\" exists only in drills for a server");
    assert_int_equal(got.count, 0);
}

/* A drill that a target's rules keep out would become another one: that is said instead. */
static void test_drills_that_the_rules_keep_out(void **state)
{
    static const char text[] = "s = socket(AF_INET, SOCK_STREAM, 0)\n\n"
                               "d = socket(AF_INET, SOCK_DGRAM, 0)\n";
    char error[INPUT_ERROR_MAX];

    (void)state;
    assert_true(read_as("a.drill", text, sizeof text - 1, &drill_rules_any, error));
    assert_false(read_as("a.drill", text, sizeof text - 1, &drill_rules_stream, error));
    assert_error(error, "/a.drill", ":3: ");
    assert_false(read_as("a.drill", text, sizeof text - 1, &drill_rules_datagram, error));
    assert_error(error, "/a.drill", ":1: ");
}

static void test_files_that_cannot_be_read(void **state)
{
    static const char *const names[] = {"missing", "missing.drill", "missing.txt"};
    char error[INPUT_ERROR_MAX];
    char *path;

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(names); i++) {
        path = files_path(names[i]);
        assert_false(input_each(path, &drill_rules_any, take, &got, error));
        assert_error(error, names[i], ": No such file or directory");
        free(path);
    }
    path = files_path("folder.drill");
    assert_int_equal(mkdir(path, 0777), 0);
    assert_false(input_each(path, &drill_rules_any, take, &got, error));
    assert_error(error, "/folder.drill", ": Is a directory");
    free(path);
}

static void test_the_largest_file(void **state)
{
    char *bytes = calloc(1, INPUT_BYTES_MAX + 1);
    char error[INPUT_ERROR_MAX];

    (void)state;
    memset(bytes, 'x', INPUT_BYTES_MAX + 1);
    assert_true(read_as("large", bytes, INPUT_BYTES_MAX, &drill_rules_any, error));
    assert_int_equal(got.sizes[0], INPUT_BYTES_MAX);
    assert_true(read_as("large.txt", bytes, INPUT_BYTES_MAX, &drill_rules_any, error));
    assert_int_equal(got.sizes[0], INPUT_BYTES_MAX);
    got.count = 0;
    assert_false(read_as("large", bytes, INPUT_BYTES_MAX + 1, &drill_rules_any, error));
    assert_error(error, "/large", ": larger than 1 MiB");
    assert_int_equal(got.count, 0);
    free(bytes);
}

static void test_endings(void **state)
{
    (void)state;
    assert_true(input_has_ending("a.drill", ".drill"));
    assert_true(input_has_ending(".drill", ".drill"));
    assert_false(input_has_ending("drill", ".drill"));
    assert_false(input_has_ending("a.drill.bak", ".drill"));
    assert_false(input_has_ending("", ".drill"));
}

static int tear_down(void **state)
{
    (void)state;
    files_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_files_are_one_input),
        cmocka_unit_test(test_text_files_hold_an_input_a_line),
        cmocka_unit_test(test_an_empty_input_has_a_line),
        cmocka_unit_test(test_malformed_lines),
        cmocka_unit_test(test_drills_become_inputs),
        cmocka_unit_test(test_malformed_drills),
        cmocka_unit_test(test_drills_that_the_rules_keep_out),
        cmocka_unit_test(test_files_that_cannot_be_read),
        cmocka_unit_test(test_the_largest_file),
        cmocka_unit_test(test_endings),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
