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

/* datagram_gets_peer: of a socket that connects, what waits or was begun may be lost. */
void datagram_gets_peer(struct step *t, const struct sock *s, const struct endpoint *peer);

/* datagram_loses_peer: what a socket has begun may go to the peer that it gives up. */
void datagram_loses_peer(struct step *t, const struct sock *s);

#endif
