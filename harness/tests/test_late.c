/*
 * test_late: what the oracle says of a slow loopback: traces that conform only because what was
 * sent may arrive after other sockets have changed, and faults planted beside them that it must
 * find there too. Each over IPv4 and IPv6.
 */
#include <stdlib.h>

#include "tests/support/check.h"
#include "tests/support/traces.h"

#define SENDER                                                                                     \
    "c = socket($AF, SOCK_DGRAM, 0) -> 3\n"                                                        \
    "bind(c, $LO:20002) -> 0\n"
#define SOCKET "s = socket($AF, SOCK_DGRAM, 0) -> 4\n"
#define RECEIVER SOCKET "bind(s, $LO:20001) -> 0\n"
#define SENT(what) "sendto(c, \"" what "\", 0, $LO:20001) -> 3\n"
#define NEXT                                                                                       \
    "close(s) -> 0\n"                                                                              \
    "n = socket($AF, SOCK_DGRAM, 0) -> 4\n"                                                        \
    "bind(n, $LO:20001) -> 0\n"
#define GOT(whom, what) "recv(" whom ", 9, MSG_DONTWAIT) -> 3 \"" what "\"\n"
#define REFUSED "recv(c, 9, MSG_DONTWAIT) -> -1 ECONNREFUSED\n"
#define NOTHING(whom) "recv(" whom ", 9, MSG_DONTWAIT) -> -1 EAGAIN\n"
#define CONNECTED "connect(c, $LO:20001) -> 0\n"
/* Two receivers, of which the second fits better. */
#define SHARED                                                                                     \
    SOCKET "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, [1]) -> 0\n"                                   \
           "bind(s, $ANY:20001) -> 0\n" SENT(                                                      \
               "abc") "n = socket($AF, SOCK_DGRAM, 0) -> 5\n"                                      \
                      "setsockopt(n, SOL_SOCKET, SO_REUSEADDR, [1]) -> 0\n"                        \
                      "bind(n, $LO:20001) -> 0\n"
#define LISTENER                                                                                   \
    "l = socket($AF, SOCK_STREAM, 0) -> 3\n"                                                       \
    "bind(l, $LO:20001) -> 0\n"
#define CLIENT                                                                                     \
    "c = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 4\n"                                         \
    "bind(c, $LO:20002) -> 0\n"                                                                    \
    "connect(c, $LO:20001) -> -1 EINPROGRESS\n"
#define LISTENS(whom) "listen(" whom ", 1) -> 0\n"
#define OTHER                                                                                      \
    "m = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 3\n"                                         \
    "bind(m, $LO:20001) -> 0\n"                                                                    \
    "listen(m, 1) -> 0\n"
#define EDGE "epoll_wait(e, 4, 0) -> 1 [{c, EPOLLOUT}]\n"
#define WATCHED                                                                                    \
    "e = epoll_create1(0) -> 9\n"                                                                  \
    "epoll_ctl(e, EPOLL_CTL_ADD, c, EPOLLOUT|EPOLLET) -> 0\n" EDGE
#define LONG "sendto(c, fill(\"abc\", 4000), 0, $LO:20001) -> "

/* A connection, both ends known: c and a. */
#define CONNECTION                                                                                 \
    LISTENER LISTENS("l") "c = socket($AF, SOCK_STREAM, 0) -> 4\n"                                 \
                          "bind(c, $LO:20002) -> 0\n"                                              \
                          "connect(c, $LO:20001) -> 0\n"                                           \
                          "a = accept(l) -> 5 @ $LO:20002\n"
#define MALFORMED "sendmsg(c, {NULL, [\"abc\"], [{IP_TOS 1}], 20}, MSG_DONTWAIT) -> -1 EAGAIN\n"
#define KEEPS "setsockopt(l, SOL_SOCKET, SO_KEEPALIVE, [1]) -> 0\n"
#define ALIVE "getsockopt(a, SOL_SOCKET, SO_KEEPALIVE) -> 0 [1]\n"
#define HALF_LEFT(port)                                                                            \
    "close(l) -> 0\n"                                                                              \
    "shutdown(c, SHUT_WR) -> 0\n"                                                                  \
    "d = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 3\n"                                         \
    "bind(d, $LO:" port ") -> 0\n"                                                                 \
    "connect(d, $LO:20002) -> "
#define CROSSING(port)                                                                             \
    "d = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 5\n"                                         \
    "bind(d, $LO:" port ") -> 0\n"                                                                 \
    "connect(d, $LO:20002) -> -1 EINPROGRESS\n"                                                    \
    "close(d) -> 0\n"
#define DATAGRAM "connect(c, $LO:20002) -> 0\nsend(c, \"abc\", 0) -> 3\n"
#define ERROR_AND_DATAGRAM                                                                         \
    "setsockopt(c, $RECVERR, [1]) -> 0\n"                                                          \
    "sendto(c, fill(\"abc\", 200000), 0, $LO:20002) -> -1 EMSGSIZE\n" DATAGRAM
#define CROSSES(port)                                                                              \
    "d = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 5\n"                                         \
    "bind(d, $LO:" port ") -> 0\n"                                                                 \
    "connect(d, $LO:20002) -> -1 EINPROGRESS\n"                                                    \
    "poll([{c, POLLOUT}], 0) -> 1 [POLLOUT]\n"
#define SMALL "setsockopt(c, SOL_SOCKET, SO_SNDBUF, [256]) -> 0\n"
#define THIRD                                                                                      \
    "d = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 5\n"                                         \
    "bind(d, $LO:20003) -> 0\n"                                                                    \
    "connect(d, $LO:20001) -> -1 EINPROGRESS\n"                                                    \
    "poll([{d, POLLOUT}], 0) -> 1 [POLLOUT]\n"                                                     \
    "f = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 6\n"                                         \
    "bind(f, $LO:20004) -> 0\n"                                                                    \
    "connect(f, $LO:20001) -> -1 EINPROGRESS\n"

/* "b" is urgent, then "d", then "f". */
#define THREE_MARKS                                                                                \
    CONNECTION "sendmmsg(c, {NULL, [\"ab\", \"cd\", \"ef\"]}, MSG_OOB) -> 3 {2} {2} {2}\n"         \
               "recv(a, 64, MSG_DONTWAIT) -> 1 \"a\"\n"                                            \
               "ioctl(a, FIONREAD) -> 0 [0]\n"
#define SHUT_WAITING                                                                               \
    "c = socket($AF, SOCK_STREAM, 0) -> 3\n"                                                       \
    "bind(c, $LO:20001) -> 0\n"                                                                    \
    "connect(c, $LO:20001) -> <unfinished>\n"                                                      \
    "shutdown(c, SHUT_RDWR) -> 0\n"                                                                \
    "connect(c, $LO:20002) -> -1 EINVAL\n"
#define DEFERRED(how)                                                                              \
    "l = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 3\n"                                         \
    "bind(l, $LO:20001) -> 0\n" LISTENS("l") CLIENT how                                            \
        "d = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 5\n"                                     \
        "bind(d, $LO:20003) -> 0\n"                                                                \
        "connect(d, $LO:20001) -> -1 EINPROGRESS\n"                                                \
        "poll([{c, POLLOUT}, {d, POLLOUT}], 0) -> 2 [POLLOUT, POLLOUT]\n"                          \
        "a = accept(l) -> 6 @ $LO:20003\n"
#define WHOLE_PARTS(length)                                                                        \
    SENDER "$WHOLE -> 0\n"                                                                         \
           "sendto(c, fill(\"abc\", " length "), MSG_MORE, $LO:20001) -> " length "\n"             \
           "sendto(c, fill(\"abc\", " length "), 0, $LO:20001) -> -1 EMSGSIZE\n"
#define SHARES(whom) "setsockopt(" whom ", SOL_SOCKET, SO_REUSEPORT, [1]) -> 0\n"
/* c's SYN is on its way to l when d joins l. */
#define JOINED(allowed)                                                                            \
    "l = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 3\n" SHARES(                                 \
        "l") "bind(l, $LO:20001) -> 0\n" LISTENS("l") CLIENT                                       \
        "d = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 5\n" allowed                             \
        "bind(d, $LO:20001) -> 0\n" LISTENS("d")
#define AT(whom) "poll([{" whom ", POLLIN}], 300) -> 1 [POLLIN]\n"
/* An attempt at itself, cut short, and then one at a port where l listens too late. */
#define SHUT_ITSELF                                                                                \
    "c = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 3\n"                                         \
    "bind(c, $LO:20002) -> 0\n"                                                                    \
    "connect(c, $LO:20002) -> -1 EINPROGRESS\n"                                                    \
    "shutdown(c, SHUT_RDWR) -> 0\n"                                                                \
    "connect(c, $LO:20001) -> -1 EINPROGRESS\n"                                                    \
    "l = socket($AF, SOCK_STREAM, 0) -> 4\n"                                                       \
    "bind(l, $LO:20001) -> 0\n" LISTENS("l")

/* An attempt from c's address that is given up, and another; d's, that begins from c's peer. */
#define GIVEN_UP(port)                                                                             \
    "c = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 4\n"                                         \
    "bind(c, $LO:20002) -> 0\n"                                                                    \
    "connect(c, $LO:" port ") -> -1 EINPROGRESS\n"                                                 \
    "connect(c, AF_UNSPEC) -> 0\n"
#define AGAIN "connect(c, $LO:20001) -> -1 EINPROGRESS\n"
#define FROM_THERE(port)                                                                           \
    "d = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 5\n"                                         \
    "bind(d, $LO:20001) -> 0\n"                                                                    \
    "connect(d, $LO:" port ") -> -1 EINPROGRESS\n"                                                 \
    "connect(d, AF_UNSPEC) -> 0\n"
/* One more to connect, which is closed at once: nobody sees how that ended. */
#define CLOSED(port)                                                                               \
    "x = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 8\n"                                         \
    "bind(x, $LO:" port ") -> 0\n"                                                                 \
    "connect(x, $LO:20001) -> -1 EINPROGRESS\n"                                                    \
    "poll([{x, 0}], 0) -> 0\n"                                                                     \
    "close(l) -> 0\n"                                                                              \
    "close(x) -> 0\n" LISTENER LISTENS("l")
#define CLOSED_9                                                                                   \
    CLOSED("20011")                                                                                \
    CLOSED("20012")                                                                                \
    CLOSED("20013")                                                                                \
    CLOSED("20014")                                                                                \
    CLOSED("20015") CLOSED("20016") CLOSED("20017") CLOSED("20018") CLOSED("20019")

/* Whether a trace conforms on a slow loopback, and on one that is not. */
enum expected { BOTH, SLOW_ONLY, NEITHER };

static const struct {
    const char *what;
    enum expected expected;
    const char *text;
} rows[] = {
    {"who has the address by then", SLOW_ONLY, SENDER RECEIVER SENT("abc") NEXT GOT("n", "abc")},
    {"who binds it after nobody had it", SLOW_ONLY, SENDER SENT("abc") RECEIVER GOT("s", "abc")},
    {"who fits better by then", SLOW_ONLY, SENDER SHARED GOT("n", "abc") NOTHING("s")},
    {"who had it", BOTH, SENDER SHARED GOT("s", "abc") NOTHING("n")},
    {"received twice", NEITHER, SENDER SHARED GOT("n", "abc") GOT("s", "abc")},
    {"received twice by one", NEITHER,
     SENDER RECEIVER SENT("abc") NEXT GOT("n", "abc") GOT("n", "abc")},
    {"received by another port", NEITHER,
     SENDER RECEIVER SENT("abc") "close(s) -> 0\n" SOCKET
                                 "bind(s, $LO:20003) -> 0\n" GOT("s", "abc")},
    {"other data", NEITHER, SENDER RECEIVER SENT("abc") NEXT GOT("n", "abd")},
    {"the order is kept", SLOW_ONLY,
     SENDER RECEIVER SENT("abc") SENT("def") NEXT GOT("n", "abc") GOT("n", "def")},
    {"the order is turned", NEITHER,
     SENDER RECEIVER SENT("abc") SENT("def") NEXT GOT("n", "def") GOT("n", "abc")},
    {"lost though nothing changed", NEITHER,
     SENDER RECEIVER SENT("abc") "poll([{s, POLLIN}], 1000) -> 0\n"},
    {"refused later", SLOW_ONLY, SENDER RECEIVER CONNECTED SENT("abc") "close(s) -> 0\n" REFUSED},
    {"refused though it was received", NEITHER,
     SENDER RECEIVER CONNECTED SENT("abc") GOT("s", "abc") "close(s) -> 0\n" REFUSED},
    {"refused twice", NEITHER, SENDER CONNECTED SENT("abc") REFUSED REFUSED},
    {"each of two refused", SLOW_ONLY, SENDER CONNECTED SENT("abc") SENT("def") REFUSED REFUSED},
    {"two refused three times", NEITHER,
     SENDER CONNECTED SENT("abc") SENT("def") REFUSED REFUSED REFUSED},
    {"who listens by then", SLOW_ONLY,
     LISTENER CLIENT LISTENS("l") "poll([{c, POLLOUT}], 0) -> 1 [POLLOUT]\n"},
    {"nobody listens by then", SLOW_ONLY,
     LISTENER LISTENS("l") CLIENT "close(l) -> 0\nrecv(c, 9, 0) -> -1 ECONNREFUSED\n"},
    {"refused though it was accepted", NEITHER,
     LISTENER LISTENS("l") CLIENT "a = accept(l) -> 5 @ $LO:20002\n"
                                  "close(l) -> 0\nrecv(c, 9, 0) -> -1 ECONNREFUSED\n"},
    {"another listener", SLOW_ONLY,
     LISTENER LISTENS("l") CLIENT "close(l) -> 0\n" OTHER "a = accept(m) -> 5 @ $LO:20002\n"},
    {"accepted twice", NEITHER,
     LISTENER LISTENS("l") CLIENT "close(l) -> 0\n" OTHER "a = accept(m) -> 5 @ $LO:20002\n"
                                  "b = accept(m) -> 6 @ $LO:20002\n"},
    {"a listener of another port", NEITHER,
     LISTENER LISTENS("l") CLIENT "close(l) -> 0\n"
                                  "m = socket($AF, SOCK_STREAM, 0) -> 3\n"
                                  "bind(m, $LO:20003) -> 0\nlisten(m, 1) -> 0\n"
                                  "a = accept(m) -> 5 @ $LO:20002\n"},
    {"a listener that listens again", SLOW_ONLY,
     LISTENER LISTENS("l") CLIENT
     "shutdown(l, SHUT_RD) -> 0\n" LISTENS("l") "a = accept(l) -> 5 @ $LO:20002\n"},
    {"a peer before the connection stands", NEITHER,
     LISTENER LISTENS("l") CLIENT "getpeername(c) -> 0 @ $LO:20001\n"
                                  "connect(c, $LO:20001) -> -1 EALREADY\n"},
    {"its own peer before that", SLOW_ONLY,
     "c = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 3\n"
     "bind(c, $LO:20001) -> 0\n"
     "connect(c, $LO:20001) -> -1 EINPROGRESS\n"
     "getpeername(c) -> 0 @ $LO:20001\n"
     "connect(c, $LO:20001) -> -1 EALREADY\n"},
    {"an edge when room is given back", SLOW_ONLY, SENDER WATCHED RECEIVER SENT("abc") EDGE EDGE},
    {"an edge though nothing was sent", NEITHER, SENDER WATCHED EDGE},
    {"a send waits for room", SLOW_ONLY,
     SENDER RECEIVER "setsockopt(c, SOL_SOCKET, SO_SNDBUF, [256]) -> 0\n" SENT(
         "abc") "sendto(c, \"def\", 0, $LO:20001) -> <unfinished>\n"},
    {"a send waits though nothing was sent", NEITHER,
     SENDER RECEIVER "setsockopt(c, SOL_SOCKET, SO_SNDBUF, [256]) -> 0\n"
                     "sendto(c, \"def\", 0, $LO:20001) -> <unfinished>\n"},
    {"more than the link carries, and not to be cut", SLOW_ONLY,
     SENDER RECEIVER "$WHOLE -> 0\n" LONG "-1 EMSGSIZE\n"},
    {"more than the link carries", NEITHER, SENDER RECEIVER LONG "-1 EMSGSIZE\n"},
    {"SYNs that cross", SLOW_ONLY,
     "l = socket($AF, SOCK_STREAM, 0) -> 3\n" CLIENT CROSSES("20001")},
    {"SYNs that do not cross", NEITHER,
     "l = socket($AF, SOCK_STREAM, 0) -> 3\n" CLIENT CROSSES("20003")},
    {"an option set before it is accepted", SLOW_ONLY,
     LISTENER LISTENS("l") CLIENT KEEPS "a = accept(l) -> 5 @ $LO:20002\n" ALIVE},
    {"an option set after that", NEITHER,
     LISTENER LISTENS("l") CLIENT "a = accept(l) -> 5 @ $LO:20002\n" KEEPS ALIVE},
    {"no room behind what is lost", SLOW_ONLY,
     CONNECTION "close(a) -> 0\nsend(c, \"abc\", 0) -> 3\n"
                "send(c, \"abc\", MSG_DONTWAIT) -> -1 EAGAIN\n"},
    {"no room though nothing was sent", NEITHER,
     CONNECTION "send(c, \"abc\", MSG_DONTWAIT) -> -1 EAGAIN\n"},
    {"an older urgent byte is passed over", SLOW_ONLY,
     CONNECTION "send(c, \"xa\", MSG_OOB) -> 2\nsend(c, \"yb\", MSG_OOB) -> 2\n"
                "recv(a, 1, 0) -> 1 \"x\"\nrecv(a, 1, 0) -> 1 \"y\"\n"},
    {"a byte that is not urgent is", NEITHER,
     CONNECTION "send(c, \"xa\", MSG_OOB) -> 2\nsend(c, \"yb\", MSG_OOB) -> 2\n"
                "recv(a, 1, 0) -> 1 \"a\"\n"},
    {"waits before it fails", BOTH, LISTENER LISTENS("l") CLIENT MALFORMED},
    {"waits though nothing is waited for", NEITHER, CONNECTION MALFORMED},
    {"waits for room before it fails", SLOW_ONLY,
     SENDER RECEIVER SMALL SENT("abc") "sendto(c, EFAULT, 9, 0, $LO:20001) -> <unfinished>\n"},
    {"waits before it fails though there is room", NEITHER,
     SENDER RECEIVER SENT("abc") "sendto(c, EFAULT, 9, 0, $LO:20001) -> <unfinished>\n"},
    {"one that found the queue full is passed over", SLOW_ONLY,
     LISTENER "listen(l, 0) -> 0\n" CLIENT THIRD "a = accept(l) -> 7 @ $LO:20002\n"
              "b = accept(l) -> 8 @ $LO:20004\n"},
    {"one that found room is passed over", NEITHER,
     LISTENER "listen(l, 5) -> 0\n" CLIENT THIRD "a = accept(l) -> 7 @ $LO:20002\n"
              "b = accept(l) -> 8 @ $LO:20004\n"},
    {"an old SYN makes a handshake begin again", SLOW_ONLY,
     LISTENER GIVEN_UP("20001") LISTENS("l") AGAIN "poll([{l, POLLIN}], 200) -> 0\n"},
    {"an old SYN to another port does not", NEITHER,
     LISTENER GIVEN_UP("20003") LISTENS("l") AGAIN "poll([{l, POLLIN}], 200) -> 0\n"},
    {"an old SYN makes for a refusal", SLOW_ONLY,
     LISTENER LISTENS("l") GIVEN_UP("20001") AGAIN "recv(c, 9, 0) -> -1 ECONNREFUSED\n"},
    {"an old SYN to another port does not either", NEITHER,
     LISTENER LISTENS("l") GIVEN_UP("20003") AGAIN "recv(c, 9, 0) -> -1 ECONNREFUSED\n"},
    {"an old SYN from the other end is met", SLOW_ONLY,
     FROM_THERE("20002") CLIENT "recv(c, 9, 0) -> -1 ECONNRESET\n"},
    {"an old SYN to another end is not", NEITHER,
     FROM_THERE("20003") CLIENT "recv(c, 9, 0) -> -1 ECONNRESET\n"},
    {"half of a connection is left where a listener was", SLOW_ONLY,
     LISTENER LISTENS("l") CLIENT HALF_LEFT("20001") "-1 EADDRNOTAVAIL\n"},
    {"no half of one is left elsewhere", NEITHER,
     LISTENER LISTENS("l") CLIENT HALF_LEFT("20003") "-1 EADDRNOTAVAIL\n"},
    {"what was met listens, and no more", SLOW_ONLY,
     FROM_THERE("20002") LISTENS("d") CLIENT "recv(c, 9, 0) -> -1 ECONNRESET\n"
                                             "close(d) -> 0\nrecv(c, 9, 0) -> 0\n"},
    {"an attempt that is met is given up", SLOW_ONLY,
     "l = socket($AF, SOCK_STREAM, 0) -> 3\n" CLIENT CROSSING(
         "20001") "recv(c, 9, 0) -> -1 ECONNRESET\n"},
    {"likewise, and it is no more than refused", BOTH,
     "l = socket($AF, SOCK_STREAM, 0) -> 3\n" CLIENT CROSSING(
         "20001") "recv(c, 9, 0) -> -1 ECONNREFUSED\n"},
    {"an attempt from elsewhere is given up", NEITHER,
     "l = socket($AF, SOCK_STREAM, 0) -> 3\n" CLIENT CROSSING(
         "20003") "recv(c, 9, 0) -> -1 ECONNRESET\n"},
    {"readable by what is in the queue of errors", BOTH,
     SENDER ERROR_AND_DATAGRAM "select([r c], 0) -> 1 [POLLIN]\n" NOTHING("c")},
    {"readable by nothing but a datagram", NEITHER,
     SENDER DATAGRAM "select([r c], 0) -> 1 [POLLIN]\n" NOTHING("c")},
    {"a queue that became shorter is full", SLOW_ONLY,
     LISTENER "listen(l, 5) -> 0\n" THIRD CLIENT
              "listen(l, 0) -> 0\npoll([{c, POLLOUT}], 200) -> 0\n"},
    {"a queue that did not is not", NEITHER,
     LISTENER "listen(l, 5) -> 0\n" THIRD CLIENT
              "listen(l, 4) -> 0\npoll([{c, POLLOUT}], 200) -> 0\n"},
    {"what met its own SYN is shut down", SLOW_ONLY,
     "c = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 3\n"
     "bind(c, $LO:20001) -> 0\n"
     "connect(c, $LO:20001) -> -1 EINPROGRESS\n"
     "shutdown(c, SHUT_RD) -> 0\n"
     "send(c, \"abc\", MSG_DONTWAIT) -> -1 EAGAIN\n"
     "connect(c, $LO:20001) -> -1 EISCONN\n"},
    {"likewise, and is no connection", SLOW_ONLY,
     "c = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 3\n"
     "bind(c, $LO:20001) -> 0\n"
     "connect(c, $LO:20001) -> -1 EINPROGRESS\n"
     "shutdown(c, SHUT_RD) -> 0\n"
     "send(c, \"abc\", MSG_DONTWAIT) -> -1 EAGAIN\n"
     "connect(c, $LO:20001) -> -1 EINVAL\n"},
    {"an urgent byte that two newer ones follow is passed over", SLOW_ONLY,
     THREE_MARKS "recv(a, 64, MSG_DONTWAIT) -> 3 \"cde\"\n"},
    {"and what is between them", NEITHER, THREE_MARKS "recv(a, 64, MSG_DONTWAIT) -> 2 \"de\"\n"},
    {"what is shut before it has met itself is not over", SLOW_ONLY,
     SHUT_WAITING "write(c, \"abc\") -> <unfinished>\n"},
    {"and sends nothing", NEITHER, SHUT_WAITING "write(c, \"abc\") -> 3\n"},
    {"one that defers its handshake after it has begun is passed", BOTH,
     DEFERRED("setsockopt(c, IPPROTO_TCP, TCP_DEFER_ACCEPT, [9]) -> 0\n")},
    {"likewise by TCP_QUICKACK", BOTH,
     DEFERRED("setsockopt(c, IPPROTO_TCP, TCP_QUICKACK, [0]) -> 0\n")},
    {"one that defers nothing is passed", NEITHER, DEFERRED("")},
    {"two parts are too long for the link", SLOW_ONLY, WHOLE_PARTS("900")},
    {"two parts that any link takes", NEITHER, WHOLE_PARTS("10")},
    {"a SYN comes to a listener that has joined", SLOW_ONLY, JOINED(SHARES("d")) AT("d")},
    {"a SYN comes to the first of two", BOTH, JOINED(SHARES("d")) AT("l")},
    {"a SYN comes after an attempt at itself", SLOW_ONLY,
     SHUT_ITSELF "poll([{c, POLLOUT}], 300) -> 1 [POLLOUT]\n"},
    {"and its connection is not heard of", NEITHER,
     SHUT_ITSELF "poll([{c, POLLOUT}], 300) -> 1 [POLLOUT]\n"
                 "poll([{l, POLLIN}], 300) -> 0 took 300100\n"},
};

static void test_what_is_late(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        traces_check(rows[i].what, rows[i].expected != NEITHER, TRACE_SLOW, rows[i].text);
        traces_check(rows[i].what, rows[i].expected == BOTH, TRACE_HEADER, rows[i].text);
    }
}

/* So many are on their way that a bind changes much: who may receive each of them. */
static void test_many_are_on_their_way(void **state)
{
    enum { MANY = 150 };
    static const struct {
        const char *what, *rest;
        bool conforms;
    } ends[] = {
        {"many wait for who binds later", RECEIVER "getsockname(s) -> 0 @ $LO:20001\n", true},
        {"likewise, and it has another name", RECEIVER "getsockname(s) -> 0 @ $LO:20003\n", false},
    };

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(ends); i++) {
        char *text = traces_repeated(MANY, SENT("abc"), ends[i].rest);

        traces_check(ends[i].what, ends[i].conforms, TRACE_SLOW SENDER, text);
        free(text);
    }
}

/* RFC 9293, 3.10.7.4, SYN-RECEIVED: what came from SYN-SENT was refused. Linux has it reset. */
static void test_refused_once_it_was_met(void **state)
{
    static const char posix[] = "trace 1 stack \"kernel\" profile \"posix\" settle 200 slow\n";

    (void)state;
    traces_check("posix, refused", true, posix,
                 FROM_THERE("20002") CLIENT "recv(c, 9, 0) -> -1 ECONNREFUSED\n");
    traces_check("posix, reset", false, posix,
                 FROM_THERE("20002") CLIENT "recv(c, 9, 0) -> -1 ECONNRESET\n");
}

/* How connections ended that nobody sees any more does not make for more possible worlds. */
static void test_what_is_gone(void **state)
{
    (void)state;
    traces_check("many are gone", true, TRACE_SLOW,
                 LISTENER LISTENS("l") CLOSED_9 "poll([{l, POLLIN}], 200) -> 0\n");
    traces_check("many are gone, and one is accepted", false, TRACE_SLOW,
                 LISTENER LISTENS("l") CLOSED_9 "a = accept(l) -> 9 @ $LO:20020\n");
}

CHECK_MAIN(cmocka_unit_test(test_what_is_late), cmocka_unit_test(test_many_are_on_their_way),
           cmocka_unit_test(test_refused_once_it_was_met), cmocka_unit_test(test_what_is_gone))
