/*
 * epoll: what instances of epoll watch, and what they have to report. Source: epoll(7),
 * epoll_create(2), epoll_ctl(2), epoll_wait(2). Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_EPOLL_H
#define SOCKDRILL_SPEC_EPOLL_H

#include "spec/ready.h"

/* What an interest may report, and whether it does. */
struct report {
    struct ready ready; /* of what was asked for */
    bool must;
    bool may;
};

/* report_of finds what an interest has to report; waited: everything had time to arrive. */
void report_of(struct step *t, const struct interest *interest, bool waited, struct report *report);

/* report_given says that an interest's events have been reported. */
void report_given(struct step *t, const struct interest *interest, unsigned events);

/* report_none says that an ordinary machine has looked at an interest and found nothing. */
void report_none(struct step *t, const struct interest *interest);

/* epoll_ready finds the readiness of an instance itself: readable when it has events. */
void epoll_ready(struct step *t, uint16_t epoll, bool waited, struct ready *ready);

/*
 * epoll_sure_to_come tells whether all that is on its way to a socket comes though nothing is read:
 * no window holds it back, and it is not dropped.
 */
bool epoll_sure_to_come(const struct world *w, const struct sock *s);

/* epoll_find returns the interest in a number and what it refers to now, or NULL. */
const struct interest *epoll_find(const struct world *w, uint16_t epoll, int fd);

/* epoll_forget_sock takes a socket whose last descriptor is closed out of every instance. */
void epoll_forget_sock(struct step *t, const struct sock *s);

/* epoll_forget takes away all that an instance watches, and the instance where it is watched. */
void epoll_forget(struct step *t, uint16_t epoll);

/* epoll_depth returns how deep instances are nested from one on, down or up to whoever watches. */
unsigned epoll_depth(const struct world *w, uint16_t epoll, bool down);

/* epoll_watches tells whether one instance watches another, or is it, be it through others. */
bool epoll_watches(const struct world *w, uint16_t epoll, uint16_t other);

#endif
