/* explain: says in words what a judge found. */
#ifndef SOCKDRILL_ORACLE_EXPLAIN_H
#define SOCKDRILL_ORACLE_EXPLAIN_H

#include <stdio.h>

#include "oracle/judge.h"

/*
 * explain_deviation writes what the last call did and should have done. The first line is a title,
 * the same for the same fault: call, what it was made on, what came of it, what is allowed. Then
 * the call as a line of a drill, and every outcome that is allowed, with its clause and where that
 * stands. call is NULL where the executor asked for a name.
 */
void explain_deviation(FILE *out, const struct judge *judge, const struct call *call,
                       const struct request *request, const struct outcome *outcome);

/* explain_find returns the clause with that id, or CLAUSES. */
enum clause explain_find(const char *id);

#endif
