/*
 * address/prefix: prefixes, an address with a length: the reference keeps its laws, and no parser
 * or printer departs from it in a way that is not known.
 *
 * Texts: RFC 4632 3.1, RFC 4291 2.3.
 */
#include <sockdrill/target.h>

#include "differential.h"

static int check(const uint8_t *data, size_t size)
{
    static const enum sockdrill_form forms[] = {SOCKDRILL_FORM_PREFIX};

    return differential_check(data, size, forms, sizeof forms / sizeof *forms);
}

SOCKDRILL_BYTES(check)
