/*
 * feedback: what a run has covered besides code, told to the engine, which keeps an input that
 * covers something new. Code that cannot be instrumented, such as a kernel, shows itself in the
 * clauses of the specification that its outcomes follow from.
 */
#ifndef SOCKDRILL_ENGINES_FEEDBACK_H
#define SOCKDRILL_ENGINES_FEEDBACK_H

#include "drill/call.h"
#include "spec/clause.h"

/* One for each call and clause that may have decided it. */
enum { FEEDBACK_IDS = OPS * CLAUSES };

/* feedback_clause says that the outcome of a call followed from a clause. */
void feedback_clause(enum op op, enum clause clause);

/*
 * feedback_engine is how an engine that can take feedback hears of it: its constructor calls it
 * with a function. Without one, and with SOCKDRILL_FEEDBACK=off in the environment, nothing is
 * told.
 */
void feedback_engine(void (*tell)(unsigned id));

#endif
