/* transfer: the calls that send and receive. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "stacks/calls.h"

/* --- sending --- */

/* The bytes that a request sends; repeated ones are written out into the buffer. */
static const uint8_t *data_of(struct executor *e, const struct payload *sent)
{
    size_t filled = sent->period;

    if (filled >= sent->length)
        return sent->data;
    memcpy(e->buffer, sent->data, filled);
    while (filled < sent->length) {
        size_t step = filled < sent->length - filled ? filled : sent->length - filled;

        memcpy(e->buffer + filled, e->buffer, step);
        filled += step;
    }
    return e->buffer;
}

static ssize_t attempt_send(struct executor *e, const struct request *r, const uint8_t *data,
                            size_t size)
{
    switch ((enum op)r->op) {
    case OP_send:
        return e->stack->send(r->fd, data, size, r->flags);
    case OP_write:
        return e->stack->write(r->fd, data, size);
    default:
        return e->stack->sendto(r->fd, data, size, r->flags,
                                (const struct sockaddr *)r->address.data, r->address.size);
    }
}

/* A blocking send goes on until everything is sent; an error after a part is kept for later. */
static void send_all(struct executor *e, const struct request *r, struct outcome *o)
{
    const struct description *shared = executor_description(e, r->fd);
    bool blocking = !shared->nonblocking && !(r->flags & MSG_DONTWAIT);
    const uint8_t *data = data_of(e, &r->sent);
    size_t size = r->sent.length;
    ssize_t result = attempt_send(e, r, data, size);
    size_t sent = result > 0 ? (size_t)result : 0;

    while (blocking &&
           (outcome_would_block(result) || (result > 0 && sent < size && shared->stream)) &&
           executor_wait(e, r->fd, POLLOUT)) {
        result = attempt_send(e, r, data + sent, size - sent);
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

void make_send(struct executor *e, const struct request *r, struct outcome *o)
{
    send_all(e, r, o);
}

void make_sendto(struct executor *e, const struct request *r, struct outcome *o)
{
    if (address_allowed(e, o, &r->address, true))
        send_all(e, r, o);
}

void make_write(struct executor *e, const struct request *r, struct outcome *o)
{
    send_all(e, r, o);
}

/* --- receiving --- */

/* These answer at once, whatever the descriptor's mode (recv(2)). */
enum { NEVER_WAITS = MSG_DONTWAIT | MSG_ERRQUEUE };

static ssize_t attempt_receive(struct executor *e, const struct request *r, struct name *name)
{
    switch ((enum op)r->op) {
    case OP_read:
        return e->stack->read(r->fd, e->buffer, r->room);
    case OP_recv:
        return e->stack->recv(r->fd, e->buffer, r->room, r->flags);
    default:
        name_offer(r, name);
        return e->stack->recvfrom(r->fd, e->buffer, r->room, r->flags, &name->address.any,
                                  &name->length);
    }
}

/* MSG_WAITALL on a stream waits for more, unless nothing more can come or an urgent mark is next.
 */
static bool waits_for_all(struct executor *e, const struct request *r, ssize_t result)
{
    struct pollfd ended = {.fd = r->fd, .events = POLLRDHUP | POLLPRI};

    return (r->flags & MSG_WAITALL) && result > 0 && (size_t)result < r->room &&
           executor_description(e, r->fd)->stream && e->stack->poll != NULL &&
           e->stack->poll(&ended, 1, 0) == 0;
}

/*
 * A datagram socket that is shut down for reading returns at once to a caller that would wait, and
 * EAGAIN to one that would not: only a blocking call shows it.
 */
static bool is_shut(struct executor *e, int fd)
{
    struct pollfd shut = {.fd = fd, .events = POLLRDHUP};

    return !executor_description(e, fd)->stream && e->stack->fcntl != NULL &&
           e->stack->poll != NULL && e->stack->poll(&shut, 1, 0) > 0 && (shut.revents & POLLRDHUP);
}

static ssize_t attempt_blocking(struct executor *e, const struct request *r, struct name *name)
{
    ssize_t result;

    e->stack->fcntl(r->fd, F_SETFL, 0);
    result = attempt_receive(e, r, name);
    executor_unblock(e, r->fd);
    return result;
}

static void receive(struct executor *e, const struct request *r, struct outcome *o)
{
    struct name name = {.length = 0};
    const struct description *shared = executor_description(e, r->fd);
    bool urgent = shared->stream && (r->flags & MSG_OOB);
    bool blocking = !urgent && !(r->flags & NEVER_WAITS) && !shared->nonblocking;
    ssize_t result;

    do
        result = attempt_receive(e, r, &name);
    while (blocking && outcome_would_block(result) && executor_wait(e, r->fd, POLLIN));
    if (blocking && outcome_would_block(result) && is_shut(e, r->fd))
        result = attempt_blocking(e, r, &name);
    if (blocking && outcome_would_block(result)) {
        outcome_unfinished(o, -1);
        return;
    }
    if (blocking && waits_for_all(e, r, result))
        outcome_unfinished(o, result);
    else
        outcome_named(o, result, &name);
    o->data = e->buffer;
    o->data_size = result > 0 ? (size_t)result : 0;
    if (o->data_size > r->room)
        o->data_size = r->room;
    /* A stream discards what it truncates: nothing has been written to the buffer (tcp(7)). */
    if ((r->flags & MSG_TRUNC) && executor_description(e, r->fd)->stream)
        o->data_size = 0;
}

void make_recv(struct executor *e, const struct request *r, struct outcome *o)
{
    receive(e, r, o);
}

void make_recvfrom(struct executor *e, const struct request *r, struct outcome *o)
{
    receive(e, r, o);
}

void make_read(struct executor *e, const struct request *r, struct outcome *o)
{
    receive(e, r, o);
}
