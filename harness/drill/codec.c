/*
 * codec: each kind of argument has one function that reads its fields from a record's header and
 * one that writes them.
 */
#include "drill/codec.h"

/* The two top bits of a descriptor's byte. */
enum { FD_REPAIRED = 0x00, FD_EXACT = 0x40, FD_SPECIAL = 0x80, FD_MODE = 0xc0, FD_VALUE = 0x3f };

static const struct call_info *info_of(const struct codec *codec)
{
    return call_info(codec->call->op);
}

/* --- descriptors --- */

uint8_t fd_decode(const struct codec *codec, enum wants wants, uint8_t byte)
{
    struct candidates suitable;

    switch (byte & FD_MODE) {
    case FD_EXACT:
        return byte % SLOTS_MAX;
    case FD_SPECIAL:
        return (uint8_t)(SLOTS_MAX + (byte & FD_VALUE) % (FD_REFS_END - SLOTS_MAX));
    default:
        repair_candidates(codec->repair, wants, &suitable);
        return suitable.slots[(byte & FD_VALUE) % suitable.count];
    }
}

uint8_t fd_encode(const struct codec *codec, enum wants wants, uint8_t fd)
{
    struct candidates suitable;

    if (fd >= SLOTS_MAX)
        return (uint8_t)(FD_SPECIAL | (fd - SLOTS_MAX));
    repair_candidates(codec->repair, wants, &suitable);
    for (uint8_t i = 0; i < suitable.count; i++)
        if (suitable.slots[i] == fd)
            return i;
    return FD_EXACT | fd;
}

static void decode_fd(struct codec *c)
{
    c->call->fd = fd_decode(c, info_of(c)->wants, c->record->header[HEADER_FD]);
}

static void encode_fd(struct codec *c)
{
    c->record->header[HEADER_FD] = fd_encode(c, info_of(c)->wants, c->call->fd);
}

/*
 * The member of an epoll set is any socket. Of dup2 byte 0 is the next one that suits after that of
 * byte 0 as the first descriptor, and nothing is what is no socket.
 */
static void decode_other_fd(struct codec *c)
{
    uint8_t byte = c->record->header[HEADER_PORT];

    if (c->call->op != OP_dup2)
        c->call->other_fd = fd_decode(c, WANTS_ANY, byte);
    else if ((byte & FD_MODE) == FD_SPECIAL)
        c->call->other_fd = byte % 2 ? FD_HUGE : FD_NEGATIVE;
    else if ((byte & FD_MODE) == FD_EXACT)
        c->call->other_fd = fd_decode(c, WANTS_OPEN, byte);
    else
        c->call->other_fd = fd_decode(c, WANTS_OPEN, (byte + 1) & FD_VALUE);
}

static void encode_other_fd(struct codec *c)
{
    enum wants wants = c->call->op == OP_dup2 ? WANTS_OPEN : WANTS_ANY;
    uint8_t byte = fd_encode(c, wants, c->call->other_fd);

    if (c->call->op == OP_dup2 && (byte & FD_MODE) == FD_REPAIRED)
        byte = (byte - 1) & FD_VALUE;
    c->record->header[HEADER_PORT] = byte;
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

/* --- pointers to no memory --- */

/* The highest bytes, so that few noisy ones say so: from 0xff downwards enum bad_pointer, then
 * NULL. */
enum { BAD_BYTE_END = 0x100, NULL_BYTE = 0xf8 };

static uint8_t *bad_byte(const struct codec *c)
{
    bool creates = info_of(c)->arguments[0] == ARG_NEW;

    return &c->record->header[creates ? HEADER_CHOICE : HEADER_RESULT];
}

void decode_bad(struct codec *c)
{
    enum op op = (enum op)c->call->op;
    unsigned byte = *bad_byte(c);
    unsigned pointer = BAD_BYTE_END - byte;

    if (byte == NULL_BYTE)
        c->call->name_null = call_may_offer_no_name(op);
    else if (pointer < BAD_POINTERS && call_has_pointer(op, (enum bad_pointer)pointer))
        c->call->bad = (uint8_t)pointer;
}

void encode_bad(struct codec *c)
{
    if (c->call->name_null)
        *bad_byte(c) = NULL_BYTE;
    else if (c->call->bad != BAD_NONE)
        *bad_byte(c) = (uint8_t)(BAD_BYTE_END - c->call->bad);
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

uint8_t flag_bits(enum flag_set set, uint8_t byte)
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

static void decode_recvmsg_flags(struct codec *c)
{
    c->call->flags = flag_bits(FLAGS_RECVMSG, c->record->header[HEADER_FLAGS]);
}

static void decode_short_timeout(struct codec *c)
{
    if (c->call->bad != BAD_TIMEOUT)
        c->call->choice = c->record->header[HEADER_PORT] % SHORT_TIMEOUTS;
}

static void encode_short_timeout(struct codec *c)
{
    c->record->header[HEADER_PORT] = c->call->choice;
}

static void decode_epoll_flags(struct codec *c)
{
    c->call->flags = flag_bits(FLAGS_EPOLL_CREATE, c->record->header[HEADER_FLAGS]);
}

static void decode_epoll_command(struct codec *c)
{
    c->call->choice = value_index(VALUES_EPOLL_COMMAND, c->record->header[HEADER_CHOICE]);
}

/* A missing byte waits for input. */
static void decode_epoll_events(struct codec *c)
{
    if (call_command_value(c->call) == COMMAND_FLAGS && c->call->bad == BAD_NONE)
        c->call->flags = flag_bits(FLAGS_EPOLL, c->record->header[HEADER_FLAGS] ^ 1);
}

static void encode_epoll_events(struct codec *c)
{
    if (call_command_value(c->call) == COMMAND_FLAGS && c->call->bad == BAD_NONE)
        c->record->header[HEADER_FLAGS] = c->call->flags ^ 1;
}

static void decode_event_room(struct codec *c)
{
    c->call->choice = c->record->header[HEADER_CHOICE] % EVENT_ROOMS;
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

uint32_t number_default(const struct codec *c)
{
    return info_of(c)->number_default;
}

uint32_t number_of(const struct codec *c)
{
    return record_number(c->record) ^ number_default(c);
}

void encode_number(struct codec *c)
{
    if (c->call->bad == BAD_TIMEOUT)
        return;
    record_set_number(c->record, c->call->number ^ number_default(c));
}

void decode_number(struct codec *c)
{
    if (c->call->bad != BAD_TIMEOUT)
        c->call->number = number_of(c);
}

static void decode_length(struct codec *c)
{
    c->call->number = number_of(c) % (DATA_BYTES_MAX + 1);
}

static void decode_option_length(struct codec *c)
{
    if (c->call->bad != BAD_LENGTH)
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
    if (call_command_value(c->call) == COMMAND_NUMBER && c->call->bad == BAD_NONE)
        c->call->number = number_of(c);
}

static void encode_ioctl_value(struct codec *c)
{
    if (call_command_value(c->call) == COMMAND_NUMBER && c->call->bad == BAD_NONE)
        encode_number(c);
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
    [ARG_PARTS] = {decode_parts, encode_parts},
    [ARG_ROOMS] = {decode_rooms, encode_rooms},
    [ARG_SENT_MESSAGE] = {decode_sent_message, encode_sent_message},
    [ARG_RECEIVED_MESSAGE] = {decode_received_message, encode_received_message},
    [ARG_RECVMSG_FLAGS] = {decode_recvmsg_flags, encode_flags},
    [ARG_SHORT_TIMEOUT] = {decode_short_timeout, encode_short_timeout},
    [ARG_SELECT_SET] = {decode_select_set, encode_select_set},
    [ARG_EPOLL_FLAGS] = {decode_epoll_flags, encode_flags},
    [ARG_EPOLL_COMMAND] = {decode_epoll_command, encode_choice},
    [ARG_EPOLL_EVENTS] = {decode_epoll_events, encode_epoll_events},
    [ARG_EVENT_ROOM] = {decode_event_room, encode_choice},
};
