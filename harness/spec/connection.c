/* connection: see connection.h. */
#include "spec/connection.h"

#include <errno.h>

#include "spec/late.h"
#include "spec/name.h"
#include "spec/option.h"
#include "spec/queue.h"

const struct sock *connection_peer(const struct world *w, const struct sock *s)
{
    return s->peer == NO_SOCK ? NULL : &w->socks[s->peer];
}

void connection_end_if_both(struct step *t, const struct sock *s)
{
    if (s->state == SOCK_CONNECTED &&
        applies(t, CLAUSE_CLOSE_SIMULTANEOUS, s->in.ended && s->fin_sent))
        fly(t, s, FLYING_CLOSED);
}

void connection_over(struct step *t, const struct sock *s, enum sock_state state)
{
    sock_become(t->world, s, state);
    name_release(t, s);
}

bool connection_is_deferred(const struct sock *child)
{
    return (child->held & HELD_DATA) && child->listener != NO_SOCK && child->in.written == 0 &&
           !child->in.ended && !(child->flying & FLYING_FIN);
}

bool connection_may_be_sent_again(const struct world *w, const struct sock *child)
{
    const struct sock *peer = connection_peer(w, child);
    uint8_t why = w->slow ? HELD_ACK : HELD_AGAIN;

    return ((child->held & why) && (child->flying & FLYING_QUEUED)) ||
           (peer != NULL && (peer->held & why) && (peer->flying & FLYING_QUEUED));
}

bool connection_is_in_limbo(const struct world *w, const struct sock *s)
{
    const struct sock *peer = connection_peer(w, s);

    return (s->held & HELD_LIMBO) || (peer != NULL && (peer->held & HELD_LIMBO));
}

/* Linux holds one more than it was asked for, which listen(2) does not say; POSIX has it a hint. */
bool connection_queue_is_full(struct step *t, const struct sock *listener)
{
    bool negative = listener->backlog < 0 && !t->world->profile->negative_backlog_is_largest;
    unsigned backlog =
        applies(t, CLAUSE_LISTEN_BACKLOG_NEGATIVE, negative) ? 0 : (unsigned)listener->backlog;

    return applies(t, CLAUSE_LISTEN_BACKLOG, true) && listener->queued > backlog;
}

void connection_inherit(struct step *t, const struct sock *child)
{
    struct world *w = t->world;
    struct sock *edit = sock_edit(w, child);
    const struct sock *listener = &w->socks[child->listener];

    edit->host_given = listener->host_given;
    edit->v6only = listener->v6only;
    edit->reuse_address = listener->reuse_address;
    edit->reuse_port = listener->reuse_port;
    edit->reuse_odd = listener->reuse_odd;
    edit->linger = listener->linger;
    edit->linger_s = listener->linger_s;
    edit->oob_inline = listener->oob_inline;
    edit->shut_read = listener->shut_read;
    if (applies(t, CLAUSE_ACCEPT_OPTIONS, true))
        options_inherit(w, world_index(w, child), child->listener);
    edit->corked = option_is_on(w, world_index(w, child), OPT_TCP_CORK);
}

void connection_shown(struct step *t, const struct sock *child)
{
    if (child->listener != NO_SOCK && t->world->socks[child->listener].shut_write)
        connection_end(t, child);
}

void connection_comes_out(struct step *t, const struct sock *child)
{
    if (child->listener == NO_SOCK)
        return;
    options_forget(t->world, world_index(t->world, child));
    connection_inherit(t, child);
    connection_shown(t, child);
}

bool connection_is_held_back(const struct world *w, const struct sock *s)
{
    enum { ACKNOWLEDGED_LATE = 16384 }; /* the rest may come when part of it has been read */
    const struct sock *peer = connection_peer(w, s);

    return w->profile->cork_outlasts_ceiling && s->type == SOCK_STREAM && peer != NULL &&
           (s->in.written > ACKNOWLEDGED_LATE || buffer_is_small(w, s) || peer->in.written > 0) &&
           option_is_on(w, world_index(w, peer), OPT_TCP_CORK);
}

/* A reset that comes in place of the last step of a handshake undoes it: RFC 9293, 3.10.7.4. */
static bool may_be_undone(const struct sock *s)
{
    return (s->held & HELD_ACK) && (s->flying & FLYING_QUEUED) && (s->flying & FLYING_RESET);
}

bool connection_need_not_end(const struct world *w, const struct sock *s)
{
    return s->stalled || may_be_undone(s) || connection_is_deferred(s) ||
           connection_may_be_sent_again(w, s) || connection_is_in_limbo(w, s);
}

/*
 * Without TIME-WAIT a system knows nothing of what was closed, and answers with a reset.
 * TCP_LINGER2 says for how long it knows.
 */
static bool is_forgotten(struct step *t, const struct sock *peer)
{
    bool keeps = t->world->keeps_time_wait &&
                 !option_is_set(t->world, world_index(t->world, peer), OPT_TCP_LINGER2);

    bool closed = peer->descriptors == 0 && peer->listener == NO_SOCK && peer->fin_sent;

    return closed && !applies(t, CLAUSE_CLOSE_TIME_WAIT, keeps);
}

void connection_end(struct step *t, const struct sock *s)
{
    const struct sock *peer = connection_peer(t->world, s);

    if (s->fin_sent)
        return;
    if (t->decider->kind == DECIDER_ORDINARY)
        sock_edit(t->world, s)->closed_first = !s->in.ended;
    sock_edit(t->world, s)->shut_write = true;
    sock_edit(t->world, s)->fin_sent = true;
    connection_end_if_both(t, s);
    if (peer == NULL)
        return;
    if (connection_is_deferred(peer))
        connection_comes_out(t, peer);
    if (!peer->was_reset && applies(t, CLAUSE_SHUTDOWN_WR_END, true))
        fly(t, peer, FLYING_FIN);
    if (peer->held && peer->state == SOCK_ENDED && !peer->was_reset)
        fly(t, s, FLYING_RESET); /* its listener was gone before it was shown */
    if (is_forgotten(t, peer) && decide_case(t, CLAUSE_DELIVERY_RESET, 2) == 1)
        fly(t, s, FLYING_RESET);
}

void connection_flush(struct step *t, const struct sock *s)
{
    const struct sock *peer = connection_peer(t->world, s);

    if (t->decider->kind == DECIDER_ORDINARY && peer != NULL && !peer->in.cut)
        sock_edit(t->world, peer)->in.arrived = peer->in.written;
}

void connection_reset(struct step *t, const struct sock *s)
{
    const struct sock *peer = connection_peer(t->world, s);

    connection_over(t, s, SOCK_ENDED);
    if (peer == NULL || peer == s || peer->state == SOCK_ENDED)
        return;
    /* What the reset overtakes in the sender's own queue is lost (RFC 9293, 3.10.5). */
    sock_edit(t->world, peer)->in.cut = true;
    fly(t, peer, FLYING_RESET);
}

/* Whether a handshake that is not over outlives its listener, and may yet end (Linux). */
static bool enters_limbo(const struct step *t, const struct sock *child)
{
    bool open = (child->flying & FLYING_QUEUED) || connection_is_deferred(child);

    return (child->held || t->world->slow) && open && child->state == SOCK_CONNECTED &&
           t->world->profile->handshakes_outlive_listening;
}

/* Whether a connection that found the queue full was taken up all the same, unnoticed as yet. */
static bool was_let_in(struct step *t, const struct sock *s)
{
    if (!t->world->slow || decide_case(t, CLAUSE_LISTEN_BACKLOG, 2) == 0)
        return false;
    sock_edit(t->world, s)->stalled = false;
    return true;
}

static void leave_queue(struct step *t, const struct sock *child)
{
    const struct sock *peer = connection_peer(t->world, child);
    bool deferred = connection_is_deferred(child);

    connection_unqueue(t->world, child);
    if (peer != NULL && peer->stalled && peer->state == SOCK_CONNECTING && !was_let_in(t, peer)) {
        sock_edit(t->world, peer)->flying = FLYING_REFUSED;
    } else if (child->state == SOCK_CONNECTED && deferred &&
               decide_case(t, CLAUSE_ACCEPT_DEFERRED, 2) == 0) { /* nobody is told until it sends */
        sock_become(t->world, child, SOCK_ENDED);
        if (peer != NULL)
            sock_edit(t->world, peer)->flying &= (uint8_t)~FLYING_RESET;
    } else if (child->state == SOCK_CONNECTED) {
        connection_reset(t, child);
    }
}

void connection_unlisten(struct step *t, const struct sock *s, bool closes)
{
    uint16_t next;

    for (uint16_t i = s->queue; i != NO_SOCK; i = next) {
        const struct sock *child = &t->world->socks[i];
        const struct sock *peer = connection_peer(t->world, child);

        next = child->next;
        if (late_syn_turns(t, peer))
            continue;
        if (closes || !enters_limbo(t, child)) {
            leave_queue(t, child);
            continue;
        }
        sock_edit(t->world, child)->held |= HELD_LIMBO;
        if (peer != NULL)
            sock_edit(t->world, peer)->flying |= FLYING_RESET;
    }
}

void connection_unqueue(struct world *w, const struct sock *child)
{
    struct sock *listener = sock_edit(w, &w->socks[child->listener]);
    uint16_t index = world_index(w, child);

    listener->queued--;
    if (listener->queue == index) {
        listener->queue = child->next;
    } else {
        const struct sock *before = &w->socks[listener->queue];

        while (before->next != index)
            before = &w->socks[before->next];
        sock_edit(w, before)->next = child->next;
    }
    sock_edit(w, child)->listener = NO_SOCK;
    sock_edit(w, child)->next = NO_SOCK;
}

void connection_forget_peer(struct step *t, const struct sock *s)
{
    struct world *w = t->world;
    uint16_t index = world_index(w, s);

    if (s->peer != NO_SOCK && s->peer != index && w->socks[s->peer].peer == index) {
        struct sock *peer = sock_edit(w, &w->socks[s->peer]);

        peer->remote = s->local;
        peer->peer = NO_SOCK;
    }
    sock_edit(w, s)->peer = NO_SOCK;
}

void connection_abandon(struct step *t, const struct sock *s)
{
    const struct sock *child = &t->world->socks[s->peer == NO_SOCK ? 0 : s->peer];

    if (s->peer != NO_SOCK && child != s && child->listener != NO_SOCK) {
        connection_unqueue(t->world, child);
        sock_become(t->world, child, SOCK_ENDED);
    }
    connection_forget_peer(t, s);
    sock_become(t->world, s, SOCK_FAILED);
    sock_edit(t->world, s)->flying = 0;
    sock_edit(t->world, s)->stalled = false;
}

/*
 * Data that nobody will read is answered with a reset (RFC 1122, 4.2.2.13, a SHOULD): at once when
 * it has arrived, and after the FIN when it is still on its way.
 */
enum loss { LOSS_NOW, LOSS_LATER, LOSS_NONE };

static enum loss decide_loss(struct step *t, const struct sock *s)
{
    uint64_t least = s->in.arrived - s->in.read;
    uint64_t most = s->in.written - s->in.read;
    bool resets = t->world->profile->unread_data_resets;

    if (most == 0)
        return LOSS_NONE;
    if (least > 0 && resets)
        return LOSS_NOW;
    return (enum loss)decide_case(t, CLAUSE_CLOSE_UNREAD, resets ? 2 : 3);
}

void connection_close(struct step *t, const struct sock *s)
{
    const struct sock *peer = connection_peer(t->world, s);
    bool abort = applies(t, CLAUSE_CLOSE_LINGER_ZERO, s->linger && s->linger_s == 0);
    enum loss loss = abort ? LOSS_NOW : decide_loss(t, s);

    if (loss == LOSS_NOW) {
        connection_reset(t, s);
        return;
    }
    connection_end(t, s);
    if (peer == NULL)
        return;
    if (option_int(t->world, s, OPT_TCP_LINGER2) < 0 &&
        decide_case(t, CLAUSE_OPTION_TCP_LINGER2, 2) == 1)
        fly(t, peer, FLYING_RESET);
    if (loss == LOSS_LATER)
        fly(t, peer, FLYING_RESET);
}

void connection_shut_both(struct step *t, const struct sock *s)
{
    const struct sock *peer = connection_peer(t->world, s);

    if (peer == NULL || s->in.written == s->in.arrived || s->in.ended ||
        !t->world->profile->shut_both_resets || decide_case(t, CLAUSE_CLOSE_UNREAD, 2) == 0)
        return;
    if (peer == s) /* the FIN stands behind what is lost */
        sock_edit(t->world, s)->flying &= (uint8_t)~FLYING_FIN;
    fly(t, s, FLYING_RESET);
    fly(t, peer, FLYING_RESET);
    sock_edit(t->world, s)->in.cut = true;
}
