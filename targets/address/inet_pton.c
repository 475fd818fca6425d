/*
 * address/inet_pton: a text is an address exactly when the standard's grammar says so, it is the
 * address the grammar says, it survives being printed, and nothing beyond it is written.
 *
 * Texts: POSIX.1-2017 inet_ntop() (the page of inet_pton() too), RFC 4291 2.2, inet_pton(3).
 */
#include <sockdrill/target.h>

#include <errno.h>
#include <string.h>

#include "../law.h"
#include "address.h"
#include "grammar.h"

static bool grammar_reads(int family, const char *text, uint8_t *address, bool *padded)
{
    if (family == AF_INET)
        return grammar_quad(text, strlen(text), address, padded);
    return grammar_ipv6(text, address, padded);
}

static void check_family(int family, const char *text)
{
    struct guarded g;
    uint8_t expected[ADDRESS_BYTES_MAX];
    char printed[INET6_ADDRSTRLEN];
    bool padded, valid = grammar_reads(family, text, expected, &padded);
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
