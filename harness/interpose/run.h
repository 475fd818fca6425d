/*
 * run: runs code under test on the model, with a drill as its remote. Everything it does with
 * sockets and time is emulated from its first instruction to its last; nothing else ever is.
 */
#ifndef SOCKDRILL_INTERPOSE_RUN_H
#define SOCKDRILL_INTERPOSE_RUN_H

#include <stdbool.h>

#include <sys/socket.h>

#include "drill/drill.h"
#include "interpose/peer.h"

/* interpose_begin prepares a run: no socket is open, and the drill is the remote's. */
void interpose_begin(const struct drill *drill);

/*
 * interpose_run has code run until it returns, or until it waits for what can no longer come: then
 * it is left where it waits. Returns whether it returned.
 */
bool interpose_run(void (*code)(void *context), void *context);

/* interpose_serve runs a server on the accepted end of a connection; the drill is the other end. */
void interpose_serve(int (*server)(int), const struct drill *drill, int family);

/*
 * interpose_receive runs code on a datagram socket with a name; what the drill's remote sends, goes
 * there.
 */
void interpose_receive(int (*receiver)(int), const struct drill *drill, int family);

/* interpose_client runs code that is told whom to connect to, or send to: the drill's remote. */
void interpose_client(enum peer kind, int (*client)(const struct sockaddr *, socklen_t),
                      const struct drill *drill, int family);

/*
 * interpose_code runs code that makes its sockets itself; the drill's remote comes to the one on
 * which it listens. Returns whether it returned.
 */
bool interpose_code(int (*code)(void *), void *context, const struct drill *drill);

/* interpose_take_up has the drill's remote come to a process that has run until here. */
void interpose_take_up(const struct drill *drill);

/* interpose_end leaves code under test, which is waiting. */
_Noreturn void interpose_end(void);

#endif
