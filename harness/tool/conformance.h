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

/* How often a call in one state may take the process with it before it is not made any more. */
enum { LOST_MAX = 2 };

/* The call that is being made. */
struct at {
    const char *path; /* NULL for a drill that was drawn */
    uint64_t seed;
    uint32_t made; /* calls of the drill before it */
    uint32_t line; /* where it stands in the file, if it does */
    enum standing standing;
};

/*
 * A run. It lies in memory that is shared with the process that works for it (worker.h), which may
 * come to a sudden end. Begins as zeros.
 */
struct conformance {
    struct conform conform;
    struct findings findings;
    struct generator generator;
    struct drill drill; /* that is being run */
    struct at at;
    uint8_t lost[OPS][STANDINGS]; /* how often that call took its process with it */
    size_t next_file;
    uint64_t next_seed;
    uint64_t draw_until; /* so many calls; 0 before the first is drawn */
    char stack[64];      /* its name */
    const struct profile *profile;
    const char *save;   /* the folder for what was drawn and found; or NULL */
    const char *record; /* the folder for traces; or NULL */
    FILE *progress;     /* where to tell how far it is; or NULL */
    bool progress_in_place;
    bool isolated;
    bool first;      /* what is found first is enough */
    uint64_t drills; /* run, from files and drawn */
    uint64_t calls;  /* made by them */
    volatile sig_atomic_t stop;
};

/* conformance_prepare sets a run up on a stack, under run->profile; it goes on from its counts. */
void conformance_prepare(struct conformance *run, const struct sockdrill_stack *stack);

/* conformance_clean tells whether nothing was found that is to be mended. */
bool conformance_clean(const struct conformance *run);

/* conformance_is_over tells whether nothing more is to be run. */
bool conformance_is_over(const struct conformance *run);

/*
 * conformance_file runs a drill from a file, or judges a trace (*.trace). Prints one line and
 * returns false when it cannot be read.
 */
bool conformance_file(struct conformance *run, const char *path);

/*
 * conformance_draw makes so many calls, drawn at random from a seed, or those that are left of
 * them. Prints one line and returns false when a trace cannot be saved.
 */
bool conformance_draw(struct conformance *run, uint64_t calls, uint64_t seed);

/*
 * conformance_lose notes that the call that was being made did not return, or took its process with
 * it; how says so in words.
 */
void conformance_lose(struct conformance *run, enum finding_kind kind, const char *how);

/* conformance_drawn_path says what a drill that was drawn is called where a file would be named. */
const char *conformance_drawn_path(uint64_t seed);

/* conformance_print writes the table, and what was found. */
void conformance_print(FILE *out, const struct conformance *run, bool histogram, bool colour);

/* conformance_json returns all of it. */
json_t *conformance_json(const struct conformance *run, uint64_t seed);

#endif
