/*
 * audit: what is still under way at a drill's end is asked for. A stack may be late; what has not
 * come when the stack has had time to settle never will. Calls are made through the executor and
 * judged as the drill's are.
 */
#include "engines/barrier.h"
#include "engines/conform.h"
#include "spec/connection.h"
#include "spec/epoll.h"
#include "spec/option.h"

enum { ROUNDS_MAX = 16, AUDIT_ROOM = 1 << 16 };

/* Datagrams that must arrive: each may be lost that is beyond the receive buffer. */
static bool awaits_datagram(const struct world *w, const struct sock *s)
{
    for (uint16_t i = s->in.first; i != NO_PIECE; i = w->pieces[i].next)
        if (!w->pieces[i].droppable)
            return s->in.written > s->in.arrived;
    return false;
}

/* Whether the side that began the handshake is held up by a full backlog. */
static bool is_stalled(const struct world *w, const struct sock *accepted)
{
    return accepted->peer != NO_SOCK && w->socks[accepted->peer].stalled;
}

static bool awaits_connection(const struct world *w, const struct sock *listener)
{
    for (uint16_t i = listener->queue; i != NO_SOCK; i = w->socks[i].next)
        if ((w->socks[i].flying & FLYING_QUEUED) && !is_stalled(w, &w->socks[i]) &&
            !connection_may_be_sent_again(w, &w->socks[i]) &&
            !((w->socks[i].held & HELD_DATA) && w->socks[i].in.written == 0))
            return true;
    return false;
}

/*
 * What certainly comes to a socket. An ICMP error may be lost, and a handshake that is held up by a
 * full backlog need not end.
 */
static bool awaits_event(const struct world *w, const struct sock *s)
{
    const struct sock *peer = s->peer == NO_SOCK ? s : &w->socks[s->peer];
    unsigned uncertain = FLYING_UNREACHABLE;

    if ((peer->held & HELD_LIMBO) || connection_may_be_sent_again(w, s))
        return false;

    if (s->stalled)
        uncertain |= FLYING_ESTABLISHED | FLYING_REFUSED;
    return (s->flying & ~uncertain) != 0;
}

/* Whether an urgent byte is next, which only MSG_OOB reads and poll does not call readable. */
static bool is_held_up(const struct sock *s)
{
    return s->in.mark == s->in.read + 1 && !s->oob_inline;
}

bool conform_awaits(const struct world *w, const struct sock *s)
{
    if (awaits_event(w, s))
        return true;
    if (s->state == SOCK_LISTENING)
        return awaits_connection(w, s);
    if (s->shut_read || s->in.cut || is_held_up(s))
        return false;
    return s->type == SOCK_DGRAM
               ? awaits_datagram(w, s)
               : s->in.written - s->in.unsent > s->in.arrived && !connection_is_held_back(w, s);
}

/* The bit of a flag in the binary form. */
static uint8_t bit_of(enum flag_set set, int value)
{
    const struct value_table *table = flags(set);

    for (unsigned i = 0; i < table->count; i++)
        if (table->entries[i].value == value)
            return (uint8_t)(1u << i);
    return 0;
}

/* Makes a call that has time enough for the stack to settle; returns its result. */
static int64_t make(struct conform *c, const struct call *call)
{
    c->executor.wait_ms = c->settle_ms;
    c->executor.wait_left_ms = c->settle_ms;
    c->wait_left_ms = c->settle_ms;
    c->result = -1;
    barrier_clear();
    executor_call(&c->executor, call);
    return c->result;
}

static int64_t poll_slot(struct conform *c, const struct sock *s, unsigned slot)
{
    bool handshake = (s->flying & (FLYING_ESTABLISHED | FLYING_REFUSED)) != 0;
    struct call call = {.op = OP_poll, .entry_count = 1, .number = (uint32_t)c->settle_ms};

    call.entries[0].fd = (uint8_t)slot;
    call.entries[0].events = bit_of(FLAGS_POLL, handshake ? POLLOUT : POLLIN);
    return make(c, &call);
}

static int64_t recv_slot(struct conform *c, unsigned slot)
{
    const struct call call = {.op = OP_recv,
                              .fd = (uint8_t)slot,
                              .number = AUDIT_ROOM,
                              .flags = bit_of(FLAGS_RECV, MSG_DONTWAIT)};

    return make(c, &call);
}

/* Polls and reads until nothing is under way, or nothing comes any more. */
static void audit_slot(struct conform *c, unsigned slot)
{
    const struct sockdrill_stack *stack = c->executor.stack;

    for (unsigned round = 0; round < ROUNDS_MAX && c->worst == JUDGEMENT_CONFORMS; round++) {
        const struct world *w = oracle_world(&c->oracle);
        const struct sock *s = world_sock(w, c->executor.slots[slot]);
        bool listens = s != NULL && s->state == SOCK_LISTENING;

        if (s == NULL || !conform_awaits(w, s) || poll_slot(c, s, slot) <= 0)
            return;
        if (listens || stack->recv == NULL || c->worst != JUDGEMENT_CONFORMS ||
            recv_slot(c, slot) <= 0)
            return;
    }
}

/* --- epoll --- */

/* Whether a socket is readable with what is on its way, and nothing else keeps it from being so. */
static bool will_be_readable(const struct world *w, const struct sock *s)
{
    return conform_awaits(w, s) && epoll_sure_to_come(w, s) && !s->stalled && s->in.mark == 0 &&
           !option_is_set(w, world_index(w, s), OPT_SO_RCVLOWAT);
}

/* Whether an instance will certainly report what is on its way: of edges only what came later. */
static bool awaits_report(const struct world *w, const struct interest *i)
{
    const struct sock *s = &w->socks[i->sock];
    unsigned ends = s->flying & (FLYING_FIN | FLYING_RESET);
    bool later = s->in.written > i->most ||
                 s->turns + (unsigned)__builtin_popcount(ends) > (unsigned)i->turns_most;

    return !i->disabled && (i->events & EPOLLIN) && !(i->events & EPOLLEXCLUSIVE) &&
           s->quiets == i->quiets && will_be_readable(w, s) &&
           (later || i->fresh || !(i->events & EPOLLET));
}

static bool awaits_any(const struct world *w, uint16_t epoll)
{
    for (uint32_t k = 0; k < w->interest_count; k++)
        if (w->interests[k].epoll == epoll + 1 && w->interests[k].sock != NO_SOCK &&
            awaits_report(w, &w->interests[k]))
            return true;
    return false;
}

/*
 * Waits until everything that is under way has been reported. Not for long: what is always ready
 * may be all that comes.
 */
static void audit_epoll(struct conform *c, unsigned slot)
{
    enum { WAITS_MAX = 2 };
    const struct call call = {
        .op = OP_epoll_wait, .fd = (uint8_t)slot, .number = (uint32_t)c->settle_ms};

    for (unsigned n = 0; n < WAITS_MAX && c->worst == JUDGEMENT_CONFORMS; n++) {
        const struct world *w = oracle_world(&c->oracle);
        uint16_t epoll = world_epoll(w, c->executor.slots[slot]);

        if (epoll == NO_EPOLL || !awaits_any(w, epoll) || make(c, &call) <= 0)
            return;
    }
}

/* A call that is still blocked though what it waits for has come. */
static void audit_actors(struct conform *c)
{
    for (unsigned i = 1; i <= ACTORS; i++) {
        const struct actor *a = &c->executor.actors[i];
        struct call call = a->call;

        if (a->pending && !a->told && oracle_must_end(&c->oracle, i))
            make(c, &call);
    }
}

void conform_audit(struct conform *c)
{
    if (c->executor.stack->poll == NULL)
        return;
    c->audits = true;
    audit_actors(c); /* they may take what others would see */
    for (unsigned slot = 0; slot < SLOTS_MAX && c->executor.stack->epoll_wait != NULL; slot++)
        audit_epoll(c, slot);
    for (unsigned slot = 0; slot < SLOTS_MAX; slot++)
        audit_slot(c, slot);
}
