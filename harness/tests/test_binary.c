/* test_binary: the binary form is total, and decoding and encoding are inverse under all rules. */
#include <stdlib.h>
#include <string.h>

#include "drill/drill.h"
#include "drill/record.h"
#include "tests/support/check.h"
#include "tests/support/inputs.h"
#include "tests/support/seeds.h"

static struct drill decoded;
static struct drill again;
static uint8_t output[DRILL_ENCODED_MAX];

/* Parts that are no more than there are, and that make up the whole. */
static bool parts_in_range(const struct call *call)
{
    bool cut = call_has(call->op, ARG_PARTS) || call_has(call->op, ARG_SENT_MESSAGE);
    bool rooms = call_has(call->op, ARG_ROOMS) || call_has(call->op, ARG_RECEIVED_MESSAGE);
    uint32_t size = 0;
    size_t kinds;

    controls(&kinds);
    if (call->part_count > PARTS_MAX || call->part_claim >= PART_CLAIMS ||
        call->control_count > CONTROLS_MAX || call->control_length >= CONTROL_LENGTHS)
        return false;
    for (size_t i = 0; i < call->part_count; i++)
        size += call->parts[i];
    for (size_t i = 0; i < call->control_count; i++)
        if (call->controls[i].kind >= kinds || call->controls[i].length >= CONTROL_LENGTHS)
            return false;
    if (call->bad == BAD_DATA && cut)
        return size == 0 && call->data_size == 0;
    return (!cut || size == call->data_size) && (!rooms || size <= DATA_BYTES_MAX);
}

/* A drill as decoding must leave it: every index in its list, every slot a slot. */
static bool call_in_range(const struct call *call)
{
    size_t count;

    options(&count);
    if (call->op >= OPS || call->act > ACT_SIGNAL || call->actor > ACTORS ||
        (call->act != ACT_CALL && call->actor == 0) || call->bad >= BAD_POINTERS ||
        (call->bad != BAD_NONE && !call_has_pointer(call->op, call->bad)) ||
        (call->name_null && (call->bad != BAD_NONE || !call_may_offer_no_name(call->op))) ||
        call->result >= SLOTS_MAX || call->fd >= FD_REFS_END || call->other_fd >= FD_REFS_END ||
        call->domain >= values(VALUES_DOMAIN)->count || call->type >= values(VALUES_TYPE)->count ||
        call->protocol >= values(VALUES_PROTOCOL)->count || call->choice >= count ||
        call->entry_count > POLL_ENTRIES_MAX ||
        call->address.kind >= ADDRESS_KINDS + call_has(call->op, ARG_SENT_MESSAGE) ||
        call->address.slot >= SLOTS_MAX || call->address.port > PORT_OF_SLOT ||
        call->address.length >= LENGTHS || call->address.raw_size > sizeof(struct sockaddr_storage))
        return false;
    for (size_t i = 0; i < call->entry_count; i++)
        if (call->entries[i].fd >= FD_REFS_END)
            return false;
    return parts_in_range(call) &&
           (!call_has(call->op, ARG_LENGTH) || call->number <= DATA_BYTES_MAX);
}

/*
 * The input is an exact allocation, so that a sanitizer sees a read beyond it. Whatever it decodes
 * to has an encoding within DRILL_ENCODED_MAX.
 */
static void check_input(const uint8_t *input, size_t size, const struct drill_rules *rules)
{
    uint8_t *exact = input_exact(input, size);
    uint8_t *encoded;
    size_t used;

    drill_decode(&decoded, exact, size, rules);
    assert_true(decoded.call_count <= DRILL_CALLS_MAX);
    assert_true(size == 0 || decoded.call_count > 0 || rules->actors);
    for (uint32_t i = 0; i < decoded.call_count; i++)
        assert_true(call_in_range(&decoded.calls[i]));
    used = drill_encode(&decoded, output, sizeof output, rules);
    assert_true(used > 0 || decoded.call_count == 0);
    encoded = input_exact(output, used);
    drill_decode(&again, encoded, used, rules);
    if (!drill_equal(&decoded, &again))
        fail_msg("an input of %zu bytes changes when it is encoded and decoded", size);
    free(encoded);
    free(exact);
}

static void test_inputs_of_up_to_two_bytes(void **state)
{
    (void)state;
    for (size_t r = 0; r < SEEDS_RULES; r++) {
        check_input(NULL, 0, seeds_every_rules[r]);
        for (unsigned number = 0; number < 1u << 16; number++) {
            const uint8_t input[] = {(uint8_t)number, (uint8_t)(number >> 8)};

            if (number < 256)
                check_input(input, 1, seeds_every_rules[r]);
            check_input(input, 2, seeds_every_rules[r]);
        }
    }
}

static void test_random_inputs(void **state)
{
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];
    uint64_t count = random_count(RANDOM_INPUTS_DEFAULT, 0);

    (void)state;
    random_start(&random);
    for (uint64_t i = 0; i < count; i++) {
        /* Noise is half of them: cheap, and what the decoder meets first. */
        enum input_kind kind = (enum input_kind)(i % 2 == 0 ? 0 : i / 2 % INPUT_KINDS);
        size_t size = input_make(&random, kind, room);

        check_input(room, size, seeds_every_rules[random_below(&random, SEEDS_RULES)]);
    }
}

static void test_seeds_under_every_rules(void **state)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t r = 0; r < SEEDS_RULES; r++)
            check_input(seeds[i].bytes, seeds[i].byte_count, seeds_every_rules[r]);
}

/* Every value of every header byte of every call, alone; then with its neighbours set. */
static void test_every_header_byte(void **state)
{
    (void)state;
    for (unsigned op = 0; op < OPS; op++)
        for (unsigned field = 0; field < HEADER_SIZE; field++)
            for (unsigned value = 0; value < 256; value++) {
                struct record record = {.code = call_info(op)->code,
                                        .payload = (const uint8_t *)"\xfe\x53\x01",
                                        .payload_size = 3};
                size_t used;

                memset(record.header, value & 1 ? 0x53 : 0, HEADER_SIZE);
                record.header[field] = (uint8_t)value;
                used = record_write(&record, output, 0, sizeof output);
                check_input(output, used, seeds_every_rules[value % SEEDS_RULES]);
            }
}

/* The largest inputs there are: all is payload of one call, which has no header yet. */
static void test_largest_inputs(void **state)
{
    uint8_t *large = calloc(1, DRILL_BYTES_MAX + 10);

    (void)state;
    assert_non_null(large);
    for (size_t size = DRILL_BYTES_MAX - 20; size <= DRILL_BYTES_MAX + 10; size++)
        check_input(large, size, &drill_rules_any);
    free(large);
}

/* Many calls with more payload than a drill holds, plain and all of it escaped. */
static void test_large_inputs_of_many_calls(void **state)
{
    enum { LARGE = 3 * DRILL_BYTES_MAX };
    uint8_t *large = malloc(LARGE);
    struct random random;

    (void)state;
    assert_non_null(large);
    random_start(&random);
    for (int i = 0; i < 40; i++) {
        size_t every = 100 + random_below(&random, 4000);

        for (size_t at = 0; at < LARGE; at++)
            large[at] = i % 2 ? (uint8_t)('a' + at % 7) : (at % 3 == 2 ? 0 : at % 3 ? 0x53 : 0xfe);
        for (size_t at = 0; at + 3 < LARGE; at += every) {
            const uint8_t record[] = {FENCE_0, FENCE_1, (uint8_t)(1 + random_below(&random, OPS))};

            memcpy(large + at, record, sizeof record);
        }
        check_input(large, LARGE - random_below(&random, LARGE / 2),
                    seeds_every_rules[i % SEEDS_RULES]);
    }
    free(large);
}

/* An input of more calls than a drill holds: the first ones count. */
static void test_more_calls_than_a_drill_holds(void **state)
{
    static const uint8_t record[] = {FENCE_0, FENCE_1, 0x01};
    uint8_t input[sizeof record * (DRILL_CALLS_MAX + 5)];

    (void)state;
    for (size_t i = 0; i < sizeof input; i += 3)
        memcpy(input + i, record, sizeof record);
    check_input(input, sizeof input, &drill_rules_any);
    assert_int_equal(decoded.call_count, DRILL_CALLS_MAX);
}

/* Codes that no call has are calls all the same (program-format: spare codes alias). */
static void test_spare_codes_are_calls(void **state)
{
    (void)state;
    for (unsigned code = OPS + 1; code < 256; code++) {
        const uint8_t input[] = {FENCE_0, FENCE_1, (uint8_t)code};

        check_input(input, sizeof input, &drill_rules_any);
        assert_int_equal(decoded.call_count, 1);
    }
}

/* The rules hold whatever the input says. */
static void test_rules_keep_other_types_out(void **state)
{
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(20000, 0); i > 0; i--) {
        const struct drill_rules *rules = i % 2 ? &drill_rules_stream : &drill_rules_datagram;

        drill_decode(&decoded, room, input_make(&random, INPUT_RECORDS, room), rules);
        for (uint32_t c = 0; c < decoded.call_count; c++)
            if (decoded.calls[c].op == OP_socket)
                assert_int_equal(values(VALUES_TYPE)->entries[decoded.calls[c].type].value,
                                 rules->type);
    }
}

/* Into every capacity that is too small: 0, and nothing written beyond. */
static void test_small_buffers_are_refused(void **state)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);

    (void)state;
    for (size_t i = 0; i < count; i += 7) {
        const struct drill_rules *rules = seeds_rules(&seeds[i]);
        size_t need;

        drill_decode(&decoded, seeds[i].bytes, seeds[i].byte_count, rules);
        need = drill_encode(&decoded, output, sizeof output, rules);
        for (size_t capacity = need > 600 ? need - 600 : 0; capacity <= need; capacity++) {
            uint8_t *exact = input_room(capacity);

            assert_int_equal(drill_encode(&decoded, exact, capacity, rules),
                             capacity < need ? 0 : need);
            free(exact);
        }
    }
}

/* A call in which every field is set, and a copy that differs in one of them. */
static void check_unequal(const struct call *call, const struct call *changed)
{
    again.call_count = decoded.call_count = 1;
    decoded.calls[0] = again.calls[0] = *call;
    assert_true(drill_equal(&decoded, &again));
    again.calls[0] = *changed;
    assert_false(call_equal(call, changed));
    assert_false(drill_equal(&decoded, &again));
}

/* What compares drills sees a fault planted in any field: the other tests stand on it. */
static void test_comparing_sees_every_field(void **state)
{
    static const uint8_t bytes[] = "ab";
    const struct call call = {.raw_value = false,
                              .entry_count = 2,
                              .part_count = 2,
                              .control_count = 2,
                              .address = {.raw = bytes, .raw_size = 1},
                              .data = bytes,
                              .data_size = 1};
    const size_t fields[] = {
        offsetof(struct call, op),
        offsetof(struct call, act),
        offsetof(struct call, actor),
        offsetof(struct call, restarts),
        offsetof(struct call, bad),
        offsetof(struct call, name_null),
        offsetof(struct call, result),
        offsetof(struct call, fd),
        offsetof(struct call, other_fd),
        offsetof(struct call, flags),
        offsetof(struct call, domain),
        offsetof(struct call, type),
        offsetof(struct call, protocol),
        offsetof(struct call, choice),
        offsetof(struct call, raw_value),
        offsetof(struct call, entry_count),
        offsetof(struct call, number),
        offsetof(struct call, data_size),
        offsetof(struct call, entries[1].fd),
        offsetof(struct call, entries[1].events),
        offsetof(struct call, address.kind),
        offsetof(struct call, address.slot),
        offsetof(struct call, address.port),
        offsetof(struct call, address.length),
        offsetof(struct call, address.raw_size),
        offsetof(struct call, part_count),
        offsetof(struct call, part_claim),
        offsetof(struct call, parts[1]),
        offsetof(struct call, control_count),
        offsetof(struct call, control_length),
        offsetof(struct call, controls[1].kind),
        offsetof(struct call, controls[1].length),
        offsetof(struct call, controls[1].value),
    };
    struct call changed;

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(fields); i++) {
        changed = call;
        ((uint8_t *)&changed)[fields[i]] ^= 1;
        check_unequal(&call, &changed);
    }
    changed = call;
    changed.data = bytes + 1;
    check_unequal(&call, &changed);
    changed = call;
    changed.address.raw = bytes + 1;
    check_unequal(&call, &changed);
}

CHECK_MAIN(cmocka_unit_test(test_comparing_sees_every_field),
           cmocka_unit_test(test_inputs_of_up_to_two_bytes), cmocka_unit_test(test_random_inputs),
           cmocka_unit_test(test_seeds_under_every_rules), cmocka_unit_test(test_every_header_byte),
           cmocka_unit_test(test_largest_inputs), cmocka_unit_test(test_large_inputs_of_many_calls),
           cmocka_unit_test(test_more_calls_than_a_drill_holds),
           cmocka_unit_test(test_spare_codes_are_calls),
           cmocka_unit_test(test_rules_keep_other_types_out),
           cmocka_unit_test(test_small_buffers_are_refused))
