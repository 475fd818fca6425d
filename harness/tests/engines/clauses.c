/*
 * clauses: says of each input's first byte that it covers the clause of that number, or so, and
 * takes the same way through its code for all.
 */
#include <sockdrill/target.h>

#include "engines/feedback.h"

static int tell(const uint8_t *data, size_t size)
{
    if (size > 0)
        feedback_clause(OP_socket, (enum clause)(data[0] % CLAUSES));
    return 0;
}

SOCKDRILL_BYTES(tell)
