/* call: the table of calls, and comparison. */
#include "drill/call.h"

#include <fcntl.h>
#include <string.h>
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
    enum value_list list = call->op == OP_fcntl ? VALUES_FCNTL : VALUES_IOCTL;

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

bool call_returns_fd(const struct call *call)
{
    return call_creates(call) || call->op == OP_dup2;
}

enum command_value call_command_value(const struct call *call)
{
    int command = command_of(call);

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

bool call_equal(const struct call *a, const struct call *b)
{
    return a->op == b->op && a->result == b->result && a->fd == b->fd &&
           a->other_fd == b->other_fd && a->flags == b->flags && a->domain == b->domain &&
           a->type == b->type && a->protocol == b->protocol && a->choice == b->choice &&
           a->raw_value == b->raw_value && a->number == b->number &&
           bytes_equal(a->data, a->data_size, b->data, b->data_size) &&
           address_equal(&a->address, &b->address) && entries_equal(a, b);
}
