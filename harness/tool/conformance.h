/*
 * conformance: a run of `sockdrill conform`: drills from files and drills drawn at random, judged,
 * and what is found.
 */
#ifndef SOCKDRILL_TOOL_CONFORMANCE_H
#define SOCKDRILL_TOOL_CONFORMANCE_H

#include <signal.h>

#include "mutate/generate.h"
#include "tool/command.h"
#include "tool/findings.h"

/* The folder of the conformance drills. */
#define CONFORMANCE_CORPUS SOCKDRILL_ROOT "/corpus/conformance"

/* A run. Large: keep it static. */
struct conformance {
    struct conform conform;
    struct findings findings;
    const struct profile *profile;
    const char *save;   /* the folder for what was drawn and found; or NULL */
    const char *record; /* the folder for traces; or NULL */
    FILE *progress;     /* where to tell how far it is; or NULL */
    bool progress_in_place;
    bool isolated;
    uint64_t drills; /* run, from files and drawn */
    uint64_t calls;  /* made by them */
    volatile sig_atomic_t stop;
};

/* conformance_prepare sets a run up on a stack under a profile. */
void conformance_prepare(struct conformance *run, const struct sockdrill_stack *stack,
                         const struct profile *profile, bool isolated);

/*
 * conformance_file runs a drill from a file, or judges a trace (*.trace). Prints one line and
 * returns false when it cannot be read.
 */
bool conformance_file(struct conformance *run, const char *path);

/*
 * conformance_draw makes so many calls, drawn at random from a seed. Prints one line and returns
 * false when a trace cannot be saved.
 */
bool conformance_draw(struct conformance *run, uint64_t calls, uint64_t seed);

/* conformance_drawn_path says what a drill that was drawn is called where a file would be named. */
const char *conformance_drawn_path(uint64_t seed);

/* conformance_print writes the table, and what was found. */
void conformance_print(FILE *out, const struct conformance *run, bool histogram, bool colour);

/* conformance_json returns all of it. */
json_t *conformance_json(const struct conformance *run, uint64_t seed);

#endif
