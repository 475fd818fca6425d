/* transfer: the calls that send and receive. */
#include <errno.h>
#include <string.h>

#include "stacks/calls.h"

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

    while (blocking &&
           (outcome_would_block(result) || (result > 0 && sent < size && shared->stream)) &&
           executor_wait(e, s->fd, POLLOUT)) {
        result = s->attempt(e, s, data + sent, size - sent);
        if (result > 0) {
            sent += (size_t)result;
            e->waits_left = EXECUTOR_WAITS_MAX;
        }
    }
    if (blocking && (outcome_would_block(result) || (result > 0 && sent < size && shared->stream)))
        outcome_unfinished(o, sent > 0 ? (int64_t)sent : -1);
    else
        outcome_returned(o, sent > 0 ? (int64_t)sent : result);
}

void make_send(struct executor *e, const struct call *call, struct outcome *o)
{
    struct sending sending = {.fd = executor_fd(e, call->fd),
                              .flags = flags_value(FLAGS_SEND, call->flags),
                              .attempt = attempt_send};

    send_all(e, call, o, &sending);
}

void make_sendto(struct executor *e, const struct call *call, struct outcome *o)
{
    struct resolved to;
    struct sending sending = {.fd = executor_fd(e, call->fd),
                              .flags = flags_value(FLAGS_SEND, call->flags),
                              .to = &to,
                              .attempt = attempt_sendto};

    resolve_address(e, call, &to);
    if (address_allowed(e, o, &to, true))
        send_all(e, call, o, &sending);
}

void make_write(struct executor *e, const struct call *call, struct outcome *o)
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
        name_room(call, name);
        return e->stack->recvfrom(fd, e->buffer, call->number, wanted, &name->address.any,
                                  &name->length);
    }
}

/* MSG_WAITALL on a stream waits for more, unless nothing more can come. */
static bool waits_for_all(struct executor *e, const struct call *call, int fd, int wanted,
                          ssize_t result)
{
    struct pollfd ended = {.fd = fd, .events = POLLRDHUP};

    return (wanted & MSG_WAITALL) && result > 0 && (size_t)result < call->number &&
           executor_description(e, fd)->stream && e->stack->poll != NULL &&
           e->stack->poll(&ended, 1, 0) == 0;
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
    while (blocking && outcome_would_block(result) && executor_wait(e, fd, POLLIN));
    if (blocking && outcome_would_block(result)) {
        outcome_unfinished(o, -1);
        return;
    }
    if (blocking && waits_for_all(e, call, fd, wanted, result))
        outcome_unfinished(o, result);
    else
        outcome_named(o, result, &name);
    o->data = e->buffer;
    o->data_size = result > 0 ? (size_t)result : 0;
    if (o->data_size > call->number)
        o->data_size = call->number;
    /* A stream discards what it truncates: nothing has been written to the buffer (tcp(7)). */
    if ((wanted & MSG_TRUNC) && executor_description(e, fd)->stream)
        o->data_size = 0;
}

void make_recv(struct executor *e, const struct call *call, struct outcome *o)
{
    receive(e, call, o);
}

void make_recvfrom(struct executor *e, const struct call *call, struct outcome *o)
{
    receive(e, call, o);
}

void make_read(struct executor *e, const struct call *call, struct outcome *o)
{
    receive(e, call, o);
}
