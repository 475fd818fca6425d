/*
 * test_executor_tcp: TCP on the kernel through the executor, each drill over IPv4 and IPv6. What is
 * expected stands in POSIX.1-2024, the RFCs and the manual pages named with each row.
 */
#include "tests/support/check.h"
#include "tests/support/play.h"

/* A connection: l listens, c is the client, s the accepted socket. */
#define CONNECTED                                                                                  \
    "l = socket($AF, SOCK_STREAM, 0) >= 0\n"                                                       \
    "bind(l, $LO:0) = 0\n"                                                                         \
    "listen(l, 1) = 0\n"                                                                           \
    "c = socket($AF, SOCK_STREAM, 0) >= 0\n"                                                       \
    "connect(c, name(l)) = 0\n"                                                                    \
    "s = accept(l) >= 0\n"

static const struct play rows[] = {
    {"a half-close: data before the FIN arrives, then the end; the other way still works; "
     "POSIX shutdown(), recv(), RFC 9293 3.6",
     CONNECTED "send(c, \"last words\", MSG_NOSIGNAL) = 10\n"
               "shutdown(c, SHUT_WR) = 0\n"
               "recv(s, 64, 0) = 10 \"last words\"\n"
               "recv(s, 64, 0) = 0\n"
               "send(s, \"reply\", MSG_NOSIGNAL) = 5\n"
               "recv(c, 64, 0) = 5 \"reply\"\n"
               "send(c, \"more\", MSG_NOSIGNAL) = -1 EPIPE\n"
               "close(s) = 0\n"
               "recv(c, 64, 0) = 0\n"},
    {"linger 0 turns close into a reset, which the peer sees once; POSIX recv() ECONNRESET, "
     "SO_LINGER in socket(7)",
     CONNECTED "setsockopt(c, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}) = 0\n"
               "close(c) = 0\n"
               "poll([{s, POLLIN}], 1000) = 1\n"
               "recv(s, 64, 0) = -1 ECONNRESET\n"
               "recv(s, 64, 0) = 0\n"
               "send(s, \"x\", MSG_NOSIGNAL) = -1 EPIPE\n"},
    {"nobody listens: refused, POSIX connect() ECONNREFUSED; and the socket may not be used",
     "l = socket($AF, SOCK_STREAM, 0) >= 0\n"
     "bind(l, $LO:0) = 0\n"
     "c = socket($AF, SOCK_STREAM, 0) >= 0\n"
     "connect(c, name(l)) = -1 ECONNREFUSED\n"
     "getpeername(c) = -1 ENOTCONN\n"},
    {"a non-blocking connect is under way, then reports how it ended; POSIX connect() "
     "EINPROGRESS, SO_ERROR in connect(2)",
     "l = socket($AF, SOCK_STREAM, 0) >= 0\n"
     "bind(l, $LO:0) = 0\n"
     "c = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0) >= 0\n"
     "connect(c, name(l)) = -1 EINPROGRESS\n"
     "poll([{c, POLLOUT}], 1000) = 1\n"
     "getsockopt(c, SOL_SOCKET, SO_ERROR) = 0 [ECONNREFUSED]\n"
     "getsockopt(c, SOL_SOCKET, SO_ERROR) = 0 [0]\n"},
    {"connecting twice: POSIX connect() EISCONN", CONNECTED "connect(c, name(l)) = -1 EISCONN\n"
                                                            "connect(s, name(l)) = -1 EISCONN\n"},
    {"nobody connects: a blocking accept goes on, a non-blocking one says EAGAIN; POSIX accept()",
     "l = socket($AF, SOCK_STREAM, 0) >= 0\n"
     "bind(l, $LO:0) = 0\n"
     "listen(l, 1) = 0\n"
     "s = accept(l) <unfinished>\n"
     "s = accept4(l, SOCK_NONBLOCK) <unfinished>\n"
     "fcntl(l, F_SETFL, O_NONBLOCK) = 0\n"
     "s = accept(l) = -1 EAGAIN\n"
     "s = accept4(l, 0) = -1 EAGAIN\n"},
    {"no data: a blocking receive goes on; MSG_DONTWAIT and O_NONBLOCK say EAGAIN; recv(2)",
     CONNECTED "recv(s, 64, 0) <unfinished>\n"
               "read(s, 64) <unfinished>\n"
               "recvfrom(s, 64, 0) <unfinished>\n"
               "recv(s, 64, MSG_DONTWAIT) = -1 EAGAIN\n"
               "ioctl(s, FIONBIO, [1]) = 0\n"
               "recv(s, 64, 0) = -1 EAGAIN\n"
               "read(s, 64) = -1 EAGAIN\n"
               "ioctl(s, FIONBIO, [0]) = 0\n"
               "recv(s, 64, 0) <unfinished>\n"},
    {"MSG_WAITALL waits for all of it, with what is there; POSIX recv()",
     CONNECTED "send(c, \"abc\", 0) = 3\n"
               "poll([{s, POLLIN}], 1000) = 1 [{s, POLLIN}]\n"
               "recv(s, 10, MSG_WAITALL) = 3 \"abc\" <unfinished>\n"
               "send(c, \"defg\", 0) = 4\n"
               "shutdown(c, SHUT_WR) = 0\n"
               "recv(s, 10, MSG_WAITALL) = 4 \"defg\"\n"
               "recv(s, 10, MSG_WAITALL) = 0\n"},
    {"MSG_WAITALL with MSG_PEEK would wait just as long; POSIX recv()",
     CONNECTED "send(c, \"abc\", 0) = 3\n"
               "poll([{s, POLLIN}], 1000) = 1\n"
               "recv(s, 10, MSG_PEEK|MSG_WAITALL) = 3 \"abc\" <unfinished>\n"
               "recv(s, 3, MSG_PEEK|MSG_WAITALL) = 3 \"abc\"\n"},
    {"MSG_PEEK leaves the data; MSG_TRUNC on a stream discards it; recv(2), tcp(7)",
     CONNECTED "send(c, \"abcdef\", 0) = 6\n"
               "recv(s, 64, MSG_PEEK) = 6 \"abcdef\"\n"
               "ioctl(s, FIONREAD) = 0 [6]\n"
               "recv(s, 4, MSG_TRUNC) = 4\n"
               "recv(s, 64, 0) = 2 \"ef\"\n"},
    {"the end of a stream is read again and again; a shutdown end writes EPIPE; POSIX shutdown()",
     CONNECTED "shutdown(s, SHUT_RDWR) = 0\n"
               "recv(s, 1, 0) = 0\n"
               "recv(s, 1, 0) = 0\n"
               "write(s, \"x\") = -1 EPIPE\n"
               "recv(c, 1, 0) = 0\n"
               "shutdown(c, SHUT_WR) = 0\n"
               "shutdown(c, SHUT_INVALID) = -1 EINVAL\n"},
    {"calls in the wrong state: POSIX ENOTCONN, EINVAL, EOPNOTSUPP, EADDRINUSE",
     CONNECTED "f = socket($AF, SOCK_STREAM, 0)\n"
               "recv(f, 1, 0) = -1 ENOTCONN\n"
               "shutdown(f, SHUT_WR) = -1 ENOTCONN\n"
               "getpeername(f) = -1 ENOTCONN\n"
               "x = accept(f) = -1 EINVAL\n"
               "bind(c, $LO:0) = -1 EINVAL\n"
               "bind(f, name(l)) = -1 EADDRINUSE\n"
               "listen(c, 1) = -1 EINVAL\n"
               "send(f, \"x\", MSG_NOSIGNAL) = -1 EPIPE\n"},
    {"duplicates share one connection and one mode; dup(2), fcntl(2)",
     CONNECTED "d = dup(s) >= 0\n"
               "fcntl(d, F_SETFL, O_NONBLOCK) = 0\n"
               "recv(s, 1, 0) = -1 EAGAIN\n"
               "ioctl(s, FIONBIO, [0]) = 0\n"
               "recv(d, 1, 0) <unfinished>\n"
               "close(s) = 0\n"
               "send(c, \"x\", 0) = 1\n"
               "recv(d, 1, 0) = 1 \"x\"\n"},
    {"an accepted socket has a mode of its own; accept(2)",
     "l = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0)\n"
     "bind(l, $LO:0) = 0\n"
     "listen(l, 2) = 0\n"
     "c = socket($AF, SOCK_STREAM, 0)\n"
     "connect(c, name(l)) = 0\n"
     "b = accept(l) >= 0\n"
     "recv(b, 1, 0) <unfinished>\n"
     "d = socket($AF, SOCK_STREAM, 0)\n"
     "connect(d, name(l)) = 0\n"
     "n = accept4(l, SOCK_NONBLOCK) >= 0\n"
     "recv(n, 1, 0) = -1 EAGAIN\n"},
    {"a backlog bounds who waits to be accepted, a further connect goes on; POSIX listen()",
     "l = socket($AF, SOCK_STREAM, 0)\n"
     "bind(l, $LO:0) = 0\n"
     "listen(l, 1) = 0\n"
     "a = socket($AF, SOCK_STREAM, 0)\n"
     "connect(a, name(l)) = 0\n"
     "b = socket($AF, SOCK_STREAM, 0)\n"
     "connect(b, name(l))\n"
     "d = socket($AF, SOCK_STREAM, 0)\n"
     "connect(d, name(l))\n"
     "e = socket($AF, SOCK_STREAM, 0)\n"
     "connect(e, name(l)) <unfinished>\n"
     "f = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0)\n"
     "connect(f, name(l)) = -1 EINPROGRESS\n"
     "connect(f, name(l)) = -1 EALREADY\n"
     "x = accept(l) >= 0\n"},
    {"a peer's name is the other end's own; POSIX getpeername()",
     CONNECTED "connect(c, peer(c)) = -1 EISCONN\n"
               "close(l) = 0\n"
               "n = socket($AF, SOCK_STREAM, 0)\n"
               "bind(n, peer(s)) = -1 EADDRINUSE\n"},
    {"AF_UNSPEC dissolves a connection; connect(2)", CONNECTED "connect(c, AF_UNSPEC) = 0\n"
                                                               "getpeername(c) = -1 ENOTCONN\n"
                                                               "poll([{s, POLLIN}], 1000) = 1\n"
                                                               "recv(s, 1, 0) = -1 ECONNRESET\n"},
    {"the wrong family is refused; POSIX bind(), connect() EAFNOSUPPORT, EINVAL",
     "s = socket($AF, SOCK_STREAM, 0)\n"
     "bind(s, sockaddr(\"\\xff\\x00\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"
     "\\0\\0\\0\\0\\0\")) = -1 EAFNOSUPPORT\n"
     "bind(s, $LO:0, 0) = -1 EINVAL\n"
     "bind(s, $LO:0, -1) = -1 EINVAL\n"
     "bind(s, $LO:0, 129) = -1 EINVAL\n"},
    {"bad descriptors: POSIX EBADF, ENOTSOCK", "recv(-1, 1, 0) = -1 EBADF\n"
                                               "send(2147483647, \"x\", 0) = -1 EBADF\n"
                                               "close(-1) = -1 EBADF\n"
                                               "close(2147483647) = -1 EBADF\n"
                                               "d = dup(-1) = -1 EBADF\n"
                                               "bind(not_socket, $LO:0) = -1 ENOTSOCK\n"
                                               "listen(not_socket, 1) = -1 ENOTSOCK\n"
                                               "a = accept(not_socket) = -1 ENOTSOCK\n"
                                               "recv(not_socket, 1, 0) = -1 ENOTSOCK\n"
                                               "getsockname(not_socket) = -1 ENOTSOCK\n"
                                               "read(not_socket, 1) = 0\n"
                                               "write(not_socket, \"abc\") = 3\n"
                                               "fcntl(not_socket, F_GETFL)\n"
                                               "d = dup(not_socket) >= 0\n"
                                               "close(not_socket) = 0\n"
                                               "send(d, \"x\", 0) = -1 ENOTSOCK\n"},
    {"a closed variable is bad, and so is one that was never assigned; POSIX EBADF",
     "s = socket($AF, SOCK_STREAM, 0)\n"
     "close(s) = 0\n"
     "close(s) = -1 EBADF\n"
     "recv(s, 1, 0) = -1 EBADF\n"
     "listen(s9, 1) = -1 EBADF\n"},
    {"poll tells readiness, hang-up and bad descriptors, and leaves negative ones out; POSIX "
     "poll()",
     CONNECTED "poll([{s, POLLIN}], 0) = 0\n"
               "poll([{s, POLLIN|POLLOUT}], 0) = 1 [{s, POLLOUT}]\n"
               "send(c, \"x\", 0) = 1\n"
               "poll([{l, POLLIN}, {s, POLLIN}, {-1, POLLIN}], 1000) = 1 [{s, POLLIN}]\n"
               "poll([{2147483647, POLLIN}, {s, POLLIN}], 1000) = 2 [{2147483647, POLLNVAL}, {s, "
               "POLLIN}]\n"
               "shutdown(c, SHUT_WR) = 0\n"
               "poll([{s, POLLRDHUP}], 1000) = 1 [{s, POLLRDHUP}]\n"
               "shutdown(s, SHUT_WR) = 0\n"
               "poll([{s, 0}], 1000) = 1 [{s, POLLHUP}]\n"
               "poll([{l, POLLIN}], -1) <unfinished>\n"},
    {"urgent data stands apart from the stream; POSIX send() MSG_OOB, RFC 6093",
     CONNECTED "send(c, \"abc\", MSG_OOB) = 3\n"
               "poll([{s, POLLPRI}], 1000) = 1 [{s, POLLPRI}]\n"
               "recv(s, 64, 0) = 2 \"ab\"\n"
               "recv(s, 1, MSG_OOB) = 1 \"c\"\n"
               "recv(s, 1, MSG_OOB) = -1 EINVAL\n"},
};

static void test_tcp_drills(void **state)
{
    (void)state;
    play_all(rows, CHECK_COUNT(rows));
}

/* A wrong number, errno, datum, readiness or end is seen. */
static void test_planted_wrong_expectations_are_seen(void **state)
{
    static const char *const wrong[] = {
        CONNECTED "send(c, \"x\", 0) = 2\n",
        CONNECTED "recv(s, 1, 0) = 0\n",
        CONNECTED "recv(s, 1, MSG_DONTWAIT) <unfinished>\n",
        CONNECTED "recv(s, 1, MSG_DONTWAIT) = -1 EINTR\n",
        CONNECTED "send(c, \"x\", 0)\nrecv(s, 1, 0) = 1 \"y\"\n",
        CONNECTED "poll([{s, POLLOUT}], 0) = 1 [{s, POLLIN}]\n",
        CONNECTED "x = accept(l) >= 0\n",
    };

    (void)state;
    play_init();
    for (size_t i = 0; i < CHECK_COUNT(wrong); i++)
        assert_int_equal(play_unmet(wrong[i], PLAY_IPV4), 1);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_tcp_drills),
                    cmocka_unit_test(test_planted_wrong_expectations_are_seen))
