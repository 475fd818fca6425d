/* arrive: what is on its way to a socket, and comes: see connection.h. */
#include "spec/connection.h"

#include <errno.h>

#include "spec/late.h"
#include "spec/option.h"
#include "spec/queue.h"

/* Something has come to a socket, which is an edge for epoll. */
static void turn(struct step *t, const struct sock *s)
{
    sock_edit(t->world, s)->turns++;
}

static void arrive_established(struct step *t, const struct sock *s)
{
    bool met = t->world->slow && connection_is_simultaneous(t->world, s);

    turn(t, s);
    if (s->state == SOCK_CONNECTING)
        sock_become(t->world, s, SOCK_CONNECTED);
    sock_edit(t->world, s)->stalled = false;
    if (met && s->shut_write)
        connection_end(t, s); /* it was shut down before */
}

static void arrive_refused(struct step *t, const struct sock *s)
{
    turn(t, s);
    if (!s->nonblocking || applies(t, CLAUSE_CONNECT_REFUSED_PENDING, true))
        sock_edit(t->world, s)->error = ECONNREFUSED;
    connection_over(t, s, SOCK_FAILED);
}

static void arrive_aborted(struct step *t, const struct sock *s)
{
    turn(t, s);
    connection_over(t, s, SOCK_FAILED);
}

/* A listener has a connection more to accept. */
static void turn_listener(struct step *t, const struct sock *waiting)
{
    if (waiting->listener != NO_SOCK)
        turn(t, &t->world->socks[waiting->listener]);
}

/* The last step of the handshake: whoever began it knows already that the connection stands. */
static void arrive_queued(struct step *t, const struct sock *s)
{
    const struct sock *peer = connection_peer(t->world, s);

    turn_listener(t, s);
    if (peer != NULL && (peer->flying & FLYING_ESTABLISHED)) {
        sock_edit(t->world, peer)->flying &= (uint8_t)~FLYING_ESTABLISHED;
        arrive_established(t, peer);
    }
}

static void arrive_fin(struct step *t, const struct sock *s)
{
    struct sock *edit = sock_edit(t->world, s);

    turn(t, s);
    edit->in.arrived = edit->in.written; /* a FIN comes after all data: RFC 9293, 3.6 */
    edit->in.ended = true;
    connection_end_if_both(t, s);
    if (s->state == SOCK_CONNECTED && !s->fin_sent && !applies(t, CLAUSE_HALF_CLOSED, true))
        connection_over(t, s, SOCK_ENDED);
}

static int reset_error(const struct world *w, const struct sock *s)
{
    bool stood = s->state != SOCK_CONNECTING || (s->flying & FLYING_ESTABLISHED);

    if (!stood && !w->profile->reset_attempt_is_no_refusal)
        return ECONNREFUSED;
    return s->in.ended && !s->fin_sent && w->profile->reset_after_end_is_epipe ? EPIPE : ECONNRESET;
}

/* RFC 9293, 3.10.7.4: the connection is aborted and its user signalled. */
static void arrive_reset(struct step *t, const struct sock *s)
{
    struct sock *edit = sock_edit(t->world, s);

    if (s->state != SOCK_CONNECTED && s->state != SOCK_CONNECTING)
        return;
    /* What it comes in place of counts as well: whether it had come before need not split worlds.
     */
    edit->turns += 1 + ((s->flying & FLYING_FIN) != 0) + ((s->flying & FLYING_ESTABLISHED) != 0);
    if (s->flying & FLYING_QUEUED)
        turn_listener(t, s);
    if (applies(t, CLAUSE_RESET_PENDING, true))
        edit->error = reset_error(t->world, s);
    edit->was_reset = true;
    edit->in.cut = true;
    if (edit->in.written == edit->in.read) { /* whether a FIN came first makes no difference more */
        edit->in.arrived = edit->in.written;
        edit->in.ended = edit->in.ended || (s->flying & FLYING_FIN);
    }
    edit->flying = 0;
    connection_over(t, s, SOCK_ENDED);
}

static void arrive_unreachable(struct step *t, const struct sock *s)
{
    turn(t, s);
    sock_edit(t->world, s)->error = ECONNREFUSED;
    if (t->world->slow)
        late_told(t, s);
    if (!s->refused_again)
        return;
    sock_edit(t->world, s)->refused_again = false;
    if (decide_case(t, CLAUSE_DATAGRAM_UNREACHABLE, 2) == 1)
        fly(t, s, FLYING_UNREACHABLE);
}

static void arrive_closed(struct step *t, const struct sock *s)
{
    if (s->state == SOCK_CONNECTED)
        connection_over(t, s, SOCK_ENDED);
}

/* In the order in which they can reach one socket. */
static const struct {
    enum flying event;
    enum clause clause;
    void (*arrive)(struct step *, const struct sock *);
} events[] = {
    {FLYING_ESTABLISHED, CLAUSE_DELIVERY_HANDSHAKE, arrive_established},
    {FLYING_REFUSED, CLAUSE_DELIVERY_HANDSHAKE, arrive_refused},
    {FLYING_ABORTED, CLAUSE_DELIVERY_HANDSHAKE, arrive_aborted},
    {FLYING_QUEUED, CLAUSE_DELIVERY_HANDSHAKE, arrive_queued},
    {FLYING_FIN, CLAUSE_DELIVERY_FIN, arrive_fin},
    {FLYING_RESET, CLAUSE_DELIVERY_RESET, arrive_reset},
    {FLYING_CLOSED, CLAUSE_DELIVERY_FIN, arrive_closed},
    {FLYING_UNREACHABLE, CLAUSE_DATAGRAM_UNREACHABLE, arrive_unreachable},
};
enum { EVENTS = sizeof events / sizeof events[0] };

void fly(struct step *t, const struct sock *s, enum flying event)
{
    if (t->decider->kind != DECIDER_ORDINARY) {
        sock_edit(t->world, s)->flying |= (uint8_t)event;
        return;
    }
    for (unsigned i = 0; i < EVENTS; i++)
        if (events[i].event == event)
            events[i].arrive(t, s);
}

/* A connection that found the queue full may be taken up later, when there is room, or never. */
static bool has_arrived(struct step *t, const struct sock *s, enum clause clause)
{
    bool may_be_lost = t->world->slow && clause == CLAUSE_DATAGRAM_UNREACHABLE;
    bool later = decide_case(t, s->stalled ? CLAUSE_LISTEN_BACKLOG : clause, 2) == 1;

    /* The witness asks first for what leaves more open; see oracle.c. */
    return t->decider->kind == DECIDER_WITNESS || s->stalled || may_be_lost ? later : !later;
}

static void arrive(struct step *t, const struct sock *s, unsigned i)
{
    sock_edit(t->world, s)->flying &= (uint8_t)~events[i].event;
    events[i].arrive(t, s);
}

void arrivals(struct step *t, const struct sock *s)
{
    for (unsigned i = 0; s->flying != 0 && i < EVENTS; i++) {
        if (!(s->flying & events[i].event))
            continue;
        if (has_arrived(t, s, events[i].clause))
            arrive(t, s, i);
        else if (!(s->flying & FLYING_RESET))
            return; /* nothing overtakes on one path, but a reset may come in place of a FIN */
    }
}

bool window_may_close(const struct world *w, const struct sock *s)
{
    enum { WINDOW_SURE = 1000 }; /* bytes, below the smallest buffer there is */

    return s->in.written > WINDOW_SURE && buffer_is_small(w, s);
}

/* It takes ACKs all the same, and so goes on sending: RFC 9293, 3.10.7.4. Linux may not. */
static bool takes_no_acks(const struct world *w, const struct sock *s)
{
    return w->profile->closed_window_hides_acks && window_may_close(w, s);
}

/* A window that was closed is found open by a probe, each of which may be later than the last. */
static bool awaits_probe(struct step *t, const struct sock *s)
{
    const struct sock *peer = connection_peer(t->world, s);

    if (s->type != SOCK_STREAM || t->decider->kind == DECIDER_ORDINARY)
        return false;
    return (peer != NULL && takes_no_acks(t->world, peer)) ||
           applies(t, CLAUSE_DELIVERY_PROBED, window_may_close(t->world, s));
}

/* Events that time alone brings about. */
static uint8_t due(struct step *t, const struct sock *s, bool probed)
{
    uint8_t lost = t->world->slow ? FLYING_UNREACHABLE : 0; /* maybe */
    uint8_t behind = probed ? FLYING_FIN | FLYING_CLOSED : 0;

    return s->flying & (uint8_t) ~(lost | behind);
}

static void all_arrive(struct step *t, const struct sock *s)
{
    bool probed = s->in.arrived < s->in.written && awaits_probe(t, s);
    uint64_t sent;

    for (unsigned i = 0; s->flying != 0 && i < EVENTS; i++)
        if (due(t, s, probed) & events[i].event)
            arrive(t, s, i);
    sent = s->type == SOCK_DGRAM ? queue_certain(t->world, s) : s->in.written - s->in.unsent;
    if (s->in.arrived < sent && !s->in.cut && !probed && !connection_is_held_back(t->world, s))
        sock_edit(t->world, s)->in.arrived = sent;
}

void settled(struct step *t, const struct sock *s)
{
    if (connection_need_not_end(t->world, s))
        return;
    for (uint16_t i = s->queue; i != NO_SOCK; i = t->world->socks[i].next)
        settled(t, &t->world->socks[i]);
    all_arrive(t, s);
}

void connection_settle(struct step *t, const struct sock *s)
{
    for (uint16_t i = s->queue; i != NO_SOCK; i = t->world->socks[i].next)
        connection_settle(t, &t->world->socks[i]);
    all_arrive(t, s);
}
