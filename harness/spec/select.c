/*
 * select: readiness in three sets, for select and pselect. Source: POSIX.1-2017 pselect(), which
 * select() refers to; select(2).
 */
#include <errno.h>

#include "spec/block.h"
#include "spec/epoll.h"
#include "spec/ready.h"
#include "spec/urgent.h"

enum { SETS = 3 };

/*
 * The sets: the event that stands for each in a request, and what puts a socket there. A call does
 * not block on what has failed or ended either: select(2), Correspondence between select() and
 * poll() notifications.
 */
static const struct {
    unsigned set;
    unsigned events;
    enum clause clause;
} sets[SETS] = {
    {POLLIN, POLLIN | POLLHUP | POLLERR, CLAUSE_SELECT_READ},
    {POLLOUT, POLLOUT | POLLERR, CLAUSE_SELECT_WRITE},
    {POLLPRI, POLLPRI, CLAUSE_SELECT_EXCEPT_URGENT},
};

/* Whether a call on a stream fails or ends at once: then it does not block. */
static bool fails_at_once(const struct step *t, const struct sock *s, unsigned set)
{
    if (s->type != SOCK_STREAM)
        return false;
    if (s->state == SOCK_LISTENING)
        return set == POLLOUT && !t->world->profile->listener_is_not_writable;
    return s->state == SOCK_IDLE || s->state == SOCK_ENDED || s->state == SOCK_FAILED ||
           (set == POLLOUT && s->shut_write && s->state != SOCK_CONNECTING);
}

/* What holds of a socket beside what poll says of it. */
static void ready_for_sets(struct step *t, const struct sock *s, bool waited, struct ready *r)
{
    bool others = !t->world->profile->exceptions_are_urgent;
    bool marked = s->in.mark != 0 && s->in.read < s->in.mark;

    ready_of(t, s, waited, r);
    if (applies(t, CLAUSE_SELECT_READ, fails_at_once(t, s, POLLIN)))
        r->must |= POLLIN;
    if (applies(t, CLAUSE_SELECT_WRITE, fails_at_once(t, s, POLLOUT)))
        r->must |= POLLOUT;
    if (applies(t, CLAUSE_SELECT_EXCEPT_ERROR, s->error != 0 && others))
        r->must |= POLLPRI;
    if (applies(t, CLAUSE_SELECT_EXCEPT_URGENT, others && marked))
        r->may |= POLLPRI;
    if (others && marked && s->in.arrived >= s->in.mark)
        r->must |= POLLPRI;
    r->may |= r->must;
}

/* The sets that a socket is in afterwards: those where it must be, and of the others as seen. */
static short decide(struct step *t, const struct sock *s, const struct ready *r, int asked,
                    int seen)
{
    bool witness = t->decider->kind == DECIDER_WITNESS;
    int in = 0;

    for (unsigned i = 0; i < SETS; i++) {
        bool must = (r->must & sets[i].events) != 0;
        bool may = (r->may & sets[i].events) != 0;
        bool shown = witness ? (seen & (int)sets[i].set) != 0 : may;

        if (!(asked & (int)sets[i].set) || !applies(t, sets[i].clause, must || (may && shown)))
            continue;
        in |= (int)sets[i].set;
        if (witness && !must && (r->may & sets[i].events) == POLLIN)
            ready_shows_data(t, s);
    }
    return (short)in;
}

/* Whether no member before this one has the same descriptor in that set: a set has it once. */
static bool is_first(const struct request *q, uint32_t member, unsigned set)
{
    for (uint32_t i = 0; i < member; i++)
        if (q->fds[i].fd == q->fds[member].fd && (q->fds[i].events & (short)set))
            return false;
    return true;
}

static int select_member(struct step *t, uint32_t i, bool waited)
{
    const struct pollfd *want = &t->request->fds[i];
    const struct sock *s = world_sock(t->world, want->fd);
    bool witness = t->decider->kind == DECIDER_WITNESS;
    short seen = (short)(witness ? t->decider->seen->fds[i].revents : 0);
    struct ready ready;
    int count = 0;

    uint16_t epoll = world_epoll(t->world, want->fd);

    if (epoll != NO_EPOLL) {
        epoll_ready(t, epoll, waited, &ready);
        t->prediction.ready[i] =
            (short)((ready.must | ((unsigned)seen & ready.may)) & (unsigned)want->events);
    } else if (s == NULL) {
        t->prediction.ready[i] = seen;
    } else {
        ready_for_sets(t, s, waited, &ready);
        t->prediction.ready[i] = decide(t, s, &ready, want->events, seen);
    }
    for (unsigned k = 0; k < SETS; k++)
        count +=
            (t->prediction.ready[i] & (short)sets[k].set) && is_first(t->request, i, sets[k].set);
    return count;
}

static int select_members(struct step *t, bool waited)
{
    int count = 0;

    for (uint32_t i = 0; i < t->request->fd_count; i++)
        count += select_member(t, i, waited);
    return count;
}

static void step_selecting(struct step *t)
{
    const struct request *q = t->request;
    int count;

    shall_fail(t, q->bad == BAD_DATA && q->fd_count > 0, EFAULT, CLAUSE_FAULT);
    shall_fail(t, q->bad == BAD_TIMEOUT, EFAULT, CLAUSE_FAULT);
    shall_fail(t, q->timeout_ms < -1, EINVAL, CLAUSE_SELECT_TIMEOUT_INVALID);
    for (uint32_t i = 0; i < q->fd_count && q->bad != BAD_DATA; i++) {
        bool closed = q->fds[i].events != 0 && world_fd(t->world, q->fds[i].fd) == NULL;
        bool taken = block_numbers_taken(t) > 0; /* for Linux such a number is open here */

        shall_fail(t, closed && !taken, EBADF, CLAUSE_SELECT_OPEN);
        may_fail(t, closed && taken, EBADF, CLAUSE_SELECT_OPEN);
    }
    if (step_failed(t))
        return;
    count = select_members(t, ready_waited(t));
    if (count == 0 && ready_waits(t))
        count = select_members(t, true);
    if (count == 0)
        ready_nothing(t, q->timeout_ms == -1, CLAUSE_SELECT_TIMEOUT);
    else
        returns(t, count, CLAUSE_SELECT_COUNT);
}

void step_select(struct step *t)
{
    step_selecting(t);
}

void step_pselect(struct step *t)
{
    step_selecting(t);
}
