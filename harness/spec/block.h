/*
 * block: calls of actors that block, until what they wait for comes, a signal or their time ends
 * them. A call is looked at anew when it is resumed, as if it were made then. Source: POSIX.1-2017
 * XSH 2.10.7 and the calls' own pages; signal(7). Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_BLOCK_H
#define SOCKDRILL_SPEC_BLOCK_H

#include "spec/step.h"

/* A limit of a call's time that is there but not known: more than any call waits. */
#define LIMIT_UNKNOWN UINT32_MAX

/* How a call that is resumed is looked at. */
enum resumption {
    RESUMES_NOT, /* it is no call that was blocked */
    RESUMES_WAITING,
    RESUMES_TIMED_OUT,
    RESUMES_INTERRUPTED,
};

/* block_knows tells whether the specification follows the call of an actor if it blocks. */
bool block_knows(const struct request *request);

/* block_began remembers a call that an actor has made, if it blocks. */
void block_began(struct step *t);

/* block_act carries out what an actor does beside a call. */
void block_act(struct step *t);

/* block_is_seen tells whether the witness saw an actor's call block. */
static inline bool block_is_seen(const struct step *t)
{
    return t->request->actor != 0 && t->decider->kind == DECIDER_WITNESS &&
           t->decider->seen->kind == OUTCOME_UNFINISHED;
}

/* block_limit_us returns how long a call may wait on a socket; 0 for ever, or not known. */
int64_t block_limit_us(const struct world *w, const struct sock *s, enum op op);

/* block_times_out tells whether a call that waits is seen to have ended by its socket's time. */
bool block_times_out(struct step *t, const struct sock *s);

/*
 * block_numbers_taken tells how many numbers are not open and yet taken: Linux takes the new
 * descriptor's number before accept waits.
 */
unsigned block_numbers_taken(const struct step *t);

/* block_closes says that a descriptor is closed on which actors may be blocked. */
void block_closes(struct world *w, int fd);

/* block_reads tells whether an actor is blocked that takes what comes to a socket. */
bool block_reads(const struct world *w, const struct sock *s);

/*
 * block_may_be_over tells whether a blocked call keeps a socket whose descriptor has been closed,
 * and what it waits for may have come.
 */
bool block_may_be_over(const struct world *w, const struct sock *s);

/*
 * block_may_end decides whether the peer of a socket that is kept like that has been closed by now,
 * unseen, so that its end or a reset is under way.
 */
void block_may_end(struct step *t, const struct sock *s, const struct sock *kept);

/* connect_resumed and send_resumed look again at a connect, and at a send on a stream. */
void connect_resumed(struct step *t, const struct sock *s);
void send_resumed(struct step *t, const struct sock *s);

/* send_waiting carries out an actor's send that blocks. */
void send_waiting(struct step *t, const struct sock *s);

/* What send.c does, for sends that are looked at again. */
void send_check_stream(struct step *t, const struct sock *s);
bool send_is_lost(const struct step *t, const struct sock *peer);
void send_deliver(struct step *t, const struct sock *s, uint32_t length);

#endif
