/*
 * test_left_open: what no text settles, or Linux does otherwise, is let pass; and next to each what
 * must still be found. Over IPv4 and IPv6.
 */
#include "tests/support/check.h"
#include "tests/support/traces.h"

#define POLLED "A: poll([{s, POLLIN}], -1) -> <unfinished>\n"
#define STILL "A: <... poll> -> <unfinished>\n"
#define ENDED "A: <... poll> -> 1 [POLLIN]\n"
#define NO_END "poll([{c, POLLIN}], 1000) -> 0 took 1000100\n"
#define THE_END "poll([{c, POLLIN}], 1000) -> 1 [POLLIN]\n"

/* The queue of l holds two, so a third connection stays under way. */
#define STALLED                                                                                    \
    "d = socket($AF, SOCK_STREAM, 0) -> 6\n"                                                       \
    "connect(d, $LO:20001) -> 0\n"                                                                 \
    "e = socket($AF, SOCK_STREAM, 0) -> 7\n"                                                       \
    "connect(e, $LO:20001) -> 0\n"                                                                 \
    "f = socket($AF, SOCK_STREAM, 0) -> 8\n"
#define LIMITED "setsockopt(f, SOL_SOCKET, SO_SNDTIMEO, {tv_sec=0, tv_usec=40000}) -> 0\n"
#define BEGUN LIMITED "connect(f, $LO:20001) -> -1 EINPROGRESS took 40001\n"
#define CUT_SHORT(fd) "sendmsg(" fd ", {NULL, [\"x\"], [{IP_TTL 9}], 17}, MSG_NOSIGNAL) -> "

#define KNOCK                                                                                      \
    "d = socket($AF, SOCK_STREAM, 0) -> 6\n"                                                       \
    "bind(d, $LO:20003) -> 0\n"                                                                    \
    "connect(d, $LO:20001) -> 0\n"
#define ACCEPTED "f = accept(l) -> 7 @ $LO:20003\n"
#define GONE                                                                                       \
    "fcntl(l, F_SETFL, O_NONBLOCK) -> 0\n"                                                         \
    "f = accept(l) -> -1 EAGAIN\n"

#define URGED "send(c, \"abu\", MSG_OOB) -> 3\n"
#define URGENT                                                                                     \
    "send(c, \"abu\", MSG_OOB) -> 3\n"                                                             \
    "shutdown(s, SHUT_RDWR) -> 0\n"
#define READ "recv(s, 64, MSG_DONTWAIT) -> "

#define FILLED "send(c, fill(\"abc\", 20000), 0) -> 20000\n"
#define ANSWERED "send(s, fill(\"abc\", 20000), 0) -> 20000\n"
#define NO_ANSWER "poll([{c, POLLIN}], 1000) -> 0 took 1000100\n"
#define TAKEN "recv(s, 65536, MSG_TRUNC|MSG_DONTWAIT) -> 20000\n"
#define CORK(on) "setsockopt(c, IPPROTO_TCP, TCP_CORK, [" on "]) -> 0\n"
#define ONE_MORE "send(c, \"d\", 0) -> 1\n"
#define NOTHING_COMES "poll([{s, POLLIN}], 1000) -> 0 took 1000100\n"

#define TWICE "send(c, \"abc\", 0) -> 3\nsend(c, \"def\", 0) -> 3\n"
#define UNSEEN "recvfrom(s, 9, MSG_DONTWAIT, -1) -> -1 EINVAL\n"

#define READING "A: read(s, 64) -> <unfinished>\n"
#define TWO_MARKS "sendmmsg(c, {NULL, [\"ab\", \"cd\"]}, MSG_OOB) -> 2 {2} {2}\n"
#define READ_ONE "A: <... read> -> 1 \"a\"\n"

#define READ_BY_C "recv(c, 9, MSG_DONTWAIT) -> "
#define SENT "send(c, \"abc\", 0) -> 3\n"
#define TAKEN_BY_A "A: <... read> -> 3 \"abc\"\n"

#define REUSES(fd) "setsockopt(" fd ", SOL_SOCKET, SO_REUSEADDR, [1]) -> 0\n"
#define FIRST "d = socket($AF, SOCK_STREAM, 0) -> 6\n"
#define FIRST_BINDS "bind(d, $LO:20005) -> 0\n"
#define SECOND "e = socket($AF, SOCK_STREAM, 0) -> 7\n" REUSES("e")
#define SECOND_BINDS "bind(e, $LO:20005) -> "

#define WILD                                                                                       \
    "d = socket(AF_INET6, SOCK_STREAM|SOCK_NONBLOCK, 0) -> 6\n"                                    \
    "bind(d, [::]:20005) -> 0\n"
#define MEETS_ITSELF                                                                               \
    "shutdown(d, SHUT_RDWR) -> -1 ENOTCONN\n"                                                      \
    "connect(d, [::1]:20005) -> -1 EINPROGRESS\n"                                                  \
    "connect(d, [::1]:20006) -> -1 ECONNABORTED\n"
#define ELSEWHERE                                                                                  \
    "connect(d, [::ffff:127.0.0.1]:20006) -> -1 EINPROGRESS\n"                                     \
    "e = socket(AF_INET6, SOCK_STREAM, 0) -> 7\n"                                                  \
    "bind(e, [::1]:20005) -> "

#define SMALL "setsockopt(s, SOL_SOCKET, SO_RCVBUF, [127]) -> 0\n"
#define SOME "recv(s, 3000, MSG_TRUNC|MSG_DONTWAIT) -> 3000\n"

#define LOW_WATER "setsockopt(s, SOL_SOCKET, SO_RCVLOWAT, [100]) -> 0\n"
#define READING_9 "A: read(s, 9) -> <unfinished>\n"
#define TEN "send(c, \"0123456789\", 0) -> 10\n"
#define HUNDRED "send(c, fill(\"0123456789\", 100), 0) -> 100\n"
#define SLEEPS "A: <... read> -> <unfinished> waited 200\n"
#define WOKEN "A: <... read> -> 9 \"012345678\"\n"
#define NO_EDGE                                                                                    \
    "shutdown(s, SHUT_RD) -> 0\n"                                                                  \
    "e = epoll_create1(0) -> 6\n"                                                                  \
    "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLIN|EPOLLET) -> 0\n"                                       \
    "epoll_wait(e, 4, 0) -> 1 [{s, EPOLLIN}]\n"                                                    \
    "send(c, \"abc\", 0) -> 3\n"                                                                   \
    "epoll_wait(e, 4, 1000) -> 0 took 1000100\n"

#define RESET                                                                                      \
    "close(c) -> 0\n"                                                                              \
    "send(s, \"x\", 0) -> 1\n"                                                                     \
    "poll([{s, 0}], 1000) -> 1 [POLLERR|POLLHUP]\n"
#define ENDS "close(l) -> 0\nshutdown(s, SHUT_RDWR) -> 0\nclose(c) -> 0\n"
#define DISSOLVES                                                                                  \
    "close(s) -> 0\nshutdown(c, SHUT_WR) -> 0\nclose(l) -> 0\nconnect(c, AF_UNSPEC) -> 0\n"
#define WANTS(port) "d = socket($AF, SOCK_STREAM, 0) -> 3\nbind(d, $LO:" port ") -> "
#define DEFERS(fd) "setsockopt(" fd ", IPPROTO_TCP, TCP_DEFER_ACCEPT, [1]) -> 0\n"
#define IS_RESET "poll([{d, POLLIN}], 0) -> 1 [POLLIN|POLLERR|POLLHUP]\n"

static const struct {
    const char *what;
    bool conforms;
    const char *rest; /* after TRACE_STREAM */
} rows[] = {
    {"closed while polled, the poll goes on, the socket is open", true,
     POLLED "close(s) -> 0\n" STILL NO_END},
    {"closed while polled, and ended at once", false, POLLED "close(s) -> 0\n" STILL THE_END},
    {"closed while polled, the poll is over, no end", false, POLLED "close(s) -> 0\n" ENDED NO_END},
    {"closed, no end", false, "close(s) -> 0\n" NO_END},

    {"an urgent byte is left by a reset", true, URGED RESET "recv(s, 1, MSG_OOB) -> 1 \"u\"\n"},
    {"likewise, and it is another", false, URGED RESET "recv(s, 1, MSG_OOB) -> 1 \"b\"\n"},
    {"a reset leaves an urgent byte that was not sent", false,
     "send(c, \"abu\", 0) -> 3\n" RESET "recv(s, 1, MSG_OOB) -> 1 \"u\"\n"},

    {"an urgent byte read into no memory, and lost", true,
     URGED "recv(s, EFAULT, 9, MSG_OOB) -> -1 EFAULT\nrecv(s, 9, MSG_OOB) -> -1 EINVAL\n"},
    {"likewise, and still there", true,
     URGED "recv(s, EFAULT, 9, MSG_OOB) -> -1 EFAULT\nrecv(s, 9, MSG_OOB) -> 1 \"u\"\n"},
    {"likewise, and told as if it were memory", false, URGED "recv(s, EFAULT, 9, MSG_OOB) -> 1\n"},
    {"a blocked call that keeps a closed socket ends, unseen", true,
     READING "close(s) -> 0\nsend(c, fill(\"abc\", 300), 0) -> 300\n" READ_BY_C "-1 ECONNRESET\n"},
    {"likewise, and with all that was sent", true, READING "close(s) -> 0\n" SENT READ_BY_C "0\n"},
    {"a call that keeps a closed listener ends, unseen", true,
     "A: select([r l], -1) -> <unfinished>\nclose(l) -> 0\n"
     "d = socket($AF, SOCK_STREAM, 0) -> 3\nconnect(d, $LO:20001) -> -1 ECONNRESET\n"},
    {"likewise, and the listener is not closed", false,
     "A: select([r l], -1) -> <unfinished>\n"
     "d = socket($AF, SOCK_STREAM, 0) -> 6\nconnect(d, $LO:20001) -> -1 ECONNRESET\n"},
    {"sent behind a send that waits, to who is shut down", true,
     "A: send(c, fill(\"abc\", 262144), 0) -> <unfinished>\nshutdown(s, SHUT_RDWR) -> 0\n"
     "send(c, \"abc\", MSG_DONTWAIT) -> 3\npoll([{c, 0}], 1000) -> 0 took 1000100\n"},
    {"likewise, and nothing waits", false,
     "shutdown(s, SHUT_RDWR) -> 0\n"
     "send(c, \"abc\", MSG_DONTWAIT) -> 3\npoll([{c, 0}], 1000) -> 0 took 1000100\n"},
    {"likewise, and the socket is not closed", false,
     READING "send(c, fill(\"abc\", 300), 0) -> 300\n" READ_BY_C "-1 ECONNRESET\n"},
    {"likewise, and nothing was sent", false, READING "close(s) -> 0\n" READ_BY_C "0\n"},
    {"an urgent byte that is thrown away at no memory", true,
     URGED "recv(s, EFAULT, 9, MSG_OOB|MSG_TRUNC) -> 1\nrecv(s, 9, MSG_OOB) -> -1 EINVAL\n"},
    {"likewise, and it is refused", false,
     URGED "recv(s, EFAULT, 9, MSG_OOB|MSG_TRUNC) -> -1 EFAULT\n"},
    {"a look at a part of a large send, of a length at no memory", true,
     "send(c, fill(\"abc\", 60000), 0) -> 60000\nrecvfrom(s, 50000, MSG_PEEK, [EFAULT]) -> -1 "
     "EFAULT\n"
     "ioctl(s, FIONREAD) -> 0 [32768]\n"},
    {"likewise, and of it nothing had come", false,
     "send(c, fill(\"abc\", 60000), 0) -> 60000\nrecvfrom(s, 50000, MSG_PEEK, [EFAULT]) -> -1 "
     "EFAULT\n"
     "ioctl(s, FIONREAD) -> 0 [0]\n"},

    {"a deferred connection is reset with its listener", true,
     DEFERS("l") KNOCK "close(l) -> 0\n" IS_RESET},
    {"another listener is closed", false, DEFERS("l") KNOCK "close(s) -> 0\n" IS_RESET},

    {"a small buffer is full, and its owner's answer is stuck", true,
     SMALL FILLED ANSWERED NO_ANSWER},
    {"likewise, and its end", true, SMALL FILLED ANSWERED "shutdown(s, SHUT_WR) -> 0\n" NO_ANSWER},
    {"a small buffer is empty, and the answer does not come", false, SMALL ANSWERED NO_ANSWER},
    {"a full buffer that is not small, and the answer does not come", false,
     FILLED ANSWERED NO_ANSWER},

    {"bound anew where its own connection was, which holds the port", true,
     ENDS "bind(s, $LO:20001) -> -1 EADDRINUSE\n"},
    {"bound where nobody was, and the port is held", false,
     ENDS "bind(s, $LO:20009) -> -1 EADDRINUSE\n"},
    {"another socket is bound there", true,
     ENDS "bind(s, $LO:20009) -> 0\n" WANTS("20001") "-1 EADDRINUSE\n"},
    {"another socket is bound where nobody was", false,
     ENDS "bind(s, $LO:20009) -> 0\n" WANTS("20008") "-1 EADDRINUSE\n"},
    {"the other end was dissolved, and the port is held", true,
     DISSOLVES WANTS("20001") "-1 EADDRINUSE\n"},
    {"likewise, and another port is held", false, DISSOLVES WANTS("20009") "-1 EADDRINUSE\n"},

    {"a destination of no length at no memory", true, "sendto(c, \"abc\", 0, EFAULT, 0) -> 3\n"},
    {"likewise, and more is sent than there was", false, "sendto(c, \"abc\", 0, EFAULT, 0) -> 4\n"},
    {"likewise, and another error", false,
     "sendto(c, \"abc\", MSG_NOSIGNAL, EFAULT, 0) -> -1 EPIPE\n"},
    {"accepted with no memory for the name, and lost", true,
     KNOCK "e = accept(l, EFAULT) -> -1 EFAULT\n" GONE},
    {"likewise, and it succeeds", false, KNOCK "e = accept(l, EFAULT) -> 7 @ $LO:20003\n"},
    {"accepted with a name, and then again", false,
     KNOCK ACCEPTED "g = accept(l) -> 8 @ $LO:20003\n"},
    {"a destination at no memory", false, "sendto(c, \"abc\", 0, EFAULT, 16) -> 3\n"},

    {"a connect that asks again, its time is over", true,
     STALLED BEGUN "connect(f, $LO:20001) -> -1 EALREADY took 40001\n"},
    {"a connect that asks again, over early", false,
     STALLED BEGUN "connect(f, $LO:20001) -> -1 EALREADY took 39000\n"},
    {"a connect that asks again and need not wait", false,
     STALLED BEGUN "connect(f, $LO:20001) -> -1 EALREADY\n"},
    {"a connect that asks again as if it had begun", false,
     STALLED BEGUN "connect(f, $LO:20001) -> -1 EINPROGRESS took 40001\n"},
    {"the first connect is asked again", false,
     STALLED LIMITED "connect(f, $LO:20001) -> -1 EALREADY took 40001\n"},
    {"an actor's connect that asks again", true,
     STALLED BEGUN "A: connect(f, $LO:20001) -> <unfinished>\n"
                   "A: <... connect> -> -1 EALREADY took 40001\n"},
    {"an actor's connect that asks again as if it had begun", false,
     STALLED BEGUN "A: connect(f, $LO:20001) -> <unfinished>\n"
                   "A: <... connect> -> -1 EINPROGRESS took 40001\n"},

    {"less than no room for a name, before all has come", true,
     "send(c, \"abc\", 0) -> 3\nrecvfrom(s, 9, MSG_WAITALL, -1) -> -1 EINVAL\n"},
    {"likewise, and the data is there again", false,
     "send(c, \"abc\", 0) -> 3\nrecvfrom(s, 9, MSG_WAITALL, -1) -> -1 EINVAL\n" READ "3 \"abc\"\n"},
    {"room for a name, and EINVAL", false,
     "send(c, \"abc\", 0) -> 3\nrecvfrom(s, 9, MSG_WAITALL, 128) -> -1 EINVAL\n"},

    {"ancillary data that is malformed, no connection yet", true,
     STALLED BEGUN CUT_SHORT("f") "<unfinished>\n"},
    {"likewise, looked at first", true, STALLED BEGUN CUT_SHORT("f") "-1 EINVAL\n"},
    {"likewise, taken", false, STALLED BEGUN CUT_SHORT("f") "1\n"},
    {"likewise, another error", false, STALLED BEGUN CUT_SHORT("f") "-1 ENOBUFS\n"},
    {"ancillary data that is malformed waits", false, CUT_SHORT("c") "<unfinished>\n"},

    {"newer urgent data that is not taken any more", true,
     URGENT "send(c, \"v\", MSG_OOB) -> 1\n" READ "3 \"abu\"\n"},
    {"likewise, the older one is still apart", true,
     URGENT "send(c, \"v\", MSG_OOB) -> 1\n" READ "2 \"ab\"\n"},
    {"likewise, and it is read", false,
     URGENT "send(c, \"v\", MSG_OOB) -> 1\n" READ "4 \"abuv\"\n"},
    {"data that is not taken any more takes the urgent byte's place", false,
     URGENT "send(c, \"v\", 0) -> 1\n" READ "3 \"abu\"\n"},
    {"nothing, and the urgent byte is read with the rest", false, URGENT READ "3 \"abu\"\n"},

    {"held back by a cork, the window may have been full", true,
     FILLED TAKEN CORK("1") ONE_MORE NOTHING_COMES},
    {"held back by a cork, the window was never full", false, CORK("1") ONE_MORE NOTHING_COMES},
    {"held back by a cork, the peer sends", true,
     "send(s, \"x\", 0) -> 1\n" CORK("1") ONE_MORE NOTHING_COMES},
    {"the peer sends, without a cork", false, "send(s, \"x\", 0) -> 1\n" ONE_MORE NOTHING_COMES},
    {"never comes, without a cork", false, FILLED TAKEN ONE_MORE NOTHING_COMES},
    {"never comes, the cork is drawn", false,
     FILLED TAKEN CORK("1") ONE_MORE CORK("0") NOTHING_COMES},

    {"who knows how much was taken, one send", true, TWICE UNSEEN READ "3 \"def\"\n"},
    {"likewise, both", true, TWICE UNSEEN READ "-1 EAGAIN\n"},
    {"likewise, a part of one", false, TWICE UNSEEN READ "4 \"cdef\"\n"},
    {"likewise, nothing", false, TWICE UNSEEN READ "6 \"abcdef\"\n"},

    {"an urgent byte is overtaken while its socket is read", true,
     READING TWO_MARKS READ_ONE READ "1 \"c\"\n"},
    {"likewise, and it is not lost", true, READING TWO_MARKS READ_ONE READ "2 \"bc\"\n"},
    {"likewise, and the newer one is lost", false, READING TWO_MARKS READ_ONE READ "2 \"cd\"\n"},
    {"an urgent byte is overtaken, and lost", false, TWO_MARKS READ "2 \"ac\"\n"},

    {"reuse was allowed after bind", true,
     FIRST FIRST_BINDS REUSES("d") SECOND SECOND_BINDS "-1 EADDRINUSE\n"},
    {"likewise, and it counts", true, FIRST FIRST_BINDS REUSES("d") SECOND SECOND_BINDS "0\n"},
    {"likewise, another error", false,
     FIRST FIRST_BINDS REUSES("d") SECOND SECOND_BINDS "-1 EACCES\n"},
    {"reuse was allowed before", false,
     FIRST REUSES("d") FIRST_BINDS SECOND SECOND_BINDS "-1 EADDRINUSE\n"},

    {"what met itself is left in TIME-WAIT", true, WILD MEETS_ITSELF ELSEWHERE "-1 EADDRINUSE\n"},
    {"likewise, and is not", true, WILD MEETS_ITSELF ELSEWHERE "0\n"},
    {"likewise, another error", false, WILD MEETS_ITSELF ELSEWHERE "-1 EACCES\n"},
    {"it never met itself", false, WILD ELSEWHERE "-1 EADDRINUSE\n"},

    {"a window that was closed is not open yet", true, SMALL FILLED SOME NOTHING_COMES},
    {"likewise, behind it the end", true, SMALL FILLED "close(c) -> 0\n" SOME NOTHING_COMES},
    {"likewise, and the end came before", false, SMALL FILLED "close(c) -> 0\n" SOME READ "0\n"},
    {"what fits into any window", false, SMALL SENT NOTHING_COMES},
    {"the window was never closed", false, FILLED SOME NOTHING_COMES},

    {"what comes is taken by another", true, READING SENT NOTHING_COMES TAKEN_BY_A},
    {"likewise, and taken twice", false, READING SENT NOTHING_COMES TAKEN_BY_A READ "3 \"abc\"\n"},
    {"what has come is not there", false, SENT NOTHING_COMES},

    {"less than the low-water mark is no edge", true, LOW_WATER NO_EDGE},
    {"who waits for less than the low-water mark is not woken", true,
     LOW_WATER READING_9 TEN SLEEPS},
    {"likewise, and it is woken", true, LOW_WATER READING_9 TEN WOKEN},
    {"likewise, and the mark is reached", false, LOW_WATER READING_9 HUNDRED SLEEPS},
    {"who waits without a mark is not woken", false, READING_9 TEN SLEEPS},
    {"data is an edge", false, NO_EDGE},
};

static void test_streams(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++)
        traces_check(rows[i].what, rows[i].conforms, TRACE_STREAM, rows[i].rest);
}

#define HAS_PORT(fd, number, host)                                                                 \
    fd " = socket(AF_INET, SOCK_DGRAM, 0) -> " number "\n"                                         \
       "bind(" fd ", " host ":20001) -> 0\n"
#define SHARES(fd) "setsockopt(" fd ", SOL_SOCKET, SO_REUSEPORT, [1]) -> 0\n"
#define WANTS_PORT                                                                                 \
    "d = socket(AF_INET, SOCK_DGRAM, 0) -> 5\n" SHARES("d") "bind(d, 0.0.0.0:20001) -> 0\n"

static void test_shared_port(void **state)
{
    (void)state;
    traces_check("one shares the port, the other does not", true,
                 TRACE_HEADER HAS_PORT("a", "3", "127.0.0.1") HAS_PORT("b", "4", "127.0.0.2"),
                 SHARES("b") WANTS_PORT);
    traces_check("none shares the port", false,
                 TRACE_HEADER HAS_PORT("a", "3", "127.0.0.1") HAS_PORT("b", "4", "127.0.0.2"),
                 WANTS_PORT);
    traces_check("one shares another port", false, TRACE_HEADER HAS_PORT("a", "3", "127.0.0.1"),
                 "b = socket(AF_INET, SOCK_DGRAM, 0) -> 4\n"
                 "bind(b, 127.0.0.1:20002) -> 0\n" SHARES("b") WANTS_PORT);
}

#define PEEKED_AND_CLOSED                                                                          \
    TRACE_HEADER "s = socket($AF, SOCK_DGRAM, 0) -> 3\n"                                           \
                 "bind(s, $LO:20001) -> 0\n"                                                       \
                 "c = socket($AF, SOCK_DGRAM, 0) -> 4\n"                                           \
                 "connect(c, $LO:20001) -> 0\n"                                                    \
                 "A: recv(s, 9, MSG_PEEK) -> <unfinished>\n"
#define THREE "sendmmsg(c, {NULL, [\"a\", \"b\", \"c\"]}, 0) -> "

static void test_closed_while_read(void **state)
{
    (void)state;
    traces_check("closed while it is read, and gone with the first datagram", true,
                 PEEKED_AND_CLOSED, "close(s) -> 0\n" THREE "2 {1} {1}\n");
    traces_check("closed while it is read, and still there", true, PEEKED_AND_CLOSED,
                 "close(s) -> 0\n" THREE "3 {1} {1} {1}\n");
    traces_check("closed while it is read, and gone before", false, PEEKED_AND_CLOSED,
                 "close(s) -> 0\n" THREE "1 {1}\n");
    traces_check("read, and gone", false, PEEKED_AND_CLOSED, THREE "2 {1} {1}\n");
}

#define LIMITED_READER "setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=0, tv_usec=40000}) -> 0\n"
#define ONE "{3 \"abc\" @ $LO:20002}"
#define WANTS_TWO "recvmmsg(s, {[9, 9]}, 0) -> "
#define HOLDS(bytes) "recv(s, 9, MSG_PEEK) -> 3 \"" bytes "\"\n"
#define REFUSED                                                                                    \
    "close(s) -> 0\n"                                                                              \
    "send(c, \"x\", 0) -> 1\n"
#define SO_ERROR_INTO(place, result) "getsockopt(c, SOL_SOCKET, SO_ERROR" place ") -> " result "\n"

#define MIDDLE "setsockopt(s, SOL_SOCKET, SO_PEEK_OFF, [1]) -> 0\n"
/* c has no peer when it ends the datagram that it has begun for another, and s gets it. */
#define BEGUN_FOR(port)                                                                            \
    "connect(c, AF_UNSPEC) -> 0\n"                                                                 \
    "sendto(c, \"abc\", MSG_MORE, $LO:" port ") -> 3\n"
#define FINISHED                                                                                   \
    "connect(c, AF_UNSPEC) -> 0\n"                                                                 \
    "sendto(c, \"d\", 0, $LO:20003) -> 1\n"                                                        \
    "recv(s, 9, MSG_DONTWAIT) -> 4 \"abcd\"\n"

static const struct {
    const char *what;
    bool conforms;
    const char *rest; /* after TRACE_DATAGRAMS */
} datagrams[] = {
    {"recvmmsg ends early, by its socket's time", true,
     LIMITED_READER SENT WANTS_TWO "1 " ONE "\n"},
    {"likewise, but no time is set", false, SENT WANTS_TWO "1 " ONE "\n"},
    {"likewise, but all has come", false,
     LIMITED_READER TWICE HOLDS("abc") WANTS_TWO "1 {3 \"def\" @ $LO:20002}\n"},
    {"likewise, and it tells of two", false, LIMITED_READER SENT WANTS_TWO "2 " ONE " " ONE "\n"},

    {"the error is cleared, though it could not be told", true,
     REFUSED SO_ERROR_INTO(", EFAULT", "-1 EFAULT") SO_ERROR_INTO("", "0 [0]")},
    {"likewise, and told, though there is no memory", false,
     REFUSED SO_ERROR_INTO(", EFAULT", "0")},
    {"likewise, though there is memory", false,
     REFUSED SO_ERROR_INTO("", "0 [111]") SO_ERROR_INTO("", "0 [111]")},

    {"the real length of what is peeked at from its middle", true,
     SENT MIDDLE "recv(s, 9, MSG_PEEK|MSG_TRUNC) -> 3 \"bc?\"\n"},
    {"likewise, and another byte", false,
     SENT MIDDLE "recv(s, 9, MSG_PEEK|MSG_TRUNC) -> 3 \"bX?\"\n"},
    {"likewise, and one too few", false, SENT MIDDLE "recv(s, 9, MSG_PEEK|MSG_TRUNC) -> 3 \"b\"\n"},
    {"likewise, without MSG_TRUNC", false, SENT MIDDLE "recv(s, 9, MSG_PEEK) -> 3 \"bc?\"\n"},
    {"likewise, of another length", false,
     SENT MIDDLE "recv(s, 9, MSG_PEEK|MSG_TRUNC) -> 4 \"bc??\"\n"},

    {"a datagram is begun, and its socket has another peer for a while", true,
     BEGUN_FOR("20003") "connect(c, $LO:20001) -> 0\n" FINISHED},
    {"likewise, and has never had that peer", false, BEGUN_FOR("20003") FINISHED},
};

static void test_datagrams(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(datagrams); i++)
        traces_check(datagrams[i].what, datagrams[i].conforms, TRACE_HEADER TRACE_DATAGRAMS,
                     datagrams[i].rest);
}

/* A datagram from an IPv4 socket to an IPv6 one, whose index of the interface a text has as bytes.
 */
#define FROM_V4                                                                                    \
    TRACE_HEADER "s = socket(AF_INET6, SOCK_DGRAM, 0) -> 3\n"                                      \
                 "bind(s, [::]:20001) -> 0\n"                                                      \
                 "c = socket(AF_INET, SOCK_DGRAM, 0) -> 4\n"                                       \
                 "bind(c, 127.0.0.1:20002) -> 0\n"
#define ASKS "setsockopt(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, [1]) -> 0\n"
#define SENDS "sendto(c, \"abc\", 0, 127.0.0.1:20001) -> 3\n"
#define TELLS(host, interface)                                                                     \
    "recvmsg(s, {[9], control 100}, 0) -> 3 \"abc\" @ [::ffff:127.0.0.1]:20002 control "           \
    "\"$\\x00\\x00\\x00\\x00\\x00\\x00\\x00)\\x00\\x00\\x002\\x00\\x00\\x00"                       \
    "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\xff\\xff" host                            \
        interface "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\"\n"
#define TO_IT "\\x7f\\x00\\x00\\x01"
#define TO_ANOTHER "\\x7f\\x00\\x00\\x02"

static void test_packet_information(void **state)
{
    (void)state;
    traces_check("the interface, asked for before", true, FROM_V4,
                 ASKS SENDS TELLS(TO_IT, "\\x01"));
    traces_check("no interface, asked for afterwards", true, FROM_V4,
                 SENDS ASKS TELLS(TO_IT, "\\x00"));
    traces_check("no interface, asked for before", false, FROM_V4,
                 ASKS SENDS TELLS(TO_IT, "\\x00"));
    traces_check("another host, asked for afterwards", false, FROM_V4,
                 SENDS ASKS TELLS(TO_ANOTHER, "\\x00"));
}

/* A listener of both families, and a connection to it from $PEER. */
#define DUAL(af, peer, from)                                                                       \
    TRACE_HEADER "l = socket(AF_INET6, SOCK_STREAM, 0) -> 3\n"                                     \
                 "bind(l, [::]:20001) -> 0\n"                                                      \
                 "listen(l, 1) -> 0\n"                                                             \
                 "c = socket(" af ", SOCK_STREAM, 0) -> 4\n"                                       \
                 "bind(c, " peer ":20002) -> 0\n"                                                  \
                 "connect(c, " peer ":20001) -> 0\n"                                               \
                 "s = accept(l) -> 5 @ " from ":20002\n"
#define CONNECTS_ANEW                                                                              \
    "connect(s, AF_UNSPEC) -> 0\n"                                                                 \
    "connect(s, [::1]:20001) -> <unfinished>\n"                                                    \
    "poll([{l, POLLIN}], 1000) -> 0 took 1000100\n"

static void test_mapped(void **state)
{
    (void)state;
    traces_check("a socket that had a v4-mapped peer", true,
                 DUAL("AF_INET", "127.0.0.1", "[::ffff:127.0.0.1]"), CONNECTS_ANEW);
    traces_check("a socket that had an IPv6 peer", false, DUAL("AF_INET6", "[::1]", "[::1]"),
                 CONNECTS_ANEW);
}

/* A datagram socket that asks for errors, and had a peer. */
#define HAD_PEER(peer)                                                                             \
    TRACE_HEADER "s = socket(AF_INET6, SOCK_DGRAM, 0) -> 3\n"                                      \
                 "bind(s, [::]:20001) -> 0\n"                                                      \
                 "setsockopt(s, IPPROTO_IPV6, IPV6_RECVERR, [1]) -> 0\n"                           \
                 "connect(s, " peer ":20004) -> 0\n"                                               \
                 "connect(s, AF_UNSPEC) -> 0\n"
#define IS_NOT_TOLD                                                                                \
    "sendto(s, \"abc\", 0, [::1]:20003) -> 3\n"                                                    \
    "poll([{s, POLLIN}], 1000) -> 0 took 1000100\n"

static void test_refusals(void **state)
{
    (void)state;
    traces_check("it had a v4-mapped peer, and is not told", true, HAD_PEER("[::ffff:127.0.0.1]"),
                 IS_NOT_TOLD);
    traces_check("it had an IPv6 peer, and is not told", false, HAD_PEER("[::1]"), IS_NOT_TOLD);
}

CHECK_MAIN(cmocka_unit_test(test_streams), cmocka_unit_test(test_mapped),
           cmocka_unit_test(test_refusals), cmocka_unit_test(test_datagrams),
           cmocka_unit_test(test_packet_information), cmocka_unit_test(test_shared_port),
           cmocka_unit_test(test_closed_while_read))
