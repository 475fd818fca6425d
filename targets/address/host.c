/*
 * address/host: host and port of a URI: the reference keeps its laws, and no parser or printer
 * departs from it in a way that is not known.
 *
 * Texts: RFC 3986 3.2.2 and 3.2.3, RFC 6874 2.
 */
#include <sockdrill/target.h>

#include "differential.h"

static int check(const uint8_t *data, size_t size)
{
    static const enum sockdrill_form forms[] = {SOCKDRILL_FORM_HOST};

    return differential_check(data, size, forms, sizeof forms / sizeof *forms);
}

SOCKDRILL_BYTES(check)
