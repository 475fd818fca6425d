/* clause: the table of clauses. */
#include "spec/clause.h"

static const struct clause_info infos[CLAUSES] = {
#define CLAUSE(id, strength, statement, citation) {#id, STRENGTH_##strength, statement, citation},
#include "lists/clauses.def"
#undef CLAUSE
};

const struct clause_info *clause_info(enum clause clause)
{
    return &infos[clause];
}
