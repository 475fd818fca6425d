/* glibc: the C library's parsers and printers, numeric only: none of them asks a name service. */
#include "address/implementations/adapter.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

static int read_pton4(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_pton(out, AF_INET, text, inet_pton, 1);
}

static int read_pton6(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_pton(out, AF_INET6, text, inet_pton, 1);
}

static int read_aton(struct sockdrill_address *out, const char *text, size_t length)
{
    struct in_addr address;

    (void)length;
    if (inet_aton(text, &address) == 0)
        return SOCKDRILL_REFUSED;
    memcpy(out->bytes, &address, sizeof address);
    return adapter_ipv4(out, true);
}

static int read_addr(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_number(out, inet_addr(text));
}

static int read_network(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_number(out, htonl(inet_network(text)));
}

/* The first result of getaddrinfo, which is freed. */
static int read_info(struct sockdrill_address *out, int family, const char *host,
                     const char *service)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_family = family,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    int reading;

    if (getaddrinfo(host, service, &hints, &list) != 0)
        return SOCKDRILL_REFUSED;
    reading = adapter_name(out, list->ai_addr, service != NULL);
    freeaddrinfo(list);
    return reading;
}

static int read_info4(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return read_info(out, AF_INET, text, NULL);
}

static int read_info6(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return read_info(out, AF_INET6, text, NULL);
}

static int read_info_port(struct sockdrill_address *out, const char *text, size_t length)
{
    struct sockdrill_address any = *out;
    int reading = read_info(&any, AF_INET, NULL, text);

    (void)length;
    out->port = any.port;
    return reading;
}

static int read_nameinfo(struct sockdrill_address *out, const char *text, size_t length)
{
    char host[NI_MAXHOST], service[NI_MAXSERV];
    struct sockaddr_storage name = {0};

    if (length > sizeof name)
        length = sizeof name;
    memcpy(&name, text, length);
    /* It also names AF_UNIX, which is out of scope. */
    if (name.ss_family == AF_UNIX ||
        getnameinfo((struct sockaddr *)&name, (socklen_t)length, host, sizeof host, service,
                    sizeof service, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return SOCKDRILL_REFUSED;
    adapter_scoped(out, host);
    return adapter_port(out, service, strlen(service));
}

static bool print_ntop(char text[ADAPTER_TEXT_MAX], const uint8_t bytes[16])
{
    return inet_ntop(AF_INET6, bytes, text, ADAPTER_TEXT_MAX) != NULL;
}

static int read_ntop(struct sockdrill_address *out, const char *text, size_t length)
{
    return adapter_printed(out, text, length, print_ntop);
}

static bool print_nameinfo(char text[ADAPTER_TEXT_MAX], const uint8_t bytes[16])
{
    struct sockaddr_in6 name = {.sin6_family = AF_INET6};

    memcpy(&name.sin6_addr, bytes, sizeof name.sin6_addr);
    return getnameinfo((struct sockaddr *)&name, sizeof name, text, ADAPTER_TEXT_MAX, NULL, 0,
                       NI_NUMERICHOST) == 0;
}

static int read_nameinfo_host(struct sockdrill_address *out, const char *text, size_t length)
{
    return adapter_printed(out, text, length, print_nameinfo);
}

/* inet_net_pton(3) documents more than the prefixes of RFC 4632: fewer parts, and hexadecimal. */
static int read_net_pton(struct sockdrill_address *out, const char *text, size_t length)
{
    if (memchr(text, ':', length) != NULL)
        return SOCKDRILL_UNASKED; /* it knows AF_INET alone */
    out->prefix = inet_net_pton(AF_INET, text, out->bytes, 4);
    return adapter_ipv4(out, out->prefix >= 0);
}

static const struct sockdrill_address_parser parsers[] = {
    ADAPTER("inet_pton AF_INET", IPV4, read_pton4),
    ADAPTER("inet_aton", NUMBERS, read_aton),
    ADAPTER("inet_addr", NUMBERS, read_addr),
    ADAPTER("inet_network", NUMBERS, read_network),
    ADAPTER("getaddrinfo AF_INET", NUMBERS, read_info4),
    ADAPTER("inet_pton AF_INET6", IPV6, read_pton6),
    ADAPTER("getaddrinfo AF_INET6", SCOPED, read_info6),
    ADAPTER("inet_ntop", CANONICAL, read_ntop),
    ADAPTER("getnameinfo host", CANONICAL, read_nameinfo_host),
    ADAPTER("inet_net_pton", PREFIX, read_net_pton),
    ADAPTER("getaddrinfo service", PORT, read_info_port),
    ADAPTER("getnameinfo", SOCKADDR, read_nameinfo),
};

ADAPTER_LIBRARY(glibc, parsers);
