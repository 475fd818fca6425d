/*
 * calls: one function per call of calls.def, which resolves the arguments, makes the call on the
 * stack and says what came of it.
 */
#include "stacks/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include "stacks/isolation.h"

/* --- outcomes --- */

static void returned(struct outcome *o, int64_t result)
{
    o->kind = OUTCOME_RETURNED;
    o->result = result;
    o->error = result < 0 ? errno : 0;
}

static void unfinished(struct outcome *o, int64_t result)
{
    o->kind = OUTCOME_UNFINISHED;
    o->result = result;
    o->error = 0;
}

static bool would_block(int64_t result)
{
    return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

/* Tells whether the address may be used; if not, the outcome says so. */
static bool allowed(const struct executor *e, struct outcome *o, const struct resolved *to,
                    bool to_wildcard)
{
    if (!e->loopback_only || isolation_allows(&to->address.any, to->length, to_wildcard))
        return true;
    o->kind = OUTCOME_REFUSED;
    return false;
}

static void name_returned(struct outcome *o, int64_t result, const struct resolved *name)
{
    returned(o, result);
    if (result < 0)
        return;
    o->address = name->address.storage;
    o->address_length = name->length;
}

/* How much room for a name the call offers. */
static void offer_room(const struct call *call, struct resolved *name)
{
    memset(&name->address, 0, sizeof name->address);
    name->length = sizeof(struct sockaddr_storage);
    if (call->address.length != LENGTH_NATURAL)
        name->length = (socklen_t)address_lengths[call->address.length];
}

/* --- descriptors --- */

static void make_socket(struct executor *e, const struct call *call, struct outcome *o)
{
    int domain = values(VALUES_DOMAIN)->entries[call->domain].value;
    int type = values(VALUES_TYPE)->entries[call->type].value;
    int protocol = values(VALUES_PROTOCOL)->entries[call->protocol].value;
    int wanted = flags_value(FLAGS_SOCKET, call->flags);
    int fd = e->stack->socket(domain, type | wanted | SOCK_NONBLOCK, protocol);

    returned(o, fd);
    if (fd >= 0)
        executor_open(e, call->result, fd,
                      (struct description){.nonblocking = (wanted & SOCK_NONBLOCK) != 0,
                                           .stream = type == SOCK_STREAM});
}

static void make_dup(struct executor *e, const struct call *call, struct outcome *o)
{
    int original = executor_fd(e, call->fd);
    int fd = e->stack->dup(original);

    returned(o, fd);
    if (fd >= 0)
        executor_duplicate(e, call->result, fd, original);
}

static void make_close(struct executor *e, const struct call *call, struct outcome *o)
{
    int fd = executor_fd(e, call->fd);

    executor_no_linger(e, fd);
    returned(o, e->stack->close(fd));
    if (o->result == 0 || o->error != EBADF)
        executor_forget(e, fd);
    if (fd == e->not_socket)
        e->not_socket = -1;
}

static void make_fcntl(struct executor *e, const struct call *call, struct outcome *o)
{
    int fd = executor_fd(e, call->fd);
    int command = values(VALUES_FCNTL)->entries[call->choice].value;
    int mode = flags_value(FLAGS_FCNTL, call->flags);
    struct description *shared = executor_description(e, fd);

    returned(o, e->stack->fcntl(fd, command, mode));
    if (o->result < 0)
        return;
    if (command == F_SETFL) {
        shared->nonblocking = (mode & O_NONBLOCK) != 0;
        if (!shared->nonblocking)
            e->stack->fcntl(fd, F_SETFL, mode | O_NONBLOCK);
    } else if (!shared->nonblocking) {
        o->result &= ~O_NONBLOCK;
    }
}

static void make_ioctl(struct executor *e, const struct call *call, struct outcome *o)
{
    int fd = executor_fd(e, call->fd);
    unsigned long request = (unsigned)values(VALUES_IOCTL)->entries[call->choice].value;
    int value = (int)call->number;
    int on = 1;

    returned(o, e->stack->ioctl(fd, request, &value));
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

    if (!e->loopback_only || e->stack->getsockname == NULL ||
        e->stack->getsockname(fd, &name.address.any, &name.length) != 0)
        return true;
    return allowed(e, o, &name, false);
}

static void make_bind(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved to;

    resolve_address(e, call, &to);
    if (allowed(e, o, &to, false))
        returned(o, e->stack->bind(executor_fd(e, call->fd), &to.address.any, to.length));
}

static void make_listen(struct executor *e, const struct call *call, struct outcome *o)
{
    int fd = executor_fd(e, call->fd);

    if (listens_on_loopback(e, o, fd))
        returned(o, e->stack->listen(fd, (int)call->number));
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
        unfinished(o, -1);
    else
        returned(o, result < 0 && errno == EISCONN ? 0 : result);
}

static void make_connect(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved to;
    int fd = executor_fd(e, call->fd);

    resolve_address(e, call, &to);
    if (!allowed(e, o, &to, true))
        return;
    returned(o, e->stack->connect(fd, &to.address.any, to.length));
    if (o->error == EINPROGRESS && !executor_description(e, fd)->nonblocking)
        finish_connect(e, fd, &to, o);
}

static void accepted(struct executor *e, const struct call *call, struct outcome *o, int fd,
                     const struct resolved *name)
{
    int wanted = flags_value(FLAGS_SOCKET, call->flags);

    if (would_block(fd) && !executor_description(e, executor_fd(e, call->fd))->nonblocking) {
        unfinished(o, -1);
        return;
    }
    name_returned(o, fd, name);
    if (fd >= 0)
        executor_open(
            e, call->result, fd,
            (struct description){.nonblocking = (wanted & SOCK_NONBLOCK) != 0, .stream = true});
}

static bool wait_again(struct executor *e, int fd, int64_t result, short events)
{
    return would_block(result) && !executor_description(e, fd)->nonblocking &&
           executor_wait(e, fd, events);
}

static void make_accept(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved name;
    int listener = executor_fd(e, call->fd);
    int fd;

    do {
        offer_room(call, &name);
        fd = e->stack->accept(listener, &name.address.any, &name.length);
    } while (wait_again(e, listener, fd, POLLIN));
    accepted(e, call, o, fd, &name);
    if (fd >= 0)
        e->stack->fcntl(fd, F_SETFL, O_NONBLOCK);
}

static void make_accept4(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved name;
    int listener = executor_fd(e, call->fd);
    int wanted = flags_value(FLAGS_SOCKET, call->flags) | SOCK_NONBLOCK;
    int fd;

    do {
        offer_room(call, &name);
        fd = e->stack->accept4(listener, &name.address.any, &name.length, wanted);
    } while (wait_again(e, listener, fd, POLLIN));
    accepted(e, call, o, fd, &name);
}

static void make_shutdown(struct executor *e, const struct call *call, struct outcome *o)
{
    int how = values(VALUES_HOW)->entries[call->choice].value;

    returned(o, e->stack->shutdown(executor_fd(e, call->fd), how));
}

/* --- names --- */

static void make_getsockname(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved name;
    int fd = executor_fd(e, call->fd);

    offer_room(call, &name);
    name_returned(o, e->stack->getsockname(fd, &name.address.any, &name.length), &name);
}

static void make_getpeername(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved name;
    int fd = executor_fd(e, call->fd);

    offer_room(call, &name);
    name_returned(o, e->stack->getpeername(fd, &name.address.any, &name.length), &name);
}

/* --- sending --- */

/* The bytes that a call sends; repeated ones are written out into the buffer. */
static const uint8_t *data_of(struct executor *e, const struct call *call, size_t *size)
{
    size_t filled = call->data_size;

    *size = call->data_size;
    if (call->number == 0)
        return call->data;
    *size = call->number;
    if (filled > 0)
        memcpy(e->buffer, call->data, filled);
    else
        e->buffer[filled++] = 0;
    while (filled < *size) {
        size_t step = filled < *size - filled ? filled : *size - filled;

        memcpy(e->buffer + filled, e->buffer, step);
        filled += step;
    }
    return e->buffer;
}

/* What one attempt to send needs; to is NULL without a destination. */
struct sending {
    int fd;
    int flags;
    const struct resolved *to;
    ssize_t (*attempt)(struct executor *, const struct sending *, const uint8_t *, size_t);
};

static ssize_t attempt_send(struct executor *e, const struct sending *s, const uint8_t *data,
                            size_t size)
{
    return e->stack->send(s->fd, data, size, s->flags);
}

static ssize_t attempt_sendto(struct executor *e, const struct sending *s, const uint8_t *data,
                              size_t size)
{
    return e->stack->sendto(s->fd, data, size, s->flags, &s->to->address.any, s->to->length);
}

static ssize_t attempt_write(struct executor *e, const struct sending *s, const uint8_t *data,
                             size_t size)
{
    return e->stack->write(s->fd, data, size);
}

/* A blocking send goes on until everything is sent; an error after a part is kept for later. */
static void send_all(struct executor *e, const struct call *call, struct outcome *o,
                     const struct sending *s)
{
    const struct description *shared = executor_description(e, s->fd);
    bool blocking = !shared->nonblocking && !(s->flags & MSG_DONTWAIT);
    size_t size;
    const uint8_t *data = data_of(e, call, &size);
    ssize_t result = s->attempt(e, s, data, size);
    size_t sent = result > 0 ? (size_t)result : 0;

    while (blocking && (would_block(result) || (result > 0 && sent < size && shared->stream)) &&
           executor_wait(e, s->fd, POLLOUT)) {
        result = s->attempt(e, s, data + sent, size - sent);
        sent += result > 0 ? (size_t)result : 0;
    }
    if (blocking && (would_block(result) || (result > 0 && sent < size && shared->stream)))
        unfinished(o, sent > 0 ? (int64_t)sent : -1);
    else
        returned(o, sent > 0 ? (int64_t)sent : result);
}

static void make_send(struct executor *e, const struct call *call, struct outcome *o)
{
    struct sending sending = {.fd = executor_fd(e, call->fd),
                              .flags = flags_value(FLAGS_SEND, call->flags),
                              .attempt = attempt_send};

    send_all(e, call, o, &sending);
}

static void make_sendto(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved to;
    struct sending sending = {.fd = executor_fd(e, call->fd),
                              .flags = flags_value(FLAGS_SEND, call->flags),
                              .to = &to,
                              .attempt = attempt_sendto};

    resolve_address(e, call, &to);
    if (allowed(e, o, &to, true))
        send_all(e, call, o, &sending);
}

static void make_write(struct executor *e, const struct call *call, struct outcome *o)
{
    struct sending sending = {.fd = executor_fd(e, call->fd), .attempt = attempt_write};

    send_all(e, call, o, &sending);
}

/* --- receiving --- */

/* These answer at once, whatever the descriptor's mode (recv(2)). */
enum { NEVER_WAITS = MSG_DONTWAIT | MSG_ERRQUEUE | MSG_OOB };

static ssize_t attempt_receive(struct executor *e, const struct call *call, int fd, int wanted,
                               struct resolved *name)
{
    switch (call->op) {
    case OP_read:
        return e->stack->read(fd, e->buffer, call->number);
    case OP_recv:
        return e->stack->recv(fd, e->buffer, call->number, wanted);
    default:
        offer_room(call, name);
        return e->stack->recvfrom(fd, e->buffer, call->number, wanted, &name->address.any,
                                  &name->length);
    }
}

/* MSG_WAITALL on a stream waits for more, unless nothing more can come. */
static bool waits_for_all(struct executor *e, const struct call *call, int fd, int wanted,
                          ssize_t result)
{
    uint8_t next;

    return (wanted & MSG_WAITALL) && result > 0 && (size_t)result < call->number &&
           executor_description(e, fd)->stream &&
           would_block(e->stack->recv(fd, &next, sizeof next, MSG_PEEK | MSG_DONTWAIT));
}

static void receive(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved name = {.length = 0};
    int fd = executor_fd(e, call->fd);
    int wanted = call->op == OP_read ? 0 : flags_value(FLAGS_RECV, call->flags);
    bool blocking = !(wanted & NEVER_WAITS) && !executor_description(e, fd)->nonblocking;
    ssize_t result;

    do
        result = attempt_receive(e, call, fd, wanted, &name);
    while (blocking && would_block(result) && executor_wait(e, fd, POLLIN));
    if (blocking && would_block(result)) {
        unfinished(o, -1);
        return;
    }
    if (blocking && waits_for_all(e, call, fd, wanted, result))
        unfinished(o, result);
    else
        name_returned(o, result, &name);
    o->data = e->buffer;
    o->data_size = result > 0 ? (size_t)result : 0;
    if (o->data_size > call->number)
        o->data_size = call->number;
    /* A stream discards what it truncates: nothing has been written to the buffer (tcp(7)). */
    if ((wanted & MSG_TRUNC) && executor_description(e, fd)->stream)
        o->data_size = 0;
}

static void make_recv(struct executor *e, const struct call *call, struct outcome *o)
{
    receive(e, call, o);
}

static void make_recvfrom(struct executor *e, const struct call *call, struct outcome *o)
{
    receive(e, call, o);
}

static void make_read(struct executor *e, const struct call *call, struct outcome *o)
{
    receive(e, call, o);
}

/* --- options --- */

/* A value as the option's own type, or as raw bytes. Returns its length. */
static socklen_t option_value(const struct call *call, enum option_form form, uint8_t *value)
{
    struct linger linger = {(int)(call->number & 1), (int)(call->number >> 1)};
    struct timeval time = {call->number / 1000, call->number % 1000 * 1000};
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

static void make_setsockopt(struct executor *e, const struct call *call, struct outcome *o)
{
    uint8_t value[OPTION_BYTES_MAX] __attribute__((aligned(16)));
    const struct option_info *option = option_of(call);
    socklen_t length = option_value(call, option->form, value);
    int fd = executor_fd(e, call->fd);

    e->lingers |= option->form == OPTION_LINGER;
    returned(o, e->stack->setsockopt(fd, option->level, option->number, value, length));
}

static socklen_t form_size(enum option_form form)
{
    static const socklen_t sizes[] = {[OPTION_INT] = sizeof(int),
                                      [OPTION_LINGER] = sizeof(struct linger),
                                      [OPTION_TIME] = sizeof(struct timeval)};

    return sizes[form];
}

static void make_getsockopt(struct executor *e, const struct call *call, struct outcome *o)
{
    const struct option_info *option = option_of(call);
    socklen_t offered = call->number > 0 ? call->number - 1 : form_size(option->form);
    socklen_t length = offered;
    int fd = executor_fd(e, call->fd);

    returned(o, e->stack->getsockopt(fd, option->level, option->number, e->buffer, &length));
    if (o->result < 0)
        return;
    o->data = e->buffer;
    o->data_size = length < offered ? length : offered;
}

/* --- readiness --- */

static void make_poll(struct executor *e, const struct call *call, struct outcome *o)
{
    int timeout = (int)call->number;
    int wait = e->wait_ms < e->wait_left_ms ? e->wait_ms : e->wait_left_ms;
    bool cut = timeout < 0 || timeout > wait;

    for (size_t i = 0; i < call->entry_count; i++)
        o->fds[i] =
            (struct pollfd){.fd = executor_fd(e, call->entries[i].fd),
                            .events = (short)flags_value(FLAGS_POLL, call->entries[i].events)};
    returned(o, e->stack->poll(o->fds, call->entry_count, cut ? wait : timeout));
    if (o->result != 0)
        return;
    e->wait_left_ms -= cut ? wait : timeout;
    if (timeout < 0)
        unfinished(o, -1);
}

void calls_make(struct executor *e, const struct call *call, struct outcome *o)
{
    o->kind = OUTCOME_UNSUPPORTED;
    o->result = -1;
    o->error = 0;
    o->data_size = 0;
    o->has_value = false;
    o->address_length = 0;
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
