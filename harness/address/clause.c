/* clause: see clause.h. */
#include "address/clause.h"

#include <string.h>

static const struct address_clause_info infos[ADDRESS_CLAUSES] = {
#define CLAUSE(id, strength, statement, citation) {#id, STRENGTH_##strength, statement, citation},
#include "lists/address_clauses.def"
#undef CLAUSE
};

const struct address_clause_info *address_clause_info(enum address_clause clause)
{
    return &infos[clause];
}

enum address_clause address_clause_find(const char *id)
{
    for (unsigned i = 0; i < ADDRESS_CLAUSES; i++)
        if (strcmp(infos[i].id, id) == 0)
            return (enum address_clause)i;
    return ADDRESS_CLAUSES;
}
