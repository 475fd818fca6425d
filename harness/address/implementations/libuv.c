/* libuv: the parsers and printers of libuv. */
#include "address/implementations/adapter.h"

#include <uv.h>

static int read_pton4(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_pton(out, AF_INET, text, uv_inet_pton, 0);
}

static int read_pton6(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_pton(out, AF_INET6, text, uv_inet_pton, 0);
}

static int read_ip4(struct sockdrill_address *out, const char *text, size_t length)
{
    struct sockaddr_in name;

    (void)length;
    if (uv_ip4_addr(text, 0, &name) != 0)
        return SOCKDRILL_REFUSED;
    return adapter_name(out, (const struct sockaddr *)&name, false);
}

static int read_ip6(struct sockdrill_address *out, const char *text, size_t length)
{
    struct sockaddr_in6 name;

    (void)length;
    if (uv_ip6_addr(text, 0, &name) != 0)
        return SOCKDRILL_REFUSED;
    return adapter_name(out, (const struct sockaddr *)&name, false);
}

static bool print_ntop(char text[ADAPTER_TEXT_MAX], const uint8_t bytes[16])
{
    return uv_inet_ntop(AF_INET6, bytes, text, ADAPTER_TEXT_MAX) == 0;
}

static int read_ntop(struct sockdrill_address *out, const char *text, size_t length)
{
    return adapter_printed(out, text, length, print_ntop);
}

static const struct sockdrill_address_parser parsers[] = {
    ADAPTER("uv_inet_pton AF_INET", IPV4, read_pton4),  ADAPTER("uv_ip4_addr", IPV4, read_ip4),
    ADAPTER("uv_inet_pton AF_INET6", IPV6, read_pton6), ADAPTER("uv_ip6_addr", SCOPED, read_ip6),
    ADAPTER("uv_inet_ntop", CANONICAL, read_ntop),
};

ADAPTER_LIBRARY(libuv, parsers);
