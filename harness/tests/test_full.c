/*
 * test_full: what the oracle says of more than a world has room for. It judges on as long as it
 * knows what is so, and then says that it does not; it never takes what it forgot for a fault. Over
 * IPv4 and IPv6.
 */
#include <stdlib.h>

#include "spec/world.h"
#include "tests/support/check.h"
#include "tests/support/traces.h"

#define SENT "send(c, \"abc\", 0) -> 3\n"
#define TAKEN "recv(s, 9, 0) -> 3 \"abc\"\n"
#define OTHER "recv(s, 9, 0) -> 3 \"abd\"\n"
#define RECEIVER                                                                                   \
    TRACE_HEADER "s = socket($AF, SOCK_DGRAM, 0) -> 3\n"                                           \
                 "bind(s, $LO:20001) -> 0\n"                                                       \
                 "c = socket($AF, SOCK_DGRAM, 0) -> 4\n"
#define FROM_NO_PORT "sendto(c, \"abc\", 0, $LO:20001) -> 3\n"
#define LISTENER                                                                                   \
    TRACE_HEADER "l = socket($AF, SOCK_STREAM, 0) -> 3\n"                                          \
                 "bind(l, $LO:20001) -> 0\n"                                                       \
                 "listen(l, 4096) -> 0\n"                                                          \
                 "c = socket($AF, SOCK_STREAM, 0) -> 4\n"
/* A socket for the other end, which waits to be accepted. */
#define ONE_MORE                                                                                   \
    "connect(c, $LO:20001) -> 0\n"                                                                 \
    "connect(c, AF_UNSPEC) -> 0\n"
#define NEEDLESS "connect(c, AF_UNSPEC) -> 0\n"

static void check(const char *what, const char *start, unsigned times, const char *lines,
                  const char *rest, bool conforms)
{
    char *text = traces_repeated(times, lines, rest);

    traces_check(what, conforms, start, text);
    free(text);
}

static void check_open(const char *what, const char *start, unsigned times, const char *lines,
                       const char *rest)
{
    char *text = traces_repeated(times, lines, rest);

    traces_check_open(what, start, text);
    free(text);
}

static void test_pieces(void **state)
{
    (void)state;
    check("as much is sent as there is room for", TRACE_STREAM, PIECES_MAX, SENT TAKEN, "", true);
    check("likewise, and other data comes", TRACE_STREAM, PIECES_MAX - 1, SENT TAKEN, SENT OTHER,
          false);
    check_open("more is sent", TRACE_STREAM, PIECES_MAX + 1, SENT TAKEN, "");
    check_open("more datagrams are sent", TRACE_HEADER TRACE_DATAGRAMS, PIECES_MAX + 1, SENT TAKEN,
               "");
}

static void test_sockets(void **state)
{
    (void)state;
    check("as many sockets as there is room for", LISTENER, SOCKS_MAX - 2, ONE_MORE, "", true);
    check("likewise, and then one is wrong", LISTENER, SOCKS_MAX - 2, ONE_MORE,
          "send(c, \"abc\", MSG_NOSIGNAL) -> 3\n", false);
    check_open("more sockets", LISTENER, SOCKS_MAX - 1, ONE_MORE, NEEDLESS);
}

/* Each has a port that shows at last, so that one call changes all of them. */
static void test_what_one_call_changes(void **state)
{
    enum { MANY = 1500 };

    (void)state;
    check("the port that many came from", RECEIVER, MANY, FROM_NO_PORT,
          "getsockname(c) -> 0 @ $ANY:30000\n"
          "recvfrom(s, 9, 0) -> 3 \"abc\" @ $LO:30000\n",
          true);
    check("likewise, and they came from another", RECEIVER, MANY, FROM_NO_PORT,
          "getsockname(c) -> 0 @ $ANY:30000\n"
          "recvfrom(s, 9, 0) -> 3 \"abc\" @ $LO:30001\n",
          false);
}

CHECK_MAIN(cmocka_unit_test(test_pieces), cmocka_unit_test(test_sockets),
           cmocka_unit_test(test_what_one_call_changes))
