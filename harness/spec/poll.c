/* poll: readiness. Source: POSIX.1-2017 poll(); poll(2). */
#include <errno.h>

#include "spec/ready.h"

/* The events of one member: those that must be there, and of those that may be the ones seen. */
static short member(struct step *t, const struct pollfd *want, short seen, bool waited)
{
    const struct descriptor *d = world_fd(t->world, want->fd);
    struct ready ready;
    short asked = (short)(want->events | POLLERR | POLLHUP);

    if (want->fd < 0)
        return 0;
    if (applies(t, CLAUSE_POLL_NVAL, d == NULL))
        return POLLNVAL;
    if (d->other)
        return seen;
    ready_of(t, world_sock(t->world, want->fd), waited, &ready);
    return (short)ready_decide(t, world_sock(t->world, want->fd), &ready, seen, asked);
}

void step_poll(struct step *t)
{
    const struct request *q = t->request;
    const struct outcome *seen = t->decider->seen;
    bool witness = t->decider->kind == DECIDER_WITNESS;
    bool waited =
        witness && seen->result <= 0 && (q->timeout_ms < 0 || q->timeout_ms >= t->world->settle_ms);
    int count = 0;

    shall_fail(t, q->bad == BAD_DATA && q->fd_count > 0, EFAULT, CLAUSE_FAULT);
    if (step_failed(t))
        return;
    for (uint32_t i = 0; i < q->fd_count; i++) {
        t->prediction.ready[i] =
            member(t, &q->fds[i], (short)(witness ? seen->fds[i].revents : 0), waited);
        count += t->prediction.ready[i] != 0;
    }
    if (count == 0 && applies(t, CLAUSE_POLL_TIMEOUT, q->timeout_ms < 0)) {
        waits(t, CLAUSE_POLL_TIMEOUT);
        return;
    }
    returns(t, count, count == 0 ? CLAUSE_POLL_TIMEOUT : CLAUSE_POLL_COUNT);
}
