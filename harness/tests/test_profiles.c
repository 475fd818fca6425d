/*
 * test_profiles: what the profile posix lets pass and linux does not, for no text demands what
 * Linux does, or the other way round; and next to each what neither may let pass. Over IPv4 and
 * IPv6.
 */
#include "tests/support/check.h"
#include "tests/support/traces.h"

#define SENT "send(c, \"abc\", 0) -> 3\n"
#define HAS_COME "recv(s, 9, MSG_PEEK) -> 3 \"abc\"\n"
#define READ "recv(s, 9, MSG_DONTWAIT) -> "
#define READ_BACK "recv(c, 9, MSG_DONTWAIT) -> "
#define NO_MORE "shutdown(c, SHUT_WR) -> 0\n"
#define RESET                                                                                      \
    "setsockopt(c, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}) -> 0\n"                         \
    "close(c) -> 0\n"
#define UNREAD SENT HAS_COME "close(s) -> 0\n"
#define ANOTHER "d = socket($AF, SOCK_STREAM, 0) -> 6\n"
#define KNOCKS ANOTHER "bind(d, $LO:20003) -> 0\nconnect(d, $LO:20001) -> 0\n"
#define GOES_AWAY                                                                                  \
    "setsockopt(d, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}) -> 0\n"                         \
    "close(d) -> 0\n"
#define ROOM "setsockopt(c, SOL_SOCKET, SO_RCVBUF, [8192]) -> 0\n"
#define POLLED "A: poll([{s, POLLIN}], -1) -> <unfinished>\n"
#define STILL "A: <... poll> -> <unfinished>\n"
#define SIGNAL "A: --- SIGUSR1 --- -> 0\n"
#define RESTARTS "A: --- SIGUSR1 {SA_RESTART} --- -> 0\n"
#define GATHERS "send(c, \"ab\", MSG_MORE) -> 2\n"
#define SENDS_ON "send(c, \"c\", 0) -> 1\n"
#define LOSES_PEER "connect(c, AF_UNSPEC) -> "

/* Which profiles a trace conforms to. */
enum expected { NEITHER = 0, POSIX_ONLY = 1, LINUX_ONLY = 2, BOTH = 3 };

struct row {
    const char *what;
    enum expected expected;
    const char *text;
};

static const struct row streams[] = {
    {"a part of what is there", POSIX_ONLY, SENT HAS_COME READ "1 \"a\"\n"},
    {"likewise, but another byte", NEITHER, SENT READ "1 \"b\"\n"},
    {"likewise, but the end", NEITHER, SENT READ "0\n"},

    {"no peer any more once it is shut down", POSIX_ONLY, NO_MORE "getpeername(c) -> -1 EINVAL\n"},
    {"likewise, but it is not shut down", NEITHER, "getpeername(c) -> -1 EINVAL\n"},
    {"likewise, another error", NEITHER, NO_MORE "getpeername(c) -> -1 EADDRINUSE\n"},

    {"parts that are none", POSIX_ONLY, "writev(c, []) -> -1 EINVAL\n"},
    {"likewise, but there is one", NEITHER, "writev(c, [\"a\"]) -> -1 EINVAL\n"},
    {"a message without parts", POSIX_ONLY, "sendmsg(c, {NULL, []}, 0) -> -1 EMSGSIZE\n"},
    {"likewise, but there is one", NEITHER, "sendmsg(c, {NULL, [\"a\"]}, 0) -> -1 EMSGSIZE\n"},

    {"no TCP_CORK", POSIX_ONLY, "getsockopt(c, IPPROTO_TCP, TCP_CORK) -> -1 ENOPROTOOPT\n"},
    {"no SO_KEEPALIVE", NEITHER, "getsockopt(c, SOL_SOCKET, SO_KEEPALIVE) -> -1 ENOPROTOOPT\n"},
    {"as much room as was set", POSIX_ONLY,
     ROOM "getsockopt(c, SOL_SOCKET, SO_RCVBUF) -> 0 [8192]\n"},
    {"twice as much", BOTH, ROOM "getsockopt(c, SOL_SOCKET, SO_RCVBUF) -> 0 [16384]\n"},

    {"an end in place of the reset, for it left data unread", POSIX_ONLY, UNREAD READ_BACK "0\n"},
    {"a reset", BOTH, UNREAD READ_BACK "-1 ECONNRESET\n"},
    {"likewise, but no data was left", NEITHER, "close(s) -> 0\n" READ_BACK "-1 ECONNRESET\n"},
    {"likewise, and its data comes back", NEITHER, UNREAD READ_BACK "3 \"abc\"\n"},

    {"a reset throws away what has come", POSIX_ONLY, SENT HAS_COME RESET READ "-1 ECONNRESET\n"},
    {"likewise, and other data is there", NEITHER,
     SENT HAS_COME RESET READ "-1 ECONNRESET\n" READ "3 \"abd\"\n"},
    {"no reset, and what has come is thrown away", NEITHER,
     SENT "close(c) -> 0\n" READ "-1 ECONNRESET\n"},

    {"no connection to send on", POSIX_ONLY,
     ANOTHER "send(d, \"a\", MSG_NOSIGNAL) -> -1 ENOTCONN\n"},
    {"likewise, and it is sent", NEITHER, ANOTHER "send(d, \"a\", MSG_NOSIGNAL) -> 1\n"},
    {"a connection to send on", NEITHER, "send(c, \"a\", MSG_NOSIGNAL) -> -1 ENOTCONN\n"},

    {"a destination beside a peer", POSIX_ONLY, "sendto(c, \"abc\", 0, $LO:20009) -> -1 EISCONN\n"},
    {"likewise, and it is ignored", BOTH, "sendto(c, \"abc\", 0, $LO:20009) -> 3\n"},
    {"no destination beside a peer", NEITHER, "send(c, \"abc\", 0) -> -1 EISCONN\n"},

    {"connected while listening", POSIX_ONLY, "connect(l, $LO:20002) -> -1 EINVAL\n"},
    {"likewise, for it listens", BOTH, "connect(l, $LO:20002) -> -1 EOPNOTSUPP\n"},
    {"likewise, and it is", NEITHER, "connect(l, $LO:20002) -> 0\n"},
    {"connected again", NEITHER, "connect(c, $LO:20001) -> -1 EINVAL\n"},

    {"reset before it is accepted", POSIX_ONLY,
     KNOCKS GOES_AWAY "e = accept(l) -> -1 ECONNABORTED\n"},
    {"likewise, and accepted all the same", BOTH,
     KNOCKS GOES_AWAY "e = accept(l) -> 6 @ $LO:20003\n"},
    {"not reset before it is accepted", NEITHER, KNOCKS "e = accept(l) -> -1 ECONNABORTED\n"},

    {"a signal with SA_RESTART leaves poll waiting", POSIX_ONLY, POLLED RESTARTS STILL},
    {"likewise, and interrupts it", BOTH, POLLED RESTARTS "A: <... poll> -> -1 EINTR\n"},
    {"any other signal leaves it waiting", NEITHER, POLLED SIGNAL STILL},
    {"no signal interrupts it", NEITHER, POLLED "A: <... poll> -> -1 EINTR\n"},
};

static const struct row datagrams[] = {
    {"no urgent datagrams", POSIX_ONLY, SENT "recv(s, 9, MSG_OOB|MSG_DONTWAIT) -> -1 EOPNOTSUPP\n"},
    {"likewise, but it is not asked for", NEITHER, SENT READ "-1 EOPNOTSUPP\n"},

    {"a destination beside a peer", POSIX_ONLY, "sendto(c, \"abc\", 0, $LO:20009) -> -1 EISCONN\n"},
    {"likewise, and it is heeded", BOTH,
     "sendto(c, \"abc\", 0, $LO:20009) -> 3\n" READ "-1 EAGAIN\n"},
    {"likewise, and ignored", NEITHER,
     "sendto(c, \"abc\", 0, $LO:20009) -> 3\n" READ "3 \"abc\"\n"},

    {"a peer that cannot be given up", POSIX_ONLY, LOSES_PEER "-1 EAFNOSUPPORT\n"},
    {"likewise, but it is another peer", NEITHER, "connect(c, $LO:20009) -> -1 EAFNOSUPPORT\n"},
    {"given up, and still the peer", NEITHER, LOSES_PEER "0\ngetpeername(c) -> 0 @ $LO:20001\n"},

    {"MSG_MORE that is ignored", POSIX_ONLY, GATHERS READ "2 \"ab\"\n"},
    {"likewise, and is heeded", BOTH, GATHERS READ "-1 EAGAIN\n" SENDS_ON READ "3 \"abc\"\n"},
    {"likewise, and loses what came first", NEITHER,
     GATHERS SENDS_ON READ "1 \"c\"\n" READ "-1 EAGAIN\n"},

    {"some name, though it has none", POSIX_ONLY,
     "d = socket($AF, SOCK_DGRAM, 0) -> 5\ngetsockname(d) -> 0 @ $LO:7\n"},
    {"likewise, but it has one", NEITHER, "getsockname(c) -> 0 @ $LO:7\n"},
};

static void check(const struct row *rows, size_t count, const char *on_posix, const char *on_linux)
{
    for (size_t i = 0; i < count; i++) {
        traces_check(rows[i].what, (rows[i].expected & POSIX_ONLY) != 0, on_posix, rows[i].text);
        traces_check(rows[i].what, (rows[i].expected & LINUX_ONLY) != 0, on_linux, rows[i].text);
    }
}

static void test_streams(void **state)
{
    (void)state;
    check(streams, CHECK_COUNT(streams), TRACE_POSIX TRACE_CONNECTION, TRACE_STREAM);
}

static void test_datagrams(void **state)
{
    (void)state;
    check(datagrams, CHECK_COUNT(datagrams), TRACE_POSIX TRACE_DATAGRAMS,
          TRACE_HEADER TRACE_DATAGRAMS);
}

CHECK_MAIN(cmocka_unit_test(test_streams), cmocka_unit_test(test_datagrams))
