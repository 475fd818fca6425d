/*
 * musl: the parsers and printers of musl's libc.a, renamed (CMakeLists.txt). What they call in
 * turn, such as strtoul, is the C library's.
 */
#include "address/implementations/adapter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

int musl_inet_pton(int family, const char *text, void *bytes);
int musl_inet_aton(const char *text, struct in_addr *address);
const char *musl_inet_ntop(int family, const void *bytes, char *text, socklen_t size);

/* Where musl finds errno; its own would be in a thread of musl's. */
int *musl_errno_location(void);

int *musl_errno_location(void)
{
    return &errno;
}

static int read_pton4(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_pton(out, AF_INET, text, musl_inet_pton, 1);
}

static int read_pton6(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_pton(out, AF_INET6, text, musl_inet_pton, 1);
}

static int read_aton(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    return adapter_ipv4(out, musl_inet_aton(text, (struct in_addr *)(void *)out->bytes) != 0);
}

static bool print_ntop(char text[ADAPTER_TEXT_MAX], const uint8_t bytes[16])
{
    return musl_inet_ntop(AF_INET6, bytes, text, ADAPTER_TEXT_MAX) != NULL;
}

static int read_ntop(struct sockdrill_address *out, const char *text, size_t length)
{
    return adapter_printed(out, text, length, print_ntop);
}

static const struct sockdrill_address_parser parsers[] = {
    ADAPTER("inet_pton AF_INET", IPV4, read_pton4),
    ADAPTER("inet_aton", NUMBERS, read_aton),
    ADAPTER("inet_pton AF_INET6", IPV6, read_pton6),
    ADAPTER("inet_ntop", CANONICAL, read_ntop),
};

ADAPTER_LIBRARY(musl, parsers);
