/* cares: c-ares. */
#include "address/implementations/adapter.h"

#include <ares.h>
#include <netinet/in.h>

static int read_pton4(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_pton(out, AF_INET, text, ares_inet_pton, 1);
}

static int read_pton6(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_pton(out, AF_INET6, text, ares_inet_pton, 1);
}

static bool print_ntop(char text[ADAPTER_TEXT_MAX], const uint8_t bytes[16])
{
    return ares_inet_ntop(AF_INET6, bytes, text, ADAPTER_TEXT_MAX) != NULL;
}

static int read_ntop(struct sockdrill_address *out, const char *text, size_t length)
{
    return adapter_printed(out, text, length, print_ntop);
}

static const struct sockdrill_address_parser parsers[] = {
    ADAPTER("ares_inet_pton AF_INET", IPV4, read_pton4),
    ADAPTER("ares_inet_pton AF_INET6", IPV6, read_pton6),
    ADAPTER("ares_inet_ntop", CANONICAL, read_ntop),
};

ADAPTER_LIBRARY(cares, parsers);
