/* lwip: lwIP's parsers and printers, which need no stack that runs. */
#include "address/implementations/adapter.h"

#include <lwip/ip4_addr.h>
#include <lwip/ip6_addr.h>
#include <string.h>

static int read_aton4(struct sockdrill_address *out, const char *text, size_t length)
{
    ip4_addr_t address;

    (void)length;
    if (ip4addr_aton(text, &address) == 0)
        return SOCKDRILL_REFUSED;
    memcpy(out->bytes, &address.addr, sizeof address.addr);
    return adapter_ipv4(out, true);
}

static int read_aton6(struct sockdrill_address *out, const char *text, size_t length)
{
    ip6_addr_t address;

    (void)length;
    if (ip6addr_aton(text, &address) == 0)
        return SOCKDRILL_REFUSED;
    memcpy(out->bytes, address.addr, sizeof address.addr);
    return adapter_ipv6(out, true);
}

static bool print_ntoa(char text[ADAPTER_TEXT_MAX], const uint8_t bytes[16])
{
    ip6_addr_t address = {0};

    memcpy(address.addr, bytes, sizeof address.addr);
    return ip6addr_ntoa_r(&address, text, ADAPTER_TEXT_MAX) != NULL;
}

static int read_ntoa(struct sockdrill_address *out, const char *text, size_t length)
{
    return adapter_printed(out, text, length, print_ntoa);
}

static const struct sockdrill_address_parser parsers[] = {
    ADAPTER("ip4addr_aton", NUMBERS, read_aton4),
    ADAPTER("ip6addr_aton", SCOPED, read_aton6),
    ADAPTER("ip6addr_ntoa", CANONICAL, read_ntoa),
};

ADAPTER_LIBRARY(lwip, parsers);
