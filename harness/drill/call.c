/* call: the table of calls, and comparison. */
#include "drill/call.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

static const struct call_info infos[OPS] = {
#define A(argument) ARG_##argument,
#define CALL(code, name, wants, n_default, ...)                                                    \
    [OP_##name] = {#name, code, WANTS_##wants, n_default, {__VA_ARGS__}},
#include "lists/calls.def"
#undef CALL
#undef A
};

const int address_lengths[LENGTHS] = {
    0, -1, 0, 1, 2, 4, 8, 15, 16, 17, 24, 27, 28, 29, 128, 129,
};

const int control_lengths[CONTROL_LENGTHS] = {
    0, -1, 0, 1, 15, 16, 17, 18, 19, 20, 21, 24, 28, 32, 36, 255,
};

/* The kernel takes at most IOV_MAX parts (readv(2)). */
const int part_claims[PART_CLAIMS] = {[PARTS_MOST] = IOV_MAX, [PARTS_TOO_MANY] = IOV_MAX + 1};

const int event_rooms[EVENT_ROOMS] = {POLL_ENTRIES_MAX, 1, 2, 3, 0, -1};

const int short_timeouts[SHORT_TIMEOUTS] = {-1, 0, 1, 20, 1000, -2};

const struct call_info *call_info(enum op op)
{
    return &infos[op];
}

bool call_has(enum op op, enum argument argument)
{
    for (size_t i = 0; i < CALL_ARGUMENTS_MAX; i++)
        if (infos[op].arguments[i] == argument)
            return true;
    return false;
}

static int command_of(const struct call *call)
{
    enum value_list list = call->op == OP_fcntl       ? VALUES_FCNTL
                           : call->op == OP_epoll_ctl ? VALUES_EPOLL_COMMAND
                                                      : VALUES_IOCTL;

    return values(list)->entries[call->choice].value;
}

static bool duplicates(const struct call *call)
{
    int command = command_of(call);

    return command == F_DUPFD || command == F_DUPFD_CLOEXEC;
}

bool call_creates(const struct call *call)
{
    return infos[call->op].arguments[0] == ARG_NEW && (call->op != OP_fcntl || duplicates(call));
}

#define POINTER(name) (1u << BAD_##name)
#define OF_MESSAGE                                                                                 \
    (POINTER(HEADER) | POINTER(ADDRESS) | POINTER(PARTS) | POINTER(DATA) | POINTER(CONTROL))

/* The pointers that each kind of argument comes to. */
static const uint8_t pointers[ARGUMENT_KINDS] = {
    [ARG_ADDRESS] = POINTER(ADDRESS),
    [ARG_DATA] = POINTER(DATA),
    [ARG_LENGTH] = POINTER(DATA),
    [ARG_NAME_LENGTH] = POINTER(ADDRESS) | POINTER(LENGTH),
    [ARG_OPTION_VALUE] = POINTER(DATA),
    [ARG_OPTION_LENGTH] = POINTER(DATA) | POINTER(LENGTH),
    [ARG_IOCTL_VALUE] = POINTER(DATA),
    [ARG_POLL_SET] = POINTER(DATA),
    [ARG_SELECT_SET] = POINTER(DATA),
    [ARG_PARTS] = POINTER(HEADER) | POINTER(DATA),
    [ARG_ROOMS] = POINTER(HEADER) | POINTER(DATA),
    [ARG_SENT_MESSAGE] = OF_MESSAGE,
    [ARG_RECEIVED_MESSAGE] = OF_MESSAGE,
    [ARG_SHORT_TIMEOUT] = POINTER(TIMEOUT),
    [ARG_EPOLL_EVENTS] = POINTER(DATA),
    [ARG_EVENT_ROOM] = POINTER(DATA),
};

bool call_has_pointer(enum op op, enum bad_pointer pointer)
{
    if (pointer == BAD_TIMEOUT && (op == OP_ppoll || op == OP_pselect))
        return true;
    for (size_t i = 0; i < CALL_ARGUMENTS_MAX; i++)
        if (pointers[infos[op].arguments[i]] >> pointer & 1)
            return true;
    return false;
}

bool call_may_offer_no_name(enum op op)
{
    return call_has(op, ARG_RECEIVED_MESSAGE) ||
           (call_has(op, ARG_NAME_LENGTH) && op != OP_getsockname && op != OP_getpeername);
}

bool call_returns_fd(const struct call *call)
{
    return call_creates(call) || call->op == OP_dup2;
}

enum command_value call_command_value(const struct call *call)
{
    int command = command_of(call);

    if (call->op == OP_epoll_ctl)
        return command == EPOLL_CTL_DEL ? COMMAND_ALONE : COMMAND_FLAGS;
    if (call->op == OP_ioctl)
        return command == FIONBIO ? COMMAND_NUMBER : COMMAND_ALONE;
    if (duplicates(call))
        return COMMAND_NUMBER;
    return command == F_SETFL || command == F_SETFD ? COMMAND_FLAGS : COMMAND_ALONE;
}

enum flag_set call_fcntl_flags(const struct call *call)
{
    return command_of(call) == F_SETFD ? FLAGS_FD : FLAGS_FCNTL;
}

bool call_sends(enum op op)
{
    return call_has(op, ARG_DATA) || call_has(op, ARG_PARTS) || call_has(op, ARG_SENT_MESSAGE);
}

bool call_receives(enum op op)
{
    return call_has(op, ARG_LENGTH) || call_has(op, ARG_ROOMS) ||
           call_has(op, ARG_RECEIVED_MESSAGE);
}

bool call_waits_for_events(enum op op)
{
    return call_has(op, ARG_POLL_SET) || call_has(op, ARG_SELECT_SET) || op == OP_epoll_wait;
}

bool call_many(enum op op)
{
    return op == OP_sendmmsg || op == OP_recvmmsg;
}

uint32_t call_size(const struct call *call)
{
    uint32_t size = 0;

    if (call_sends(call->op))
        return call->number > call->data_size ? call->number : call->data_size;
    if (call_has(call->op, ARG_LENGTH))
        return call->number;
    for (size_t i = 0; i < call->part_count; i++)
        size += call->parts[i];
    return size;
}

static bool bytes_equal(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
    return a_size == b_size && (a_size == 0 || memcmp(a, b, a_size) == 0);
}

static bool address_equal(const struct address *a, const struct address *b)
{
    return a->kind == b->kind && a->slot == b->slot && a->port == b->port &&
           a->length == b->length && bytes_equal(a->raw, a->raw_size, b->raw, b->raw_size);
}

static bool entries_equal(const struct call *a, const struct call *b)
{
    if (a->entry_count != b->entry_count)
        return false;
    for (size_t i = 0; i < a->entry_count; i++)
        if (a->entries[i].fd != b->entries[i].fd || a->entries[i].events != b->entries[i].events)
            return false;
    return true;
}

static bool controls_equal(const struct call *a, const struct call *b)
{
    if (a->control_count != b->control_count || a->control_length != b->control_length)
        return false;
    for (size_t i = 0; i < a->control_count; i++)
        if (a->controls[i].kind != b->controls[i].kind ||
            a->controls[i].length != b->controls[i].length ||
            a->controls[i].value != b->controls[i].value)
            return false;
    return true;
}

static bool parts_equal(const struct call *a, const struct call *b)
{
    return a->part_count == b->part_count && a->part_claim == b->part_claim &&
           memcmp(a->parts, b->parts, a->part_count * sizeof *a->parts) == 0;
}

bool call_equal(const struct call *a, const struct call *b)
{
    return a->op == b->op && a->act == b->act && a->actor == b->actor &&
           a->restarts == b->restarts && a->bad == b->bad && a->name_null == b->name_null &&
           a->result == b->result && a->fd == b->fd && a->other_fd == b->other_fd &&
           a->flags == b->flags && a->domain == b->domain && a->type == b->type &&
           a->protocol == b->protocol && a->choice == b->choice && a->raw_value == b->raw_value &&
           a->number == b->number && bytes_equal(a->data, a->data_size, b->data, b->data_size) &&
           address_equal(&a->address, &b->address) && entries_equal(a, b) && parts_equal(a, b) &&
           controls_equal(a, b);
}
