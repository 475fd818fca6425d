/*
 * decide: who settles what the specification leaves open. `ordinary` does what a quiet machine
 * does; `witness` lets the observed outcome answer, and where that does not show the choice, takes
 * the alternatives one after another.
 */
#ifndef SOCKDRILL_SPEC_DECIDE_H
#define SOCKDRILL_SPEC_DECIDE_H

#include "drill/outcome.h"
#include "spec/clause.h"

enum decider_kind { DECIDER_ORDINARY, DECIDER_WITNESS };

enum { CHOICES_MAX = 24 };

/* The error of an outcome that failed in a way which nobody saw. */
enum { ERROR_LOST = -1 };

struct decider {
    enum decider_kind kind;
    const struct outcome *seen; /* what the witness saw */
    bool overflow;              /* a call had more choices than can be followed */
    uint8_t count;              /* choices asked for in this step */
    uint8_t scripted;           /* the first so many are given */
    uint8_t choice[CHOICES_MAX];
    uint8_t most[CHOICES_MAX];
};

struct step;

/* decide_case chooses one of count alternatives, the ordinary one being 0. */
unsigned decide_case(struct step *t, enum clause clause, unsigned count);

/* decide_amount chooses how many bytes move, between least and most; ordinarily most. */
int64_t decide_amount(struct step *t, enum clause clause, int64_t least, int64_t most);

/* decide_value chooses a value; seen is the one that the witness saw. */
int64_t decide_value(struct step *t, enum clause clause, int64_t seen, int64_t least, int64_t most,
                     int64_t ordinary);

/* decider_is_last tells whether decider_next would find no more. */
bool decider_is_last(const struct decider *decider);

/*
 * decider_next moves to the next alternatives after a step, and tells whether there are any.
 */
bool decider_next(struct decider *decider);

/* clause_removed tells whether a test has taken the clause out. */
#ifdef SOCKDRILL_CLAUSE_REMOVAL
extern int clause_removal; /* a clause, or -1 */
static inline bool clause_removed(enum clause clause)
{
    return (int)clause == clause_removal;
}
#else
static inline bool clause_removed(enum clause clause)
{
    (void)clause;
    return false;
}
#endif

#endif
