/*
 * run: runs code under test on the model, with a drill as its remote. Everything it does with
 * sockets and time is emulated from its first instruction to its last; nothing else ever is.
 */
#ifndef SOCKDRILL_INTERPOSE_RUN_H
#define SOCKDRILL_INTERPOSE_RUN_H

#include <stdbool.h>

#include "drill/drill.h"

/* interpose_begin prepares a run: no socket is open, and the drill is the remote's. */
void interpose_begin(const struct drill *drill);

/*
 * interpose_run has code run until it returns, or until it waits for what can no longer come: then
 * it is left where it waits. Returns whether it returned.
 */
bool interpose_run(void (*code)(void *context), void *context);

/* interpose_serve runs a server on the accepted end of a connection; the drill is the other end. */
void interpose_serve(int (*server)(int), const struct drill *drill, int family);

/* interpose_end leaves code under test, which is waiting. */
_Noreturn void interpose_end(void);

#endif
