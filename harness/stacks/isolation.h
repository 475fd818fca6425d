/*
 * isolation: keeps drills on this machine. Where it is permitted the process moves into a user and
 * network namespace of its own, in which only loopback exists.
 */
#ifndef SOCKDRILL_STACKS_ISOLATION_H
#define SOCKDRILL_STACKS_ISOLATION_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * isolation_enter moves the calling process into a private network namespace, brings loopback up
 * and drops all capabilities. The process must have one thread. Returns whether it is there, which
 * is believed only after a connection over loopback; a second call only returns that. The
 * environment variable SOCKDRILL_ISOLATION=off makes it behave as where it is not permitted; here
 * stays in the namespace that the process was started in, if that has no interface but loopback.
 */
bool isolation_enter(void);

/*
 * isolation_enter_keeping is isolation_enter for conformance runs: there a closed connection stays
 * in TIME-WAIT as RFC 9293, 3.6.1, has it, and isolation_renew may be called.
 */
bool isolation_enter_keeping(void);

/*
 * isolation_renew moves the main thread into a fresh namespace, in which every port is free, and
 * tells whether it did. Sockets that are open stay behind, and so do other threads.
 */
bool isolation_renew(void);

/* isolation_follow moves the calling thread to where isolation_renew has moved the main one. */
void isolation_follow(void);

/* isolation_entered tells whether isolation_enter succeeded. */
bool isolation_entered(void);

/*
 * isolation_allows tells whether a socket address stays on this machine: loopback, the wildcard
 * when to_wildcard (as a destination it means loopback), or a family that no IP socket accepts.
 */
bool isolation_allows(const struct sockaddr *address, socklen_t length, bool to_wildcard);

#endif
