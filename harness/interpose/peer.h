/*
 * peer: who the drill's variable `remote` is. A drill may also be no more than what the remote
 * sends: then all that it takes to be met by code under test is done here.
 */
#ifndef SOCKDRILL_INTERPOSE_PEER_H
#define SOCKDRILL_INTERPOSE_PEER_H

#include <stdbool.h>
#include <sys/socket.h>

#include "drill/call.h"
#include "stacks/executor.h"

enum peer {
    PEER_GIVEN,   /* there from the start */
    PEER_LISTENS, /* the connection that came last to a listener */
    PEER_ANSWERS, /* a datagram socket, which sends to whom it has last heard of */
    PEER_CALLS    /* is made, and again when it was closed, for what the code listens on */
};

/* peer_loopback puts the loopback address of a family, port 0, into name, and returns its size. */
socklen_t peer_loopback(int family, struct sockaddr_storage *name);

/*
 * peer_begin begins a run. What the code is to connect or send to, if it is there, is put into
 * name, whose size is returned; otherwise 0.
 */
socklen_t peer_begin(struct executor *executor, enum peer kind, int family,
                     struct sockaddr_storage *name);

/*
 * peer_is_there tells whether a call can be made now, or would be of a remote that is not there
 * yet, or accept nothing.
 */
bool peer_is_there(struct executor *executor, const struct call *call);

/* peer_call makes a call. */
void peer_call(struct executor *executor, const struct call *call);

/* peer_listens takes whoever has come; peer_hears takes what has come to a datagram socket. */
void peer_listens(struct executor *executor);
void peer_hears(struct executor *executor);

/*
 * peer_serve listens where code is about to connect to, if that is a place of this machine's: then
 * the remote is the connection that came last there.
 */
void peer_serve(const struct sockaddr *address, socklen_t size);

/* peer_leaves has nobody come any more. */
void peer_leaves(void);

#endif
