/* messages: the calls that send and receive in parts, with addresses and ancillary data. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "stacks/calls.h"

/* How many parts there are to set; a request may claim more, which are then empty. */
static size_t parts_real(const struct request *r)
{
    return r->part_count < PARTS_MAX ? (size_t)r->part_count : PARTS_MAX;
}

int parts_point(struct executor *e, const struct request *r, const uint8_t *bytes, size_t done)
{
    for (size_t i = 0; i < PARTS_MAX; i++)
        e->parts[i] = (struct iovec){.iov_len = 0};
    for (size_t i = 0; i < parts_real(r); i++) {
        size_t skip = done < r->part_sizes[i] ? done : r->part_sizes[i];

        e->parts[i] = (struct iovec){given(r, BAD_DATA, bytes + skip), r->part_sizes[i] - skip};
        bytes += r->part_sizes[i];
        done -= skip;
    }
    return r->part_count;
}

/* --- one message --- */

static struct msghdr message_of(struct executor *e, const struct request *r)
{
    return (struct msghdr){.msg_name = given(r, BAD_ADDRESS, r->address.data),
                           .msg_namelen = r->address.size,
                           .msg_iov = given(r, BAD_PARTS, e->parts),
                           .msg_control = given(r, BAD_CONTROL, r->control.data),
                           .msg_controllen = r->control.size};
}

ssize_t message_send(struct executor *e, const struct request *r, const uint8_t *data, size_t sent)
{
    struct msghdr message = message_of(e, r);

    message.msg_iovlen = (size_t)parts_point(e, r, data, sent);
    return e->stack->sendmsg(r->fd, given(r, BAD_HEADER, &message), r->flags);
}

/* Offers room for a name and for ancillary data. */
static struct msghdr message_offer(const struct request *r, struct name *name,
                                   struct control_room *control)
{
    name_offer(r, name);
    memset(control, 0, r->control_room);
    return (struct msghdr){.msg_name = name_at(r, name),
                           .msg_namelen = name->length,
                           .msg_control =
                               given(r, BAD_CONTROL, r->control_room > 0 ? control : NULL),
                           .msg_controllen = r->control_room};
}

static size_t control_size(const struct request *r, const struct msghdr *message)
{
    return message->msg_controllen < r->control_room ? message->msg_controllen : r->control_room;
}

ssize_t message_receive(struct executor *e, const struct request *r, struct outcome *o,
                        struct name *name)
{
    struct msghdr message = message_offer(r, name, &e->controls[0]);
    ssize_t result;

    message.msg_iov = given(r, BAD_PARTS, e->parts);
    message.msg_iovlen = (size_t)parts_point(e, r, e->buffer, 0);
    result = e->stack->recvmsg(r->fd, given(r, BAD_HEADER, &message), r->flags);
    if (result < 0)
        return result;
    name->length = message.msg_namelen;
    o->message_flags = message.msg_flags;
    o->control = e->controls[0].bytes;
    o->control_size = r->bad == BAD_CONTROL ? 0 : control_size(r, &message);
    return result;
}

void make_readv(struct executor *e, const struct request *r, struct outcome *o)
{
    transfer_receive(e, r, o);
}

void make_recvmsg(struct executor *e, const struct request *r, struct outcome *o)
{
    transfer_receive(e, r, o);
}

void make_writev(struct executor *e, const struct request *r, struct outcome *o)
{
    transfer_send(e, r, o);
}

static bool message_allowed(struct executor *e, const struct request *r, struct outcome *o)
{
    return (r->address.data == NULL || r->bad == BAD_ADDRESS ||
            address_allowed(e, o, &r->address, true)) &&
           control_allowed(e, o, &r->control);
}

void make_sendmsg(struct executor *e, const struct request *r, struct outcome *o)
{
    if (message_allowed(e, r, o))
        transfer_send(e, r, o);
}

/* --- many messages: each part is one of its own --- */

/* Whether a stream has taken only a part of the last message that it took. */
static bool is_partial(const struct request *r, const struct mmsghdr *messages, size_t done)
{
    return done > 0 && messages[done - 1].msg_len < r->part_sizes[done - 1];
}

static void settle_many(struct outcome *o, size_t done, int result, bool waits)
{
    if (waits)
        outcome_unfinished(o, done > 0 ? (int64_t)done : -1);
    else
        outcome_returned(o, done > 0 ? (int64_t)done : result);
}

static bool has_room(struct executor *e, int fd)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};

    return e->stack->poll != NULL && e->stack->poll(&room, 1, 0) > 0 && (room.revents & POLLOUT);
}

void make_sendmmsg(struct executor *e, const struct request *r, struct outcome *o)
{
    struct mmsghdr messages[PARTS_MAX];
    bool blocking = transfer_blocks(e, r);
    size_t count = parts_real(r);
    size_t done = 0;
    int result;
    bool more;

    if (!message_allowed(e, r, o))
        return;
    memset(messages, 0, sizeof messages);
    parts_point(e, r, data_of(e, &r->sent), 0);
    for (size_t i = 0; i < count; i++) {
        messages[i].msg_hdr = message_of(e, r);
        messages[i].msg_hdr.msg_iov = given(r, BAD_PARTS, &e->parts[i]);
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    /* What has room and yet took no more has met an error, which is lost (sendmmsg(2)). */
    do {
        result = e->stack->sendmmsg(r->fd, given(r, BAD_HEADER, messages + done),
                                    (unsigned)(count - done), r->flags);
        done += result > 0 ? (size_t)result : 0;
        more = done < count && (result > 0 ? !has_room(e, r->fd) : outcome_would_block(result));
    } while (blocking && more && !is_partial(r, messages, done) &&
             executor_wait(e, r->fd, POLLOUT));
    settle_many(o, done, result, blocking && (more || is_partial(r, messages, done)));
    for (size_t i = 0; i < done && i < count; i++)
        o->messages[i] = (struct message){.length = messages[i].msg_len};
}

static void received_many(struct executor *e, const struct request *r, struct outcome *o,
                          const struct mmsghdr *messages, const struct name *names, size_t count)
{
    const uint8_t *data = e->buffer;
    bool discards = (r->flags & MSG_TRUNC) && executor_description(e, r->fd)->stream;
    bool unseen = discards || r->bad == BAD_DATA || r->bad == BAD_PARTS;

    for (size_t i = 0; i < count; i++) {
        uint32_t length = messages[i].msg_len;

        o->messages[i] = (struct message){
            .length = length,
            .flags = messages[i].msg_hdr.msg_flags,
            .data = data,
            .data_size = unseen                      ? 0
                         : length < r->part_sizes[i] ? length
                                                     : r->part_sizes[i],
            .control = e->controls[i].bytes,
            .control_size = r->bad == BAD_CONTROL ? 0 : control_size(r, &messages[i].msg_hdr),
            .address = names[i].address.storage,
            .address_length = messages[i].msg_hdr.msg_namelen};
        data += r->part_sizes[i];
    }
}

/* A time, of which -1 is none and less is no valid one. */
static struct timespec *time_of(struct timespec *room, int timeout_ms)
{
    if (timeout_ms == -1)
        return NULL;
    *room = (struct timespec){.tv_sec = timeout_ms / 1000,
                              .tv_nsec = (long)(timeout_ms % 1000) * 1000000};
    return room;
}

/* The time is looked at only after a message (recvmmsg(2)), so without one it ends no wait. */
static bool wants_more(const struct request *r, size_t done, int result)
{
    bool enough = done > 0 && ((r->flags & MSG_WAITFORONE) || r->timeout_ms == 0);

    return done < parts_real(r) && !enough && (result > 0 || outcome_would_block(result));
}

/* Receives what has not been received yet; returns how many messages. */
static int attempt_many(struct executor *e, const struct request *r, struct mmsghdr *messages,
                        size_t done)
{
    struct timespec room;

    return e->stack->recvmmsg(r->fd, given(r, BAD_HEADER, messages + done),
                              (unsigned)(parts_real(r) - done), r->flags,
                              given(r, BAD_TIMEOUT, time_of(&room, r->timeout_ms)));
}

/* Whether an error is to be told of: a call that has received something leaves it for the next. */
static bool has_error(struct executor *e, int fd)
{
    struct pollfd error = {.fd = fd};

    return e->stack->poll != NULL && e->stack->poll(&error, 1, 0) > 0 && (error.revents & POLLERR);
}

void make_recvmmsg(struct executor *e, const struct request *r, struct outcome *o)
{
    struct mmsghdr messages[PARTS_MAX];
    struct name names[PARTS_MAX];
    bool blocking = transfer_blocks(e, r);
    size_t count = parts_real(r);
    size_t done = 0;
    bool waits;
    int result;

    memset(messages, 0, sizeof messages);
    parts_point(e, r, e->buffer, 0);
    for (size_t i = 0; i < count; i++) {
        messages[i].msg_hdr = message_offer(r, &names[i], &e->controls[i]);
        messages[i].msg_hdr.msg_iov = given(r, BAD_PARTS, &e->parts[i]);
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    do {
        result = attempt_many(e, r, messages, done);
        done += result > 0 ? (size_t)result : 0;
        waits = blocking && wants_more(r, done, result) && !(done > 0 && has_error(e, r->fd));
    } while (waits && executor_wait(e, r->fd, POLLIN));
    if (waits && transfer_is_shut(e, r->fd)) {
        e->stack->fcntl(r->fd, F_SETFL, 0);
        result = attempt_many(e, r, messages, done);
        executor_unblock(e, r->fd);
        done += result > 0 ? (size_t)result : 0;
        waits = false;
    }
    settle_many(o, done, result, waits);
    received_many(e, r, o, messages, names, done < count ? done : count);
}
