/* poll: readiness, for poll and ppoll. Source: POSIX.1-2017 poll(); poll(2). */
#include <errno.h>

#include "spec/epoll.h"
#include "spec/ready.h"

/* The events of one member: those that must be there, and of those that may be the ones seen. */
static short member(struct step *t, const struct pollfd *want, short seen, bool waited)
{
    const struct descriptor *d = world_fd(t->world, want->fd);
    struct ready ready;
    int unasked = applies(t, CLAUSE_POLL_ALWAYS, true) ? POLLERR | POLLHUP : 0;
    short asked = (short)(want->events | unasked);

    if (applies(t, CLAUSE_POLL_NEGATIVE, want->fd < 0))
        return 0;
    if (applies(t, CLAUSE_POLL_NVAL, d == NULL))
        return POLLNVAL;
    if (d->epoll != 0) {
        epoll_ready(t, (uint16_t)(d->epoll - 1), waited, &ready);
        return (short)((ready.must | ((unsigned)seen & ready.may)) & (unsigned)asked);
    }
    if (d->other)
        return seen;
    ready_of(t, world_sock(t->world, want->fd), waited, &ready);
    return (short)ready_decide(t, world_sock(t->world, want->fd), &ready, seen, asked);
}

/* Looks at all members, and returns how many have events. */
static int poll_members(struct step *t, bool waited)
{
    const struct request *q = t->request;
    const struct outcome *seen = t->decider->seen;
    bool witness = t->decider->kind == DECIDER_WITNESS;
    int count = 0;

    for (uint32_t i = 0; i < q->fd_count; i++) {
        t->prediction.ready[i] =
            member(t, &q->fds[i], (short)(witness ? seen->fds[i].revents : 0), waited);
        count += t->prediction.ready[i] != 0;
    }
    return count;
}

static void step_polling(struct step *t, bool endless)
{
    const struct request *q = t->request;
    int count;

    shall_fail(t, q->bad == BAD_DATA && q->fd_count > 0, EFAULT, CLAUSE_FAULT);
    if (step_failed(t))
        return;
    count = poll_members(t, ready_waited(t));
    if (count == 0 && ready_waits(t))
        count = poll_members(t, true);
    if (count == 0)
        ready_nothing(t, endless, CLAUSE_POLL_TIMEOUT);
    else
        returns(t, count, CLAUSE_POLL_COUNT);
}

void step_poll(struct step *t)
{
    step_polling(t, t->request->timeout_ms < 0);
}

/* A null pointer waits for ever, which is -1 here; a time below 0 is none. */
void step_ppoll(struct step *t)
{
    const struct request *q = t->request;

    shall_fail(t, q->timeout_ms < -1, EINVAL, CLAUSE_PPOLL_TIMEOUT_INVALID);
    shall_fail(t, q->bad == BAD_TIMEOUT, EFAULT, CLAUSE_FAULT);
    step_polling(t, q->timeout_ms == -1);
}
