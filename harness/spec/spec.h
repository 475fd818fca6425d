/*
 * spec: the executable specification. It says what may come of a call, and changes its world
 * accordingly. Pure: no I/O, no allocation, no wait.
 */
#ifndef SOCKDRILL_SPEC_SPEC_H
#define SOCKDRILL_SPEC_SPEC_H

#include "spec/step.h"

/* spec_knows tells whether the specification has the call, with these arguments. */
bool spec_knows(const struct request *request);

/*
 * spec_step carries out a request on the step's world, as the step's decider decides, and leaves
 * what it says in the step's prediction. world, request, decider and coverage are the caller's.
 */
void spec_step(struct step *step);

/* spec_is_founded tells whether every clause that the prediction follows from is there. */
bool spec_is_founded(const struct step *step);

/* spec_again carries out the step's request once more, for a call that is resumed. */
void spec_again(struct step *step);

/*
 * spec_settle makes everything that is under way in the step's world arrive, whatever the decider.
 */
void spec_settle(struct step *step);

/* spec_matches tells whether an outcome is what the step predicted. */
bool spec_matches(const struct step *step, const struct outcome *outcome);

/*
 * spec_outcome writes the step's prediction as an outcome; what is received goes to buffer, which
 * has room for SPEC_BYTES_MAX.
 */
enum { SPEC_BYTES_MAX = DATA_BYTES_MAX + PARTS_MAX * CONTROL_BYTES_MAX };
void spec_outcome(const struct step *step, struct outcome *outcome, uint8_t *buffer);

#endif
