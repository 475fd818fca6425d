/*
 * retrace: the requests of a recorded trace, as the executor made them, without a stack: variables
 * hold the numbers that were returned, and names are those that the executor was told.
 */
#ifndef SOCKDRILL_STACKS_RETRACE_H
#define SOCKDRILL_STACKS_RETRACE_H

#include "drill/trace.h"
#include "stacks/executor.h"

enum { RETRACE_NAMES_MAX = 8 };

/* A trace being followed. Large: keep it static. */
struct retrace {
    struct trace_reader reader;
    struct executor executor;
    unsigned name_count; /* asked since the last call */
    struct {
        enum op op;
        int fd;
        struct outcome outcome;
    } names[RETRACE_NAMES_MAX];
    bool missing; /* a name that was not asked for */
};

/* What retrace_next comes upon. */
enum retraced { RETRACED_REQUEST, RETRACED_NOT_SOCKET, RETRACED_END, RETRACED_FAULT };

/* retrace_start begins with a text, which must outlive it; false and error when it is no trace. */
bool retrace_start(struct retrace *retrace, struct drill_error *error, const char *text,
                   size_t size);

/*
 * retrace_next reads the next line. For RETRACED_REQUEST request is what was asked, call being NULL
 * where the executor did; for RETRACED_FAULT error says what is wrong.
 */
enum retraced retrace_next(struct retrace *retrace, struct trace_line *line,
                           struct request *request);

#endif
