/*
 * address/ipv4: IPv4 addresses, the strict dotted quad and numbers and dots: the reference keeps
 * its laws, and no parser or printer departs from it in a way that is not known.
 *
 * Texts: POSIX.1-2017 inet_ntop() and inet_addr(), RFC 6943 3.1.1.
 */
#include <sockdrill/target.h>

#include "differential.h"

static int check(const uint8_t *data, size_t size)
{
    static const enum sockdrill_form forms[] = {SOCKDRILL_FORM_IPV4, SOCKDRILL_FORM_NUMBERS};

    return differential_check(data, size, forms, sizeof forms / sizeof *forms);
}

SOCKDRILL_BYTES(check)
