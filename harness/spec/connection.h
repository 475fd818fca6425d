/*
 * connection: what happens to TCP connections between calls: what a socket sends its peer, and what
 * arrives. Source: RFC 9293, 3.3.2 and 3.10. Private to harness/spec, but for the audit and the
 * oracle.
 */
#ifndef SOCKDRILL_SPEC_CONNECTION_H
#define SOCKDRILL_SPEC_CONNECTION_H

#include "spec/step.h"

/* fly sends an event on its way to a socket; with the ordinary decider it arrives at once. */
void fly(struct step *t, const struct sock *s, enum flying event);

/*
 * arrivals settles what is on its way to a socket: each event has arrived or not. Every call whose
 * outcome depends on the connection begins with it. An orphan, which no call can see, has none.
 */
void arrivals(struct step *t, const struct sock *s);

/* window_may_close tells whether a stream's reader may have less room than was sent to it. */
bool window_may_close(const struct world *w, const struct sock *s);

/* settled makes everything that is on its way to a socket arrive: time enough has passed. */
void settled(struct step *t, const struct sock *s);

/* connection_settle makes even that arrive which need not. */
void connection_settle(struct step *t, const struct sock *s);

/* connection_need_not_end tells whether no time is known by which a handshake is over. */
bool connection_need_not_end(const struct world *w, const struct sock *s);

/* connection_end_if_both: when both directions have ended, what is left is the last ACK. */
void connection_end_if_both(struct step *t, const struct sock *s);

/* connection_over: a connection, or an attempt at one, is no more. */
void connection_over(struct step *t, const struct sock *s, enum sock_state state);

/* connection_peer returns the other end, or NULL. */
const struct sock *connection_peer(const struct world *w, const struct sock *s);

/* sock_is_connected tells whether a socket has a peer. */
static inline bool sock_is_connected(const struct sock *s)
{
    return s->type == SOCK_DGRAM ? s->has_remote : s->state == SOCK_CONNECTED;
}

/*
 * connection_is_simultaneous tells whether a socket that connects has met another one's SYN, or its
 * own, in place of a listener: RFC 9293, 3.5.
 */
static inline bool connection_is_simultaneous(const struct world *w, const struct sock *s)
{
    const struct sock *peer = connection_peer(w, s);

    return s->state == SOCK_CONNECTING && peer != NULL && peer->state == SOCK_CONNECTING;
}

/* connection_end sends a FIN, once: nothing more will be written. */
void connection_end(struct step *t, const struct sock *s);

/* connection_flush sends what was held back; only ordinarily, for nobody sees when it arrives. */
void connection_flush(struct step *t, const struct sock *s);

/* connection_reset sends the peer a reset and ends this side without an error. */
void connection_reset(struct step *t, const struct sock *s);

/* connection_forget_peer: the other end of what is forgotten still shows whose it was. */
void connection_forget_peer(struct step *t, const struct sock *s);

/* connection_abandon gives up a handshake: whoever was to accept it never sees it. */
void connection_abandon(struct step *t, const struct sock *s);

/* connect_meets has a SYN come to whoever listens at an address, or to nobody. */
void connect_meets(struct step *t, const struct sock *s, const struct endpoint *to);

/* connection_close closes a connection that no descriptor is left for. */
void connection_close(struct step *t, const struct sock *s);

/*
 * connection_shut_both: both directions have been shut down, so that data which is still on its way
 * will be answered with a reset.
 */
void connection_shut_both(struct step *t, const struct sock *s);

/*
 * connection_is_held_back tells whether the sender's TCP_CORK may hold back what has not arrived,
 * and for longer than tcp(7) says.
 */
bool connection_is_held_back(const struct world *w, const struct sock *s);

/*
 * connection_may_be_sent_again tells whether what ends a handshake may have been lost at a full
 * queue, so that no time is known by which either side has what is under way.
 */
bool connection_may_be_sent_again(const struct world *w, const struct sock *child);

/*
 * connection_is_in_limbo tells whether nothing is known of a connection, because its listener has
 * stopped before the handshake was over.
 */
bool connection_is_in_limbo(const struct world *w, const struct sock *s);

/* connection_inherit makes a connection like its listener is now: tcp(7). */
void connection_inherit(struct step *t, const struct sock *child);

/*
 * connection_shown: a connection has become one that can be accepted. Of a listener that was shut
 * before, by a shutdown that failed, it inherits that (Linux).
 */
void connection_shown(struct step *t, const struct sock *child);

/* connection_comes_out: likewise, and it was held back; it is made only now. */
void connection_comes_out(struct step *t, const struct sock *child);

/* connection_queue_is_full tells whether more wait to be accepted than the backlog says. */
bool connection_queue_is_full(struct step *t, const struct sock *listener);

/* connection_is_deferred tells whether a waiting connection need not be shown before data comes. */
bool connection_is_deferred(const struct sock *child);

/* connection_unqueue takes a connection out of the queue in which it waits to be accepted. */
void connection_unqueue(struct world *w, const struct sock *child);

/*
 * connection_unlisten resets the connections that wait in a listener's queue. Unless it closes, the
 * socket may listen again.
 */
void connection_unlisten(struct step *t, const struct sock *s, bool closes);

#endif
