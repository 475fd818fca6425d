/*
 * address: the socket address that a caller passes: its length, its family, what it names. Private
 * to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_ADDRESS_H
#define SOCKDRILL_SPEC_ADDRESS_H

#include "spec/step.h"

/* What the address is for. */
enum address_use { ADDRESS_BIND, ADDRESS_CONNECT, ADDRESS_SEND };

/* What check_address found. */
enum address_found {
    ADDRESS_BAD,      /* nothing can be said of it */
    ADDRESS_DISSOLVE, /* AF_UNSPEC: no address */
    ADDRESS_GOOD,
};

/*
 * check_address collects what is wrong with the request's socket address and sets *endpoint when it
 * is good. Source: bind(), connect(), sendto(), ERRORS; ip(7), ipv6(7).
 */
enum address_found check_address(struct step *t, const struct sock *s, enum address_use use,
                                 struct endpoint *endpoint);

/* address_is_v4 tells whether an address claims to be an IPv4 one, however long it is. */
bool address_is_v4(const struct bytes *address);

/* check_reachable collects why nothing can be sent from a socket to an endpoint. */
void check_reachable(struct step *t, const struct sock *s, const struct endpoint *to);

#endif
