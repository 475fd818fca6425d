/* traces: traces written by hand, judged over IPv4 and IPv6. */
#ifndef SOCKDRILL_TESTS_TRACES_H
#define SOCKDRILL_TESTS_TRACES_H

#include <stdbool.h>

/* How a trace begins: on Linux, on Linux over a slow loopback, on any system. */
#define TRACE_HEADER "trace 1 stack \"kernel\" profile \"linux\" settle 200\n"
#define TRACE_SLOW "trace 1 stack \"kernel\" profile \"linux\" settle 200 slow\n"
#define TRACE_POSIX "trace 1 stack \"kernel\" profile \"posix\" settle 200\n"

/*
 * Words: $AF is the family, $LO its loopback address, $ANY its wildcard, $WHOLE forbids c to cut
 * its datagrams, $RECVERR is the option for the queue of errors.
 */

/* A listener l, and a connection from c to s. */
#define TRACE_CONNECTION                                                                           \
    "l = socket($AF, SOCK_STREAM, 0) -> 3\n"                                                       \
    "bind(l, $LO:20001) -> 0\n"                                                                    \
    "listen(l, 1) -> 0\n"                                                                          \
    "c = socket($AF, SOCK_STREAM, 0) -> 4\n"                                                       \
    "bind(c, $LO:20002) -> 0\n"                                                                    \
    "connect(c, $LO:20001) -> 0\n"                                                                 \
    "s = accept(l) -> 5 @ $LO:20002\n"
#define TRACE_STREAM TRACE_HEADER TRACE_CONNECTION

/* c has a peer, s, which has none. */
#define TRACE_DATAGRAMS                                                                            \
    "s = socket($AF, SOCK_DGRAM, 0) -> 3\n"                                                        \
    "bind(s, $LO:20001) -> 0\n"                                                                    \
    "c = socket($AF, SOCK_DGRAM, 0) -> 4\n"                                                        \
    "bind(c, $LO:20002) -> 0\n"                                                                    \
    "connect(c, $LO:20001) -> 0\n"

/* traces_check checks whether a trace, which is start and then rest, conforms. */
void traces_check(const char *what, bool conforms, const char *start, const char *rest);

/* traces_check_open checks that nothing deviates, and that the end is not judged any more. */
void traces_check_open(const char *what, const char *start, const char *rest);

/* traces_repeated returns the lines so many times, and the rest. To be freed. */
char *traces_repeated(unsigned times, const char *lines, const char *rest);

#endif
