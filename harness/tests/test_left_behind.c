/*
 * test_left_behind: what a call may leave behind it - a name after an attempt that failed, a port
 * in TIME-WAIT, an error there was no room for, an urgent byte that a newer one overtakes - and
 * next to each what must still be found. Over IPv4 and IPv6.
 */
#include "tests/support/check.h"
#include "tests/support/traces.h"

struct row {
    const char *what;
    bool conforms;
    const char *rest;
};

static void check_rows(const struct row *rows, size_t count, const char *start)
{
    for (size_t i = 0; i < count; i++)
        traces_check(rows[i].what, rows[i].conforms, start, rows[i].rest);
}

#define CHECK_ROWS(rows, start) check_rows(rows, sizeof(rows) / sizeof *(rows), start)

/* --- TIME-WAIT: RFC 9293, 3.6.1 --- */

#define DISSOLVED "connect(c, AF_UNSPEC) -> 0\n"
#define LISTENS "listen(c, 1) -> -1 EADDRINUSE\n"

static const struct row ports[] = {
    {"its own connection holds the port", true,
     "shutdown(c, SHUT_WR) -> 0\nclose(s) -> 0\n" DISSOLVED LISTENS},
    {"a reset holds no port", false, DISSOLVED LISTENS},
    {"nor does a connection of which only the other end was closed", false,
     "close(s) -> 0\n" DISSOLVED LISTENS},
};

/* c connects again from where a connection has been, which may answer in place of the listener. */
#define AGAIN(port)                                                                                \
    "shutdown(s, SHUT_WR) -> 0\n"                                                                  \
    "close(c) -> 0\n"                                                                              \
    "connect(s, AF_UNSPEC) -> 0\n"                                                                 \
    "bind(s, $ANY:" port ") -> 0\n"                                                                \
    "connect(s, $LO:20001) -> <unfinished>\n"                                                      \
    "d = socket($AF, SOCK_STREAM, 0) -> 4\n"                                                       \
    "bind(d, $LO:20004) -> 0\n"                                                                    \
    "connect(d, $LO:20001) -> 0\n"                                                                 \
    "n = accept(l) -> 6 @ $LO:20004\n"

static void test_ports(void **state)
{
    (void)state;
    traces_check("a pair that was used before is late", true, TRACE_STREAM, AGAIN("20002"));
    traces_check("a pair that was not is late", false, TRACE_STREAM, AGAIN("20003"));
    CHECK_ROWS(ports, TRACE_STREAM);
}

/* --- POSIX.1-2017 connect(), APPLICATION USAGE --- */

/* A socket with a wildcard, whose pair with c there is already. */
#define USED                                                                                       \
    TRACE_HEADER "l = socket($AF, SOCK_STREAM, 0) -> 3\n"                                          \
                 "bind(l, $ANY:20001) -> 0\n"                                                      \
                 "listen(l, 1) -> 0\n"                                                             \
                 "c = socket($AF, SOCK_STREAM, 0) -> 4\n"                                          \
                 "bind(c, $LO:20002) -> 0\n"                                                       \
                 "connect(c, $LO:20001) -> 0\n"                                                    \
                 "s = accept(l) -> 5 @ $LO:20002\n"                                                \
                 "shutdown(l, SHUT_RD) -> 0\n"
#define FAILS "connect(l, $LO:20002) -> -1 EADDRNOTAVAIL\n"

static const struct row names[] = {
    {"a failed attempt gives a host", true, FAILS "getsockname(l) -> 0 @ $LO:20001\n"},
    {"a failed attempt gives none", true, FAILS "getsockname(l) -> 0 @ $ANY:20001\n"},
    {"a failed attempt gives another port", false, FAILS "getsockname(l) -> 0 @ $LO:20003\n"},
    {"a host without an attempt", false, "getsockname(l) -> 0 @ $LO:20001\n"},
};

/* A listener whose queue is full, so that f's attempt goes on when it has stopped. */
#define FULL                                                                                       \
    TRACE_STREAM "d = socket($AF, SOCK_STREAM, 0) -> 6\n"                                          \
                 "connect(d, $LO:20001) -> 0\n"                                                    \
                 "e = socket($AF, SOCK_STREAM, 0) -> 7\n"                                          \
                 "connect(e, $LO:20001) -> 0\n"                                                    \
                 "f = socket($AF, SOCK_STREAM, 0) -> 8\n"                                          \
                 "bind(f, $LO:20003) -> 0\n"
#define STOPS "shutdown(l, SHUT_RD) -> 0\nconnect(l, $LO:20003) -> 0\n"

static void test_names(void **state)
{
    (void)state;
    traces_check_open("two that connect to each other", FULL,
                      "connect(f, $LO:20001) -> <unfinished>\n" STOPS);
    traces_check("one that connects to nobody", false, FULL, STOPS);
    CHECK_ROWS(names, USED);
}

/* --- the queue of errors: ip(7), IP_RECVERR --- */

#define LITTLE_ROOM "setsockopt(s, SOL_SOCKET, SO_RCVBUF, [1]) -> 0\n"
#define REFUSED                                                                                    \
    "setsockopt(s, $RECVERR, [1]) -> 0\n"                                                          \
    "sendto(s, \"abc\", 0, $LO:20009) -> 3\n"                                                      \
    "sendto(s, \"\", 0, $LO:20009) -> -1 ECONNREFUSED\n"                                           \
    "sendto(s, \"def\", 0, $LO:20009) -> 3\n"                                                      \
    "recv(s, 9, MSG_ERRQUEUE) -> 3 \"abc\"\n"                                                      \
    "send(c, \"ghi\", 0) -> 3\n"

static const struct row errors[] = {
    {"the second error is pending", true, REFUSED "recv(s, 9, 0) -> -1 ECONNREFUSED\n"},
    {"there is room for it, and it is lost", false, REFUSED "recv(s, 9, 0) -> 3 \"ghi\"\n"},
    {"there was no room for it", true, LITTLE_ROOM REFUSED "recv(s, 9, 0) -> 3 \"ghi\"\n"},
    {"and what comes then is another", false, LITTLE_ROOM REFUSED "recv(s, 9, 0) -> 3 \"abc\"\n"},
};

#define REFUSED_TO_A(again)                                                                        \
    TRACE_HEADER TRACE_DATAGRAMS "connect(s, $LO:20009) -> 0\n"                                    \
                                 "A: recv(s, 9, 0) -> <unfinished>\n"                              \
                                 "send(s, \"abc\", 0) -> 3\n" again                                \
                                 "? A: <... recv> -> -1 ECONNREFUSED\n"
#define PENDING "poll([{s, 0}], 0) -> 1 [POLLERR]\n"

static void test_errors(void **state)
{
    (void)state;
    traces_check("one error for an actor, another is left", true,
                 REFUSED_TO_A("send(s, \"def\", 0) -> 3\n"), PENDING);
    traces_check("one error for an actor, and none is left", false, REFUSED_TO_A(""), PENDING);
    CHECK_ROWS(errors, TRACE_HEADER TRACE_DATAGRAMS);
}

/* --- urgent bytes and windows that close: RFC 9293, 3.8.5 and 3.8.6.1 --- */

#define SMALL_WINDOW "setsockopt(s, SOL_SOCKET, SO_RCVBUF, [1]) -> 0\n"
#define TWO_MARKS                                                                                  \
    "send(c, fill(\"ab\", 1100), MSG_OOB) -> 1100\n"                                               \
    "send(c, \"12\", 0) -> 2\n"                                                                    \
    "send(c, \"3u\", MSG_OOB) -> 2\n"                                                              \
    "recv(s, 1099, MSG_TRUNC) -> 1099\n"
#define NOBODY_READS                                                                               \
    "shutdown(s, SHUT_RDWR) -> 0\n"                                                                \
    "send(c, \"u\", MSG_OOB) -> 1\n"
#define READS "recv(s, 64, MSG_DONTWAIT) -> "

static const struct row marks[] = {
    {"the older is read", true, SMALL_WINDOW TWO_MARKS READS "4 \"b123\"\n"},
    {"the newer came late, and passes the older over", true,
     SMALL_WINDOW TWO_MARKS READS "3 \"123\"\n"},
    {"nothing delays the newer", false, TWO_MARKS READS "3 \"123\"\n"},
    {"the mark of a byte that nobody takes", true, NOBODY_READS "ioctl(s, SIOCATMARK) -> 0 [1]\n"},
    {"no mark of it", true, NOBODY_READS "ioctl(s, SIOCATMARK) -> 0 [0]\n"},
    {"a mark without an urgent byte", false, "ioctl(s, SIOCATMARK) -> 0 [1]\n"},
    {"more than the older is passed over", false, SMALL_WINDOW TWO_MARKS READS "2 \"23\"\n"},
};

static void test_marks(void **state)
{
    (void)state;
    CHECK_ROWS(marks, TRACE_STREAM);
}

/* --- TCP_DEFER_ACCEPT: tcp(7) --- */

#define CONNECTS(c, fd, port)                                                                      \
    c " = socket($AF, SOCK_STREAM, 0) -> " fd "\n"                                                 \
      "bind(" c ", $LO:" port ") -> 0\n"                                                           \
      "connect(" c ", $LO:20001) -> 0\n"
#define SPEAKS(c) "send(" c ", \"x\", 0) -> 1\n"
#define LISTENER(defers)                                                                           \
    TRACE_HEADER "l = socket($AF, SOCK_STREAM, 0) -> 3\n" defers "bind(l, $LO:20001) -> 0\n"       \
                 "listen(l, 1) -> 0\n" CONNECTS("a", "4", "20002") CONNECTS("b", "5", "20003")
#define DEFERS "setsockopt(l, IPPROTO_TCP, TCP_DEFER_ACCEPT, [2]) -> 0\n"
#define NEXT(port) "n = accept(l) -> 6 @ $LO:" port "\n"

#define KEPT_ALIVE                                                                                 \
    "setsockopt(l, SOL_SOCKET, SO_KEEPALIVE, [1]) -> 0\n" SPEAKS("a")                              \
        NEXT("20002") "getsockopt(n, SOL_SOCKET, SO_KEEPALIVE) -> 0 "
#define HOLDS_BACK "setsockopt(c, IPPROTO_TCP, TCP_DEFER_ACCEPT, [9]) -> 0\n"
#define RESETS(holds)                                                                              \
    TRACE_HEADER "l = socket($AF, SOCK_STREAM, 0) -> 3\n"                                          \
                 "bind(l, $LO:20001) -> 0\n"                                                       \
                 "listen(l, 1) -> 0\n"                                                             \
                 "c = socket($AF, SOCK_STREAM, 0) -> 4\n" holds "connect(c, $LO:20001) -> 0\n"     \
                 "setsockopt(c, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}) -> 0\n"            \
                 "close(c) -> 0\n"
#define UNHEARD "poll([{l, POLLIN}], 1000) -> 0 took 1000100\n"

static void test_deferred(void **state)
{
    (void)state;
    traces_check("who has not spoken need not wait for one who has", true, LISTENER(DEFERS),
                 SPEAKS("a") NEXT("20003"));
    traces_check("who has spoken", true, LISTENER(DEFERS), SPEAKS("a") NEXT("20002"));
    traces_check("it is made when it speaks", true, LISTENER(DEFERS), KEPT_ALIVE "[1]\n");
    traces_check("it is made when it connects", false, LISTENER(DEFERS), KEPT_ALIVE "[0]\n");
    traces_check("nothing is deferred, and made later", false, LISTENER(""), KEPT_ALIVE "[1]\n");
    traces_check("a reset undoes a handshake that is held back", true, RESETS(HOLDS_BACK), UNHEARD);
    traces_check("a reset undoes nothing that is over", false, RESETS(""), UNHEARD);
    traces_check("nothing is deferred", false, LISTENER(""), SPEAKS("a") NEXT("20003"));
}

/* --- windows that are full: RFC 9293, 3.8.6 --- */

#define SHUT_UNREAD(length)                                                                        \
    TRACE_STREAM "send(s, fill(\"abc\", " length "), 0) -> " length "\n"                           \
                 "shutdown(c, SHUT_RDWR) -> 0\n"                                                   \
                 "send(s, \"d\", 0) -> 1\n"                                                        \
                 "poll([{s, 0}], 1000) -> "
static void test_windows(void **state)
{
    (void)state;
    traces_check("what waits for room is not answered", true, SHUT_UNREAD("200000"),
                 "0 took 1000100\n");
    traces_check("what is taken is reset", true, SHUT_UNREAD("9"), "1 [POLLERR|POLLHUP]\n");
    traces_check("what is taken is not answered", false, SHUT_UNREAD("9"), "0 took 1000100\n");
}

/* --- what a call has taken that does not return, or fails --- */

#define UNSEEN "recvfrom(s, 4096, MSG_DONTWAIT, -1) -> -1 EINVAL\n"
#define SEVEN                                                                                      \
    "send(c, \"a\", 0) -> 1\nsend(c, \"b\", 0) -> 1\nsend(c, \"c\", 0) -> 1\n"                     \
    "send(c, \"d\", 0) -> 1\nsend(c, \"e\", 0) -> 1\nsend(c, \"f\", 0) -> 1\n"                     \
    "send(c, \"gh\", 0) -> 2\n"
#define WAITS_FOR_ALL                                                                              \
    "send(c, \"abc\", 0) -> 3\n"                                                                   \
    "poll([{s, POLLIN}], 0) -> 1 [POLLIN]\n"                                                       \
    "A: recv(s, 9, MSG_WAITALL) -> <unfinished>\n"                                                 \
    "A: <... recv> -> <unfinished> waited 0\n"

static const struct row taken[] = {
    {"one that fails has taken what six sends brought", true, SEVEN UNSEEN READS "2 \"gh\"\n"},
    {"and a part of the seventh", false, SEVEN UNSEEN READS "1 \"h\"\n"},
    {"one that waits for all has taken what there was", true,
     WAITS_FOR_ALL "poll([{s, POLLIN}], 300) -> 0 took 300100\n"},
    {"nobody has taken it", false,
     "send(c, \"abc\", 0) -> 3\npoll([{s, POLLIN}], 300) -> 0 took 300100\n"},
};

static void test_taken(void **state)
{
    (void)state;
    CHECK_ROWS(taken, TRACE_STREAM);
}

/* --- a datagram that is gathered from a source of its own: ip(7), IP_PKTINFO --- */

#define GATHERED                                                                                   \
    TRACE_HEADER                                                                                   \
    "s = socket(AF_INET, SOCK_DGRAM, 0) -> 3\n"                                                    \
    "bind(s, 0.0.0.0:20001) -> 0\n"                                                                \
    "sendmsg(s, {127.0.0.1:20008, [\"abc\"], [{IP_PKTINFO 127.0.0.2}]}, MSG_MORE) -> 3\n"
#define PEER "connect(s, 127.0.0.2:20009) -> 0\n"
#define GOES "send(s, \"\", 0) -> 0\n"
#define IS_REFUSED "send(s, \"d\", 0) -> -1 ECONNREFUSED\n"

static const struct row gathered[] = {
    {"a peer changes its source, and so who is told", true, PEER GOES IS_REFUSED},
    {"a peer changes nothing, and nobody is told", true, PEER GOES "send(s, \"d\", 0) -> 1\n"},
    {"it has not gone, and is refused", false, PEER IS_REFUSED},
};

static void test_gathered(void **state)
{
    (void)state;
    CHECK_ROWS(gathered, GATHERED);
}

CHECK_MAIN(cmocka_unit_test(test_taken), cmocka_unit_test(test_gathered),
           cmocka_unit_test(test_deferred), cmocka_unit_test(test_windows),
           cmocka_unit_test(test_ports), cmocka_unit_test(test_names),
           cmocka_unit_test(test_errors), cmocka_unit_test(test_marks))
