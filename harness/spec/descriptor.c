/* descriptor: dup, fcntl and ioctl. Source: POSIX.1-2024 dup(), fcntl(); ioctl(2), tcp(7), udp(7).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>

#include "spec/queue.h"

/* A descriptor that is open, be it a socket or not. */
static const struct descriptor *check_open(struct step *t, int fd)
{
    const struct descriptor *d = world_fd(t->world, fd);

    shall_fail(t, d == NULL, EBADF, CLAUSE_FD_OPEN);
    return d;
}

void step_dup(struct step *t)
{
    const struct descriptor *d = check_open(t, t->request->fd);

    if (step_failed(t))
        return;
    if (d->other)
        returns_anything(t, CLAUSE_DUP_SHARES);
    else
        opens(t, (uint16_t)(d->sock - 1), false);
}

/* The access mode of a socket, and what else the system shows, is its own affair. */
static void get_flags(struct step *t, const struct sock *s)
{
    int64_t seen = t->decider->kind == DECIDER_WITNESS ? t->decider->seen->result : O_RDWR;
    int64_t wanted = s->nonblocking ? O_NONBLOCK : 0;
    int64_t flags = decide_value(t, CLAUSE_FCNTL_STATUS, seen, 0, INT32_MAX, O_RDWR);

    returns(t, (flags & ~(int64_t)O_NONBLOCK) | wanted, CLAUSE_FCNTL_STATUS);
}

void step_fcntl(struct step *t)
{
    const struct request *q = t->request;
    const struct descriptor *d = check_open(t, q->fd);
    const struct sock *s = world_sock(t->world, q->fd);

    if (step_failed(t))
        return;
    if (d->other) {
        returns_anything(t, CLAUSE_FD_OTHER);
        return;
    }
    if (q->command == F_GETFL) {
        get_flags(t, s);
        return;
    }
    sock_edit(t->world, s)->nonblocking = (q->value & O_NONBLOCK) != 0;
    returns(t, 0, CLAUSE_FCNTL_STATUS);
}

/* How much a read would find: at least what has arrived, at most what is on its way. */
static void readable(struct step *t, const struct sock *s)
{
    int64_t seen = t->decider->kind == DECIDER_WITNESS ? t->decider->seen->value : 0;
    int64_t least = (int64_t)(s->in.arrived - s->in.read);
    int64_t most = (int64_t)(s->in.written - s->in.read);

    if (s->type == SOCK_DGRAM) {
        const struct piece *first = queue_at(t->world, s, 0);

        most = first == NULL ? 0 : first->bytes.length;
        least = least > 0 && !first->droppable ? most : 0;
        for (unsigned i = 1; first != NULL && first->droppable; i++) {
            first = queue_at(t->world, s, i); /* those before it may have been dropped */
            if (first != NULL && first->bytes.length == seen)
                most = seen;
        }
    }
    if (s->type == SOCK_STREAM && s->in.mark > s->in.read && !s->oob_inline)
        least = 0; /* whether bytes behind the mark count is not said */
    shall_fail(t, s->state == SOCK_LISTENING, EINVAL, CLAUSE_IOCTL_LISTENING);
    if (step_failed(t))
        return;
    t->prediction.has_value = true;
    t->prediction.value = (int)decide_value(t, CLAUSE_IOCTL_READABLE, seen, least, most, most);
    if (s->type == SOCK_STREAM && t->prediction.value > least)
        sock_edit(t->world, s)->in.arrived = s->in.read + (uint64_t)t->prediction.value;
    returns(t, 0, CLAUSE_IOCTL_READABLE);
}

/* FIONBIO does what F_SETFL does with O_NONBLOCK, where there is one: it stands in no text. */
static void set_nonblocking(struct step *t, const struct sock *s)
{
    bool may = !t->world->profile->has_fionbio;

    may_fail(t, may, ENOTTY, CLAUSE_ERROR_OTHER);
    may_fail(t, may, EINVAL, CLAUSE_ERROR_OTHER);
    if (step_failed(t))
        return;
    sock_edit(t->world, s)->nonblocking = t->request->value != 0;
    returns(t, 0, CLAUSE_FCNTL_STATUS);
}

void step_ioctl(struct step *t)
{
    const struct request *q = t->request;
    const struct descriptor *d = check_open(t, q->fd);
    const struct sock *s = world_sock(t->world, q->fd);

    if (step_failed(t))
        return;
    if (d->other) {
        returns_anything(t, CLAUSE_FD_OTHER);
    } else if (q->command == (int)FIONBIO) {
        set_nonblocking(t, s);
    } else {
        readable(t, s);
    }
}
