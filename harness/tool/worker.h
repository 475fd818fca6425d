/*
 * worker: runs in a process of its own what may take its process with it, such as calls of a stack
 * that hangs or crashes. What it finds it keeps in shared memory (shared.h).
 */
#ifndef SOCKDRILL_TOOL_WORKER_H
#define SOCKDRILL_TOOL_WORKER_H

/* How a worker came to its end. */
enum worker_end {
    WORKER_FAILED, /* there was no worker */
    WORKER_ENDED,  /* its work returned; status is what it returned */
    WORKER_HUNG,   /* it said so, with worker_hangs */
    WORKER_KILLED, /* by a signal, which status names */
    WORKER_LEFT,   /* it left amid its work, with that status */
};

/*
 * worker_run has a new process do the work, waits for its end and says how that came. What the
 * worker writes to its output goes to stderr, for a stack may say things of its own.
 */
enum worker_end worker_run(int (*work)(void), int *status);

/* worker_hangs ends the worker that calls it, without cleaning up. */
void worker_hangs(void) __attribute__((noreturn));

#endif
