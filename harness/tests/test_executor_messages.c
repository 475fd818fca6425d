/*
 * test_executor_messages: sending and receiving in parts, with addresses and ancillary data, on the
 * kernel. Sources: readv(2), sendmsg(2), recvmsg(2), sendmmsg(2), recvmmsg(2), ip(7), ipv6(7),
 * cmsg(3), POSIX sendmsg(), recvmsg(); RFC 3542.
 */
#include "tests/support/check.h"
#include "tests/support/play.h"

#define STREAMS                                                                                    \
    "l = socket($AF, SOCK_STREAM, 0)\n"                                                            \
    "bind(l, $LO:0) = 0\n"                                                                         \
    "listen(l, 1) = 0\n"                                                                           \
    "c = socket($AF, SOCK_STREAM, 0)\n"                                                            \
    "connect(c, name(l)) = 0\n"                                                                    \
    "s = accept(l) >= 0\n"

#define DATAGRAMS                                                                                  \
    "r = socket($AF, SOCK_DGRAM, 0)\n"                                                             \
    "bind(r, $LO:0) = 0\n"                                                                         \
    "c = socket($AF, SOCK_DGRAM, 0)\n"                                                             \
    "connect(c, name(r)) = 0\n"

static const struct play rows[] = {
    {"parts are gathered and scattered",
     STREAMS "writev(c, [\"GET \", \"\", \"/\", \"\\n\"]) = 6\n"
             "readv(s, [1, 0, 3, 64]) = 6 \"GET /\\n\"\n"
             "sendmsg(c, {NULL, [\"ab\", \"cd\"]}, MSG_NOSIGNAL) = 4\n"
             "recvmsg(s, {[1, 2]}, 0) = 3 \"abc\"\n"
             "recvmsg(s, {[0, 9]}, 0) = 1 \"d\"\n"
             "writev(c, fill([\"ab\", \"c\"], 8)) = 8\n"
             "recv(s, 64, 0) = 8 \"abcabcab\"\n"
             "readv(s, [4]) <unfinished>\n"
             "readv(s, []) = 0\n"
             "writev(c, []) = 0\n"},
    {"how many parts there may be", DATAGRAMS "writev(c, [\"x\"], 1024) = 1\n"
                                              "writev(c, [\"x\"], 1025) = -1 EINVAL\n"
                                              "readv(r, [4], 1025) = -1 EINVAL\n"
                                              "readv(r, [4], 1024) = 1 \"x\"\n"
                                              "sendmsg(c, {NULL, [\"y\"], 1025}, 0) = -1 EMSGSIZE\n"
                                              "sendmsg(c, {NULL, [\"y\"], 1024}, 0) = 1\n"
                                              "recvmsg(r, {[4], 1025}, 0) = -1 EMSGSIZE\n"
                                              "recvmsg(r, {[4], 1024}, 0) = 1 \"y\"\n"},
    {"a datagram is cut to the room there is",
     DATAGRAMS "sendmsg(c, {NULL, [\"abc\", \"def\"]}, 0) = 6\n"
               "recvmsg(r, {[2, 2]}, 0) = 4 \"abcd\" MSG_TRUNC\n"
               "send(c, \"abcdef\", 0) = 6\n"
               "recvmsg(r, {[2, 2]}, MSG_TRUNC) = 6 \"abcd\" MSG_TRUNC\n"
               "sendmsg(c, {NULL, []}, 0) = 0\n"
               "recvmsg(r, {[]}, 0) = 0\n"},
    {"an address, and none", DATAGRAMS "d = socket($AF, SOCK_DGRAM, 0)\n"
                                       "sendmsg(d, {NULL, [\"x\"]}, 0) = -1 EDESTADDRREQ\n"
                                       "sendmsg(d, {name(r), [\"x\"]}, 0) = 1\n"
                                       "recvmsg(r, {16, [4]}, 0) = 1 \"x\"\n"
                                       "sendmsg(d, {name(r), 8, [\"x\"]}, 0) = -1 EINVAL\n"
                                       "sendmsg(d, {name(r), -1, [\"x\"]}, 0) = -1 EINVAL\n"
                                       "recvmsg(r, {-1, [4]}, 0) = -1 EINVAL\n"},
    {"malformed ancillary data",
     DATAGRAMS "sendmsg(c, {NULL, [\"x\"], [{SO_TIMESTAMP 1}]}, 0) = -1 EINVAL\n"
               "sendmsg(c, {NULL, [\"x\"], [{IP_TTL 5}], 15}, 0)\n"
               "sendmsg(c, {NULL, [\"x\"], [{IP_TTL 5}], -1}, 0) = -1 ENOBUFS\n"
               "sendmsg(c, {NULL, [\"x\"], [], 255}, 0) = -1 EINVAL\n"
               "sendmsg(c, {NULL, [\"x\"], [{IP_TTL 5, -1}]}, 0) = -1 EINVAL\n"
               "sendmsg(c, {NULL, [\"x\"], [{IP_TTL 5, 15}]}, 0) = -1 EINVAL\n"},
    {"messages by the handful",
     DATAGRAMS "sendmmsg(c, {NULL, [\"a\", \"\", \"bcd\"]}, 0) = 3 [{1}, {0}, {3}]\n"
               "recvmmsg(r, {[2, 2, 2]}, 0) = 3 [{1 \"a\"}, {0}, {2 \"bc\" MSG_TRUNC}]\n"
               "sendmmsg(c, {NULL, []}, 0) = 0\n"
               "recvmmsg(r, {[]}, 0) = 0\n"
               "recvmmsg(r, {[1]}, MSG_DONTWAIT) = -1 EAGAIN\n"
               "recvmmsg(r, {[1]}, 0) <unfinished>\n"},
    {"a handful that is not all there",
     DATAGRAMS "send(c, \"a\", 0)\n"
               "recvmmsg(r, {[2, 2]}, 0) = 1 [{1 \"a\"}] <unfinished>\n"
               "send(c, \"a\", 0)\n"
               "recvmmsg(r, {[2, 2]}, MSG_WAITFORONE) = 1 [{1 \"a\"}]\n"
               "send(c, \"a\", 0)\n"
               "recvmmsg(r, {[2, 2]}, 0, 0) = 1 [{1 \"a\"}]\n"
               "send(c, \"a\", 0)\n"
               "recvmmsg(r, {[2, 2]}, MSG_DONTWAIT, 1000) = 1 [{1 \"a\"}]\n"
               "recvmmsg(r, {[2, 2]}, 0, -2) = -1 EINVAL\n"},
    {"messages of no socket, and of none that is open",
     "writev(not_socket, [\"x\"]) = 1\n"
     "readv(not_socket, [4]) = 0\n"
     "sendmsg(not_socket, {NULL, [\"x\"]}, 0) = -1 ENOTSOCK\n"
     "recvmmsg(not_socket, {[4]}, 0) = -1 ENOTSOCK\n"
     "sendmmsg(-1, {NULL, [\"x\"]}, 0) = -1 EBADF\n"
     "recvmsg(2147483647, {[4]}, 0) = -1 EBADF\n"},
    {"urgent data and timestamps",
     STREAMS "sendmsg(c, {NULL, [\"ab\"]}, MSG_OOB) = 2\n"
             "recvmsg(s, {[4]}, MSG_OOB) = 1 \"b\" MSG_OOB\n"
             "recvmsg(s, {[4]}, 0) = 1 \"a\"\n" DATAGRAMS
             "setsockopt(r, SOL_SOCKET, SO_TIMESTAMP, [1]) = 0\n"
             "send(c, \"x\", 0) = 1\n"
             "recvmsg(r, {[4], control 64}, 0) = 1 \"x\" [{SO_TIMESTAMP}]\n"
             "send(c, \"x\", 0) = 1\n"
             "recvmsg(r, {[4]}, 0) = 1 \"x\" MSG_CTRUNC\n"
             "setsockopt(r, SOL_SOCKET, SO_TIMESTAMPNS, [1]) = 0\n"
             "send(c, \"x\", 0) = 1\n"
             "recvmsg(r, {[4], control 64}, 0) = 1 \"x\" [{SO_TIMESTAMPNS}]\n"},
    {"how much a stream still has",
     STREAMS "setsockopt(s, IPPROTO_TCP, TCP_INQ, [1]) = 0\n"
             "send(c, \"hello\", 0) = 5\n"
             "recvmsg(s, {[2], control 64}, 0) = 2 \"he\" [{TCP_INQ 3}]\n"},
};

static void test_messages(void **state)
{
    (void)state;
    play_all(rows, CHECK_COUNT(rows));
}

/* What only one family has, with its own numbers. */
static const char ipv4[] =
    "r = socket(AF_INET, SOCK_DGRAM, 0)\n"
    "bind(r, 0.0.0.0:0) = 0\n"
    "setsockopt(r, IPPROTO_IP, IP_RECVTTL, [1]) = 0\n"
    "setsockopt(r, IPPROTO_IP, IP_RECVTOS, [1]) = 0\n"
    "setsockopt(r, IPPROTO_IP, IP_PKTINFO, [1]) = 0\n"
    "c = socket(AF_INET, SOCK_DGRAM, 0)\n"
    "sendmsg(c, {127.0.0.2:port(r), [\"x\"], [{IP_TTL 9}, {IP_TOS 16}]}, 0) "
    "= 1\n"
    "recvmsg(r, {[4], control 128}, 0) = 1 \"x\" [{IP_PKTINFO 127.0.0.2}, "
    "{IP_TTL 9}, {IP_TOS 16}]\n"
    "sendmmsg(c, {127.0.0.1:port(r), [\"a\", \"b\"], [{IP_TTL 7}]}, 0) = 2\n"
    "recvmmsg(r, {[4, 4], control 40}, 0) = 2 "
    "[{1 \"a\" [{IP_PKTINFO 127.0.0.1}] MSG_CTRUNC}, "
    "{1 \"b\" [{IP_PKTINFO 127.0.0.1}] MSG_CTRUNC}]\n"
    "sendmsg(c, {127.0.0.1:port(r), [\"x\"], [{IP_TTL 0}]}, 0) = -1 EINVAL\n"
    "sendmsg(c, {127.0.0.1:port(r), [\"x\"], [{IP_TTL 256}]}, 0) = -1 EINVAL\n"
    "sendmsg(c, {127.0.0.1:port(r), [\"x\"], [{IP_INVALID 1}]}, 0) "
    "= -1 EINVAL\n"
    "sendmsg(c, {127.0.0.1:port(r), [\"x\"], [{IP_TTL 5, 17}]}, 0) "
    "= -1 EINVAL\n"
    "sendmsg(c, {127.0.0.1:port(r), [\"x\"], [{IP_PKTINFO 127.0.0.2}]}, 0) "
    "= 1\n"
    "recvfrom(r, 4, 0, 16) = 1 \"x\"\n"
    "sendmsg(c, {127.0.0.1:port(r), [\"x\"], [{IP_PKTINFO 192.0.2.1}]}, 0)\n"
    "setsockopt(c, IPPROTO_IP, IP_RECVERR, [1]) = 0\n"
    "connect(c, 127.0.0.1:20004) = 0\n"
    "send(c, \"x\", 0) = 1\n"
    "recvmsg(c, {[4], control 128}, MSG_ERRQUEUE) = 1 \"x\" "
    "[{IP_RECVERR ECONNREFUSED}] MSG_ERRQUEUE\n";

static const char ipv6[] = "r = socket(AF_INET6, SOCK_DGRAM, 0)\n"
                           "bind(r, [::1]:0) = 0\n"
                           "setsockopt(r, IPPROTO_IPV6, IPV6_RECVPKTINFO, [1]) = 0\n"
                           "setsockopt(r, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, [1]) = 0\n"
                           "setsockopt(r, IPPROTO_IPV6, IPV6_RECVTCLASS, [1]) = 0\n"
                           "c = socket(AF_INET6, SOCK_DGRAM, 0)\n"
                           "sendmsg(c, {name(r), [\"x\"], [{IPV6_HOPLIMIT 9}, {IPV6_TCLASS 32}, "
                           "{IPV6_PKTINFO [::1]}]}, 0) = 1\n"
                           "recvmsg(r, {[4], control 128}, 0) = 1 \"x\" [{IPV6_PKTINFO [::1]}, "
                           "{IPV6_HOPLIMIT 9}, {IPV6_TCLASS 32}]\n"
                           "sendmsg(c, {name(r), [\"x\"], [{IPV6_HOPLIMIT 256}]}, 0) = -1 EINVAL\n"
                           "sendmsg(c, {name(r), [\"x\"], [{IPV6_TCLASS 256}]}, 0) = -1 EINVAL\n"
                           "setsockopt(c, IPPROTO_IPV6, IPV6_RECVERR, [1]) = 0\n"
                           "connect(c, [::1]:20004) = 0\n"
                           "send(c, \"x\", 0) = 1\n"
                           "recvmsg(c, {[4], control 128}, MSG_ERRQUEUE) = 1 \"x\" "
                           "[{IPV6_RECVERR ECONNREFUSED}] MSG_ERRQUEUE\n";

static void test_ancillary_data_of_each_family(void **state)
{
    (void)state;
    play_init();
    assert_int_equal(play_unmet(ipv4, PLAY_IPV4), 0);
    assert_int_equal(play_unmet(ipv6, PLAY_IPV6), 0);
}

static void test_planted_wrong_messages_are_seen(void **state)
{
    (void)state;
    play_init();
    assert_int_equal(play_unmet(DATAGRAMS
                                "setsockopt(r, IPPROTO_IP, IP_RECVTTL, [1]) = 0\n"
                                "sendmsg(c, {NULL, [\"ab\"], [{IP_TTL 9}]}, 0) = 2\n"
                                "recvmsg(r, {[4], control 64}, MSG_PEEK) = 2 \"ab\" [{IP_TTL 8}]\n"
                                "recvmsg(r, {[4], control 64}, MSG_PEEK) = 2 \"ab\" [{IP_TOS 9}]\n"
                                "recvmsg(r, {[4], control 64}, MSG_PEEK) = 2 \"ab\" MSG_CTRUNC\n"
                                "recvmmsg(r, {[4], control 64}, 0) = 1 [{2 \"ac\" [{IP_TTL 9}]}]\n",
                                PLAY_IPV4),
                     4);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_messages),
                    cmocka_unit_test(test_ancillary_data_of_each_family),
                    cmocka_unit_test(test_planted_wrong_messages_are_seen))
