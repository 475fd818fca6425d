/*
 * calls: one function per call of calls.def, which resolves the arguments, makes the call on the
 * stack and says what came of it.
 */
#include "stacks/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

/* --- descriptors --- */

void make_socket(struct executor *e, const struct call *call, struct outcome *o)
{
    int domain = values(VALUES_DOMAIN)->entries[call->domain].value;
    int type = values(VALUES_TYPE)->entries[call->type].value;
    int protocol = values(VALUES_PROTOCOL)->entries[call->protocol].value;
    int wanted = flags_value(FLAGS_SOCKET, call->flags);
    int fd = e->stack->socket(domain, type | wanted | SOCK_NONBLOCK, protocol);

    outcome_returned(o, fd);
    if (fd >= 0)
        executor_open(e, call->result, fd,
                      (struct description){.nonblocking = (wanted & SOCK_NONBLOCK) != 0,
                                           .stream = type == SOCK_STREAM});
}

void make_dup(struct executor *e, const struct call *call, struct outcome *o)
{
    int original = executor_fd(e, call->fd);
    int fd = e->stack->dup(original);

    outcome_returned(o, fd);
    if (fd >= 0)
        executor_duplicate(e, call->result, fd, original);
}

void make_close(struct executor *e, const struct call *call, struct outcome *o)
{
    int fd = executor_fd(e, call->fd);

    executor_no_linger(e, fd);
    outcome_returned(o, executor_close(e, fd));
    if (o->result == 0 || o->error != EBADF)
        executor_forget(e, fd);
}

void make_fcntl(struct executor *e, const struct call *call, struct outcome *o)
{
    int fd = executor_fd(e, call->fd);
    int command = values(VALUES_FCNTL)->entries[call->choice].value;
    int mode = flags_value(FLAGS_FCNTL, call->flags);
    struct description *shared = executor_description(e, fd);

    outcome_returned(o, e->stack->fcntl(fd, command, mode));
    if (o->result < 0)
        return;
    if (command == F_SETFL) {
        shared->nonblocking = (mode & O_NONBLOCK) != 0;
        if (!shared->nonblocking)
            executor_unblock(e, fd);
    } else if (!shared->nonblocking) {
        o->result &= ~O_NONBLOCK;
    }
}

void make_ioctl(struct executor *e, const struct call *call, struct outcome *o)
{
    int fd = executor_fd(e, call->fd);
    unsigned long request = (unsigned)values(VALUES_IOCTL)->entries[call->choice].value;
    int value = (int)call->number;
    int on = 1;

    outcome_returned(o, e->stack->ioctl(fd, request, &value));
    if (o->result < 0)
        return;
    if (request == FIONBIO) {
        executor_description(e, fd)->nonblocking = value != 0;
        if (value == 0)
            e->stack->ioctl(fd, FIONBIO, &on);
    } else {
        o->has_value = true;
        o->value = value;
    }
}

/* --- connections --- */

/*
 * Without isolation an unbound socket may not listen: it would be bound to the wildcard, and the
 * network could connect to it.
 */
static bool listens_on_loopback(struct executor *e, struct outcome *o, int fd)
{
    struct resolved name = {.length = sizeof(struct sockaddr_storage)};

    if (!e->loopback_only)
        return true;
    if (e->stack->getsockname != NULL &&
        e->stack->getsockname(fd, &name.address.any, &name.length) != 0)
        return true; /* no socket, and listen will say so */
    return address_allowed(e, o, &name, false);
}

void make_bind(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved to;

    resolve_address(e, call, &to);
    if (address_allowed(e, o, &to, false))
        outcome_returned(o, e->stack->bind(executor_fd(e, call->fd), &to.address.any, to.length));
}

void make_listen(struct executor *e, const struct call *call, struct outcome *o)
{
    int fd = executor_fd(e, call->fd);

    if (listens_on_loopback(e, o, fd))
        outcome_returned(o, e->stack->listen(fd, (int)call->number));
}

/*
 * A blocking connect: the second call of a non-blocking one reports how the attempt ended
 * (connect(2)); EISCONN is how a stack says that it ended well.
 */
static void finish_connect(struct executor *e, int fd, const struct resolved *to, struct outcome *o)
{
    int result;

    do
        result = e->stack->connect(fd, &to->address.any, to->length);
    while (result < 0 && errno == EALREADY && executor_wait(e, fd, POLLOUT));
    if (result < 0 && errno == EALREADY)
        outcome_unfinished(o, -1);
    else
        outcome_returned(o, result < 0 && errno == EISCONN ? 0 : result);
}

void make_connect(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved to;
    int fd = executor_fd(e, call->fd);

    resolve_address(e, call, &to);
    if (!address_allowed(e, o, &to, true))
        return;
    outcome_returned(o, e->stack->connect(fd, &to.address.any, to.length));
    if (o->error == EINPROGRESS && !executor_description(e, fd)->nonblocking)
        finish_connect(e, fd, &to, o);
}

static void accepted(struct executor *e, const struct call *call, struct outcome *o, int fd,
                     const struct resolved *name)
{
    int wanted = flags_value(FLAGS_SOCKET, call->flags);

    if (outcome_would_block(fd) &&
        !executor_description(e, executor_fd(e, call->fd))->nonblocking) {
        outcome_unfinished(o, -1);
        return;
    }
    outcome_named(o, fd, name);
    if (fd >= 0)
        executor_open(
            e, call->result, fd,
            (struct description){.nonblocking = (wanted & SOCK_NONBLOCK) != 0, .stream = true});
}

static bool wait_again(struct executor *e, int fd, int64_t result, short events)
{
    return outcome_would_block(result) && !executor_description(e, fd)->nonblocking &&
           executor_wait(e, fd, events);
}

void make_accept(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved name;
    int listener = executor_fd(e, call->fd);
    int fd;

    do {
        name_room(call, &name);
        fd = e->stack->accept(listener, &name.address.any, &name.length);
    } while (wait_again(e, listener, fd, POLLIN));
    accepted(e, call, o, fd, &name);
    if (fd >= 0)
        executor_unblock(e, fd);
}

void make_accept4(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved name;
    int listener = executor_fd(e, call->fd);
    int wanted = flags_value(FLAGS_SOCKET, call->flags) | SOCK_NONBLOCK;
    int fd;

    do {
        name_room(call, &name);
        fd = e->stack->accept4(listener, &name.address.any, &name.length, wanted);
    } while (wait_again(e, listener, fd, POLLIN));
    accepted(e, call, o, fd, &name);
}

void make_shutdown(struct executor *e, const struct call *call, struct outcome *o)
{
    int how = values(VALUES_HOW)->entries[call->choice].value;

    outcome_returned(o, e->stack->shutdown(executor_fd(e, call->fd), how));
}

/* --- names --- */

void make_getsockname(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved name;
    int fd = executor_fd(e, call->fd);

    name_room(call, &name);
    outcome_named(o, e->stack->getsockname(fd, &name.address.any, &name.length), &name);
}

void make_getpeername(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved name;
    int fd = executor_fd(e, call->fd);

    name_room(call, &name);
    outcome_named(o, e->stack->getpeername(fd, &name.address.any, &name.length), &name);
}

/* --- options --- */

/* A value as the option's own type, or as raw bytes. Returns its length. */
static socklen_t option_value(const struct call *call, enum option_form form, uint8_t *value)
{
    struct linger linger = {(int)(call->number & 1), (int)(call->number >> 1)};
    struct timeval time = {call->number / 1000, (long)(call->number % 1000) * 1000};
    const void *source = &call->number;
    socklen_t length = sizeof call->number;

    if (call->raw_value) {
        source = call->data;
        length = call->data_size;
    } else if (form == OPTION_LINGER) {
        source = &linger;
        length = sizeof linger;
    } else if (form == OPTION_TIME) {
        source = &time;
        length = sizeof time;
    }
    if (length > 0)
        memcpy(value, source, length);
    return length;
}

static const struct option_info *option_of(const struct call *call)
{
    size_t count;

    return &options(&count)[call->choice];
}

void make_setsockopt(struct executor *e, const struct call *call, struct outcome *o)
{
    uint8_t value[OPTION_BYTES_MAX] __attribute__((aligned(16)));
    const struct option_info *option = option_of(call);
    socklen_t length = option_value(call, option->form, value);
    int fd = executor_fd(e, call->fd);

    e->lingers |= option->form == OPTION_LINGER;
    outcome_returned(o, e->stack->setsockopt(fd, option->level, option->number, value, length));
}

static socklen_t form_size(enum option_form form)
{
    static const socklen_t sizes[] = {[OPTION_INT] = sizeof(int),
                                      [OPTION_LINGER] = sizeof(struct linger),
                                      [OPTION_TIME] = sizeof(struct timeval)};

    return sizes[form];
}

void make_getsockopt(struct executor *e, const struct call *call, struct outcome *o)
{
    const struct option_info *option = option_of(call);
    socklen_t offered = call->number > 0 ? call->number - 1 : form_size(option->form);
    socklen_t length = offered;
    int fd = executor_fd(e, call->fd);

    outcome_returned(o,
                     e->stack->getsockopt(fd, option->level, option->number, e->buffer, &length));
    if (o->result < 0)
        return;
    o->data = e->buffer;
    o->data_size = length < offered ? length : offered;
}

/* --- readiness --- */

void make_poll(struct executor *e, const struct call *call, struct outcome *o)
{
    int timeout = (int)call->number;
    int wait = e->wait_ms < e->wait_left_ms ? e->wait_ms : e->wait_left_ms;
    bool cut = timeout < 0 || timeout > wait;

    for (size_t i = 0; i < call->entry_count; i++)
        o->fds[i] =
            (struct pollfd){.fd = executor_fd(e, call->entries[i].fd),
                            .events = (short)flags_value(FLAGS_POLL, call->entries[i].events)};
    outcome_returned(o, e->stack->poll(o->fds, call->entry_count, cut ? wait : timeout));
    if (o->result != 0)
        return;
    e->wait_left_ms -= cut ? wait : timeout;
    if (timeout < 0)
        outcome_unfinished(o, -1);
}

void calls_make(struct executor *e, const struct call *call, struct outcome *o)
{
    o->kind = OUTCOME_UNSUPPORTED;
    o->result = -1;
    o->error = 0;
    o->data_size = 0;
    o->has_value = false;
    o->address_length = 0;
    e->waits_left = EXECUTOR_WAITS_MAX;
    errno = 0; /* what a failing call does not set must not be an earlier call's */
    switch ((enum op)call->op) {
#define CALL(code, name, wants, n_default, ...)                                                    \
    case OP_##name:                                                                                \
        if (e->stack->name != NULL)                                                                \
            make_##name(e, call, o);                                                               \
        break;
#include "lists/calls.def"
#undef CALL
    case OPS:
        break;
    }
}
