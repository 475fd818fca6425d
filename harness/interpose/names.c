/*
 * names: hosts by name without a network. What is an address already the C library reads; any other
 * name is this machine's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "interpose/interpose.h"
#include "interpose/program.h"

/* One question of the C library's that needs no network. */
static int ask(const char *host, const char *service, const struct addrinfo *hints, int family,
               struct addrinfo **result)
{
    struct addrinfo asked = *hints;

    asked.ai_family = family;
    asked.ai_flags = (hints->ai_flags & ~AI_ADDRCONFIG) | (host != NULL ? AI_NUMERICHOST : 0);
    return real()->getaddrinfo(host, service, &asked, result);
}

/* In the order that it would have given both in: this machine's IPv6 first, but not to listen. */
static int ask_both(const char *const hosts[2], const char *service, const struct addrinfo *hints,
                    bool v4_first, struct addrinfo **result)
{
    const int families[2] = {AF_INET6, AF_INET};
    struct addrinfo **end = result;
    int failed = EAI_FAMILY;

    *result = NULL;
    for (unsigned turn = 0; turn < 2; turn++) {
        unsigned i = v4_first ? 1 - turn : turn;

        if (hints->ai_family != AF_UNSPEC && hints->ai_family != families[i])
            continue;
        failed = ask(hosts[i], service, hints, families[i], end);
        if (failed != 0)
            break;
        while (*end != NULL)
            end = &(*end)->ai_next;
    }
    if (failed != 0 && *result != NULL) {
        freeaddrinfo(*result);
        *result = NULL;
    }
    return failed;
}

static void name_first(struct addrinfo *first, const char *host)
{
    free(first->ai_canonname);
    first->ai_canonname = strdup(host);
}

static int resolve(const char *host, const char *service, const struct addrinfo *hints,
                   struct addrinfo **result)
{
    static const char *const nobody[2];
    static const char *const loopback[2] = {"::1", "127.0.0.1"};
    int failed;

    if (host == NULL)
        return ask_both(nobody, service, hints, hints->ai_flags & AI_PASSIVE, result);
    failed = ask(host, service, hints, hints->ai_family, result);
    if (failed != EAI_NONAME || (hints->ai_flags & AI_NUMERICHOST) || host[0] == '\0')
        return failed;
    failed = ask_both(loopback, service, hints, false, result);
    if (failed == 0 && *result != NULL && (hints->ai_flags & AI_CANONNAME))
        name_first(*result, host);
    return failed;
}

INTERPOSED(int, getaddrinfo,
           (const char *host, const char *service, const struct addrinfo *hints,
            struct addrinfo **result))
{
    const struct addrinfo none = {.ai_flags = AI_V4MAPPED};
    bool inside = interpose_inside;
    int failed;

    if (!interpose_inside && !program_is) /* whose other threads find nobody else either */
        return real()->getaddrinfo(host, service, hints, result);
    memory_written(result, sizeof(struct addrinfo *));
    interpose_inside = false;
    failed = resolve(host, service, hints != NULL ? hints : &none, result);
    interpose_inside = inside;
    return failed;
}

static bool is_loopback(const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    if (address->sa_family == AF_INET && length >= sizeof in) {
        memcpy(&in, address, sizeof in);
        return ntohl(in.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    if (address->sa_family != AF_INET6 || length < sizeof in6)
        return false;
    memcpy(&in6, address, sizeof in6);
    return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
}

static int name_of(const struct sockaddr *address, socklen_t length, char *host,
                   socklen_t host_room, char *service, socklen_t service_room, int flags)
{
    static const char name[] = "localhost";
    bool is_named =
        host != NULL && host_room > 0 && !(flags & NI_NUMERICHOST) && is_loopback(address, length);
    int failed;

    if (!is_named && (flags & NI_NAMEREQD) && !(flags & NI_NUMERICHOST))
        return EAI_NONAME;
    failed = real()->getnameinfo(address, length, is_named ? NULL : host, is_named ? 0 : host_room,
                                 service, service_room, (flags | NI_NUMERICHOST) & ~NI_NAMEREQD);
    /* Who wants a host alone has nothing left to ask. */
    if (is_named && service == NULL)
        failed = 0;
    if (failed != 0 || !is_named)
        return failed;
    if (host_room < sizeof name)
        return EAI_OVERFLOW;
    memcpy(host, name, sizeof name);
    return 0;
}

INTERPOSED(int, getnameinfo,
           (const struct sockaddr *address, socklen_t length, char *host, socklen_t host_room,
            char *service, socklen_t service_room, int flags))
{
    bool inside = interpose_inside;
    int failed;

    if (!interpose_inside && !program_is)
        return real()->getnameinfo(address, length, host, host_room, service, service_room, flags);
    memory_read(address, length);
    interpose_inside = false;
    failed = name_of(address, length, host, host_room, service, service_room, flags);
    interpose_inside = inside;
    return failed;
}
