/*
 * test_fields: every field of the binary form reaches its system call, in its place and nowhere
 * else. For every call and every kind of its arguments each byte of the header that carries it
 * takes all its values; what the stack is asked, and the request that the observer is shown, must
 * be what fields_oracle tells, the whole call.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "stacks/executor.h"
#include "tests/fields_oracle.h"
#include "tests/support/check.h"
#include "tests/support/inputs.h"
#include "tests/support/texts.h"

enum { PAYLOAD_MAX = 300, INPUT_ROOM = 2048 };

static struct drill drill;
static struct executor executor;
static uint8_t input[INPUT_ROOM];
static size_t prefix_size;
static uint32_t prefix_calls;
static size_t mark; /* how many calls the stack had been asked before the one under test */
static uint32_t calls_seen;
static struct outcome last_outcome;
static struct recorded last_request;

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    (void)context;
    if (call == NULL)
        return;
    free(last_request.bytes);
    request_record(&last_request, request);
    if (++calls_seen == prefix_calls)
        mark = recorder.count;
    last_outcome = *outcome;
}

static int set_up(void **state)
{
    static struct drill_notes notes;

    (void)state;
    text_parse_valid(&drill, &notes, oracle_prefix, strlen(oracle_prefix));
    prefix_size = drill_encode(&drill, input, sizeof input, &drill_rules_any);
    prefix_calls = drill.call_count;
    return prefix_size > 0 ? 0 : -1;
}

/* Runs the first size bytes of input, the prefix and more, on the recorder. Ends with a call of
 * finish.
 */
static void run(size_t size)
{
    drill_decode(&drill, input, size, &drill_rules_any);
    executor_init(&executor, recorder_stack());
    executor.wait_ms = INT_MAX;
    executor.drill_wait_ms = INT_MAX;
    executor.observe = observe;
    calls_seen = 0;
    executor_begin(&executor);
    executor_run(&executor, &drill);
}

/* Whether a descriptor is one of /dev/null, character device 1:3 (null(4)). */
static bool is_null_device(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

/* not_socket is the process's, so the executor closes it itself: that call reaches no stack. */
static bool closes_not_socket(enum op op, const struct record *record)
{
    uint8_t fd = record->header[HEADER_FD];

    return op == OP_close && fd >> 6 == 2 && (fd & 0x3f) % 3 == 2;
}

static void finish(void)
{
    executor_end(&executor);
}

/* Puts a record of the call behind the prefix; returns the input's size. */
static size_t append(enum op op, struct record *record, size_t size)
{
    record->code = call_info(op)->code;
    size = record_write(record, input, size, sizeof input);
    assert_true(size > 0);
    return size;
}

/* Whether the call of the record reached the stack as the oracle tells; *changed if otherwise than
 * without the header.
 */
static bool reaches(enum op op, struct record *record, bool *changed)
{
    enum place planted = recorder.planted;
    struct record plain = {.payload = record->payload, .payload_size = record->payload_size};
    struct recorded expected;
    struct recorded bare;
    const struct recorded *actual;
    bool equal;

    recorder_reset();
    recorder.planted = planted;
    run(append(op, record, prefix_size));
    actual = recorder_find(op, mark);
    oracle_not_socket = is_null_device(executor.not_socket) ? executor.not_socket : -1;
    oracle_expect(&expected, op, record);
    oracle_expect(&bare, op, &plain);
    equal = closes_not_socket(op, record) ? actual == NULL && executor.not_socket < 0
                                          : actual != NULL && recorded_equal(&expected, actual) &&
                                                recorded_equal(&expected, &last_request);
    *changed = actual != NULL && !recorded_equal(&bare, actual);
    if (!equal && planted == PLACES) {
        recorded_print(&expected);
        if (actual != NULL)
            recorded_print(actual);
        recorded_print(&last_request);
    }
    free(expected.bytes);
    free(bare.bytes);
    finish();
    return equal;
}

static void explain(enum op op, const struct record *record)
{
    print_message("%s: header", call_info(op)->name);
    for (size_t i = 0; i < HEADER_SIZE; i++)
        print_message(" %02x", record->header[i]);
    print_message(", %zu bytes of payload\n", record->payload_size);
}

/* Varies one byte of the header over all its values; returns how many changed what is asked. */
static unsigned vary(enum op op, const struct oracle_base *base, uint8_t field)
{
    unsigned changes = 0;
    bool changed;

    for (unsigned value = 0; value < 256; value++) {
        struct record record = {.payload = (const uint8_t *)"\2\0\x7f\1\xfe\x53\0 payload",
                                .payload_size = 15};

        if (base != NULL)
            record.header[base->field] = base->value;
        record.header[field] = (uint8_t)value;
        if (!reaches(op, &record, &changed)) {
            explain(op, &record);
            fail_msg("byte %u of the header is not what reaches the stack", field);
        }
        changes += changed;
    }
    return changes;
}

static void check_argument(enum op op, enum argument argument)
{
    const struct oracle *oracle = &oracles[argument];

    for (size_t f = 0; oracle->fields[f] != HEADER_SIZE; f++) {
        unsigned changes = vary(op, NULL, oracle->fields[f]);

        for (size_t b = 0; b < oracle->base_count; b++)
            changes += vary(op, &oracle->bases[b], oracle->fields[f]);
        if (changes == 0 && oracle->expect != NULL)
            fail_msg("%s: byte %u of the header changes nothing", call_info(op)->name,
                     oracle->fields[f]);
    }
}

static void test_every_field_reaches_its_call(void **state)
{
    (void)state;
    for (int op = 0; op < OPS; op++)
        for (int i = 0; i < CALL_ARGUMENTS_MAX; i++)
            if (call_info(op)->arguments[i] != ARG_NONE)
                check_argument(op, call_info(op)->arguments[i]);
}

/* A pointer that is no memory, each of every call, whatever else the header says. */
static void test_pointers_to_no_memory(void **state)
{
    struct random random;
    bool changed;

    (void)state;
    random_start(&random);
    for (enum op op = 0; op < OPS; op++) {
        uint8_t field = call_info(op)->arguments[0] == ARG_NEW ? HEADER_CHOICE : HEADER_RESULT;

        for (unsigned i = 0; i < 16 * 40; i++) {
            struct record record = {.payload = (const uint8_t *)"\2\0\x7f\1\xfe\x53\0 payload",
                                    .payload_size = i % 16};

            if (i >= 16) {
                random_fill(&random, record.header, HEADER_NUMBER + 1);
                record.header[HEADER_NUMBER + 3] = (uint8_t)random_next(&random);
            }
            record.header[field] = (uint8_t)(0xf0 + i % 16);
            if (!reaches(op, &record, &changed)) {
                explain(op, &record);
                fail_msg("a pointer is not what reaches the stack");
            }
        }
    }
}

/* A kind of argument that is added to the lists needs an entry, and so does each of its bytes. */
static void test_every_kind_of_argument_has_an_oracle(void **state)
{
    (void)state;
    for (int kind = ARG_NONE + 1; kind < ARGUMENT_KINDS; kind++) {
        const struct oracle *oracle = &oracles[kind];
        size_t fields = 0;

        if (oracle->expect == NULL && kind != ARG_NEW)
            fail_msg("argument kind %d has no entry in fields_oracle.c", kind);
        while (fields <= ORACLE_FIELDS_MAX && oracle->fields[fields] != HEADER_SIZE)
            fields++;
        assert_in_range(fields, 1, ORACLE_FIELDS_MAX);
    }
}

/* All fields at once, and payloads of all sizes. */
static void test_random_headers(void **state)
{
    uint8_t payload[PAYLOAD_MAX];
    struct random random;
    bool changed;

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(20000, 0); i > 0; i--) {
        enum op op = (enum op)(i % OPS);
        struct record record = {.payload = payload, .payload_size = random_below(&random, 40)};

        if (random_below(&random, 16) == 0)
            record.payload_size = random_below(&random, PAYLOAD_MAX);
        random_fill(&random, payload, record.payload_size);
        random_fill(&random, record.header, HEADER_NUMBER + 1);
        if (random_below(&random, 8) == 0)
            random_fill(&random, record.header + HEADER_NUMBER, 4);
        if (!reaches(op, &record, &changed)) {
            explain(op, &record);
            fail_msg("the call is not what the record says");
        }
    }
}

/* ARG_NEW is seen by what comes after: the variable holds the descriptor that the call made. */
static void test_the_result_goes_to_its_variable(void **state)
{
    (void)state;
    for (int op = 0; op < OPS; op++)
        for (unsigned value = 0; call_info(op)->arguments[0] == ARG_NEW && value < 256; value++) {
            /* 0 is the lowest free variable, which after the prefix is s5. */
            unsigned slot = value == 0 ? ORACLE_PREFIX_SLOTS : (value - 1) % SLOTS_MAX;
            struct record record = {.header = {[HEADER_RESULT] = (uint8_t)value}};
            struct record probe = {.header = {[HEADER_FD] = (uint8_t)(0x40 | slot)}};
            size_t size;

            if (op == OP_fcntl)
                record.header[HEADER_CHOICE] = 4; /* F_DUPFD */
            size = append(op, &record, prefix_size);
            recorder_reset();
            run(append(OP_close, &probe, size));
            assert_int_equal(recorder_find(OP_close, mark)->places[PLACE_FD],
                             RECORDER_FIRST_FD + ORACLE_PREFIX_SLOTS);
            finish();
        }
}

/* A descriptor's mode is seen by how a receive without data ends. */
static void check_mode(enum op op, const struct record *changing, unsigned slot, bool nonblocking)
{
    struct record record = *changing;
    struct record probe = {.header = {[HEADER_FD] = (uint8_t)(0x40 | slot)}};
    size_t size = append(op, &record, prefix_size);

    recorder_reset();
    recorder.errors[OP_recv] = EAGAIN;
    run(append(OP_recv, &probe, size));
    assert_int_equal(last_outcome.kind, nonblocking ? OUTCOME_RETURNED : OUTCOME_UNFINISHED);
    assert_int_equal(last_outcome.error, nonblocking ? EAGAIN : 0);
    finish();
}

static void test_nonblocking_modes_are_observable(void **state)
{
    struct record record = {.code = 0};

    (void)state;
    for (unsigned value = 0; value < 4; value++) {
        record = (struct record){.header = {[HEADER_FLAGS] = (uint8_t)value}};
        check_mode(OP_socket, &record, ORACLE_PREFIX_SLOTS, value & 1);
        check_mode(OP_accept4, &record, ORACLE_PREFIX_SLOTS, value & 1);
        /* accept takes no flags: a new descriptor blocks (accept(2)). */
        check_mode(OP_accept, &record, ORACLE_PREFIX_SLOTS, false);
        record.header[HEADER_CHOICE] = 1; /* F_SETFL */
        record.header[HEADER_FD] = 0x43;
        check_mode(OP_fcntl, &record, 3, value & 1);
    }
    for (unsigned value = 0; value < 4; value++) {
        record = (struct record){.header = {[HEADER_CHOICE] = 1, [HEADER_FD] = 0x43}};
        record.header[HEADER_NUMBER] = (uint8_t)value;
        check_mode(OP_ioctl, &record, 3, value != 1); /* the default, written 0, is 1: on */
    }
}

/* A stack that is given a wrong argument, in any place, is noticed. */
static void test_planted_wrong_arguments_are_seen(void **state)
{
    bool changed;

    (void)state;
    for (int place = 0; place < PLACES; place++) {
        struct record record = {.header = {0}};
        bool seen = false;

        recorder.planted = (enum place)place;
        for (int op = 0; op < OPS; op++)
            seen |= !reaches(op, &record, &changed);
        assert_true(seen);
    }
    recorder.planted = PLACES;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_of_argument_has_an_oracle),
        cmocka_unit_test(test_every_field_reaches_its_call),
        cmocka_unit_test(test_pointers_to_no_memory),
        cmocka_unit_test(test_random_headers),
        cmocka_unit_test(test_the_result_goes_to_its_variable),
        cmocka_unit_test(test_nonblocking_modes_are_observable),
        cmocka_unit_test(test_planted_wrong_arguments_are_seen),
    };

    recorder_reset();
    return cmocka_run_group_tests(tests, set_up, NULL);
}
