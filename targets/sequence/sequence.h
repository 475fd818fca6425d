/* sequence: what the sequence targets share. */
#ifndef SOCKDRILL_TARGETS_SEQUENCE_H
#define SOCKDRILL_TARGETS_SEQUENCE_H

#include <sockdrill/target.h>

#include "drill/drill.h"

/*
 * sequence_run makes a drill's calls on the kernel's sockets over loopback, or on the stack that
 * SOCKDRILL_UNDER_TEST names. Laws: every outcome is one that some stack may have (outcome_sane),
 * and no descriptor is left open. In a network namespace of its own, and without
 * SOCKDRILL_JUDGE=off in the environment, every outcome must be one that the specification allows
 * on Linux, and what each followed from is told to the engine.
 */
void sequence_run(const struct drill *drill);

#endif
