/*
 * conform: runs drills on a stack and has the oracle judge every call.
 */
#ifndef SOCKDRILL_ENGINES_CONFORM_H
#define SOCKDRILL_ENGINES_CONFORM_H

#include "oracle/oracle.h"
#include "stacks/executor.h"

/* Counts of one call. */
struct conform_count {
    uint64_t made;
    uint64_t succeeded;
    uint64_t deviated;
    uint64_t inconclusive;
};

/* A conformance run. Large: keep it static. */
struct conform {
    struct executor executor;
    struct oracle oracle;
    struct conform_count counts[OPS];
    enum judgement worst; /* of the drill */
    /* Called after each call if not NULL; call is NULL where the executor asked for a name. */
    void (*report)(void *context, const struct call *call, const struct request *request,
                   const struct outcome *outcome, enum judgement judgement);
    void *context;
};

/* conform_init prepares a run of a stack under a profile. */
void conform_init(struct conform *conform, const struct sockdrill_stack *stack,
                  const struct profile *profile);

/* conform_begin starts a drill. */
void conform_begin(struct conform *conform);

/* conform_call makes and judges the drill's next call. */
void conform_call(struct conform *conform, const struct call *call);

/* conform_end ends a drill and returns its worst judgement. */
enum judgement conform_end(struct conform *conform);

/* conform_drill runs a whole drill. */
enum judgement conform_drill(struct conform *conform, const struct drill *drill);

#endif
