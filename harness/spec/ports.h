/*
 * ports: who has which local address: conflicts of bind and listen, and to which socket a
 * connection or a datagram goes. Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_PORTS_H
#define SOCKDRILL_SPEC_PORTS_H

#include "spec/step.h"

/* How far a local address is taken already. */
enum conflict {
    CONFLICT_NONE,
    CONFLICT_POSSIBLE, /* only by what is left of a closed connection */
    CONFLICT_USUAL,    /* the same, and a quiet machine would have kept that */
    CONFLICT_CERTAIN,
};

/* ports_conflict says whether a socket may take a local address. */
enum conflict ports_conflict(struct step *t, const struct sock *s, const struct endpoint *local);

/* sock_takes_host tells whether a bound socket receives what is sent to this host. */
bool sock_takes_host(const struct sock *s, const struct endpoint *to);

/* is_remote tells whether what comes from there comes from a datagram socket's peer. */
bool is_remote(const struct sock *sock, const struct endpoint *from);

/* The sockets that are equally good receivers. */
enum { RECEIVERS_MAX = 32 };
struct receivers {
    unsigned count;
    uint16_t socks[RECEIVERS_MAX];
};

/* ports_listeners finds who listens on an endpoint. */
void ports_listeners(struct step *t, const struct endpoint *to, struct receivers *out);

/* ports_datagrams finds who takes a datagram from one endpoint to another. */
void ports_datagrams(struct step *t, const struct endpoint *from, const struct endpoint *to,
                     struct receivers *out);

/* destination returns where an address sends to: the wildcard stands for this machine. */
struct endpoint destination(const struct sock *s, struct endpoint to);

/* check_available collects why an address cannot be a socket's local address. */
void check_available(struct step *t, const struct sock *s, const struct endpoint *local);

#endif
