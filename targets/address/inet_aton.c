/*
 * address/inet_aton: a text is an address exactly when it is one of the forms of numbers and dots;
 * inet_addr agrees, and so does inet_pton on what both accept.
 *
 * Texts: POSIX.1-2017 inet_addr() (inet_aton is not in POSIX), inet(3).
 */
#include <sockdrill/target.h>

#include <netinet/in.h>
#include <string.h>

#include "../law.h"
#include "address.h"
#include "address/address.h"

/*
 * glibc departs: inet_aton and inet_addr ignore white space after the address and whatever follows
 * it ("127.0.0.1 x"), though no form has any; getaddrinfo does not (CVE-2016-10739). So the
 * reference judges what stands before the first white space, as isspace() knows it in the C locale.
 */
static size_t judged_length(const char *text)
{
    return strcspn(text, " \t\n\v\f\r");
}

static int check(const char *text)
{
    struct guarded g;
    struct in_addr strict;
    uint8_t expected[4];
    struct address_verdict v = {0};
    bool valid = address_numbers(&v, expected, text, judged_length(text));
    int result = inet_aton(text, guard_set(&g));
    in_addr_t old = inet_addr(text);

    LAW(guard_kept(&g, sizeof(struct in_addr)), "inet_aton writes nothing beyond the address");
    LAW(!result == !valid, "inet_aton accepts the forms of numbers and dots and no other");
    if (!result) {
        LAW(old == INADDR_NONE, "inet_addr refuses what inet_aton refuses");
        LAW(inet_pton(AF_INET, text, &strict) == 0, "inet_pton refuses what inet_aton refuses");
        return 0;
    }
    LAW(memcmp(g.room, expected, sizeof(expected)) == 0,
        "inet_aton stores the address that the text stands for");
    /* 255.255.255.255 is INADDR_NONE: there inet_addr's success and failure look alike. */
    LAW(memcmp(&old, expected, sizeof(expected)) == 0, "inet_addr agrees with inet_aton");
    if (inet_pton(AF_INET, text, &strict) == 1)
        LAW(memcmp(&strict, expected, sizeof(expected)) == 0,
            "inet_pton and inet_aton agree on what both accept");
    return 0;
}

SOCKDRILL_TEXT(check)
