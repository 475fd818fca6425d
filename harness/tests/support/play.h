/*
 * play: drills in text form on a stack, with their expectations checked, over both families.
 */
#ifndef SOCKDRILL_TESTS_PLAY_H
#define SOCKDRILL_TESTS_PLAY_H

#include "stacks/executor.h"

/*
 * A drill by what it shows. In its text $AF, $LO, $ANY and $OTHER stand for the family, its
 * loopback and wildcard address, and the other family.
 */
struct play {
    const char *shows;
    const char *text;
};

/* The families that a drill is played over. */
enum play_family { PLAY_IPV4, PLAY_IPV6, PLAY_FAMILIES };

/* How long a call may be waited for: no drill depends on it, but a busy machine may be late. */
enum { PLAY_BLOCK_MS = 200, PLAY_WAIT_MS = 50, PLAY_DRILL_WAIT_MS = 2000 };

/* What the drills are played on, and how long a call may be waited for there; the kernel at first.
 */
extern const struct sockdrill_stack *play_stack;
extern int play_wait_ms;

/* The executor that the functions below use; set up by play_init for play_stack. */
extern struct executor play_executor;
void play_init(void);

/* play_parse puts the family's words into a text and parses it into drill and its notes. */
void play_parse(struct drill *drill, struct drill_notes *notes, const char *text,
                enum play_family family);

/* play_unmet plays a text and returns how many expectations were not met, after saying which. */
unsigned play_unmet(const char *text, enum play_family family);

/* play_all plays each of count rows over both families, and fails if any expectation is unmet, if a
 * descriptor is left open, or if a drill takes longer than its waits.
 */
void play_all(const struct play *rows, size_t count);

#endif
