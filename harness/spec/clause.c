/* clause: the table of clauses. */
#include "spec/clause.h"

#include <string.h>

static const struct clause_info infos[CLAUSES] = {
#define CLAUSE(id, strength, statement, citation) {#id, STRENGTH_##strength, statement, citation},
#include "lists/clauses.def"
#undef CLAUSE
};

const struct clause_info *clause_info(enum clause clause)
{
    return &infos[clause];
}

enum clause clause_find(const char *id)
{
    for (unsigned i = 0; i < CLAUSES; i++)
        if (strcmp(infos[i].id, id) == 0)
            return (enum clause)i;
    return CLAUSES;
}
