/*
 * clause: the rules of the specification, one of lists/clauses.def each, and how often each was
 * exercised and decided something.
 */
#ifndef SOCKDRILL_SPEC_CLAUSE_H
#define SOCKDRILL_SPEC_CLAUSE_H

#include <stdint.h>

/* Every clause, numbered in the order of clauses.def. */
enum clause {
#define CLAUSE(id, strength, statement, citation) CLAUSE_##id,
#include "lists/clauses.def"
#undef CLAUSE
    CLAUSES
};

/* How binding a clause is: its text's word, or that only Linux documents it. */
enum strength { STRENGTH_SHALL, STRENGTH_SHOULD, STRENGTH_MAY, STRENGTH_LINUX, STRENGTHS };

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

/* clause_find returns the clause with that id, or CLAUSES. */
enum clause clause_find(const char *id);

/* strength_name returns "shall", "should", "may" or "Linux". */
const char *strength_name(enum strength strength);

#endif
