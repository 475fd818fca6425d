/*
 * endpoint: one end of an association, a host and a port. Both families share one form: an IPv4
 * host is its v4-mapped IPv6 host (RFC 4291, 2.5.5.2), so that what is one address compares equal.
 */
#ifndef SOCKDRILL_SPEC_ENDPOINT_H
#define SOCKDRILL_SPEC_ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "drill/request.h"

struct endpoint {
    uint64_t high;   /* the host's first eight bytes, in network order */
    uint32_t prefix; /* the next four; of an IPv4 host ::ffff */
    uint32_t low;    /* the last four */
    uint32_t scope;
    uint16_t port;    /* in host order */
    uint16_t padding; /* zero: worlds are compared as bytes */
};

/* endpoint_v4 makes an IPv4 host's endpoint from an address in network order. */
struct endpoint endpoint_v4(uint32_t address, uint16_t port);

/* endpoint_any returns the wildcard of a family, with that port. */
struct endpoint endpoint_any(int family, uint16_t port);

/* endpoint_read reads a socket address that is long enough for its family. */
struct endpoint endpoint_read(const void *address, socklen_t size);

/* endpoint_write writes the socket address that a socket of this family shows; returns its size. */
socklen_t endpoint_write(const struct endpoint *endpoint, int family,
                         struct sockaddr_storage *address);

/* endpoint_is_v4 tells whether the host is an IPv4 host. */
static inline bool endpoint_is_v4(const struct endpoint *e)
{
    return e->high == 0 && e->prefix == htonl(0xffff);
}

/* endpoint_is_any tells whether the host is a wildcard, of either family. */
static inline bool endpoint_is_any(const struct endpoint *e)
{
    return e->low == 0 && e->high == 0 && (e->prefix == 0 || e->prefix == htonl(0xffff));
}

/* endpoint_is_loopback tells whether the host is in 127/8, or ::1. */
bool endpoint_is_loopback(const struct endpoint *endpoint);

/* endpoint_is_broadcast tells whether the host is the limited broadcast address, or loopback's. */
bool endpoint_is_broadcast(const struct endpoint *endpoint);

/* endpoint_is_one tells whether it names one host: no wildcard, broadcast address or group. */
bool endpoint_is_one(const struct endpoint *endpoint);

/* endpoint_is_link_local tells whether the host is in fe80::/10. */
bool endpoint_is_link_local(const struct endpoint *endpoint);

/* endpoint_is_multicast tells whether the host is a multicast group. */
bool endpoint_is_multicast(const struct endpoint *endpoint);

/* endpoint_same_host compares hosts. */
static inline bool endpoint_same_host(const struct endpoint *a, const struct endpoint *b)
{
    return a->low == b->low && a->high == b->high && a->prefix == b->prefix;
}

/* endpoint_equal compares host and port. */
static inline bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
    return a->port == b->port && endpoint_same_host(a, b);
}

#endif
