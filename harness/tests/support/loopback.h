/*
 * loopback: whether a call could send a packet off the machine or be reached from outside, judged
 * by what the kernel makes of an address; and a stack that stands before the kernel's and counts.
 */
#ifndef SOCKDRILL_TESTS_LOOPBACK_H
#define SOCKDRILL_TESTS_LOOPBACK_H

#include <sockdrill/stack.h>
#include <stdbool.h>

/*
 * loopback_stays tells whether the address keeps a bind, or with destination a connect or send, on
 * this machine. An address that the kernel refuses by its length or family does.
 */
bool loopback_stays(const void *address, socklen_t length, bool destination);

/* loopback_guard returns the kernel's sockets; each call that would not stay is counted, not made.
 */
const struct sockdrill_stack *loopback_guard(void);

/* What the guard has seen. */
extern struct loopback_seen {
    unsigned long passed; /* binds, connects, messages and listens that stay */
    unsigned long leaks;  /* those that would not */
} loopback_seen;

#endif
