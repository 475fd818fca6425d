/* print: addresses as text. */
#include "address/address.h"

#include <stdio.h>
#include <string.h>

#include "address/piece.h"

enum { SHORTENED_MIN = 2 };

/* A run of pieces that are 0. */
struct run {
    int at;
    int size;
};

bool address_mapped(const uint8_t bytes[16])
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

    return memcmp(bytes, prefix, sizeof prefix) == 0;
}

static char *print_decimal(char *out, unsigned value)
{
    if (value >= 100)
        *out++ = (char)('0' + value / 100);
    if (value >= 10)
        *out++ = (char)('0' + value / 10 % 10);
    *out++ = (char)('0' + value % 10);
    return out;
}

static char *print_quad(char *out, const uint8_t bytes[4])
{
    for (int i = 0; i < 4; i++) {
        if (i > 0)
            *out++ = '.';
        out = print_decimal(out, bytes[i]);
    }
    *out = '\0';
    return out;
}

static char *print_piece(char *out, unsigned piece)
{
    bool begun = false;

    for (int shift = 12; shift >= 0; shift -= 4) {
        unsigned digit = piece >> shift & 0xf;

        begun |= digit != 0 || shift == 0;
        if (begun)
            *out++ = "0123456789abcdef"[digit];
    }
    return out;
}

/* Whether the address ends with an IPv4 address, by a prefix that RFC 5952 5 knows. */
static bool ends_with_quad(const uint8_t bytes[16])
{
    static const uint8_t zeros[12];
    static const uint8_t translated[12] = {[8] = 0xff, [9] = 0xff};

    if (address_mapped(bytes) || memcmp(bytes, translated, sizeof translated) == 0)
        return true;
    /* IPv4-compatible: the IPv4 address is a unicast one, which none of 0/8 is. */
    return memcmp(bytes, zeros, sizeof zeros) == 0 && bytes[12] != 0;
}

static struct run longest_run(const uint8_t bytes[16], int pieces)
{
    struct run best = {-1, SHORTENED_MIN - 1};
    int size = 0;

    for (int i = 0; i < pieces; i++) {
        size = piece_get(bytes, i) == 0 ? size + 1 : 0;
        if (size > best.size)
            best = (struct run){i + 1 - size, size};
    }
    return best;
}

size_t address_print_ipv4(char out[ADDRESS_TEXT_MAX], const uint8_t bytes[4])
{
    return (size_t)(print_quad(out, bytes) - out);
}

size_t address_print_ipv6(char out[ADDRESS_TEXT_MAX], const uint8_t bytes[16])
{
    bool quad = ends_with_quad(bytes);
    int pieces = quad ? PIECES - 2 : PIECES;
    struct run gap = longest_run(bytes, pieces);
    char *at = out;

    for (int i = 0; i < pieces; i++) {
        if (i == gap.at) {
            *at++ = ':';
            i += gap.size - 1;
            if (i + 1 == PIECES)
                *at++ = ':';
            continue;
        }
        if (i > 0)
            *at++ = ':';
        at = print_piece(at, piece_get(bytes, i));
    }
    if (quad) {
        *at++ = ':';
        at = print_quad(at, bytes + 12);
    }
    *at = '\0';
    return (size_t)(at - out);
}

/* The address with its zone. */
static void print_host(char out[ADDRESS_PRINT_MAX], const struct sockdrill_address *address)
{
    size_t length;

    switch (address->host) {
    case SOCKDRILL_HOST_IPV4:
        address_print_ipv4(out, address->bytes);
        return;
    case SOCKDRILL_HOST_IPV6:
        length = address_print_ipv6(out, address->bytes);
        if (address->scope > 0)
            snprintf(out + length, ADDRESS_PRINT_MAX - length, "%%%u", (unsigned)address->scope);
        else if (address->name[0] != '\0')
            snprintf(out + length, ADDRESS_PRINT_MAX - length, "%%%s", address->name);
        return;
    case SOCKDRILL_HOST_FUTURE:
    case SOCKDRILL_HOST_NAME:
        snprintf(out, ADDRESS_PRINT_MAX, "%s", address->name);
        return;
    default:
        *out = '\0';
    }
}

void address_print(char out[ADDRESS_PRINT_MAX], const struct sockdrill_address *address)
{
    bool literal = address->host == SOCKDRILL_HOST_FUTURE ||
                   (address->host == SOCKDRILL_HOST_IPV6 && address->port >= 0);
    char host[ADDRESS_PRINT_MAX];
    size_t length;

    print_host(host, address);
    length = (size_t)snprintf(out, ADDRESS_PRINT_MAX, literal ? "[%.*s]" : "%.*s",
                              ADDRESS_PRINT_MAX - 16, host);
    if (address->prefix >= 0)
        length +=
            (size_t)snprintf(out + length, ADDRESS_PRINT_MAX - length, "/%d", (int)address->prefix);
    if (address->port >= 0 && address->host != SOCKDRILL_HOST_NONE)
        out[length++] = ':';
    if (address->port >= 0)
        snprintf(out + length, ADDRESS_PRINT_MAX - length, "%d", (int)address->port);
}
