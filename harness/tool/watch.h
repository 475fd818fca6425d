/* watch: a stack that hangs in a call is reported, never waited for. */
#ifndef SOCKDRILL_TOOL_WATCH_H
#define SOCKDRILL_TOOL_WATCH_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

/* What a call may take, and where what is sent is late (it is waited for between drills). */
enum { WATCH_SECONDS = 5, WATCH_SLOW_SECONDS = 60 };

/* The call that is watched. */
struct watched {
    const char *file;
    unsigned number; /* in its drill, from 1 */
    const char *call;
};

/*
 * watch_start begins watching. When a call has not returned in time the process goes on from
 * *escape, set by sigsetjmp, which may only report and end; without one it says so itself and ends
 * with EXIT_FOUND. So it does if reporting hangs in its turn.
 */
void watch_start(sigjmp_buf *escape);

/* watch_is_slow gives calls the longer time from now on. */
void watch_is_slow(void);

/* watch_next gives the next call its time; the strings live until the one after. */
void watch_next(const char *file, unsigned number, const char *call);

/* watch_stop ends watching until the next watch_next. */
void watch_stop(void);

#endif
