/*
 * barrier: waits until nothing is under way over loopback. Its packets go one after another, so
 * when one that is sent now arrives, all before it have.
 */
#ifndef SOCKDRILL_ENGINES_BARRIER_H
#define SOCKDRILL_ENGINES_BARRIER_H

#include <stdbool.h>

/* barrier_clear waits until a packet passes at once, but not for ever. */
void barrier_clear(void);

/* barrier_is_slow tells whether packets that are sent one after another are late. */
bool barrier_is_slow(void);

#endif
