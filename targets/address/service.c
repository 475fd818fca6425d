/*
 * address/service: numeric ports and names of services: the reference keeps its laws, and no parser
 * or printer departs from it in a way that is not known.
 *
 * Texts: POSIX.1-2017 getaddrinfo(), RFC 6335 5.1.
 */
#include <sockdrill/target.h>

#include "differential.h"

static int check(const uint8_t *data, size_t size)
{
    static const enum sockdrill_form forms[] = {SOCKDRILL_FORM_PORT, SOCKDRILL_FORM_SERVICE};

    return differential_check(data, size, forms, sizeof forms / sizeof *forms);
}

SOCKDRILL_BYTES(check)
