/* clause: the rules of written addresses, one of lists/address_clauses.def each. */
#ifndef SOCKDRILL_ADDRESS_CLAUSE_H
#define SOCKDRILL_ADDRESS_CLAUSE_H

#include <stdint.h>

#include "lists/strength.h"

/* Every clause, numbered in the order of address_clauses.def. */
enum address_clause {
#define CLAUSE(id, strength, statement, citation) ADDRESS_##id,
#include "lists/address_clauses.def"
#undef CLAUSE
    ADDRESS_CLAUSES
};

/* A set of clauses, a bit each. */
typedef uint64_t address_clauses;
_Static_assert(ADDRESS_CLAUSES <= 64, "a set of clauses has a bit for each");

#define ADDRESS_BIT(id) ((address_clauses)1 << ADDRESS_##id)

/* What address_clauses.def says of a clause. */
struct address_clause_info {
    const char *id;
    enum strength strength;
    const char *statement;
    const char *citation;
};

/* address_clause_info returns the clause's row. */
const struct address_clause_info *address_clause_info(enum address_clause clause);

/* address_clause_find returns the clause with that id, or ADDRESS_CLAUSES. */
enum address_clause address_clause_find(const char *id);

#endif
