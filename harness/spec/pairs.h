/* pairs: a connection is a pair of addresses, and exists once. Source: RFC 9293, 3.4 and 3.5. */
#ifndef SOCKDRILL_SPEC_PAIRS_H
#define SOCKDRILL_SPEC_PAIRS_H

#include "spec/ports.h"

/* pairs_in_use tells whether there is a connection already from a socket's address to another. */
enum conflict pairs_in_use(struct step *t, const struct sock *s, const struct endpoint *to);

/*
 * pairs_were_used tells whether what a connection between the two has left may answer in place of
 * whoever listens there: RFC 9293, 3.6.1.
 */
bool pairs_were_used(const struct world *w, const struct sock *s, const struct endpoint *to);

/*
 * pairs_cross tells whether an attempt meets the SYN of another, which a listener's queue had no
 * room for.
 */
bool pairs_cross(const struct world *w, const struct sock *s, const struct endpoint *to);

/*
 * pairs_meet_again tells whether somebody connects the other way, whom the listener that has gone
 * did not answer, and who tries again: RFC 9293, 3.5.
 */
bool pairs_meet_again(const struct world *w, const struct sock *s, const struct endpoint *to);

#endif
