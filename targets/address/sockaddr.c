/*
 * address/sockaddr: the bytes of a socket address: the reference keeps its laws, and no parser or
 * printer departs from it in a way that is not known.
 *
 * Texts: POSIX.1-2017 getnameinfo() and <netinet/in.h>.
 */
#include <sockdrill/target.h>

#include "differential.h"

static int check(const uint8_t *data, size_t size)
{
    static const enum sockdrill_form forms[] = {SOCKDRILL_FORM_SOCKADDR};

    return differential_check(data, size, forms, sizeof forms / sizeof *forms);
}

SOCKDRILL_BYTES(check)
