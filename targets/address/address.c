/*
 * address: see address.h. Texts: POSIX.1-2017 inet_ntop(), getaddrinfo() and <netinet/in.h>
 * (INET_ADDRSTRLEN, INET6_ADDRSTRLEN); getaddrinfo(3) of the Linux manual.
 */
#include "address.h"

#include <netinet/in.h>
#include <string.h>

#include "../law.h"

enum { GUARD = 0xa5 };

void *guard_set(struct guarded *g)
{
    memset(g, GUARD, sizeof(*g));
    return g->room;
}

static bool all_guard(const uint8_t *bytes, size_t size)
{
    return size == 0 || (bytes[0] == GUARD && memcmp(bytes, bytes + 1, size - 1) == 0);
}

bool guard_kept(const struct guarded *g, size_t size)
{
    return all_guard(g->before, sizeof(g->before)) &&
           all_guard(g->room + size, sizeof(g->room) - size) &&
           all_guard(g->after, sizeof(g->after));
}

size_t address_size(int family)
{
    return family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

void address_survives_text(int family, const void *address, char text[INET6_ADDRSTRLEN])
{
    uint8_t again[ADDRESS_BYTES_MAX];

    LAW(inet_ntop(family, address, text, INET6_ADDRSTRLEN) == text,
        "inet_ntop prints every address into a buffer of INET6_ADDRSTRLEN and returns it");
    LAW(family != AF_INET || strlen(text) < INET_ADDRSTRLEN,
        "an IPv4 address is printed within INET_ADDRSTRLEN");
    LAW(inet_pton(family, text, again) == 1, "inet_pton accepts what inet_ntop printed");
    LAW(memcmp(again, address, address_size(family)) == 0,
        "inet_pton of what inet_ntop printed is the same address");
}

bool sockaddr_same(const struct sockaddr *a, const struct sockaddr *b)
{
    if (a->sa_family != b->sa_family)
        return false;
    if (a->sa_family == AF_INET) {
        const struct sockaddr_in *x = (const void *)a, *y = (const void *)b;

        return x->sin_port == y->sin_port && x->sin_addr.s_addr == y->sin_addr.s_addr;
    }
    const struct sockaddr_in6 *x = (const void *)a, *y = (const void *)b;

    return x->sin6_port == y->sin6_port && x->sin6_scope_id == y->sin6_scope_id &&
           memcmp(&x->sin6_addr, &y->sin6_addr, sizeof(x->sin6_addr)) == 0;
}

/* A numeric host is no business of a name service: EAI_AGAIN, EAI_FAIL and EAI_NODATA betray one.
 */
static bool failed_alone(int error)
{
    return error == EAI_NONAME || error == EAI_ADDRFAMILY || error == EAI_MEMORY ||
           error == EAI_SYSTEM;
}

int getaddrinfo_numeric(int family, int type, const char *host, const char *service,
                        struct addrinfo **list)
{
    struct addrinfo hints = {
        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
        .ai_family = family,
        .ai_socktype = type,
    };
    int error;

    *list = NULL;
    error = getaddrinfo(host, service, &hints, list);
    if (error)
        *list = NULL; /* unspecified on failure */
    LAW(!error || failed_alone(error), "with AI_NUMERICHOST getaddrinfo asks no name service");
    LAW(error || *list, "the list of a successful getaddrinfo has at least one member");
    return error;
}

void numeric_text_names(const char *host, const char *service, const struct sockaddr *address)
{
    struct addrinfo *list;
    int error = getaddrinfo_numeric(address->sa_family, SOCK_STREAM, host, service, &list);

    LAW(!error, "getaddrinfo accepts the numeric host and service that getnameinfo printed");
    LAW(sockaddr_same(list->ai_addr, address),
        "getaddrinfo of what getnameinfo printed is the same socket address");
    freeaddrinfo(list);
}
