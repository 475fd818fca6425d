/*
 * generate: draws the next call of a drill from the state of a world, so that drills get far: most
 * calls mean something on the socket that they name, and a few are wrong on purpose.
 */
#ifndef SOCKDRILL_MUTATE_GENERATE_H
#define SOCKDRILL_MUTATE_GENERATE_H

#include "drill/drill.h"
#include "spec/world.h"

enum { PATTERN_BYTES = 1 << 16 };

/* A generator. */
struct generator {
    uint64_t random;
    uint32_t sent;                  /* bytes of the pattern that the drill has used */
    uint8_t pattern[PATTERN_BYTES]; /* payload, different everywhere */
};

/* generate_init prepares a generator; the same seed gives the same drills on the same stack. */
void generate_init(struct generator *generator, uint64_t seed);

/* generate_begin starts a drill. */
void generate_begin(struct generator *generator);

/*
 * generate_call draws a call. slots are the descriptor numbers of the drill's variables. The call
 * points into the generator.
 */
void generate_call(struct generator *generator, const struct world *world,
                   const int slots[SLOTS_MAX], struct call *call);

#endif
