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

/* isolation_entered tells whether isolation_enter succeeded. */
bool isolation_entered(void);

/*
 * isolation_allows tells whether a socket address stays on this machine: loopback, the wildcard
 * when to_wildcard (as a destination it means loopback), or a family that no IP socket accepts.
 */
bool isolation_allows(const struct sockaddr *address, socklen_t length, bool to_wildcard);

#endif
