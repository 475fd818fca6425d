/*
 * address/getaddrinfo: with AI_NUMERICHOST a host is its address or an error, without a look at any
 * name service; what is an address is what inet_aton and inet_pton say, a zone is one that exists,
 * and getnameinfo's text of it leads back.
 *
 * Texts: POSIX.1-2017 getaddrinfo(), getaddrinfo(3), RFC 4007 11.2 (the zone after "%").
 */
#include <sockdrill/target.h>

#include <ctype.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "../law.h"
#include "address.h"

enum { PORT = 4660 }; /* 0x1234: its bytes differ */

static const char SERVICE[] = "4660";

/*
 * glibc departs from "a non-null nodename string supplied shall be a numeric host address string,
 * otherwise EAI_NONAME": it takes "*" for no host at all.
 */
static bool is_star(const char *text)
{
    return strcmp(text, "*") == 0;
}

/* The text of an IPv6 address without its zone; the zone, or NULL, goes to *zone. */
static int without_zone(const char *text, char *host, const char **zone)
{
    const char *percent = strchr(text, '%');
    size_t length = percent ? (size_t)(percent - text) : strlen(text);

    *zone = percent ? percent + 1 : NULL;
    if (length >= INET6_ADDRSTRLEN)
        return -1; /* longer than any IPv6 address */
    memcpy(host, text, length);
    host[length] = '\0';
    return 0;
}

/* glibc departs: of AF_INET it takes IPv4-mapped IPv6 texts too, and gives the IPv4 address. */
static bool mapped_text(const char *text, struct in_addr *address)
{
    char host[INET6_ADDRSTRLEN];
    const char *zone;
    struct in6_addr in6;

    if (without_zone(text, host, &zone) || inet_pton(AF_INET6, host, &in6) != 1 ||
        !IN6_IS_ADDR_V4MAPPED(&in6))
        return false;
    memcpy(address, in6.s6_addr + 12, sizeof(*address));
    return true;
}

static void check_inet(const char *text, const struct addrinfo *list)
{
    struct in_addr expected;
    bool accepted = inet_aton(text, &expected) == 1;

    if (!list) {
        LAW(!accepted || strpbrk(text, " \t\n\v\f\r"), /* see inet_aton.c */
            "getaddrinfo of AF_INET accepts what inet_aton accepts");
        return;
    }
    LAW(accepted || mapped_text(text, &expected),
        "getaddrinfo of AF_INET accepts nothing that inet_aton refuses");
    LAW(memcmp(&((const struct sockaddr_in *)(const void *)list->ai_addr)->sin_addr, &expected,
               sizeof(expected)) == 0,
        "getaddrinfo of AF_INET gives inet_aton's address");
}

/* The zone is the index of an interface, or its number. */
static bool zone_is(const char *zone, uint32_t scope)
{
    char *end;

    if (!zone)
        return scope == 0;
    if (scope != 0 && if_nametoindex(zone) == scope)
        return true;
    return isdigit((unsigned char)zone[0]) && strtoull(zone, &end, 10) == scope && !*end;
}

static void check_inet6(const char *text, const struct addrinfo *list)
{
    const char *zone;
    char host[INET6_ADDRSTRLEN];
    struct in6_addr expected;
    bool accepted =
        without_zone(text, host, &zone) == 0 && inet_pton(AF_INET6, host, &expected) == 1;

    if (!list) {
        LAW(!accepted || zone, "getaddrinfo of AF_INET6 accepts what inet_pton accepts");
        return;
    }
    const struct sockaddr_in6 *got = (const void *)list->ai_addr;

    LAW(accepted, "getaddrinfo of AF_INET6 accepts nothing that inet_pton refuses");
    LAW(memcmp(&got->sin6_addr, &expected, sizeof(expected)) == 0,
        "getaddrinfo of AF_INET6 gives inet_pton's address");
    LAW(zone_is(zone, got->sin6_scope_id), "the scope is the interface that the zone names");
    LAW(got->sin6_flowinfo == 0, "what no argument fills in is zero");
}

static void check_member(const struct addrinfo *member, int family)
{
    char host[HOST_TEXT_MAX], service[NI_MAXSERV];
    bool v4 = member->ai_family == AF_INET;

    LAW(v4 || member->ai_family == AF_INET6, "a member is of AF_INET or AF_INET6");
    LAW(family == AF_UNSPEC || member->ai_family == family, "a member is of the family asked for");
    LAW(member->ai_addr->sa_family == member->ai_family, "a member's address is of its family");
    LAW(member->ai_addrlen == (v4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6)),
        "a member's address has the length of its family");
    LAW(((const struct sockaddr_in *)(const void *)member->ai_addr)->sin_port == htons(PORT),
        "a member's port is the service");
    LAW(getnameinfo(member->ai_addr, member->ai_addrlen, host, sizeof(host), service,
                    sizeof(service), NI_NUMERICHOST | NI_NUMERICSERV) == 0,
        "getnameinfo prints what getaddrinfo gave");
    numeric_text_names(host, service, member->ai_addr);
}

/* Resolves text for the family and checks every member; returns the family of the first, or -1. */
static int check_family(const char *text, int family, int type)
{
    struct addrinfo *list;
    int first = -1;

    getaddrinfo_numeric(family, type, text, SERVICE, &list);
    for (const struct addrinfo *member = list; member; member = member->ai_next)
        check_member(member, family);
    if (list)
        first = list->ai_family;
    if (family == AF_INET && !is_star(text))
        check_inet(text, list);
    if (family == AF_INET6 && !is_star(text))
        check_inet6(text, list);
    if (list)
        freeaddrinfo(list);
    return first;
}

static int check(const char *text)
{
    int v4 = check_family(text, AF_INET, SOCK_STREAM);
    int v6 = check_family(text, AF_INET6, SOCK_DGRAM);
    int any = check_family(text, AF_UNSPEC, 0);

    LAW((any != -1) == (v4 != -1 || v6 != -1),
        "AF_UNSPEC accepts what one of the families accepts, and no more");
    LAW(any == -1 || any == v4 || any == v6, "AF_UNSPEC gives a family that accepts the text");
    return 0;
}

SOCKDRILL_TEXT(check)
