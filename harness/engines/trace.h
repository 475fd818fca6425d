/* trace: records what a conformance run observes, and has the oracle judge it later. */
#ifndef SOCKDRILL_ENGINES_TRACE_H
#define SOCKDRILL_ENGINES_TRACE_H

#include "engines/conform.h"
#include "stacks/retrace.h"

/* trace_record writes what was judged as lines of a trace; returns how many. */
uint32_t trace_record(FILE *out, const struct judged *judged, const struct drill_notes *notes);

/* Judging a trace. Large: keep it static. */
struct trace_judge {
    struct retrace retrace;
    struct oracle oracle;
    /* Called for each line but the first and the last; judged's request is NULL for not_socket. */
    void (*report)(void *context, const struct trace_line *line, const struct judged *judged);
    void *context;
};

/*
 * trace_judge_text judges a trace by a profile, NULL being the one by which it was recorded.
 * Returns false and fills error when the text is malformed; what came before has been judged.
 */
bool trace_judge_text(struct trace_judge *judge, const struct profile *profile, const char *text,
                      size_t size, struct drill_error *error);

#endif
