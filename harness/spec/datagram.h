/*
 * datagram: the way of a datagram to whoever receives it, or back. Source: RFC 768; RFC
 * 1122, 4.1.3. Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_DATAGRAM_H
#define SOCKDRILL_SPEC_DATAGRAM_H

#include "spec/ancillary.h"

/*
 * datagram_tells tells whether a socket is told when a datagram from one endpoint to another is
 * refused.
 */
bool datagram_tells(const struct world *w, const struct sock *s, const struct endpoint *from,
                    const struct endpoint *to);

/* datagram_send sends a socket's datagram to an endpoint. */
void datagram_send(struct step *t, const struct sock *s, const struct endpoint *to,
                   const struct packet *packet, uint16_t datagram);

#endif
