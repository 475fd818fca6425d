/* test_run: what stands behind the macros of sockdrill/target.h. */
#include "engines/run.h"

#include <sockdrill/target.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drill/drill.h"
#include "tests/support/check.h"
#include "tests/support/files.h"

/* What the function under test was given. */
static struct {
    unsigned calls;
    size_t size;
    bool null;
    char bytes[64];
    uint32_t drill_calls;
    int socket_type;
} given;

/* A read of one byte beyond, which only a sanitizer sees. */
static bool overread;
static volatile uint8_t sink;

static int take_bytes(const uint8_t *data, size_t size)
{
    given.calls++;
    given.size = size;
    given.null = data == NULL;
    if (size > 0 && data != NULL)
        memcpy(given.bytes, data, size < sizeof given.bytes ? size : sizeof given.bytes);
    if (overread && data != NULL)
        sink = data[size];
    return -1; /* is ignored */
}

static int take_text(const char *text)
{
    given.calls++;
    given.size = strlen(text);
    snprintf(given.bytes, sizeof given.bytes, "%s", text);
    if (overread)
        sink = (uint8_t)text[given.size + 1];
    return 1;
}

static void take_drill(const struct drill *drill)
{
    given.calls++;
    given.drill_calls = drill->call_count;
    given.socket_type = drill->call_count > 0 ? drill->calls[0].type : -1;
}

SOCKDRILL_TEXT(take_text)

static int set_up(void **state)
{
    (void)state;
    memset(&given, 0, sizeof given);
    overread = false;
    return 0;
}

static void test_bytes(void **state)
{
    (void)state;
    assert_int_equal(sockdrill_run_bytes(take_bytes, (const uint8_t *)"a\0b", 3), 0);
    assert_int_equal(given.calls, 1);
    assert_int_equal(given.size, 3);
    assert_memory_equal(given.bytes, "a\0b", 3);
    assert_int_equal(sockdrill_run_bytes(take_bytes, NULL, 0), 0);
    assert_int_equal(given.calls, 2);
    assert_int_equal(given.size, 0);
}

/* A text ends with its only NUL. */
static void test_text(void **state)
{
    (void)state;
    assert_int_equal(sockdrill_run_text(take_text, (const uint8_t *)"127.0.0.1", 9), 0);
    assert_string_equal(given.bytes, "127.0.0.1");
    sockdrill_run_text(take_text, (const uint8_t *)"ab\0cd", 5);
    assert_string_equal(given.bytes, "ab");
    sockdrill_run_text(take_text, (const uint8_t *)"\0", 1);
    assert_int_equal(given.size, 0);
    sockdrill_run_text(take_text, NULL, 0);
    assert_int_equal(given.size, 0);
    assert_int_equal(given.calls, 4);
}

static void test_drill(void **state)
{
    static const uint8_t input[] = "\xfe\x53\x01\xfe\x53\x0d";

    (void)state;
    sockdrill_run_drill(take_drill, &drill_rules_datagram, input, sizeof input - 1);
    assert_int_equal(given.drill_calls, 2);
    assert_int_equal(values(VALUES_TYPE)->entries[given.socket_type].value, SOCK_DGRAM);
    sockdrill_run_drill(take_drill, &drill_rules_any, NULL, 0);
    assert_int_equal(given.drill_calls, 0);
    assert_int_equal(given.calls, 2);
}

static void test_the_macro_makes_the_entry_point(void **state)
{
    (void)state;
    assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)"text", 4), 0);
    assert_string_equal(given.bytes, "text");
}

/* --- exact allocations --- */

static int overread_bytes(void *context)
{
    (void)context;
    overread = true;
    return sockdrill_run_bytes(take_bytes, (const uint8_t *)"abcdefgh", 8);
}

static int overread_text(void *context)
{
    (void)context;
    overread = true;
    return sockdrill_run_text(take_text, (const uint8_t *)"abcdefg", 7);
}

static void assert_caught(int (*function)(void *))
{
    struct check_end end = check_child(function, NULL, 30);

    assert_true(check_died(&end));
    assert_non_null(strstr(end.said, "heap-buffer-overflow"));
    free(end.said);
}

static void test_reading_one_byte_beyond_is_caught(void **state)
{
    (void)state;
    if (!CHECK_SANITIZED)
        skip();
    assert_caught(overread_bytes);
    assert_caught(overread_text);
}

/* --- the counter --- */

/* In the child: runs a function four times with executions counted in the file. */
static int run_counted(void *context)
{
    setenv("SOCKDRILL_COUNTER", context, 1);
    setenv("SOCKDRILL_ISOLATION", "off", 1);
    run_start();
    for (int i = 0; i < 4; i++)
        sockdrill_run_text(take_text, (const uint8_t *)"x", 1);
    return 0;
}

static uint64_t read_counter(const char *path)
{
    uint64_t count = 0;
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_int_equal(fread(&count, sizeof count, 1, file), 1);
    fclose(file);
    return count;
}

/* Several processes add to one count. */
static void test_executions_are_counted(void **state)
{
    static const uint64_t before = 1000;
    char *path = files_write("counter", &before, sizeof before);

    (void)state;
    for (unsigned run = 1; run <= 3; run++) {
        struct check_end end = check_child(run_counted, path, 30);

        assert_true(check_exited(&end, 0));
        assert_int_equal(read_counter(path), before + UINT64_C(4) * run);
        free(end.said);
    }
    free(path);
}

static void test_a_counter_that_cannot_be_mapped(void **state)
{
    char *path = files_path("no/such/counter");
    struct check_end end = check_child(run_counted, path, 30);

    (void)state;
    assert_true(check_exited(&end, 1));
    assert_non_null(strstr(end.said, "cannot count executions in "));
    assert_non_null(strstr(end.said, "No such file or directory"));
    assert_ptr_equal(strchr(end.said, '\n'), end.said + strlen(end.said) - 1);
    free(end.said);
    free(path);
}

static int tear_down(void **state)
{
    (void)state;
    files_remove();
    return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_bytes),
        TEST(test_text),
        TEST(test_drill),
        TEST(test_the_macro_makes_the_entry_point),
        TEST(test_reading_one_byte_beyond_is_caught),
        TEST(test_executions_are_counted),
        TEST(test_a_counter_that_cannot_be_mapped),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
