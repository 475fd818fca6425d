/*
 * witness: the drill that shows a mutated stack's fault, and its run on both stacks.
 *
 * The words of a drill in faults.def:
 *   $AF $TYPE $LO $ELSEWHERE   the kind's family and type, its loopback and a host beyond
 *   $CALL                      the call's name
 *   $REST                      what ends its arguments: no flags, and a destination for sendto
 *   $DEST                      what follows the flags: a destination for sendto
 *   $LATER                     $REST for a peer that has gone
 *   $BAD $NOTSOCK              the call on -1, or on an open descriptor that is no socket
 *   $PAIR                      c and s, connected; for a stream also l, which listens
 *   $ABC                       $PAIR, and c has sent abc
 *   $RESET                     c resets the connection
 *   $STUFFED                   $PAIR, and c has no room to send
 *   $LISTEN                    l listens, for streams
 *   $KNOCK                     $LISTEN, and c has connected to it
 *   $FULL                      l has as many connections as it takes, c is a stream
 *   $NAMED                     s has the name that the call asks for
 */
#ifndef SOCKDRILL_TESTS_FAULTS_WITNESS_H
#define SOCKDRILL_TESTS_FAULTS_WITNESS_H

#include "drill/drill.h"
#include "tests/faults/faults.h"

/* How a line must come out on the mutated stack, compared with the kernel. */
enum promise { PROMISE_SAME, PROMISE_DIFFERENT, PROMISE_NONE };

/* A mutant's drill. Large: keep it static. */
struct witness {
    struct drill drill;
    struct drill_notes notes;
    enum promise promises[DRILL_CALLS_MAX];
};

/* What a run of it came to, call by call; ports that the stack chose are told by whose they are. */
struct witness_run {
    unsigned count;
    char *outcomes[DRILL_CALLS_MAX];
};

/* witness_of reads the drill of a mutant. Fails the test if it is no drill. */
void witness_of(struct witness *witness, const struct mutant *mutant);

/* witness_run runs it on a stack; to be released. */
void witness_run(struct witness_run *run, const struct witness *witness,
                 const struct sockdrill_stack *stack);
void witness_release(struct witness_run *run);

/*
 * witness_holds tells whether the two runs are alike and different where the drill says so; what is
 * otherwise is written to out.
 */
bool witness_holds(FILE *out, const struct witness *witness, const struct witness_run *kernel,
                   const struct witness_run *mutated);

#endif
