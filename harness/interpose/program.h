/*
 * program: a whole process as code under test, from where it is taken up to its end. What it does
 * before it first waits for the network is its start, which is the same for every drill.
 */
#ifndef SOCKDRILL_INTERPOSE_PROGRAM_H
#define SOCKDRILL_INTERPOSE_PROGRAM_H

#include <netinet/in.h>
#include <stdbool.h>

#include "drill/drill.h"

/* Descriptors that are the harness's own: no program closes or covers them. */
enum {
    KEPT_FIRST = 196,
    KEPT_TRACE = 196,
    KEPT_INPUT,
    KEPT_CONTROL,
    KEPT_STATUS,
    KEPT_LAST = KEPT_STATUS
};

/*
 * program_begin takes up the process. comes is called when it first waits for the network, outside
 * of the emulation, and returns the remote's drill; ends before it ends, but by a signal.
 */
void program_begin(const struct drill *(*comes)(void), void (*ends)(void));

/* program_is tells whether it has been taken up. */
extern bool program_is;

/* program_meets sees to it that somebody is there whom the program is about to connect to. */
void program_meets(int model_fd, const struct sockaddr *address, socklen_t length);

/* program_ends ends the process, which waits for what can no longer come. */
_Noreturn void program_ends(void);

/* watches_closed says that a descriptor of the system's has been closed. */
void watches_closed(int fd);

/* program_says_end is called when it ends by itself. */
void program_says_end(void);

#endif
