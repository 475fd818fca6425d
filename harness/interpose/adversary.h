/*
 * adversary: what comes of calls of code under test where the texts leave it open, as the drill's
 * answers say. Each is given only where it may happen; where it may not, and when there are no more
 * answers, the call goes as on a quiet machine.
 */
#ifndef SOCKDRILL_INTERPOSE_ADVERSARY_H
#define SOCKDRILL_INTERPOSE_ADVERSARY_H

#include <stdbool.h>

#include "drill/drill.h"

/* adversary_level sets from now on which answers are given; LEVEL_FAULTS, all, at first. */
void adversary_level(enum answer_level level);

/* adversary_begin begins a run with a drill's answers. */
void adversary_begin(const struct drill *drill);

/* adversary_end says that what follows are no calls of code under test. */
void adversary_end(void);

/* adversary_number returns the number that the descriptor just made is to have, or -1. */
int adversary_number(void);

/* adversary_given returns how many answers have been given in this run. */
unsigned adversary_given(void);

#endif
