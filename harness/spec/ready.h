/*
 * ready: what a socket is ready for, for poll, select and epoll alike. Source: POSIX.1-2017 poll();
 * poll(2). Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_READY_H
#define SOCKDRILL_SPEC_READY_H

#include "spec/step.h"

/* Events of poll.h: those that hold for certain, and those that may. */
struct ready {
    unsigned must;
    unsigned may;
};

/* ready_of finds a socket's readiness; waited: long enough for everything to have arrived. */
void ready_of(struct step *t, const struct sock *s, bool waited, struct ready *ready);

/*
 * ready_decide returns the events of those asked for that are there, and remembers what the
 * witness's show to have arrived.
 */
unsigned ready_decide(struct step *t, const struct sock *s, const struct ready *ready,
                      unsigned seen, unsigned asked);

/* ready_shows_data remembers that a witness saw that there is something to read. */
void ready_shows_data(struct step *t, const struct sock *s);

/* ready_waited tells whether a call came to nothing though everything had time to arrive. */
bool ready_waited(const struct step *t);

/*
 * ready_waits tells whether an ordinary machine that has found nothing yet waits until what was
 * held back has come.
 */
bool ready_waits(const struct step *t);

/* ready_nothing says what comes of a call that found nothing ready. */
void ready_nothing(struct step *t, bool endless, enum clause clause);

#endif
