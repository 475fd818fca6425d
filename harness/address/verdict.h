/* verdict: what a reference parser says of a text, and how the parsers write it down. */
#ifndef SOCKDRILL_ADDRESS_VERDICT_H
#define SOCKDRILL_ADDRESS_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "address/clause.h"

/*
 * Refused: clause is the one that the text breaks, offset where. Accepted: clause is the most
 * special one that allows it, kept are all that it might have broken, or that allow what it does.
 * Open: the text of the clause allows the other outcome too.
 */
struct address_verdict {
    bool accepted;
    bool open;
    enum address_clause clause;
    size_t offset;
    address_clauses kept;
};

/* verdict_refuse writes down that the text breaks a clause, and returns false. */
static inline bool verdict_refuse(struct address_verdict *v, enum address_clause clause,
                                  size_t offset)
{
    v->accepted = false;
    v->clause = clause;
    v->offset = offset;
    return false;
}

/*
 * verdict_special writes down that a clause allows something that not every text has. The last one
 * is taken for the most special, but for leading zeros, which many refuse wherever they are.
 */
static inline void verdict_special(struct address_verdict *v, enum address_clause clause)
{
    if (v->clause != ADDRESS_IPV4_LEADING_ZERO)
        v->clause = clause;
    v->kept |= (address_clauses)1 << clause;
}

#endif
