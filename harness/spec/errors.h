/*
 * errors: the queue of errors that a datagram socket has with IP_RECVERR or IPV6_RECVERR. Source:
 * ip(7), IP_RECVERR; recv(2), MSG_ERRQUEUE. Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_ERRORS_H
#define SOCKDRILL_SPEC_ERRORS_H

#include "spec/step.h"

/* errors_are_queued tells whether what comes of a datagram to an endpoint is put into the queue. */
bool errors_are_queued(const struct world *w, const struct sock *s, const struct endpoint *to);

/* errors_local: a send that has failed may have put an error of this machine's own there. */
void errors_local(struct step *t, const struct sock *s, const struct endpoint *to);

/* errors_receive is a receive with MSG_ERRQUEUE. */
void errors_receive(struct step *t, const struct sock *s);

/* errors_are_certain tells whether there is certainly an error in the queue. */
bool errors_are_certain(const struct world *w, const struct sock *s);

/* errors_forget empties the queue. */
void errors_forget(struct step *t, const struct sock *s);

#endif
