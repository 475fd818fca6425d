/* traces: traces written by hand, judged by the profile linux over IPv4 and IPv6. */
#ifndef SOCKDRILL_TESTS_TRACES_H
#define SOCKDRILL_TESTS_TRACES_H

#include <stdbool.h>

#define TRACE_HEADER "trace 1 stack \"kernel\" profile \"linux\" settle 200\n"

/* A listener l, and a connection from c to s. $AF is the family, $LO its loopback address. */
#define TRACE_STREAM                                                                               \
    TRACE_HEADER "l = socket($AF, SOCK_STREAM, 0) -> 3\n"                                          \
                 "bind(l, $LO:20001) -> 0\n"                                                       \
                 "listen(l, 1) -> 0\n"                                                             \
                 "c = socket($AF, SOCK_STREAM, 0) -> 4\n"                                          \
                 "bind(c, $LO:20002) -> 0\n"                                                       \
                 "connect(c, $LO:20001) -> 0\n"                                                    \
                 "s = accept(l) -> 5 @ $LO:20002\n"

/* traces_check checks whether a trace, which is start and then rest, conforms. */
void traces_check(const char *what, bool conforms, const char *start, const char *rest);

#endif
