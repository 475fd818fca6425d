/* endpoint: see endpoint.h. */
#include "spec/endpoint.h"

#include <string.h>

struct endpoint endpoint_v4(uint32_t address, uint16_t port)
{
    return (struct endpoint){.prefix = htonl(0xffff), .low = address, .port = port};
}

struct endpoint endpoint_any(int family, uint16_t port)
{
    return family == AF_INET ? endpoint_v4(0, port) : (struct endpoint){.port = port};
}

struct endpoint endpoint_read(const void *address, socklen_t size)
{
    struct sockaddr_in in = {0};
    struct sockaddr_in6 in6 = {0};
    struct endpoint e = {0};
    sa_family_t family;

    memcpy(&family, address, sizeof family);
    if (family == AF_INET6) {
        memcpy(&in6, address,
               size < sizeof in6 ? offsetof(struct sockaddr_in6, sin6_scope_id) : sizeof in6);
        memcpy(&e.high, &in6.sin6_addr.s6_addr[0], sizeof e.high);
        memcpy(&e.prefix, &in6.sin6_addr.s6_addr[8], sizeof e.prefix);
        memcpy(&e.low, &in6.sin6_addr.s6_addr[12], sizeof e.low);
        if (endpoint_is_link_local(&e)) /* of others it means nothing: ipv6(7) */
            e.scope = in6.sin6_scope_id;
        e.port = ntohs(in6.sin6_port);
    } else {
        memcpy(&in, address, sizeof in);
        e = endpoint_v4(in.sin_addr.s_addr, ntohs(in.sin_port));
    }
    return e;
}

socklen_t endpoint_write(const struct endpoint *e, int family, struct sockaddr_storage *address)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(e->port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(e->port)};

    if (family == AF_INET) {
        in.sin_addr.s_addr = e->low;
        memcpy(address, &in, sizeof in);
        return sizeof in;
    }
    memcpy(&in6.sin6_addr.s6_addr[0], &e->high, sizeof e->high);
    memcpy(&in6.sin6_addr.s6_addr[8], &e->prefix, sizeof e->prefix);
    memcpy(&in6.sin6_addr.s6_addr[12], &e->low, sizeof e->low);
    in6.sin6_scope_id = e->scope;
    memcpy(address, &in6, sizeof in6);
    return sizeof in6;
}

bool endpoint_is_loopback(const struct endpoint *e)
{
    const struct endpoint loopback = {.low = htonl(1)};

    if (endpoint_is_v4(e))
        return ntohl(e->low) >> 24 == 127;
    return endpoint_same_host(e, &loopback);
}

bool endpoint_is_multicast(const struct endpoint *e)
{
    if (endpoint_is_v4(e))
        return ntohl(e->low) >> 28 == 0xe;
    return ((const uint8_t *)&e->high)[0] == 0xff;
}

bool endpoint_is_broadcast(const struct endpoint *e)
{
    return endpoint_is_v4(e) && (e->low == htonl(INADDR_BROADCAST) || ntohl(e->low) == 0x7fffffff);
}

bool endpoint_is_one(const struct endpoint *e)
{
    return !endpoint_is_any(e) && !endpoint_is_broadcast(e) && !endpoint_is_multicast(e);
}

bool endpoint_is_link_local(const struct endpoint *e)
{
    const uint8_t *host = (const uint8_t *)&e->high;

    return host[0] == 0xfe && (host[1] & 0xc0) == 0x80;
}
