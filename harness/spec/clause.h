/*
 * clause: the rules of the specification, one of lists/clauses.def each, and how often each was
 * exercised and decided something.
 */
#ifndef SOCKDRILL_SPEC_CLAUSE_H
#define SOCKDRILL_SPEC_CLAUSE_H

#include <stdint.h>

#include "lists/strength.h"

/* Every clause, numbered in the order of clauses.def. */
enum clause {
#define CLAUSE(id, strength, statement, citation) CLAUSE_##id,
#include "lists/clauses.def"
#undef CLAUSE
    CLAUSES
};

/* What clauses.def says of a clause. */
struct clause_info {
    const char *id;
    enum strength strength;
    const char *statement;
    const char *citation;
};

/* How often a clause was asked, and how often the outcome followed from it. */
struct clause_count {
    uint32_t exercised;
    uint32_t decided;
};

/* The counts of all clauses. */
struct coverage {
    struct clause_count clauses[CLAUSES];
};

/* clause_info returns the row of clauses.def. */
const struct clause_info *clause_info(enum clause clause);

#endif
