/*
 * calls: one function per call of calls.def, which makes a request on the stack and says what came
 * of it.
 */
#include "stacks/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

/* --- descriptors --- */

void make_socket(struct executor *e, const struct request *r, struct outcome *o)
{
    int fd = e->stack->socket(r->domain, r->type | r->flags | SOCK_NONBLOCK, r->protocol);

    outcome_returned(o, fd);
    if (fd >= 0)
        executor_open(e, fd,
                      (struct description){.nonblocking = (r->flags & SOCK_NONBLOCK) != 0,
                                           .stream = r->type == SOCK_STREAM});
}

void make_dup(struct executor *e, const struct request *r, struct outcome *o)
{
    int fd = e->stack->dup(r->fd);

    outcome_returned(o, fd);
    if (fd >= 0)
        executor_duplicate(e, fd, r->fd);
}

/* What the other descriptor described is closed first, and closing must not wait. */
void make_dup2(struct executor *e, const struct request *r, struct outcome *o)
{
    const struct open_fd *original = executor_find(e, r->fd);
    struct open_fd *other = executor_find(e, r->other_fd);

    if (original != NULL && other != NULL && r->fd != r->other_fd)
        executor_no_linger(e, r->other_fd);
    outcome_returned(o, e->stack->dup2(r->fd, r->other_fd));
    if (o->result >= 0 && original != NULL && other != NULL)
        other->description = original->description;
}

void make_close(struct executor *e, const struct request *r, struct outcome *o)
{
    executor_no_linger(e, r->fd);
    outcome_returned(o, executor_close(e, r->fd));
    if (o->result == 0 || o->error != EBADF)
        executor_forget(e, r->fd);
}

void make_fcntl(struct executor *e, const struct request *r, struct outcome *o)
{
    struct description *shared = executor_description(e, r->fd);

    outcome_returned(o, e->stack->fcntl(r->fd, r->command, (int)r->value));
    if (o->result < 0)
        return;
    if (r->command == F_DUPFD || r->command == F_DUPFD_CLOEXEC) {
        executor_duplicate(e, (int)o->result, r->fd);
    } else if (r->command == F_SETFL) {
        shared->nonblocking = (r->value & O_NONBLOCK) != 0;
        if (!shared->nonblocking)
            executor_unblock(e, r->fd);
    } else if (r->command == F_GETFL && !shared->nonblocking) {
        o->result &= ~O_NONBLOCK;
    }
}

void make_ioctl(struct executor *e, const struct request *r, struct outcome *o)
{
    int value = (int)r->value;
    int on = 1;

    outcome_returned(o, e->stack->ioctl(r->fd, (unsigned)r->command, given(r, BAD_DATA, &value)));
    if (o->result < 0)
        return;
    if (r->command == FIONBIO) {
        executor_description(e, r->fd)->nonblocking = value != 0;
        if (value == 0)
            e->stack->ioctl(r->fd, FIONBIO, &on);
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
    struct outcome named;
    const struct bytes name = {(const uint8_t *)&named.address, sizeof named.address};

    if (!e->loopback_only)
        return true;
    if (!executor_ask(e, OP_getsockname, fd, &named)) {
        if (named.kind != OUTCOME_UNSUPPORTED)
            return true; /* no socket, and listen will say so */
        memset(&named.address, 0, sizeof named.address);
    }
    return address_allowed(e, o, &name, false);
}

static const struct sockaddr *address_of(const struct request *r)
{
    return given(r, BAD_ADDRESS, r->address.data);
}

void make_bind(struct executor *e, const struct request *r, struct outcome *o)
{
    if (r->bad == BAD_ADDRESS || address_allowed(e, o, &r->address, false))
        outcome_returned(o, e->stack->bind(r->fd, address_of(r), r->address.size));
}

void make_listen(struct executor *e, const struct request *r, struct outcome *o)
{
    if (listens_on_loopback(e, o, r->fd))
        outcome_returned(o, e->stack->listen(r->fd, (int)r->value));
}

/* The error that a stack keeps for SO_ERROR; 0 when there is none. */
static int pending_error(struct executor *e, int fd)
{
    int error = 0;
    socklen_t length = sizeof error;

    if (e->stack->getsockopt == NULL ||
        e->stack->getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
        return 0;
    return error;
}

/*
 * A blocking connect: the second call of a non-blocking one reports how the attempt ended
 * (connect(2)), where SO_ERROR does not (POSIX connect()); EISCONN is how a stack says that it
 * ended well.
 */
static void finish_connect(struct executor *e, const struct request *r, struct outcome *o)
{
    int result;

    do
        result = e->stack->connect(r->fd, address_of(r), r->address.size);
    while (result < 0 && errno == EALREADY && executor_wait(e, r->fd, POLLOUT));
    if (result < 0 && errno == EALREADY)
        outcome_unfinished(o, -1);
    else
        outcome_returned(o, result < 0 && errno == EISCONN ? 0 : result);
    if (o->error != 0) {
        int error = pending_error(e, r->fd);

        o->error = error != 0 ? error : o->error;
    }
}

void make_connect(struct executor *e, const struct request *r, struct outcome *o)
{
    if (r->bad != BAD_ADDRESS && !address_allowed(e, o, &r->address, true))
        return;
    outcome_returned(o, e->stack->connect(r->fd, address_of(r), r->address.size));
    if ((o->error == EINPROGRESS || o->error == EALREADY) &&
        !executor_description(e, r->fd)->nonblocking)
        finish_connect(e, r, o);
}

static void accepted(struct executor *e, const struct request *r, struct outcome *o, int fd,
                     const struct name *name)
{
    if (outcome_would_block(fd) && !executor_description(e, r->fd)->nonblocking) {
        outcome_unfinished(o, -1);
        return;
    }
    outcome_named(o, fd, name);
    if (fd >= 0)
        executor_open(
            e, fd,
            (struct description){.nonblocking = (r->flags & SOCK_NONBLOCK) != 0, .stream = true});
}

static bool wait_again(struct executor *e, int fd, int64_t result, short events)
{
    return outcome_would_block(result) && !executor_description(e, fd)->nonblocking &&
           executor_wait(e, fd, events);
}

void make_accept(struct executor *e, const struct request *r, struct outcome *o)
{
    struct name name;
    int fd;

    do {
        name_offer(r, &name);
        fd = e->stack->accept(r->fd, name_at(r, &name), length_at(r, &name));
    } while (wait_again(e, r->fd, fd, POLLIN));
    accepted(e, r, o, fd, &name);
    if (fd >= 0)
        executor_unblock(e, fd);
}

void make_accept4(struct executor *e, const struct request *r, struct outcome *o)
{
    struct name name;
    int fd;

    do {
        name_offer(r, &name);
        fd = e->stack->accept4(r->fd, name_at(r, &name), length_at(r, &name),
                               r->flags | SOCK_NONBLOCK);
    } while (wait_again(e, r->fd, fd, POLLIN));
    accepted(e, r, o, fd, &name);
}

void make_shutdown(struct executor *e, const struct request *r, struct outcome *o)
{
    outcome_returned(o, e->stack->shutdown(r->fd, r->command));
}

/* --- names --- */

void make_getsockname(struct executor *e, const struct request *r, struct outcome *o)
{
    struct name name;

    name_offer(r, &name);
    outcome_named(o, e->stack->getsockname(r->fd, name_at(r, &name), length_at(r, &name)), &name);
}

void make_getpeername(struct executor *e, const struct request *r, struct outcome *o)
{
    struct name name;

    name_offer(r, &name);
    outcome_named(o, e->stack->getpeername(r->fd, name_at(r, &name), length_at(r, &name)), &name);
}

/* --- options --- */

void make_setsockopt(struct executor *e, const struct request *r, struct outcome *o)
{
    e->lingers |= r->level == SOL_SOCKET && r->option == SO_LINGER;
    e->times_out |=
        r->level == SOL_SOCKET && (r->option == SO_RCVTIMEO || r->option == SO_SNDTIMEO);
    outcome_returned(o, e->stack->setsockopt(r->fd, r->level, r->option,
                                             given(r, BAD_DATA, r->optval.data), r->optval.size));
}

void make_getsockopt(struct executor *e, const struct request *r, struct outcome *o)
{
    socklen_t length = r->room;

    outcome_returned(o,
                     e->stack->getsockopt(r->fd, r->level, r->option, given(r, BAD_DATA, e->buffer),
                                          given(r, BAD_LENGTH, &length)));
    if (o->result < 0)
        return;
    o->data = e->buffer;
    o->data_size = length < r->room ? length : r->room;
}

void calls_make(struct executor *e, const struct request *r, struct outcome *o)
{
    o->kind = OUTCOME_UNSUPPORTED;
    o->result = -1;
    o->error = 0;
    o->took_us = 0;
    o->data_size = 0;
    o->has_value = false;
    o->address_length = 0;
    o->message_flags = 0;
    o->control_size = 0;
    e->waits_left = EXECUTOR_WAITS_MAX;
    if (r->bad != BAD_NONE && !e->stack->checks_memory)
        return;
    errno = 0; /* what a failing call does not set must not be an earlier call's */
    switch ((enum op)r->op) {
#define CALL(code, name, wants, n_default, ...)                                                    \
    case OP_##name:                                                                                \
        if (e->stack->name != NULL)                                                                \
            make_##name(e, r, o);                                                                  \
        break;
#include "lists/calls.def"
#undef CALL
    case OPS:
        break;
    }
    if (o->kind == OUTCOME_RETURNED && o->result < 0 && o->error == ENOSYS)
        o->kind = OUTCOME_UNSUPPORTED; /* of commands and options the table cannot say it */
}
