/*
 * address/inet_pton: a text is an address exactly when the reference says so, it is the address
 * that it says, it survives being printed, and nothing beyond it is written.
 *
 * Texts: POSIX.1-2017 inet_ntop() (the page of inet_pton() too), RFC 4291 2.2, inet_pton(3).
 */
#include <sockdrill/target.h>

#include <errno.h>
#include <string.h>

#include "../law.h"
#include "address.h"
#include "address/address.h"

/* What the reference says; *padded tells whether a decimal part has leading zeros. */
static bool reference_reads(int family, const char *text, uint8_t *address, bool *padded)
{
    struct address_verdict v = {0};
    bool accepted = family == AF_INET ? address_ipv4(&v, address, text, strlen(text))
                                      : address_ipv6(&v, address, NULL, text, strlen(text));

    *padded = v.kept & ADDRESS_BIT(IPV4_LEADING_ZERO);
    return accepted;
}

static void check_family(int family, const char *text)
{
    struct guarded g;
    uint8_t expected[ADDRESS_BYTES_MAX];
    char printed[INET6_ADDRSTRLEN];
    bool padded, valid = reference_reads(family, text, expected, &padded);
    int result = inet_pton(family, text, guard_set(&g));

    LAW(result == 0 || result == 1, "inet_pton of a known family returns 0 or 1");
    LAW(guard_kept(&g, address_size(family)), "inet_pton writes nothing beyond the address");
    LAW(!result || valid, "inet_pton accepts nothing but the standard's forms");
    /*
     * glibc departs: it refuses leading zeros ("010.0.0.1"), which "a one to three digit decimal
     * number" includes, and which POSIX.1-2024 allows by name.
     */
    LAW(result || !valid || padded, "inet_pton accepts the standard's forms");
    if (!result)
        return;
    LAW(memcmp(g.room, expected, address_size(family)) == 0,
        "inet_pton stores the address that the text stands for");
    address_survives_text(family, g.room, printed);
}

static int check(const char *text)
{
    struct guarded g;

    check_family(AF_INET, text);
    check_family(AF_INET6, text);
    errno = 0;
    LAW(inet_pton(AF_UNSPEC, text, guard_set(&g)) == -1 && errno == EAFNOSUPPORT,
        "inet_pton of an unknown family fails with EAFNOSUPPORT");
    return 0;
}

SOCKDRILL_TEXT(check)
