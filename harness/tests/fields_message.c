/* fields_message: fields_oracle's entries for what is sent and received in parts. */
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fields_oracle.h"

/* What a list of parts claims to be: record.h and call.h. Messages claim nothing. */
enum { SHAPE_ALL, SHAPE_NONE, SHAPE_1024, SHAPE_1025 };

static unsigned shape_of(const struct recorded *expected, unsigned bits)
{
    bool many = expected->op == OP_sendmmsg || expected->op == OP_recvmmsg;

    if (oracle_is_bad(expected, BAD_DATA) && bits % 4 == SHAPE_NONE)
        return SHAPE_ALL;
    return many && bits % 4 != SHAPE_NONE ? SHAPE_ALL : bits % 4;
}

static int64_t claimed(unsigned shape, size_t count)
{
    return shape == SHAPE_1024 ? 1024 : shape == SHAPE_1025 ? 1025 : (int64_t)count;
}

/* Whether the parts are no memory, or their list: then there is one, of which no more is seen. */
static bool is_one_bad(const struct recorded *expected)
{
    return oracle_is_bad(expected, BAD_HEADER) || oracle_is_bad(expected, BAD_PARTS) ||
           oracle_is_bad(expected, BAD_DATA);
}

/* Sets that one part; only of itself, when its list is memory, the size is seen. */
static void set_one_bad(struct recorded *expected, unsigned shape, uint32_t size)
{
    if (shape == SHAPE_NONE)
        return;
    expected->places[PLACE_PARTS] = claimed(shape, 1);
    if (!oracle_is_bad(expected, BAD_DATA))
        return;
    expected->places[PLACE_SIZE] = size;
    expected->parts[0] = size;
}

/* Of messages that are no memory there is one, and of one nothing is seen. */
static bool is_no_message(struct recorded *expected)
{
    bool many = expected->op == OP_sendmmsg || expected->op == OP_recvmmsg;

    if (!oracle_is_bad(expected, BAD_HEADER))
        return false;
    expected->places[PLACE_PARTS] = many;
    return true;
}

/* The payload, from which is taken what stands before the data. */
struct payload_left {
    const uint8_t *bytes;
    size_t size;
};

static uint32_t take(struct payload_left *left, size_t size)
{
    uint32_t number = 0;

    for (size_t i = 0; i < size; i++)
        number |= (uint32_t)left->bytes[i] << 8 * i;
    left->bytes += size;
    left->size -= size;
    return number;
}

void oracle_no_message(struct recorded *recorded)
{
    if (!oracle_is_bad(recorded, BAD_TIMEOUT))
        recorded->places[PLACE_BAD] = BAD_NONE;
    recorded->places[PLACE_NULL] = 0;
    recorded->places[PLACE_LENGTH] = 0;
    recorded->places[PLACE_CONTROL] = 0;
    recorded->address_count = 0;
    recorded->control_count = 0;
}

/* --- what is sent --- */

/* Two bytes each, at most three, and no more than the payload has. */
static size_t take_cuts(struct payload_left *left, unsigned wanted, uint32_t cuts[PARTS_MAX])
{
    size_t count = 0;

    for (; count < wanted && left->size >= 2; count++)
        cuts[count] = take(left, 2);
    return count;
}

static void set_cut_data(struct recorded *expected, const struct record *record, unsigned shape,
                         const struct payload_left *left, const uint32_t *cuts, size_t cut_count)
{
    size_t rest = left->size;
    size_t total = (record_number(record) & 0xffffff) % (DATA_BYTES_MAX + 1);

    if (is_one_bad(expected)) {
        set_one_bad(expected, shape, (uint32_t)total);
        return;
    }
    if (shape == SHAPE_NONE)
        return;
    if (total < left->size)
        total = left->size;
    expected->places[PLACE_SIZE] = (int64_t)total;
    expected->places[PLACE_PARTS] = claimed(shape, cut_count + 1);
    expected->byte_count = total;
    expected->bytes = oracle_repeat(left->bytes, left->size, total);
    for (size_t i = 0; i < cut_count; i++) {
        expected->parts[i] = cuts[i] % ((uint32_t)rest + 1);
        rest -= expected->parts[i];
    }
    expected->parts[cut_count] = (uint32_t)(rest + total - left->size);
}

void oracle_expect_parts(struct recorded *expected, const struct record *record)
{
    struct payload_left left = {record->payload, record->payload_size};
    unsigned byte = record->header[HEADER_NUMBER + 3];
    unsigned shape = shape_of(expected, byte >> 2);
    uint32_t cuts[PARTS_MAX];
    size_t count =
        take_cuts(&left, shape == SHAPE_NONE || is_one_bad(expected) ? 0 : byte % 4, cuts);

    set_cut_data(expected, record, shape, &left, cuts, count);
}

/* Level and type of the messages of controls.def, and of which address they hold. */
static const struct {
    int level;
    int type;
    int family;
} kinds[] = {
    {IPPROTO_IP, IP_TTL, 0},           {IPPROTO_IP, IP_TOS, 0},
    {IPPROTO_IP, IP_PKTINFO, AF_INET}, {IPPROTO_IPV6, IPV6_HOPLIMIT, 0},
    {IPPROTO_IPV6, IPV6_TCLASS, 0},    {IPPROTO_IPV6, IPV6_PKTINFO, AF_INET6},
    {IPPROTO_IP, 0x7ffe, 0},           {SOL_SOCKET, SO_TIMESTAMP, 0},
    {SOL_SOCKET, SO_TIMESTAMPNS, 0},   {IPPROTO_IP, IP_RECVERR, 0},
    {IPPROTO_IPV6, IPV6_RECVERR, 0},   {IPPROTO_TCP, TCP_INQ, 0},
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

/* The hosts of addresses.def by family; an index counts modulo their number. */
static const char *host_bytes(int family, uint32_t index)
{
    static const int of4[] = {HOST_LOOPBACK4, HOST_ANY4, HOST_LOOPBACK4_OTHER, HOST_DOCUMENTATION4};
    static const int of6[] = {HOST_LOOPBACK6, HOST_ANY6, HOST_MAPPED, HOST_MAPPED_ANY,
                              HOST_DOCUMENTATION6};

    return hosts()[family == AF_INET6 ? of6[index % 5] : of4[index % 4]].bytes;
}

static const int lengths[] = {0, -1, 0, 1, 15, 16, 17, 18, 19, 20, 21, 24, 28, 32, 36, 255};

/* One message of four bytes: kind, claimed length, value. Returns the room that it takes. */
static size_t set_control(uint8_t *room, struct payload_left *left)
{
    unsigned kind = take(left, 1) % KIND_COUNT;
    unsigned length = take(left, 1) % 16;
    uint32_t value = take(left, 2);
    int number = (int16_t)value;
    struct cmsghdr *header = (struct cmsghdr *)room;
    size_t size = sizeof number;

    memcpy(CMSG_DATA(header), &number, sizeof number);
    if (kinds[kind].family == AF_INET) {
        struct in_pktinfo info = {0};

        memcpy(&info.ipi_spec_dst, host_bytes(AF_INET, value), 4);
        memcpy(CMSG_DATA(header), &info, size = sizeof info);
    } else if (kinds[kind].family == AF_INET6) {
        struct in6_pktinfo info = {.ipi6_ifindex = 0};

        memcpy(&info.ipi6_addr, host_bytes(AF_INET6, value), 16);
        memcpy(CMSG_DATA(header), &info, size = sizeof info);
    }
    header->cmsg_level = kinds[kind].level;
    header->cmsg_type = kinds[kind].type;
    header->cmsg_len = length == 0 ? CMSG_LEN(size) : (size_t)lengths[length];
    return CMSG_SPACE(size);
}

static void set_controls(struct recorded *expected, const struct record *record,
                         struct payload_left *left)
{
    uint8_t room[256] __attribute__((aligned(16))) = {0};
    unsigned byte = record->header[HEADER_CHOICE];
    unsigned length = byte / 4 % 16;
    size_t used = 0;

    if (oracle_is_bad(expected, BAD_CONTROL)) {
        expected->places[PLACE_CONTROL] = length == 0 ? (int64_t)CMSG_SPACE(4) : lengths[length];
        return;
    }
    for (unsigned i = 0; i < byte % 4 && left->size >= 4; i++)
        used += set_control(room + used, left);
    expected->places[PLACE_CONTROL] = length == 0 ? (int64_t)used : lengths[length];
    if (expected->places[PLACE_CONTROL] < 0)
        return;
    expected->control_count = (size_t)expected->places[PLACE_CONTROL];
    memcpy(expected->control, room, expected->control_count);
}

/*
 * 0 is an address that suits, and none of what is connected, which is s3; 14 is none, 15 suits, and
 * the others are those of bind. Returns whether there is one.
 */
static bool address_kind(const struct recorded *expected, const struct record *record,
                         unsigned *kind)
{
    *kind = record->header[HEADER_ADDRESS] & 0x0f;
    if (*kind == 14 || (*kind == 0 && expected->places[PLACE_FD] == RECORDER_FIRST_FD + 3))
        return false;
    *kind %= 15;
    return true;
}

void oracle_expect_sent_message(struct recorded *expected, const struct record *record)
{
    struct payload_left left = {record->payload, record->payload_size};
    struct record rest = *record;
    unsigned byte = record->header[HEADER_NUMBER + 3];
    unsigned shape = shape_of(expected, byte >> 2);
    unsigned kind;
    uint32_t cuts[PARTS_MAX];
    size_t count;

    if (is_no_message(expected))
        return;
    set_controls(expected, record, &left);
    count = take_cuts(&left, shape == SHAPE_NONE || is_one_bad(expected) ? 0 : byte % 4, cuts);
    rest.payload = left.bytes;
    rest.payload_size = left.size;
    if (oracle_is_bad(expected, BAD_ADDRESS)) {
        oracle_set_length(expected, record, sizeof(struct sockaddr_in));
    } else if (address_kind(expected, record, &kind)) {
        size_t raw = oracle_raw_size(expected, &rest, kind);

        oracle_set_length(expected, record,
                          oracle_address(expected->address, expected, &rest, kind));
        if (raw > 0)
            left.bytes += raw;
        left.size -= raw;
    }
    set_cut_data(expected, record, shape, &left, cuts, count);
    if (expected->op == OP_sendmmsg && shape == SHAPE_NONE)
        oracle_no_message(expected);
}

/* --- what is received --- */

/* The first room stands in the number, further ones of three bytes each in the payload. */
void oracle_expect_rooms(struct recorded *expected, const struct record *record)
{
    struct payload_left left = {record->payload, record->payload_size};
    unsigned shape = shape_of(expected, record->header[HEADER_NUMBER + 3]);
    uint32_t room = DATA_BYTES_MAX;
    size_t count = 1;

    if (is_one_bad(expected)) {
        uint32_t first = oracle_number(expected->op, record) & 0xffffff;

        set_one_bad(expected, shape, first % (room + 1));
        return;
    }
    if (shape == SHAPE_NONE)
        return;
    expected->parts[0] = (oracle_number(expected->op, record) & 0xffffff) % (room + 1);
    for (room -= expected->parts[0]; count < PARTS_MAX && left.size >= 3; count++) {
        expected->parts[count] = take(&left, 3) % (room + 1);
        room -= expected->parts[count];
    }
    expected->places[PLACE_PARTS] = claimed(shape, count);
    expected->places[PLACE_SIZE] = DATA_BYTES_MAX - room;
}

void oracle_expect_received_message(struct recorded *expected, const struct record *record)
{
    unsigned room = record->header[HEADER_CHOICE] | record->header[HEADER_CHOICE2] << 8;

    if (is_no_message(expected))
        return;
    oracle_expect_name_length(expected, record);
    oracle_expect_rooms(expected, record);
    expected->places[PLACE_CONTROL] = room % 1025;
    if (expected->op == OP_recvmmsg && expected->places[PLACE_PARTS] == 0)
        oracle_no_message(expected);
}
