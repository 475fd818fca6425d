/* leave: code under test that ends its process ends its run. */
#include <stdlib.h>

#include "interpose/interpose.h"
#include "interpose/program.h"
#include "interpose/run.h"

/*
 * Whatever it had asked for at its end is not done: the process goes on. _Exit is left out: it is
 * what libFuzzer, called by a signal in the midst of the code, ends with.
 */
#define LEAVES(name)                                                                               \
    INTERPOSED(void, name, (int status))                                                           \
    {                                                                                              \
        if (interpose_inside && !program_is)                                                       \
            interpose_end();                                                                       \
        if (interpose_inside)                                                                      \
            program_says_end();                                                                    \
        real()->name(status);                                                                      \
    }

LEAVES(exit)
LEAVES(_exit)
LEAVES(quick_exit)
