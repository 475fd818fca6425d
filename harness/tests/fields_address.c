/* fields_address: fields_oracle's entries for addresses, their lengths and data. */
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fields_oracle.h"

/* The low half of the address byte, modulo their number: 0 what suits, then these. */
enum {
    KIND_SUITABLE,
    KIND_FIRST_HOST,
    KIND_UNSPEC = KIND_FIRST_HOST + HOSTS,
    KIND_NAME,
    KIND_PEER,
    KIND_RAW,
    KINDS
};

/* The high half: 0 the address's own length, then these (address_lengths of call.h). */
static const int lengths[] = {0, -1, 0, 1, 2, 4, 8, 15, 16, 17, 24, 27, 28, 29, 128, 129};

static unsigned kind_of(const struct record *record)
{
    return (record->header[HEADER_ADDRESS] & 0x0f) % KINDS;
}

/* The port of the name of a variable of the prefix, as the recorder answers; 0 of others. */
static uint16_t port_of_slot(unsigned slot)
{
    return slot < ORACLE_PREFIX_SLOTS ? (uint16_t)(RECORDER_PORT + RECORDER_FIRST_FD + slot) : 0;
}

static uint16_t port_of(uint8_t byte)
{
    if (byte & 0x80)
        return port_of_slot(byte % 16);
    return byte % 5 == 0 ? 0 : (uint16_t)(20000 + byte % 5);
}

static size_t set_host(uint8_t *room, unsigned host, uint16_t port)
{
    const struct host_info *info = &hosts()[host];
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

    if (info->family == AF_INET) {
        memcpy(&in.sin_addr, info->bytes, sizeof in.sin_addr);
        memcpy(room, &in, sizeof in);
        return sizeof in;
    }
    memcpy(&in6.sin6_addr, info->bytes, sizeof in6.sin6_addr);
    memcpy(room, &in6, sizeof in6);
    return sizeof in6;
}

/* A name that the recorder gives: loopback and a port; AF_UNSPEC and zeros without descriptor. */
static size_t set_name(uint8_t *room, unsigned slot, bool peer)
{
    if (slot < ORACLE_PREFIX_SLOTS)
        return set_host(room, HOST_LOOPBACK4, (uint16_t)(port_of_slot(slot) + (peer ? 1000 : 0)));
    return sizeof(struct sockaddr_in);
}

/*
 * What suits: to bind, the loopback of the variable's family; otherwise the name of a listener for
 * a stream, of another bound datagram socket for a datagram socket, and without one the loopback.
 * s1 is the only listener and s2 the only datagram socket.
 */
static size_t set_suitable(uint8_t *room, const struct recorded *expected, uint8_t port)
{
    bool datagram = expected->places[PLACE_FD] == RECORDER_FIRST_FD + 2;
    bool listener = expected->places[PLACE_FD] == RECORDER_FIRST_FD + 1;

    if (expected->op == OP_bind || datagram || listener)
        return set_host(room, datagram ? HOST_LOOPBACK6 : HOST_LOOPBACK4, port_of(port));
    return set_name(room, 1, false);
}

/* A raw address is the payload, of a call that sends its first bytes, so many as choice2 says. */
size_t oracle_raw_size(const struct recorded *expected, const struct record *record, unsigned kind)
{
    bool sends = expected->op != OP_bind && expected->op != OP_connect;
    size_t size = record->payload_size;

    if (kind != KIND_RAW)
        return 0;
    if (sends && size > record->header[HEADER_CHOICE2])
        size = record->header[HEADER_CHOICE2];
    return size < sizeof(struct sockaddr_storage) ? size : sizeof(struct sockaddr_storage);
}

size_t oracle_address(uint8_t *room, const struct recorded *expected, const struct record *record,
                      unsigned kind)
{
    uint8_t port = record->header[HEADER_PORT];

    switch (kind) {
    case KIND_SUITABLE:
        return set_suitable(room, expected, port);
    case KIND_UNSPEC:
        return sizeof(struct sockaddr_in);
    case KIND_NAME:
    case KIND_PEER:
        return set_name(room, port % 16, kind == KIND_PEER);
    case KIND_RAW:
        memcpy(room, record->payload, oracle_raw_size(expected, record, kind));
        return oracle_raw_size(expected, record, kind);
    default:
        return set_host(room, kind - KIND_FIRST_HOST, port_of(port));
    }
}

void oracle_set_length(struct recorded *expected, const struct record *record, size_t natural)
{
    unsigned length = record->header[HEADER_ADDRESS] >> 4;
    int64_t size = (int64_t)natural;

    if (length != 0)
        size = lengths[length];
    expected->places[PLACE_LENGTH] = size;
    expected->address_count = size < 0 || oracle_is_bad(expected, BAD_ADDRESS) ? 0 : (size_t)size;
}

void oracle_expect_address(struct recorded *expected, const struct record *record)
{
    if (oracle_is_bad(expected, BAD_ADDRESS)) {
        oracle_set_length(expected, record, sizeof(struct sockaddr_in));
        return;
    }
    oracle_set_length(expected, record,
                      oracle_address(expected->address, expected, record, kind_of(record)));
}

void oracle_expect_name_length(struct recorded *expected, const struct record *record)
{
    unsigned length = record->header[HEADER_ADDRESS] >> 4;

    if (expected->places[PLACE_NULL] == 0 && !oracle_is_bad(expected, BAD_LENGTH))
        expected->places[PLACE_LENGTH] =
            length == 0 ? (int64_t)sizeof(struct sockaddr_storage) : lengths[length];
}

uint8_t *oracle_repeat(const uint8_t *bytes, size_t size, size_t total)
{
    uint8_t *room = calloc(1, total + 1);

    if (size > 0)
        memcpy(room, bytes, size < total ? size : total);
    for (size_t filled = size; size > 0 && filled < total; filled *= 2)
        memcpy(room + filled, room, filled < total - filled ? filled : total - filled);
    return room;
}

/* The number, if it is more than there are, is how many bytes the data is repeated to. */
void oracle_expect_data(struct recorded *expected, const struct record *record)
{
    bool addressed = call_has(expected->op, ARG_ADDRESS) && !oracle_is_bad(expected, BAD_ADDRESS);
    size_t skip = addressed ? oracle_raw_size(expected, record, kind_of(record)) : 0;
    size_t given = record->payload_size - skip;
    size_t total = record_number(record) % (DATA_BYTES_MAX + 1);

    if (total < given && !oracle_is_bad(expected, BAD_DATA))
        total = given;
    expected->places[PLACE_SIZE] = (int64_t)total;
    if (oracle_is_bad(expected, BAD_DATA))
        return;
    expected->byte_count = total;
    expected->bytes =
        oracle_repeat(skip > 0 ? record->payload + skip : record->payload, given, total);
}
