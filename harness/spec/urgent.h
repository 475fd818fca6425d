/*
 * urgent: TCP's urgent byte, the out-of-band data of the sockets API. Source: RFC 6093;
 * POSIX.1-2017 XSH 2.10.12; tcp(7). Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_URGENT_H
#define SOCKDRILL_SPEC_URGENT_H

#include "spec/step.h"

/* urgent_gap returns 1 where the urgent byte stands next, since it is not part of the data. */
uint32_t urgent_gap(struct step *t, const struct sock *s);

/* urgent_pass: a read that found nothing has passed over the urgent byte, if it has arrived. */
void urgent_pass(struct step *t, const struct sock *s);

/* urgent_limit shortens an amount that begins at a place so that it ends before the mark. */
int64_t urgent_limit(struct step *t, const struct sock *s, uint64_t from, int64_t amount);

/* urgent_is_next tells whether reading has come to the mark. */
bool urgent_is_next(const struct sock *s);

/* urgent_mark says that the last byte written to a socket is urgent. */
void urgent_mark(struct step *t, const struct sock *s);

/* urgent_is_lost says that urgent data has come to a socket that takes no data any more. */
void urgent_is_lost(struct step *t, const struct sock *s);

/*
 * urgent_passes_older: over a slow network a newer urgent byte may have come when all before an
 * older one had been read, which Linux then passes over for good.
 */
void urgent_passes_older(struct step *t, const struct sock *s);

/* urgent_is_flagged tells whether there is urgent data that nobody has read, apart or inline. */
bool urgent_is_flagged(const struct sock *s);

/* urgent_is_pending tells whether an urgent byte waits to be read with MSG_OOB. */
bool urgent_is_pending(const struct sock *s);

/* urgent_receive is recv with MSG_OOB. */
void urgent_receive(struct step *t, const struct sock *s);

#endif
