/*
 * late: datagrams and SYNs over a slow network. A datagram's receiver is who has its address when
 * it arrives, not when it is sent; if nobody has, whoever then has the sender's address is told. A
 * SYN, too, comes to who listens when it arrives. Source: RFC 768; RFC 1122, 4.1.3; RFC 9293,
 * 3.10.7. Where the world is slow (world.h), sockets may be bound,
 * connected and closed meanwhile, so a datagram stands in the queue of everybody who has had its
 * address since, as one that may not come, until one of them receives it. Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_LATE_H
#define SOCKDRILL_SPEC_LATE_H

#include "spec/ports.h"
#include "spec/step.h"

/*
 * late_send sends a datagram on its way; what it carries, and from and to where, stands in its
 * piece. found are those who have its address now. astray: it may come to nobody.
 */
void late_send(struct step *t, uint16_t datagram, const struct receivers *found, bool astray);

/* late_follow looks who may receive, by now, what is on its way: after each call. */
void late_follow(struct step *t);

/* late_follow_syns: likewise, to whom SYNs may come. */
void late_follow_syns(struct step *t);

/* late_taken: a socket receives a datagram, so that nobody else does. */
void late_taken(struct step *t, uint16_t datagram);

/* late_passed: a socket receives what was sent after a datagram, so that has arrived or is lost. */
void late_passed(struct step *t, uint16_t datagram);

/* late_told: a socket has learnt that one of its datagrams was refused. */
void late_told(struct step *t, const struct sock *s);

/* late_told_of: a socket has learnt that this one was refused, from its queue of errors. */
void late_told_of(struct step *t, uint16_t error);

/* late_gives_room tells whether a socket may get room for what it has sent and has left by now. */
bool late_gives_room(const struct world *w, const struct sock *s);

/*
 * late_syn_turns decides whether a SYN has not arrived yet where it was expected, if that may be,
 * and then has it come to whoever listens after this call.
 */
bool late_syn_turns(struct step *t, const struct sock *connecting);

/*
 * late_leave: a socket gives up to connect, as far as anybody knows. Its SYN may still be under
 * way; an attempt the other way that meets it is then reset by a host that knows no such attempt.
 */
void late_leave(struct step *t, const struct sock *s);

/*
 * late_syn_is_left tells whether a SYN of an attempt that was given up may still come, from one end
 * to the other, or have come, and a half-open connection be left there.
 */
bool late_syn_is_left(const struct world *w, const struct endpoint *from,
                      const struct endpoint *to);

/*
 * late_attempt: a socket begins to connect. A place is kept for the other end, whether there will
 * be one or not, so that what comes later has the same number in every possible world. A SYN that
 * was left by an attempt between the same two ends makes the new one begin again, after a time that
 * nobody knows (RFC 9293, 3.5: recovery from old duplicate SYN); one from the other end is met as
 * by a simultaneous attempt, and answered by a host that knows no such attempt any more: with a
 * reset.
 */
void late_attempt(struct step *t, const struct sock *s);

/* late_refuses decides whether an attempt is refused because of a SYN that another one left. */
bool late_refuses(struct step *t, const struct sock *s);

/*
 * late_backlog: a listener's queue has got another length. A SYN that has not arrived may find it
 * full then.
 */
void late_backlog(struct step *t, const struct sock *listener);

/* late_slot returns that place, made anew. */
uint16_t late_slot(struct world *w, const struct sock *s, int family);

/* late_settle: whatever a socket may be told of refusals has been told. */
void late_settle(struct step *t, const struct sock *s);

#endif
