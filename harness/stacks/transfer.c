/* transfer: the calls that send and receive. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "stacks/calls.h"

/* --- sending --- */

/* The bytes that a request sends; repeated ones are written out into the buffer. */
const uint8_t *data_of(struct executor *e, const struct payload *sent)
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
                            size_t sent)
{
    size_t size = r->sent.length - sent;
    const void *from = given(r, BAD_DATA, data + sent);

    switch ((enum op)r->op) {
    case OP_send:
        return e->stack->send(r->fd, from, size, r->flags);
    case OP_write:
        return e->stack->write(r->fd, from, size);
    case OP_writev:
        return e->stack->writev(r->fd, given(r, BAD_HEADER, e->parts),
                                parts_point(e, r, data, sent));
    case OP_sendmsg:
        return message_send(e, r, data, sent);
    default:
        return e->stack->sendto(r->fd, from, size, r->flags, given(r, BAD_ADDRESS, r->address.data),
                                r->address.size);
    }
}

/* What is kept apart, errors and a stream's urgent data, is there or not (recv(2)). */
bool transfer_blocks(struct executor *e, const struct request *r)
{
    const struct description *shared = executor_description(e, r->fd);

    if (shared->nonblocking || (r->flags & MSG_DONTWAIT))
        return false;
    if (call_sends(r->op))
        return true;
    return !(r->flags & MSG_ERRQUEUE) && !(shared->stream && (r->flags & MSG_OOB));
}

/* Whether an error waits to be told, by poll as it would clear it otherwise. */
static bool has_error(struct executor *e, int fd)
{
    struct pollfd state = {.fd = fd};

    return e->stack->poll != NULL && e->stack->poll(&state, 1, 0) > 0 &&
           (state.revents & (POLLERR | POLLHUP));
}

/* A blocking send goes on until everything is sent; an error after a part is kept for later. */
void transfer_send(struct executor *e, const struct request *r, struct outcome *o)
{
    const struct description *shared = executor_description(e, r->fd);
    bool blocking = transfer_blocks(e, r);
    const uint8_t *data = data_of(e, &r->sent);
    size_t size = r->sent.length;
    ssize_t result = attempt_send(e, r, data, 0);
    size_t sent = result > 0 ? (size_t)result : 0;

    while (blocking &&
           (outcome_would_block(result) || (result > 0 && sent < size && shared->stream)) &&
           executor_wait(e, r->fd, POLLOUT)) {
        if (sent > 0 && has_error(e, r->fd)) {
            blocking = false;
            break;
        }
        result = attempt_send(e, r, data, sent);
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
    transfer_send(e, r, o);
}

void make_sendto(struct executor *e, const struct request *r, struct outcome *o)
{
    if (r->bad == BAD_ADDRESS || address_allowed(e, o, &r->address, true))
        transfer_send(e, r, o);
}

void make_write(struct executor *e, const struct request *r, struct outcome *o)
{
    transfer_send(e, r, o);
}

/* --- receiving --- */

static ssize_t attempt_receive(struct executor *e, const struct request *r, struct outcome *o,
                               struct name *name)
{
    void *to = given(r, BAD_DATA, e->buffer);

    switch ((enum op)r->op) {
    case OP_read:
        return e->stack->read(r->fd, to, r->room);
    case OP_recv:
        return e->stack->recv(r->fd, to, r->room, r->flags);
    case OP_readv:
        return e->stack->readv(r->fd, given(r, BAD_HEADER, e->parts),
                               parts_point(e, r, e->buffer, 0));
    case OP_recvmsg:
        return message_receive(e, r, o, name);
    default:
        name_offer(r, name);
        return e->stack->recvfrom(r->fd, to, r->room, r->flags, name_at(r, name),
                                  length_at(r, name));
    }
}

/* Whether an urgent mark is next, though its byte may have been read. */
static bool is_at_mark(struct executor *e, int fd)
{
    int at_mark = 0;

    return e->stack->ioctl != NULL && e->stack->ioctl(fd, SIOCATMARK, &at_mark) == 0 &&
           at_mark != 0;
}

/* MSG_WAITALL on a stream waits for more, unless nothing more can come or an urgent mark is next.
 */
static bool waits_for_all(struct executor *e, const struct request *r, ssize_t result)
{
    struct pollfd ended = {.fd = r->fd, .events = POLLRDHUP | POLLPRI};

    return (r->flags & MSG_WAITALL) && result > 0 && (size_t)result < r->room &&
           executor_description(e, r->fd)->stream && e->stack->poll != NULL &&
           e->stack->poll(&ended, 1, 0) == 0 && !is_at_mark(e, r->fd);
}

/*
 * A datagram socket that is shut down for reading returns at once to a caller that would wait, and
 * EAGAIN to one that would not: only a blocking call shows it.
 */
bool transfer_is_shut(struct executor *e, int fd)
{
    struct pollfd shut = {.fd = fd, .events = POLLRDHUP};

    return !executor_description(e, fd)->stream && e->stack->fcntl != NULL &&
           e->stack->poll != NULL && e->stack->poll(&shut, 1, 0) > 0 && (shut.revents & POLLRDHUP);
}

static ssize_t attempt_blocking(struct executor *e, const struct request *r, struct outcome *o,
                                struct name *name)
{
    ssize_t result;

    e->stack->fcntl(r->fd, F_SETFL, 0);
    result = attempt_receive(e, r, o, name);
    executor_unblock(e, r->fd);
    return result;
}

void transfer_receive(struct executor *e, const struct request *r, struct outcome *o)
{
    struct name name = {.length = 0};
    bool blocking = transfer_blocks(e, r);
    ssize_t result;

    do
        result = attempt_receive(e, r, o, &name);
    while (blocking && outcome_would_block(result) && executor_wait(e, r->fd, POLLIN));
    if (blocking && outcome_would_block(result) && transfer_is_shut(e, r->fd))
        result = attempt_blocking(e, r, o, &name);
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
    if (r->bad == BAD_DATA)
        o->data_size = 0;
    /* A stream discards what it truncates: nothing has been written to the buffer (tcp(7)). */
    if ((r->flags & MSG_TRUNC) && executor_description(e, r->fd)->stream)
        o->data_size = 0;
}

void make_recv(struct executor *e, const struct request *r, struct outcome *o)
{
    transfer_receive(e, r, o);
}

void make_recvfrom(struct executor *e, const struct request *r, struct outcome *o)
{
    transfer_receive(e, r, o);
}

void make_read(struct executor *e, const struct request *r, struct outcome *o)
{
    transfer_receive(e, r, o);
}
