/* codec_address: socket addresses and their lengths between a record and a call. */
#include "drill/codec.h"

/* The address half-byte 0 means whatever suits the call; a definite kind follows, plus one. */
enum { ADDRESS_SUITABLE = 0, ADDRESS_CODES = ADDRESS_KINDS + 1, PORT_SLOT_BIT = 0x80 };

/* Of an optional address 0 means none where it would be superfluous; these are definite. */
enum { ADDRESS_IF_NEEDED = 0, ADDRESS_DEFINITE_NONE = ADDRESS_CODES, ADDRESS_DEFINITE_SUITABLE };

/* Of a name there is no length where no room or no length is offered. */
void decode_address_length(struct codec *c)
{
    if (!c->call->name_null && c->call->bad != BAD_LENGTH)
        c->call->address.length = c->record->header[HEADER_ADDRESS] >> 4;
}

void encode_address_length(struct codec *c)
{
    c->record->header[HEADER_ADDRESS] |= (uint8_t)(c->call->address.length << 4);
}

static void decode_port(struct address *address, uint8_t byte)
{
    if (byte & PORT_SLOT_BIT) {
        address->port = PORT_OF_SLOT;
        address->slot = byte % SLOTS_MAX;
    } else {
        address->port = byte % PORTS_FIXED;
    }
}

static uint8_t encode_port(const struct address *address)
{
    return address->port == PORT_OF_SLOT ? (uint8_t)(PORT_SLOT_BIT | address->slot) : address->port;
}

/* Whether an open address is that of code under test, to which the remote is connected. */
static bool suits_code(const struct codec *c, uint8_t byte)
{
    return byte == 0 && c->rules->remote && c->call->op != OP_bind && c->call->fd != SLOT_REMOTE &&
           repair_connected(c->repair, SLOT_REMOTE);
}

/*
 * What an open address becomes: to bind, loopback; otherwise the name of a socket, if one suits, or
 * of code under test.
 */
static void decode_suitable(struct codec *c, uint8_t byte)
{
    struct address *address = &c->call->address;
    struct candidates targets = {.count = 0};

    if (c->call->op != OP_bind)
        repair_targets(c->repair, c->call->fd, &targets);
    if (targets.count > 0) {
        address->kind = ADDRESS_NAME;
        address->slot = targets.slots[byte % targets.count];
    } else if (suits_code(c, byte)) {
        address->kind = ADDRESS_PEER;
        address->slot = SLOT_REMOTE;
    } else {
        address->kind = (uint8_t)repair_loopback(c->repair, c->call->fd);
        decode_port(address, byte);
    }
}

/* Finds the byte with which an open address becomes this one. */
static bool encode_suitable(struct codec *c, uint8_t *byte)
{
    const struct address *address = &c->call->address;
    struct candidates targets = {.count = 0};

    if (c->call->op != OP_bind)
        repair_targets(c->repair, c->call->fd, &targets);
    if (targets.count == 0) {
        bool of_code = address->kind == ADDRESS_PEER && address->slot == SLOT_REMOTE;

        *byte = of_code ? 0 : encode_port(address);
        return suits_code(c, *byte) ? of_code
                                    : address->kind == repair_loopback(c->repair, c->call->fd);
    }
    for (uint8_t i = 0; address->kind == ADDRESS_NAME && i < targets.count; i++) {
        *byte = i;
        if (targets.slots[i] == address->slot)
            return true;
    }
    return false;
}

/* A raw address is the whole payload, or of a call that sends its first choice2 bytes. */
static void decode_raw(struct codec *c)
{
    struct record *record = c->record;
    size_t size = record->payload_size;

    if (call_sends(c->call->op) && size > record->header[HEADER_CHOICE2])
        size = record->header[HEADER_CHOICE2];
    if (size > sizeof(struct sockaddr_storage))
        size = sizeof(struct sockaddr_storage);
    c->call->address.raw = record->payload;
    c->call->address.raw_size = (uint8_t)size;
    record->payload += size;
    record->payload_size -= size;
}

/* What the half-byte says of an address that is definite. */
static void decode_definite(struct codec *c, unsigned code)
{
    struct address *address = &c->call->address;
    uint8_t byte = c->record->header[HEADER_PORT];

    address->kind = (uint8_t)(code - 1);
    if (address->kind < HOSTS)
        decode_port(address, byte);
    else if (address->kind == ADDRESS_NAME || address->kind == ADDRESS_PEER)
        address->slot = byte % SLOTS_MAX;
    else if (address->kind == ADDRESS_RAW)
        decode_raw(c);
}

void decode_address(struct codec *c)
{
    unsigned code = (c->record->header[HEADER_ADDRESS] & 0x0f) % ADDRESS_CODES;

    decode_address_length(c);
    if (c->call->bad == BAD_ADDRESS)
        return;
    if (code == ADDRESS_SUITABLE)
        decode_suitable(c, c->record->header[HEADER_PORT]);
    else
        decode_definite(c, code);
}

static void encode_definite(struct codec *c)
{
    const struct address *address = &c->call->address;
    uint8_t *header = c->record->header;

    header[HEADER_ADDRESS] |= (uint8_t)(address->kind + 1);
    if (address->kind < HOSTS) {
        header[HEADER_PORT] = encode_port(address);
    } else if (address->kind == ADDRESS_RAW) {
        codec_lead(c, address->raw, address->raw_size);
        if (call_sends(c->call->op))
            header[HEADER_CHOICE2] = address->raw_size;
    } else {
        header[HEADER_PORT] = address->slot;
    }
}

void encode_address(struct codec *c)
{
    uint8_t byte;

    encode_address_length(c);
    if (c->call->bad == BAD_ADDRESS)
        return;
    if (encode_suitable(c, &byte))
        c->record->header[HEADER_PORT] = byte;
    else
        encode_definite(c);
}

/* An address would be superfluous where the descriptor is connected. */
static bool needs_address(const struct codec *c)
{
    return !repair_connected(c->repair, c->call->fd);
}

void decode_optional_address(struct codec *c)
{
    unsigned code = c->record->header[HEADER_ADDRESS] & 0x0f;
    bool suitable =
        code == ADDRESS_DEFINITE_SUITABLE || (code == ADDRESS_IF_NEEDED && needs_address(c));

    if (c->call->bad == BAD_ADDRESS) {
        decode_address_length(c);
        return;
    }
    if (!suitable && (code == ADDRESS_IF_NEEDED || code == ADDRESS_DEFINITE_NONE)) {
        c->call->address.kind = ADDRESS_NONE;
        return;
    }
    decode_address_length(c);
    if (suitable)
        decode_suitable(c, c->record->header[HEADER_PORT]);
    else
        decode_definite(c, code);
}

void encode_optional_address(struct codec *c)
{
    uint8_t *header = c->record->header;
    uint8_t byte;

    if (c->call->bad == BAD_ADDRESS) {
        encode_address_length(c);
        return;
    }
    if (c->call->address.kind == ADDRESS_NONE) {
        header[HEADER_ADDRESS] = needs_address(c) ? ADDRESS_DEFINITE_NONE : ADDRESS_IF_NEEDED;
        return;
    }
    encode_address_length(c);
    if (!encode_suitable(c, &byte)) {
        encode_definite(c);
        return;
    }
    header[HEADER_ADDRESS] |= needs_address(c) ? ADDRESS_IF_NEEDED : ADDRESS_DEFINITE_SUITABLE;
    header[HEADER_PORT] = byte;
}
