/*
 * codec: each kind of argument has one function that reads its fields from a record's header and
 * one that writes them.
 */
#include "drill/codec.h"

/* The two top bits of a descriptor's byte. */
enum { FD_REPAIRED = 0x00, FD_EXACT = 0x40, FD_SPECIAL = 0x80, FD_MODE = 0xc0, FD_VALUE = 0x3f };

/* The address half-byte 0 means whatever suits the call; a definite kind follows, plus one. */
enum { ADDRESS_SUITABLE = 0, ADDRESS_CODES = ADDRESS_KINDS + 1, PORT_SLOT_BIT = 0x80 };

static const struct call_info *info_of(const struct codec *codec)
{
    return call_info(codec->call->op);
}

/* --- descriptors --- */

static uint8_t fd_decode(const struct codec *codec, uint8_t byte)
{
    struct candidates suitable;

    switch (byte & FD_MODE) {
    case FD_EXACT:
        return byte % SLOTS_MAX;
    case FD_SPECIAL:
        return (uint8_t)(SLOTS_MAX + (byte & FD_VALUE) % (FD_REFS_END - SLOTS_MAX));
    default:
        repair_candidates(codec->repair, info_of(codec)->wants, &suitable);
        return suitable.slots[(byte & FD_VALUE) % suitable.count];
    }
}

static uint8_t fd_encode(const struct codec *codec, uint8_t fd)
{
    struct candidates suitable;

    if (fd >= SLOTS_MAX)
        return (uint8_t)(FD_SPECIAL | (fd - SLOTS_MAX));
    repair_candidates(codec->repair, info_of(codec)->wants, &suitable);
    for (uint8_t i = 0; i < suitable.count; i++)
        if (suitable.slots[i] == fd)
            return i;
    return FD_EXACT | fd;
}

/* Byte 0 is the next one that suits after that of byte 0 as the first descriptor. */
static void decode_other_fd(struct codec *c)
{
    uint8_t byte = c->record->header[HEADER_PORT];

    if ((byte & FD_MODE) == FD_SPECIAL)
        c->call->other_fd = fd_decode(c, byte % 2 ? FD_SPECIAL | 1 : FD_SPECIAL);
    else if ((byte & FD_MODE) == FD_EXACT)
        c->call->other_fd = fd_decode(c, byte);
    else
        c->call->other_fd = fd_decode(c, (byte + 1) & FD_VALUE);
}

static void encode_other_fd(struct codec *c)
{
    uint8_t byte = fd_encode(c, c->call->other_fd);

    c->record->header[HEADER_PORT] = byte & FD_MODE ? byte : (byte - 1) & FD_VALUE;
}

static void decode_fd(struct codec *c)
{
    c->call->fd = fd_decode(c, c->record->header[HEADER_FD]);
}

static void encode_fd(struct codec *c)
{
    c->record->header[HEADER_FD] = fd_encode(c, c->call->fd);
}

/* Byte 0 is the lowest free slot, other bytes count slots from 1. */
static void decode_new(struct codec *c)
{
    uint8_t byte = c->record->header[HEADER_RESULT];

    c->call->result =
        byte == 0 ? (uint8_t)repair_free_slot(c->repair) : (uint8_t)((byte - 1) % SLOTS_MAX);
}

static void encode_new(struct codec *c)
{
    bool free_slot = c->call->result == repair_free_slot(c->repair);

    if (call_creates(c->call))
        c->record->header[HEADER_RESULT] = free_slot ? 0 : (uint8_t)(c->call->result + 1);
}

/* --- values and flags --- */

static uint8_t value_index(enum value_list list, uint8_t byte)
{
    return (uint8_t)(byte % values(list)->count);
}

static void decode_domain(struct codec *c)
{
    c->call->domain = value_index(VALUES_DOMAIN, c->record->header[HEADER_ADDRESS]);
}

static void encode_domain(struct codec *c)
{
    c->record->header[HEADER_ADDRESS] = c->call->domain;
}

static uint8_t flag_bits(enum flag_set set, uint8_t byte)
{
    return (uint8_t)(byte & ((1u << flags(set)->count) - 1));
}

static int type_value(uint8_t index)
{
    return values(VALUES_TYPE)->entries[index].value;
}

static void decode_type(struct codec *c)
{
    c->call->type = value_index(VALUES_TYPE, c->record->header[HEADER_CHOICE]);
    if (c->rules->type != 0)
        for (c->call->type = 0; type_value(c->call->type) != c->rules->type;)
            c->call->type++;
    c->call->flags = flag_bits(FLAGS_SOCKET, c->record->header[HEADER_FLAGS]);
}

static void encode_flags(struct codec *c)
{
    c->record->header[HEADER_FLAGS] = c->call->flags;
}

static void encode_type(struct codec *c)
{
    c->record->header[HEADER_CHOICE] = c->call->type;
    encode_flags(c);
}

static void decode_protocol(struct codec *c)
{
    c->call->protocol = value_index(VALUES_PROTOCOL, c->record->header[HEADER_CHOICE2]);
}

static void encode_protocol(struct codec *c)
{
    c->record->header[HEADER_CHOICE2] = c->call->protocol;
}

static void decode_socket_flags(struct codec *c)
{
    c->call->flags = flag_bits(FLAGS_SOCKET, c->record->header[HEADER_FLAGS]);
}

static void decode_send_flags(struct codec *c)
{
    c->call->flags = flag_bits(FLAGS_SEND, c->record->header[HEADER_FLAGS]);
}

static void decode_recv_flags(struct codec *c)
{
    c->call->flags = flag_bits(FLAGS_RECV, c->record->header[HEADER_FLAGS]);
}

static void decode_how(struct codec *c)
{
    c->call->choice = value_index(VALUES_HOW, c->record->header[HEADER_CHOICE]);
}

static void decode_fcntl(struct codec *c)
{
    c->call->choice = value_index(VALUES_FCNTL, c->record->header[HEADER_CHOICE]);
    if (!call_creates(c->call))
        c->call->result = 0;
}

static void decode_ioctl(struct codec *c)
{
    c->call->choice = value_index(VALUES_IOCTL, c->record->header[HEADER_CHOICE]);
}

static void decode_option(struct codec *c)
{
    size_t count;

    options(&count);
    c->call->choice = (uint8_t)(c->record->header[HEADER_CHOICE] % count);
}

static void encode_choice(struct codec *c)
{
    c->record->header[HEADER_CHOICE] = c->call->choice;
}

/* --- numbers: stored so that zero is the call's default --- */

static uint32_t number_of(const struct codec *c)
{
    return record_number(c->record) ^ info_of(c)->number_default;
}

static void encode_number(struct codec *c)
{
    record_set_number(c->record, c->call->number ^ info_of(c)->number_default);
}

static void decode_number(struct codec *c)
{
    c->call->number = number_of(c);
}

static void decode_length(struct codec *c)
{
    c->call->number = number_of(c) % (DATA_BYTES_MAX + 1);
}

static void decode_option_length(struct codec *c)
{
    c->call->number = number_of(c) % (OPTION_BYTES_MAX + 2);
}

static void decode_fcntl_value(struct codec *c)
{
    uint32_t number = number_of(c);

    if (call_command_value(c->call) == COMMAND_FLAGS)
        c->call->flags = flag_bits(call_fcntl_flags(c->call), c->record->header[HEADER_FLAGS]);
    else if (call_command_value(c->call) == COMMAND_NUMBER)
        c->call->number =
            number == UINT32_MAX || number == INT32_MAX ? number : number % (DUPFD_LEAST_MAX + 1);
}

static void encode_fcntl_value(struct codec *c)
{
    encode_flags(c);
    encode_number(c);
}

static void decode_ioctl_value(struct codec *c)
{
    if (call_command_value(c->call) == COMMAND_NUMBER)
        c->call->number = number_of(c);
}

static void encode_ioctl_value(struct codec *c)
{
    if (call_command_value(c->call) == COMMAND_NUMBER)
        encode_number(c);
}

/* --- addresses --- */

static void decode_address_length(struct codec *c)
{
    c->call->address.length = c->record->header[HEADER_ADDRESS] >> 4;
}

static void encode_address_length(struct codec *c)
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

/* What an open address becomes: to bind, loopback; otherwise the name of a socket, if one suits. */
static void decode_suitable(struct codec *c, uint8_t byte)
{
    struct address *address = &c->call->address;
    struct candidates targets = {.count = 0};

    if (c->call->op != OP_bind)
        repair_targets(c->repair, c->call->fd, &targets);
    if (targets.count > 0) {
        address->kind = ADDRESS_NAME;
        address->slot = targets.slots[byte % targets.count];
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
        *byte = encode_port(address);
        return address->kind == repair_loopback(c->repair, c->call->fd);
    }
    for (uint8_t i = 0; address->kind == ADDRESS_NAME && i < targets.count; i++) {
        *byte = i;
        if (targets.slots[i] == address->slot)
            return true;
    }
    return false;
}

/* A raw address is the whole payload, or of a call with data its first choice2 bytes. */
static void decode_raw(struct codec *c)
{
    struct record *record = c->record;
    size_t size = record->payload_size;

    if (call_has(c->call->op, ARG_DATA) && size > record->header[HEADER_CHOICE2])
        size = record->header[HEADER_CHOICE2];
    if (size > sizeof(struct sockaddr_storage))
        size = sizeof(struct sockaddr_storage);
    c->call->address.raw = record->payload;
    c->call->address.raw_size = (uint8_t)size;
    record->payload += size;
    record->payload_size -= size;
}

static void decode_address(struct codec *c)
{
    struct address *address = &c->call->address;
    uint8_t byte = c->record->header[HEADER_PORT];
    unsigned code = (c->record->header[HEADER_ADDRESS] & 0x0f) % ADDRESS_CODES;

    decode_address_length(c);
    if (code == ADDRESS_SUITABLE) {
        decode_suitable(c, byte);
        return;
    }
    address->kind = (uint8_t)(code - 1);
    if (address->kind < HOSTS)
        decode_port(address, byte);
    else if (address->kind == ADDRESS_NAME || address->kind == ADDRESS_PEER)
        address->slot = byte % SLOTS_MAX;
    else if (address->kind == ADDRESS_RAW)
        decode_raw(c);
}

static void encode_address(struct codec *c)
{
    const struct address *address = &c->call->address;
    uint8_t *header = c->record->header;
    uint8_t byte;

    encode_address_length(c);
    if (encode_suitable(c, &byte)) {
        header[HEADER_PORT] = byte;
        return;
    }
    header[HEADER_ADDRESS] |= (uint8_t)(address->kind + 1);
    if (address->kind < HOSTS) {
        header[HEADER_PORT] = encode_port(address);
    } else if (address->kind == ADDRESS_RAW) {
        c->record->lead = address->raw;
        c->record->lead_size = address->raw_size;
        if (call_has(c->call->op, ARG_DATA))
            header[HEADER_CHOICE2] = address->raw_size;
    } else {
        header[HEADER_PORT] = address->slot;
    }
}

/* --- payload --- */

static void decode_data(struct codec *c)
{
    uint32_t total = number_of(c) % (c->rules->fill_max + 1);

    c->call->data = c->record->payload;
    c->call->data_size = (uint32_t)c->record->payload_size;
    c->call->number = total > c->call->data_size ? total : 0;
}

static void encode_data(struct codec *c)
{
    encode_number(c);
    c->record->payload = c->call->data;
    c->record->payload_size = c->call->data_size;
}

static void decode_option_value(struct codec *c)
{
    c->call->raw_value = c->record->header[HEADER_CHOICE2] & 1;
    if (!c->call->raw_value) {
        c->call->number = number_of(c);
        return;
    }
    c->call->data = c->record->payload;
    c->call->data_size = c->record->payload_size < OPTION_BYTES_MAX
                             ? (uint32_t)c->record->payload_size
                             : OPTION_BYTES_MAX;
}

static void encode_option_value(struct codec *c)
{
    c->record->header[HEADER_CHOICE2] = c->call->raw_value;
    if (c->call->raw_value) {
        c->record->payload = c->call->data;
        c->record->payload_size = c->call->data_size;
    } else {
        encode_number(c);
    }
}

/* The first member stands in the header, so that a bare record is a poll too; others are pairs. */
static void decode_poll_set(struct codec *c)
{
    const uint8_t *pair = c->record->payload;
    size_t more = c->record->payload_size / 2;

    c->call->entries[0].fd = fd_decode(c, c->record->header[HEADER_FD]);
    c->call->entries[0].events = flag_bits(FLAGS_POLL, c->record->header[HEADER_FLAGS] ^ 1);
    if (more > POLL_ENTRIES_MAX - 1)
        more = POLL_ENTRIES_MAX - 1;
    c->call->entry_count = (uint8_t)(more + 1);
    for (size_t i = 1; i <= more; i++, pair += 2) {
        c->call->entries[i].fd = fd_decode(c, pair[0]);
        c->call->entries[i].events = flag_bits(FLAGS_POLL, pair[1]);
    }
}

static void encode_poll_set(struct codec *c)
{
    c->record->header[HEADER_FD] = fd_encode(c, c->call->entries[0].fd);
    c->record->header[HEADER_FLAGS] = c->call->entries[0].events ^ 1;
    for (size_t i = 1; i < c->call->entry_count; i++) {
        c->pairs[2 * i - 2] = fd_encode(c, c->call->entries[i].fd);
        c->pairs[2 * i - 1] = c->call->entries[i].events;
    }
    c->record->lead = c->pairs;
    c->record->lead_size = (size_t)2 * (c->call->entry_count - 1u);
}

const struct argument_codec argument_codecs[ARGUMENT_KINDS] = {
    [ARG_NEW] = {decode_new, encode_new},
    [ARG_FD] = {decode_fd, encode_fd},
    [ARG_DOMAIN] = {decode_domain, encode_domain},
    [ARG_TYPE] = {decode_type, encode_type},
    [ARG_PROTOCOL] = {decode_protocol, encode_protocol},
    [ARG_ADDRESS] = {decode_address, encode_address},
    [ARG_NUMBER] = {decode_number, encode_number},
    [ARG_LENGTH] = {decode_length, encode_number},
    [ARG_DATA] = {decode_data, encode_data},
    [ARG_SOCKET_FLAGS] = {decode_socket_flags, encode_flags},
    [ARG_SEND_FLAGS] = {decode_send_flags, encode_flags},
    [ARG_RECV_FLAGS] = {decode_recv_flags, encode_flags},
    [ARG_NAME_LENGTH] = {decode_address_length, encode_address_length},
    [ARG_HOW] = {decode_how, encode_choice},
    [ARG_OPTION] = {decode_option, encode_choice},
    [ARG_OPTION_VALUE] = {decode_option_value, encode_option_value},
    [ARG_OPTION_LENGTH] = {decode_option_length, encode_number},
    [ARG_FCNTL] = {decode_fcntl, encode_choice},
    [ARG_FCNTL_VALUE] = {decode_fcntl_value, encode_fcntl_value},
    [ARG_IOCTL] = {decode_ioctl, encode_choice},
    [ARG_IOCTL_VALUE] = {decode_ioctl_value, encode_ioctl_value},
    [ARG_POLL_SET] = {decode_poll_set, encode_poll_set},
    [ARG_OTHER_FD] = {decode_other_fd, encode_other_fd},
};
