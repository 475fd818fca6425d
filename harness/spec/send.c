/*
 * send: what every call that sends does, and streams; send_datagram.c goes on. Source: POSIX.1-2017
 * send(), sendto(), sendmsg(), write(); send(2); RFC 9293, 3.10.2; RFC 768.
 */
#include <errno.h>

#include "spec/ancillary.h"
#include "spec/block.h"
#include "spec/connection.h"
#include "spec/messages.h"
#include "spec/queue.h"
#include "spec/urgent.h"

/* --- streams --- */

/* A socket that is not connected, or writes no more. */
static void check_unwritable(struct step *t, const struct sock *s)
{
    const struct profile *p = t->world->profile;
    bool never = s->state == SOCK_IDLE || s->state == SOCK_LISTENING;
    bool over = s->state == SOCK_FAILED || s->state == SOCK_ENDED ||
                (s->shut_write && s->state != SOCK_CONNECTING);

    if (p->unconnected_send_is_epipe)
        shall_fail(t, never, EPIPE, CLAUSE_SEND_NOT_CONNECTED_PIPE);
    else
        shall_fail(t, never, ENOTCONN, CLAUSE_SEND_NOT_CONNECTED);
    shall_fail(t, over, EPIPE, CLAUSE_SEND_PIPE);
    may_fail(t, over && !p->unconnected_send_is_epipe, ENOTCONN, CLAUSE_SEND_NOT_CONNECTED);
    shall_fail(t, s->state == SOCK_CONNECTING && !p->connecting_transfers_wait, ENOTCONN,
               CLAUSE_SEND_NOT_CONNECTED);
}

void send_check_stream(struct step *t, const struct sock *s)
{
    if (s->state != SOCK_CONNECTED || s->shut_write)
        check_unwritable(t, s);
    if (t->request->address.data == NULL)
        return;
    shall_fail(t, t->request->address.size > sizeof(struct sockaddr_storage), EINVAL,
               CLAUSE_DATAGRAM_LENGTH);
    may_fail(t,
             !t->world->profile->stream_ignores_destination ||
                 !applies(t, CLAUSE_SEND_ADDRESS_IGNORED, true),
             EISCONN, CLAUSE_SEND_ADDRESS_REFUSED);
}

/*
 * Data for a socket that reads no more: a connection that is shut down both ways answers with a
 * reset, as one that is closed does (RFC 1122, 4.2.2.13).
 */
bool send_is_lost(const struct step *t, const struct sock *peer)
{
    if (peer == NULL || peer->state != SOCK_CONNECTED) /* it is forgotten: its reset is under way */
        return true;
    if (peer->descriptors == 0 && peer->listener == NO_SOCK)
        return true;
    return peer->shut_read && peer->fin_sent && t->world->profile->shut_both_resets;
}

/* Less than a segment, of which the sender has said that more is coming: send(2), tcp(7). */
static bool is_held_back(const struct step *t, const struct sock *s, const struct sock *peer)
{
    enum { SEGMENT = 32768 };

    return (s->corked || (t->request->flags & MSG_MORE)) &&
           peer->in.written - peer->in.arrived < SEGMENT;
}

/*
 * An urgent byte behind more than the peer has room for: of the mark Linux tells long before, and
 * no text says what that does to reads.
 */
enum { URGENT_NEAR = 20000 };

/* What a window without a scale can be: RFC 9293, 3.1. More may wait for room. */
enum { WINDOW_MAX = 65535 };

/* Data that nobody will read comes to a socket. */
static void go_unread(struct step *t, const struct sock *s)
{
    if (s->state == SOCK_CONNECTED && (s->descriptors > 0 || s->listener != NO_SOCK))
        fly(t, s, FLYING_RESET);
    if (t->request->flags & MSG_OOB)
        urgent_is_lost(t, s);
}

static inline __attribute__((always_inline)) void
deliver(struct step *t, const struct sock *s, const struct sock *peer, bool lost, uint32_t length)
{
    struct payload bytes = t->request->sent;

    if (length == 0)
        return;
    if (peer != NULL && connection_is_deferred(peer)) {
        connection_comes_out(t, peer);
        lost = send_is_lost(t, peer);
    }
    if (lost && peer != NULL &&
        (peer->in.unsent > 0 || peer->in.written - peer->in.read > WINDOW_MAX) &&
        decide_case(t, CLAUSE_PEER_CLOSED_SEND, 2) == 1)
        return; /* it stays behind what waits for room */
    if (applies(t, CLAUSE_PEER_CLOSED_SEND, lost)) {
        if (peer != NULL)
            go_unread(t, peer);
        fly(t, s, FLYING_RESET);
        return;
    }
    bytes.length = length;
    if (!queue_append(t, peer, bytes))
        return;
    sock_edit(t->world, peer)->in.written += length;
    block_may_end(t, s, peer);
    if (t->request->flags & MSG_OOB) {
        leads_beyond(t, peer->in.written - peer->in.read > URGENT_NEAR);
        urgent_mark(t, peer);
    }
    if (t->decider->kind == DECIDER_ORDINARY && !is_held_back(t, s, peer))
        sock_edit(t->world, peer)->in.arrived = peer->in.written;
}

void send_deliver(struct step *t, const struct sock *s, uint32_t length)
{
    const struct sock *peer = connection_peer(t->world, s);

    deliver(t, s, peer, send_is_lost(t, peer), length);
}

/*
 * What must be taken at once: nothing is under way, so there is room. Over a slow network what
 * nobody will read is under way as well, and a socket that meets itself may not have done so yet.
 */
static int64_t certain_room(const struct step *t, const struct sock *s, const struct sock *peer)
{
    if (peer == NULL || peer->in.written > 0)
        return 0;
    return !(t->world->slow && (peer == s || send_is_lost(t, peer)));
}

/* Whether a call that must fail waits for its connection first: no text orders that. */
static bool waits_before_it_fails(struct step *t, const struct sock *s)
{
    return s->state == SOCK_CONNECTING && s->error == 0 && t->verdict.barred &&
           t->world->profile->connecting_transfers_wait &&
           decide_case(t, CLAUSE_ERROR_ORDER, 2) == 1;
}

/*
 * Whether a send waits though all that the peer was sent has been read or lost: over a slow network
 * that is not known yet, nor that a socket has met itself.
 */
static bool waits_for_acknowledgement(struct step *t, bool itself, bool lost)
{
    return t->world->slow && (itself || (lost && block_is_seen(t))) &&
           decide_case(t, CLAUSE_SEND_BLOCKS, 2) == 1;
}

static void send_stream(struct step *t, const struct sock *s)
{
    const struct request *q = t->request;
    bool nonblocking = must_not_wait(t, s);
    enum clause full = nonblocking ? CLAUSE_SEND_WOULD_BLOCK : CLAUSE_SEND_BLOCKS;
    const struct sock *peer;
    enum clause pending;
    int64_t sent = q->sent.length;
    bool lost;
    bool cut;

    arrivals(t, s);
    pending = s->error == ECONNRESET ? CLAUSE_SEND_RESET : CLAUSE_ERROR_PENDING;
    check_pending(t, s, pending);
    send_check_stream(t, s);
    ancillary_of_stream(t);
    if (waits_before_it_fails(t, s)) {
        blocks(t, nonblocking, -1, full);
        return;
    }
    if (step_failed(t)) {
        clear_pending(t, s, pending);
        return;
    }
    if (s->state == SOCK_CONNECTING) {
        blocks(t, nonblocking, -1, full);
        return;
    }
    peer = connection_peer(t->world, s);
    lost = send_is_lost(t, peer);
    if (waits_for_acknowledgement(t, peer == s, lost)) {
        if (block_is_seen(t)) /* a part is under way */
            send_deliver(t, s, q->sent.length);
        blocks(t, nonblocking, -1, full);
        return;
    }
    if (block_is_seen(t) && sent > 1 && !nonblocking && !lost) {
        send_waiting(t, s);
        return;
    }
    if (sent > 0)
        sent = decide_amount(t, CLAUSE_SEND_PARTIAL, certain_room(t, s, peer), sent);
    deliver(t, s, peer, lost, (uint32_t)sent);
    cut = sent > 0 && lost && !nonblocking;
    if (sent == q->sent.length || cut) /* an error after a part is kept for the next call */
        returns(t, sent, CLAUSE_SEND_COUNT);
    else
        blocks(t, nonblocking, sent > 0 ? sent : -1, full);
}

/* --- calls --- */

/* Whether a stream may have to wait before it is looked whether what it is to send can be sent. */
static bool waits_before_data(const struct step *t, const struct sock *s)
{
    bool no_data = t->request->bad == BAD_DATA;

    if (s->type != SOCK_STREAM)
        return false;
    if (s->state == SOCK_CONNECTING)
        return no_data || t->request->control.size > 0;
    return no_data && s->state == SOCK_CONNECTED &&
           certain_room(t, s, connection_peer(t->world, s)) == 0;
}

/* What is wrong with pointers; tells whether a stream may have to wait before that is looked at. */
static bool check_pointers(struct step *t, const struct sock *s)
{
    const struct request *q = t->request;
    bool waits_before = waits_before_data(t, s);
    /* Whether a name that is ignored is looked at is not said. */
    bool no_name = s->type == SOCK_STREAM && q->op == OP_sendto && q->bad == BAD_ADDRESS &&
                   q->address.size > 0;

    shall_fail(t, q->bad == BAD_DATA && q->sent.length > 0, EFAULT, CLAUSE_FAULT);
    may_fail(t, waits_before && must_not_wait(t, s), EAGAIN, CLAUSE_ERROR_ORDER);
    shall_fail(t, no_name, EFAULT, CLAUSE_FAULT);
    may_fail(t, no_name, EINVAL, CLAUSE_FAULT);
    return waits_before;
}

void step_sending(struct step *t)
{
    const struct request *q = t->request;
    const struct sock *s = check_sock(t, q->fd);
    bool waits_before = false;

    if (s != NULL && message_is_wrong(t))
        return;
    if (s != NULL && (q->bad != BAD_NONE || q->control.size > 0))
        waits_before = check_pointers(t, s);
    if (uses_other(t))
        returns_anything(t, CLAUSE_FD_OTHER);
    else if (s == NULL)
        step_failed(t);
    else if (moves_nothing(t))
        return;
    else if (waits_before && !must_not_wait(t, s) && decide_case(t, CLAUSE_ERROR_ORDER, 2) == 1)
        waits(t, CLAUSE_SEND_BLOCKS);
    else if (s->type == SOCK_STREAM)
        send_stream(t, s);
    else
        send_datagram(t, s);
    if (q->op == OP_write || q->op == OP_writev)
        rests_on(t, CLAUSE_WRITE_IS_SEND, true);
}

void step_send(struct step *t)
{
    step_sending(t);
}

void step_sendto(struct step *t)
{
    step_sending(t);
}

void step_write(struct step *t)
{
    step_sending(t);
}

void step_writev(struct step *t)
{
    step_sending(t);
}
