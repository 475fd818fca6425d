/* known: see known.h. */
#include "address/known.h"

#include <string.h>

static const struct {
    const char *library;
    const char *parser;
    enum address_clause clause;
    enum address_difference difference;
} known[] = {
#define DEVIATION(library, parser, clause, difference)                                             \
    {library, parser, ADDRESS_##clause, ADDRESS_##difference},
#include "lists/address_deviations.def"
#undef DEVIATION
    {"", "", ADDRESS_CLAUSES, ADDRESS_AGREES}};

bool address_known(const char *library, const char *parser, enum address_clause clause,
                   enum address_difference difference)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].clause == clause && known[i].difference == difference &&
            strcmp(known[i].parser, parser) == 0 && strcmp(known[i].library, library) == 0)
            return true;
    return false;
}
