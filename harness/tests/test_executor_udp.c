/*
 * test_executor_udp: UDP on the kernel through the executor, each drill over IPv4 and IPv6; sources
 * as in test_executor_tcp, and udp(7), RFC 768.
 */
#include "tests/support/check.h"
#include "tests/support/play.h"

/* Two sockets, each bound and connected to the other. */
#define PAIR                                                                                       \
    "a = socket($AF, SOCK_DGRAM, 0) >= 0\n"                                                        \
    "bind(a, $LO:0) = 0\n"                                                                         \
    "b = socket($AF, SOCK_DGRAM, 0) >= 0\n"                                                        \
    "bind(b, $LO:0) = 0\n"                                                                         \
    "connect(a, name(b)) = 0\n"                                                                    \
    "connect(b, name(a)) = 0\n"

static const struct play rows[] = {
    {"datagrams keep their bounds and order over loopback; RFC 768, udp(7)",
     PAIR "send(a, \"one\", 0) = 3\n"
          "send(a, \"two!\", 0) = 4\n"
          "recv(b, 64, 0) = 3 \"one\"\n"
          "recv(b, 64, 0) = 4 \"two!\"\n"
          "recv(b, 64, 0) <unfinished>\n"
          "recv(b, 64, MSG_DONTWAIT) = -1 EAGAIN\n"},
    {"what does not fit is discarded; with MSG_TRUNC the real length is returned; POSIX recv(), "
     "recv(2)",
     PAIR "send(a, \"0123456789\", 0) = 10\n"
          "send(a, \"0123456789\", 0) = 10\n"
          "send(a, \"next\", 0) = 4\n"
          "recv(b, 4, 0) = 4 \"0123\"\n"
          "recv(b, 4, MSG_TRUNC) = 10 \"0123\"\n"
          "recv(b, 64, 0) = 4 \"next\"\n"},
    {"a datagram may be empty; recv(2) NOTES, udp(7)",
     PAIR "send(a, \"\", 0) = 0\n"
          "send(a, \"x\", 0) = 1\n"
          "poll([{b, POLLIN}], 1000) = 1 [{b, POLLIN}]\n"
          "recv(b, 64, 0) = 0\n"
          "recv(b, 64, 0) = 1 \"x\"\n"},
    {"peeking leaves a datagram; FIONREAD is the next one's size; udp(7)",
     PAIR "send(a, \"abc\", 0) = 3\n"
          "send(a, \"defgh\", 0) = 5\n"
          "recv(b, 64, MSG_PEEK) = 3 \"abc\"\n"
          "ioctl(b, FIONREAD) = 0 [3]\n"
          "recv(b, 64, 0) = 3 \"abc\"\n"
          "recv(b, 64, 0) = 5 \"defgh\"\n"},
    {"larger than any datagram: POSIX send() EMSGSIZE, RFC 768",
     PAIR "send(a, fill(\"x\", 65536), 0) = -1 EMSGSIZE\n"
          "send(a, fill(\"x\", 60000), 0) = 60000\n"
          "recv(b, 65536, MSG_TRUNC) = 60000\n"},
    {"an unconnected socket hears everyone, and answers the sender; POSIX recvfrom(), sendto()",
     "a = socket($AF, SOCK_DGRAM, 0)\n"
     "bind(a, $LO:0) = 0\n"
     "b = socket($AF, SOCK_DGRAM, 0)\n"
     "bind(b, $LO:0) = 0\n"
     "send(b, \"x\", 0) = -1 EDESTADDRREQ\n"
     "sendto(b, \"ping\", 0, name(a)) = 4\n"
     "recvfrom(a, 64, 0) = 4 \"ping\"\n"
     "sendto(a, \"pong\", 0, name(b)) = 4\n"
     "recvfrom(b, 64, 0) = 4 \"pong\"\n"
     "getpeername(b) = -1 ENOTCONN\n"},
    {"a connected socket hears its peer only, and learns that nobody listens; udp(7), POSIX "
     "ECONNREFUSED",
     PAIR "c = socket($AF, SOCK_DGRAM, 0)\n"
          "sendto(c, \"stranger\", 0, name(b)) = 8\n"
          "recv(b, 64, MSG_DONTWAIT) = -1 EAGAIN\n"
          "close(b) = 0\n"
          "send(a, \"x\", 0) = 1\n"
          "poll([{a, 0}], 1000) = 1 [{a, POLLERR}]\n"
          "recv(a, 64, 0) = -1 ECONNREFUSED\n"
          "recv(a, 64, MSG_DONTWAIT) = -1 EAGAIN\n"},
    {"AF_UNSPEC dissolves the association; connect(2), udp(7)",
     PAIR "connect(a, AF_UNSPEC) = 0\n"
          "getpeername(a) = -1 ENOTCONN\n"
          "send(a, \"x\", 0) = -1 EDESTADDRREQ\n"},
    {"calls for streams only: POSIX listen(), accept() EOPNOTSUPP",
     PAIR "listen(a, 1) = -1 EOPNOTSUPP\n"
          "x = accept(a) = -1 EOPNOTSUPP\n"},
    {"a port is one socket's; POSIX bind() EADDRINUSE, EINVAL",
     "a = socket($AF, SOCK_DGRAM, 0)\n"
     "bind(a, $LO:20001) = 0\n"
     "b = socket($AF, SOCK_DGRAM, 0)\n"
     "bind(b, $LO:20001) = -1 EADDRINUSE\n"
     "bind(a, $LO:0) = -1 EINVAL\n"},
    {"MSG_WAITALL has no effect on datagrams; recv(2)",
     PAIR "send(a, \"abc\", 0) = 3\n"
          "recv(b, 10, MSG_WAITALL) = 3 \"abc\"\n"},
    {"MSG_MORE gathers pieces into one datagram; send(2), udp(7)",
     PAIR "send(a, \"ab\", MSG_MORE) = 2\n"
          "send(a, \"cd\", 0) = 2\n"
          "recv(b, 64, 0) = 4 \"abcd\"\n"},
    {"peeking past what is queued waits, however often it is asked; SO_PEEK_OFF in socket(7)",
     PAIR "send(a, \"hello\", 0) = 5\n"
          "setsockopt(b, SOL_SOCKET, SO_PEEK_OFF, [0])\n"
          "recv(b, 64, MSG_PEEK) = 5 \"hello\"\n"
          "recv(b, 64, MSG_PEEK)\n"
          "recv(b, 64, MSG_PEEK)\n"},
    {"the families do not mix unless mapped; POSIX EAFNOSUPPORT",
     "a = socket($AF, SOCK_DGRAM, 0)\n"
     "b = socket($OTHER, SOCK_DGRAM, 0)\n"
     "getsockopt(a, SOL_SOCKET, SO_TYPE) = 0 [2]\n"
     "getsockopt(b, SOL_SOCKET, SO_TYPE) = 0 [2]\n"
     "bind(a, sockaddr(\"\\x01\\x00abcdefghijklmnopqrstuvwxyz\")) = -1 EAFNOSUPPORT\n"},
    {"mapped addresses reach IPv4 from IPv6; ipv6(7), RFC 4291 2.5.5.2",
     "a = socket(AF_INET, SOCK_DGRAM, 0)\n"
     "bind(a, 127.0.0.1:0) = 0\n"
     "b = socket(AF_INET6, SOCK_DGRAM, 0)\n"
     "sendto(b, \"mapped\", 0, [::ffff:127.0.0.1]:port(a)) = 6\n"
     "recvfrom(a, 64, 0) = 6 \"mapped\"\n"
     "setsockopt(b, IPPROTO_IPV6, IPV6_V6ONLY, [1])\n"},
};

static void test_udp_drills(void **state)
{
    (void)state;
    play_all(rows, CHECK_COUNT(rows));
}

/* A wrong number, datum or end is seen. */
static void test_planted_wrong_expectations_are_seen(void **state)
{
    static const char *const wrong[] = {
        PAIR "send(a, \"x\", 0) = 0\n",
        PAIR "recv(b, 1, 0) = 0\n",
        PAIR "send(a, \"abc\", 0)\nrecv(b, 2, 0) = 3 \"abc\"\n",
        PAIR "send(a, \"abc\", 0)\nrecv(b, 2, MSG_TRUNC) = 2 \"ab\"\n",
    };

    (void)state;
    play_init();
    for (size_t i = 0; i < CHECK_COUNT(wrong); i++)
        assert_int_equal(play_unmet(wrong[i], PLAY_IPV6), 1);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_udp_drills),
                    cmocka_unit_test(test_planted_wrong_expectations_are_seen))
