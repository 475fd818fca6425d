/*
 * worker: a thread that makes calls which may really block, one at a time, for the executor.
 * Whoever gives it a call can see whether it is done or blocked, interrupt it, and always gets it
 * back. Workers are started when first asked for and stay for the process. Private to
 * harness/stacks.
 */
#ifndef SOCKDRILL_STACKS_WORKER_H
#define SOCKDRILL_STACKS_WORKER_H

#include "stacks/executor.h"

/* One for each actor, and the first for calls of the drill's own thread that end by their time. */
enum { WORKERS = ACTORS + 1 };

struct worker;

/* worker_of returns a worker, ready for the drill's first call; NULL when there can be no thread.
 */
struct worker *worker_of(unsigned index);

/*
 * worker_begin gives an idle worker a call. Its descriptor's mode is what the stack sees; the
 * request's bytes are copied, but for payload.
 */
void worker_begin(struct worker *worker, struct executor *executor, const struct request *request);

/* worker_settled waits until the call is done or blocked, and tells whether it is done. */
bool worker_settled(struct worker *worker);

/* worker_wait waits so long for the call to be done, and tells whether it is. */
bool worker_wait(struct worker *worker, int ms);

/* worker_outcome returns what came of a call that is done; it lives until the next one begins. */
const struct outcome *worker_outcome(const struct worker *worker);

/*
 * worker_signal sends SIGUSR1, caught by a handler that was installed with SA_RESTART or without,
 * and returns when it has run.
 */
void worker_signal(struct worker *worker, bool restarts);

/* worker_cancel interrupts the call until it is done; its outcome means nothing then. */
void worker_cancel(struct worker *worker);

/* worker_rest gives back what worker_of has taken; the worker is idle. */
void worker_rest(struct worker *worker);

#endif
