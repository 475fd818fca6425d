/* test_record: the outer layer of the binary form, against the layout that record.h states. */
#include <stdlib.h>
#include <string.h>

#include "drill/record.h"
#include "tests/support/check.h"
#include "tests/support/inputs.h"

/* Eleven zeros: a whole header of defaults. */
#define HEADER "\0\0\0\0\0\0\0\0\0\0\0"
#define HEADER_10 "\0\0\0\0\0\0\0\0\0\0"

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

/* A record as a reader should see it. */
struct expected {
    uint8_t code;
    const char *header; /* HEADER_SIZE bytes */
    const uint8_t *payload;
    size_t payload_size;
};

static const struct {
    const uint8_t *input;
    size_t size;
    struct expected records[3];
    size_t count;
} framings[] = {
    {BYTES(""), {{0}}, 0},
    {BYTES("abc"), {{0, HEADER, BYTES("abc")}}, 1},
    {BYTES("\xfe\x53\x0d"), {{0x0d, HEADER, BYTES("")}}, 1},
    {BYTES("\xfe\x53\x0d\x41"), {{0x0d, "\x41" HEADER_10, BYTES("")}}, 1},
    {BYTES("\xfe\x53\x06" HEADER "hi"), {{6, HEADER, BYTES("hi")}}, 1},
    {BYTES("GET\xfe\x53\x0d"), {{0, HEADER, BYTES("GET")}, {0x0d, HEADER, BYTES("")}}, 2},
    /* A literal fence, at the start, in the middle, at the end, and two in a row. */
    {BYTES("\xfe\x53\0"), {{0, HEADER, BYTES("\xfe\x53")}}, 1},
    {BYTES("\xfe\x53\0\0"), {{0, HEADER, BYTES("\xfe\x53\0")}}, 1},
    {BYTES("a\xfe\x53\0b"),
     {{0, HEADER,
       BYTES("a\xfe\x53"
             "b")}},
     1},
    {BYTES("\xfe\x53\0\xfe\x53\0"), {{0, HEADER, BYTES("\xfe\x53\xfe\x53")}}, 1},
    {BYTES("\xfe\x53\x06" HEADER "\xfe\x53\0\0"), {{6, HEADER, BYTES("\xfe\x53\0")}}, 1},
    /* A literal right before a fence. */
    {BYTES("\xfe\x53\0\xfe\x53\x0d"),
     {{0, HEADER, BYTES("\xfe\x53")}, {0x0d, HEADER, BYTES("")}},
     2},
    /* A fence that the end of the input cuts off is payload. */
    {BYTES("\xfe"), {{0, HEADER, BYTES("\xfe")}}, 1},
    {BYTES("\xfe\x53"), {{0, HEADER, BYTES("\xfe\x53")}}, 1},
    {BYTES("\xfe\x53\x06" HEADER "\xfe\x53"), {{6, HEADER, BYTES("\xfe\x53")}}, 1},
    {BYTES("\xfe\x53\x0d\xfe"), {{0x0d, "\xfe" HEADER_10, BYTES("")}}, 1},
    {BYTES("\xfe\x53\x0d\xfe\x53"), {{0x0d, "\xfe\x53\0\0\0\0\0\0\0\0\0", BYTES("")}}, 1},
    /* Payload that ends in the first byte of a fence. */
    {BYTES("\xfe\xfe\x53\x0d"), {{0, HEADER, BYTES("\xfe")}, {0x0d, HEADER, BYTES("")}}, 2},
    /* Header fields that look like a fence are escaped like payload. */
    {BYTES("\xfe\x53\x06\xfe\x53\0\x01"), {{6, "\xfe\x53\x01\0\0\0\0\0\0\0\0", BYTES("")}}, 1},
    {BYTES("\xfe\x53\x06" HEADER_10 "\xfe\x53\0x"), {{6, HEADER_10 "\xfe", BYTES("\x53x")}}, 1},
    /* A code of FE does not begin a fence with what follows. */
    {BYTES("\xfe\x53\xfe\x53\x05"), {{0xfe, "\x53\x05\0\0\0\0\0\0\0\0\0", BYTES("")}}, 1},
    {BYTES("\xfe\x53\x0d\xfe\x53\x0d\xfe\x53\x0c"),
     {{0x0d, HEADER, BYTES("")}, {0x0d, HEADER, BYTES("")}, {0x0c, HEADER, BYTES("")}},
     3},
};

/* A reader over exact allocations, so that a sanitizer sees a step beyond either. */
struct exact_reader {
    struct record_reader reader;
    uint8_t *input;
    uint8_t *scratch;
};

/* The scratch is as large as record.h asks for: payload_max, and a header for each record. */
static void exact_start_cut(struct exact_reader *exact, const uint8_t *input, size_t size,
                            size_t payload_max)
{
    size_t headers = HEADER_SIZE * (size / 3 + 1);

    exact->input = input_exact(input, size);
    exact->scratch = malloc(payload_max + headers);
    record_reader_start(&exact->reader, exact->input, size, exact->scratch, payload_max);
}

static void exact_start(struct exact_reader *exact, const uint8_t *input, size_t size)
{
    exact_start_cut(exact, input, size, size);
}

static void exact_end(struct exact_reader *exact)
{
    free(exact->input);
    free(exact->scratch);
}

static void assert_record(const struct record *record, const struct expected *expected)
{
    assert_int_equal(record->code, expected->code);
    assert_memory_equal(record->header, expected->header, HEADER_SIZE);
    assert_int_equal(record->lead_size, 0);
    assert_int_equal(record->payload_size, expected->payload_size);
    if (record->payload_size > 0)
        assert_memory_equal(record->payload, expected->payload, expected->payload_size);
}

static void test_fences_frame_records(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(framings); i++) {
        struct exact_reader exact;
        struct record record;

        exact_start(&exact, framings[i].input, framings[i].size);
        for (size_t r = 0; r < framings[i].count; r++) {
            assert_true(record_read(&exact.reader, &record));
            assert_record(&record, &framings[i].records[r]);
        }
        assert_false(record_read(&exact.reader, &record));
        exact_end(&exact);
    }
}

/* Text needs no escape: it stands in the input as it is, and the record points at it. */
static void test_payload_is_verbatim(void **state)
{
    static const uint8_t input[] = "\xfe\x53\x06" HEADER "GET / HTTP/1.0\r\n\r\n";
    uint8_t scratch[sizeof input];
    struct record_reader reader;
    struct record record;

    (void)state;
    record_reader_start(&reader, input, sizeof input - 1, scratch, sizeof scratch);
    assert_true(record_read(&reader, &record));
    assert_ptr_equal(record.payload, input + 3 + HEADER_SIZE);
    assert_int_equal(record.payload_size, 18);
}

static void test_no_input_may_be_null(void **state)
{
    struct record_reader reader;
    struct record record;

    (void)state;
    record_reader_start(&reader, NULL, 0, NULL, 0);
    assert_false(record_read(&reader, &record));
}

/* Writes two records and reads them back; the second shows where the first one ended. */
static void check_written(const struct record *first)
{
    static const struct record second = {.code = 0x0d};
    uint8_t output[128];
    uint8_t joined[64];
    size_t used = record_write(first, output, 0, sizeof output);
    struct exact_reader exact;
    struct record record;

    memcpy(joined, first->lead, first->lead_size);
    memcpy(joined + first->lead_size, first->payload, first->payload_size);
    assert_true(used > 0);
    used = record_write(&second, output, used, sizeof output);
    assert_true(used > 0);
    exact_start(&exact, output, used);
    assert_true(record_read(&exact.reader, &record));
    assert_int_equal(record.code, first->code);
    assert_memory_equal(record.header, first->header, HEADER_SIZE);
    assert_int_equal(record.payload_size, first->lead_size + first->payload_size);
    assert_memory_equal(record.payload, joined, record.payload_size);
    assert_true(record_read(&exact.reader, &record));
    assert_int_equal(record.code, second.code);
    assert_false(record_read(&exact.reader, &record));
    exact_end(&exact);
}

/* The digits of number, base 4, as bytes that fences are made of. */
static size_t fence_bytes(uint8_t *bytes, size_t size, unsigned number)
{
    static const uint8_t alphabet[] = {FENCE_0, FENCE_1, CODE_LITERAL, 'A'};

    for (size_t i = 0; i < size; i++, number /= 4)
        bytes[i] = alphabet[number % 4];
    return size;
}

/* Every header end, lead and payload of these bytes: fences at and across every boundary. */
static void test_writing_and_reading_are_inverse_at_fences(void **state)
{
    (void)state;
    for (unsigned number = 0; number < 1u << 14; number++) {
        uint8_t lead[2];
        uint8_t payload[4];
        struct record record = {.code = 6, .lead = lead, .payload = payload};

        fence_bytes(record.header + HEADER_SIZE - 1, 1, number);
        record.lead_size = fence_bytes(lead, (number >> 2) % 3, number >> 2);
        record.payload_size = fence_bytes(payload, (number >> 6) % 5, number >> 6);
        check_written(&record);
        record.code = FENCE_0;
        fence_bytes(record.header, 2, number);
        check_written(&record);
    }
}

/* A record of nothing but defaults is its fence and code: a token inserts a whole call. */
static void test_trailing_zeros_are_left_out(void **state)
{
    struct record record = {.code = 7};
    uint8_t output[64];

    (void)state;
    assert_int_equal(record_write(&record, output, 0, sizeof output), 3);
    record.header[HEADER_FLAGS] = 1;
    assert_int_equal(record_write(&record, output, 0, sizeof output), 3 + HEADER_FLAGS + 1);
    assert_memory_equal(output, "\xfe\x53\x07\0\0\x01", 6);
    record.payload = (const uint8_t *)"";
    record.payload_size = 1;
    assert_int_equal(record_write(&record, output, 0, sizeof output), 3 + HEADER_SIZE + 1);
}

static void test_number_is_little_endian(void **state)
{
    struct record record = {.code = 6};

    (void)state;
    record_set_number(&record, 0x11223344);
    assert_memory_equal(record.header + HEADER_NUMBER, "\x44\x33\x22\x11", 4);
    assert_int_equal(record_number(&record), 0x11223344);
    record_set_number(&record, UINT32_MAX);
    assert_true(record_number(&record) == UINT32_MAX);
}

/* Into every capacity that is too small: 0, and nothing written beyond. */
static void test_small_buffers_are_refused(void **state)
{
    struct record record = {.code = 6,
                            .header = {[HEADER_SIZE - 1] = FENCE_0},
                            .lead = (const uint8_t *)"\x53\xfe",
                            .lead_size = 2,
                            .payload = (const uint8_t *)"\x53\xfe\x53",
                            .payload_size = 3};
    const size_t need = 3 + HEADER_SIZE + 2 + 3 + 3; /* three fences are escaped */

    (void)state;
    for (size_t capacity = 0; capacity <= need; capacity++) {
        uint8_t *output = input_room(capacity);

        assert_int_equal(record_write(&record, output, 0, capacity), capacity < need ? 0 : need);
        free(output);
    }
}

/* What a reader passes, record by record, is the whole input: nothing is lost or read twice. */
static void check_total(const uint8_t *input, size_t size)
{
    struct exact_reader exact;
    struct record record;
    const uint8_t *before;

    exact_start(&exact, input, size);
    for (before = exact.reader.next; record_read(&exact.reader, &record);
         before = exact.reader.next)
        assert_true(exact.reader.next > before);
    assert_ptr_equal(exact.reader.next, exact.reader.end);
    assert_true(size == 0 || exact.reader.end == exact.input + size);
    exact_end(&exact);
}

static void test_every_input_is_read_to_its_end(void **state)
{
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(100000, 0); i > 0; i--)
        check_total(room, input_make(&random, (enum input_kind)(i % INPUT_KINDS), room));
}

/* All records together get so much payload; what is beyond is cut off, the records are not. */
static void test_payload_is_cut_at_its_limit(void **state)
{
    static const uint8_t input[] =
        "ab\xfe\x53\0c\xfe\x53\x06" HEADER "de\xfe\x53\0\xfe\x53\x0d" HEADER "f";
    static const char all[] = "ab\xfe\x53"
                              "cde\xfe\x53"
                              "f";

    (void)state;
    for (size_t most = 0; most < sizeof all + 2; most++) {
        char joined[sizeof all];
        struct exact_reader exact;
        struct record record;
        size_t used = 0;
        size_t records = 0;

        exact_start_cut(&exact, input, sizeof input - 1, most);
        for (; record_read(&exact.reader, &record); records++) {
            memcpy(joined + used, record.payload, record.payload_size);
            used += record.payload_size;
        }
        assert_int_equal(records, 3);
        assert_int_equal(used <= most, true);
        assert_memory_equal(joined, all, used < 5 ? used : 5);
        exact_end(&exact);
    }
}

CHECK_MAIN(cmocka_unit_test(test_payload_is_cut_at_its_limit),
           cmocka_unit_test(test_fences_frame_records), cmocka_unit_test(test_payload_is_verbatim),
           cmocka_unit_test(test_no_input_may_be_null),
           cmocka_unit_test(test_writing_and_reading_are_inverse_at_fences),
           cmocka_unit_test(test_trailing_zeros_are_left_out),
           cmocka_unit_test(test_number_is_little_endian),
           cmocka_unit_test(test_small_buffers_are_refused),
           cmocka_unit_test(test_every_input_is_read_to_its_end))
