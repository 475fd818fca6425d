/*
 * address/ipv6: IPv6 addresses, with and without zone, and how they are printed: the reference
 * keeps its laws, and no parser or printer departs from it in a way that is not known.
 *
 * Texts: RFC 4291 2.2, RFC 4007 11, RFC 5952 4 and 5.
 */
#include <sockdrill/target.h>

#include "differential.h"

static int check(const uint8_t *data, size_t size)
{
    static const enum sockdrill_form forms[] = {SOCKDRILL_FORM_IPV6, SOCKDRILL_FORM_SCOPED,
                                                SOCKDRILL_FORM_CANONICAL};

    return differential_check(data, size, forms, sizeof forms / sizeof *forms);
}

SOCKDRILL_BYTES(check)
