/* ready: see ready.h. */
#include "spec/ready.h"

#include "spec/block.h"
#include "spec/connection.h"
#include "spec/errors.h"
#include "spec/option.h"
#include "spec/queue.h"
#include "spec/urgent.h"

static void add(struct step *t, unsigned *set, bool condition, unsigned events, enum clause clause)
{
    if (applies(t, clause, condition))
        *set |= events;
}

static void ready_listener(struct step *t, const struct sock *s, struct ready *r)
{
    const struct world *w = t->world;

    for (uint16_t child = s->queue; child != NO_SOCK; child = w->socks[child].next) {
        const struct sock *peer = connection_peer(w, &w->socks[child]);

        add(t, &r->may, true, POLLIN, CLAUSE_POLL_LISTENING);
        if (!(w->socks[child].flying & FLYING_QUEUED) && !(peer != NULL && peer->stalled) &&
            !connection_is_deferred(&w->socks[child]) && !(w->socks[child].held & HELD_LIMBO))
            add(t, &r->must, true, POLLIN, CLAUSE_POLL_LISTENING);
    }
}

/* Whether the sender can be sure that there is room: nothing of what it sent is still under way. */
static bool has_room(const struct world *w, const struct sock *s)
{
    const struct sock *peer = connection_peer(w, s);

    if (w->slow && peer == s) /* it may not have met itself yet */
        return false;
    return peer == NULL || (peer->in.written == 0 && !(s->flying & FLYING_RESET));
}

/* Whether the ordinary machine has as much as SO_RCVLOWAT says: there it is told exactly then. */
static bool reaches_mark(const struct step *t, const struct sock *s, uint64_t least)
{
    int mark = option_int(t->world, s, OPT_SO_RCVLOWAT);

    return t->decider->kind == DECIDER_ORDINARY && mark >= 0 && least >= (uint64_t)mark;
}

static void ready_connected(struct step *t, const struct sock *s, struct ready *r)
{
    uint64_t least = s->in.arrived - s->in.read;
    uint64_t most = s->in.written - s->in.read;
    bool low = applies(t, CLAUSE_OPTION_RCVLOWAT_POLL,
                       option_is_set(t->world, world_index(t->world, s), OPT_SO_RCVLOWAT)) &&
               !reaches_mark(t, s, least);
    enum clause writable = s->reported ? CLAUSE_POLL_OUT : CLAUSE_POLL_CONNECTING;
    bool apart = urgent_is_next(s) && !s->oob_inline;
    bool held = block_reads(t->world, s); /* an actor may have taken it, and waits for more */

    add(t, &r->may, most > 0, POLLIN, CLAUSE_POLL_IN);
    add(t, &r->must, least > 0 && !low && !apart && !held, POLLIN, CLAUSE_POLL_IN);
    add(t, &r->must, s->in.ended || s->shut_read, POLLIN, CLAUSE_POLL_IN);
    add(t, &r->must, s->in.ended || s->shut_read, POLLRDHUP, CLAUSE_POLL_RDHUP);
    add(t, &r->may, !s->shut_write, POLLOUT, writable);
    add(t, &r->must, !s->shut_write && has_room(t->world, s), POLLOUT, writable);
    add(t, &r->must, s->shut_write && t->world->profile->shut_is_writable, POLLOUT,
        CLAUSE_POLL_OUT);
    add(t, &r->may, s->shut_write, POLLOUT, CLAUSE_POLL_OUT);
}

static void ready_urgent(struct step *t, const struct sock *s, struct ready *r)
{
    bool arrived = s->in.arrived >= s->in.mark && s->state == SOCK_CONNECTED;

    add(t, &r->may, urgent_is_flagged(s) || s->in.mark_lost, POLLPRI, CLAUSE_POLL_PRI);
    add(t, &r->must, urgent_is_flagged(s) && arrived, POLLPRI, CLAUSE_POLL_PRI);
}

static void ready_stream(struct step *t, const struct sock *s, struct ready *r)
{
    const struct profile *p = t->world->profile;
    bool both = s->state != SOCK_LISTENING && s->shut_write && (s->in.ended || s->shut_read);
    bool over = s->state == SOCK_ENDED || s->state == SOCK_FAILED;

    if (s->state == SOCK_LISTENING)
        ready_listener(t, s, r);
    if (s->state == SOCK_CONNECTED)
        ready_connected(t, s, r);
    if (s->state == SOCK_CONNECTED || s->state == SOCK_ENDED)
        ready_urgent(t, s, r);
    add(t, &r->must, (both || over) && p->hangs_up, POLLHUP, CLAUSE_POLL_HUP);
    add(t, &r->must, over, POLLIN | (p->hangs_up ? POLLRDHUP | POLLOUT : 0), CLAUSE_POLL_IN);
    add(t, &r->may, s->state == SOCK_CONNECTED && s->in.ended && !p->hangs_up, POLLHUP,
        CLAUSE_POLL_HUP);
    add(t, &r->may, both || over, POLLIN | POLLOUT | POLLHUP | POLLRDHUP, CLAUSE_POLL_HUP);
    add(t, &r->must, s->state == SOCK_IDLE && p->hangs_up, POLLHUP | POLLOUT, CLAUSE_POLL_HUP);
    add(t, &r->may, s->state == SOCK_IDLE && !p->hangs_up,
        POLLIN | POLLOUT | POLLHUP | POLLERR | POLLRDHUP, CLAUSE_POLL_HUP);
    if ((s->state == SOCK_IDLE || s->state == SOCK_CONNECTING) && p->hangs_up)
        add(t, &r->must, s->shut_read, POLLIN | POLLRDHUP, CLAUSE_POLL_IN);
}

static void ready_datagram(struct step *t, const struct sock *s, bool waited, struct ready *r)
{
    const struct profile *p = t->world->profile;
    bool begun =
        s->gathered != NO_PIECE && option_is_set(t->world, world_index(t->world, s), OPT_SO_SNDBUF);

    add(t, &r->may, s->in.first != NO_PIECE, POLLIN, CLAUSE_POLL_IN);
    add(t, &r->must, s->in.arrived > s->in.read, POLLIN, CLAUSE_POLL_IN);
    add(t, &r->may, true, POLLOUT, CLAUSE_POLL_OUT);
    add(t, &r->must, !begun && (waited || !queue_may_fill(t->world, s)), POLLOUT, CLAUSE_POLL_OUT);
    add(t, p->hangs_up ? &r->must : &r->may, s->shut_read, POLLIN | POLLRDHUP, CLAUSE_POLL_IN);
    add(t, p->hangs_up ? &r->must : &r->may, s->shut_read && s->shut_write, POLLHUP,
        CLAUSE_POLL_HUP);
}

void ready_of(struct step *t, const struct sock *s, bool waited, struct ready *r)
{
    *r = (struct ready){0};
    if (waited && !block_reads(t->world, s)) /* otherwise the actor may take what comes */
        settled(t, s);
    arrivals(t, s);
    if (s->type == SOCK_STREAM)
        ready_stream(t, s, r);
    else
        ready_datagram(t, s, waited, r);
    add(t, &r->must, s->error != 0 && s->state != SOCK_LISTENING, POLLERR, CLAUSE_POLL_ERR);
    add(t, errors_are_certain(t->world, s) ? &r->must : &r->may, s->errors != NO_PIECE, POLLERR,
        CLAUSE_POLL_ERR);
    if (t->decider->kind == DECIDER_ORDINARY) /* what has not arrived is not there to be read */
        r->may &= ~(unsigned)POLLIN;
    r->may |= r->must;
}

void ready_shows_data(struct step *t, const struct sock *s)
{
    if (s->state == SOCK_LISTENING || s->in.arrived > s->in.read)
        return;
    if (s->in.written > s->in.read)
        sock_edit(t->world, s)->in.arrived = s->in.read + 1;
}

unsigned ready_decide(struct step *t, const struct sock *s, const struct ready *r, unsigned seen,
                      unsigned asked)
{
    unsigned possible = r->may & ~r->must;

    if (!applies(t, CLAUSE_POLL_ASKED, true))
        asked = ~0U;

    if (t->decider->kind != DECIDER_WITNESS)
        return (r->must | r->may) & asked;
    if (seen & POLLIN & possible)
        ready_shows_data(t, s);
    if (applies(t, CLAUSE_POLL_HUP_NOT_OUT,
                (seen & POLLHUP) && !t->world->profile->hangup_is_writable))
        return (r->must | (seen & possible)) & asked & ~(unsigned)POLLOUT;
    return (r->must | (seen & possible)) & asked;
}

bool ready_waited(const struct step *t)
{
    const struct request *q = t->request;
    const struct decider *d = t->decider;

    if (q->actor != 0) /* what it waits for may come at any time */
        return q->waited_ms >= t->world->settle_ms;
    return d->kind == DECIDER_WITNESS && d->seen->result <= 0 && d->seen->error == 0 &&
           (q->timeout_ms < 0 || q->timeout_ms >= t->world->settle_ms);
}

bool ready_waits(const struct step *t)
{
    const struct request *q = t->request;

    return t->decider->kind == DECIDER_ORDINARY && q->actor == 0 &&
           (q->timeout_ms < 0 || q->timeout_ms >= t->world->settle_ms);
}

void ready_nothing(struct step *t, bool endless, enum clause clause)
{
    bool blocked = t->decider->kind == DECIDER_ORDINARY ? t->request->actor != 0 : block_is_seen(t);
    bool waiting = blocked && (endless || t->request->timeout_ms > 0);

    if (applies(t, clause, endless || waiting)) {
        waits(t, clause);
        return;
    }
    returns(t, 0, clause);
    if (t->request->timeout_ms > 0)
        t->prediction.least_us = (int64_t)t->request->timeout_ms * 1000;
}
