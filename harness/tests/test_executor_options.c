/*
 * test_executor_options: every socket option on the kernel through the executor: what is set is
 * read back, read-only ones stay, unknown ones are refused. Sources: socket(7), ip(7), ipv6(7),
 * tcp(7), POSIX setsockopt() and getsockopt().
 */
#include <stdio.h>
#include <string.h>

#include "lists/lists.h"
#include "tests/support/check.h"
#include "tests/support/play.h"

/* The sockets that options are tried on; $AF is both families, one after the other. */
#define STREAM "$AF, SOCK_STREAM"
#define DATAGRAM "$AF, SOCK_DGRAM"
#define STREAM4 "AF_INET, SOCK_STREAM"
#define DATAGRAM4 "AF_INET, SOCK_DGRAM"
#define DATAGRAM6 "AF_INET6, SOCK_DGRAM"

#define READ_ONLY "= -1 ENOPROTOOPT"

/* An option set and read: the value, and what must come of both calls. */
static const struct row {
    const char *socket;
    const char *option;
    const char *value;
    const char *set;
    const char *got;
} rows[] = {
    {STREAM, "SOL_SOCKET, SO_REUSEADDR", "[1]", "= 0", "= 0 [1]"},
    {STREAM, "SOL_SOCKET, SO_REUSEADDR", "[0]", "= 0", "= 0 [0]"},
    {STREAM, "SOL_SOCKET, SO_REUSEPORT", "[1]", "= 0", "= 0 [1]"},
    {STREAM, "SOL_SOCKET, SO_KEEPALIVE", "[1]", "= 0", "= 0 [1]"},
    {STREAM, "SOL_SOCKET, SO_OOBINLINE", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM, "SOL_SOCKET, SO_DONTROUTE", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM, "SOL_SOCKET, SO_BROADCAST", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM, "SOL_SOCKET, SO_TIMESTAMP", "[1]", "= 0", "= 0 [1]"},
    /* What a socket is can only be read; socket(7). */
    {STREAM, "SOL_SOCKET, SO_TYPE", "[2]", READ_ONLY, "= 0 [1]"},
    {DATAGRAM, "SOL_SOCKET, SO_TYPE", "[1]", READ_ONLY, "= 0 [2]"},
    {STREAM, "SOL_SOCKET, SO_PROTOCOL", "[1]", READ_ONLY, "= 0 [6]"},
    {DATAGRAM, "SOL_SOCKET, SO_PROTOCOL", "[1]", READ_ONLY, "= 0 [17]"},
    {STREAM4, "SOL_SOCKET, SO_DOMAIN", "[1]", READ_ONLY, "= 0 [2]"},
    {DATAGRAM6, "SOL_SOCKET, SO_DOMAIN", "[1]", READ_ONLY, "= 0 [10]"},
    {STREAM, "SOL_SOCKET, SO_ACCEPTCONN", "[1]", READ_ONLY, "= 0 [0]"},
    {STREAM, "SOL_SOCKET, SO_ERROR", "[1]", READ_ONLY, "= 0 [0]"},
    /* The kernel doubles the sizes of buffers; socket(7). */
    {STREAM, "SOL_SOCKET, SO_SNDBUF", "[20000]", "= 0", "= 0 [40000]"},
    {DATAGRAM, "SOL_SOCKET, SO_RCVBUF", "[20000]", "= 0", "= 0 [40000]"},
    {STREAM, "SOL_SOCKET, SO_RCVLOWAT", "[5]", "= 0", "= 0 [5]"},
    /* Lingering and times have forms of their own; POSIX setsockopt() EDOM. */
    {STREAM, "SOL_SOCKET, SO_LINGER", "{l_onoff=1, l_linger=3}", "= 0",
     "= 0 \"\\x01\\x00\\x00\\x00\\x03\\x00\\x00\\x00\""},
    {STREAM, "SOL_SOCKET, SO_RCVTIMEO", "{tv_sec=1, tv_usec=0}", "= 0",
     "= 0 \"\\x01\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\""},
    {STREAM, "SOL_SOCKET, SO_SNDTIMEO", "{tv_sec=2, tv_usec=0}", "= 0",
     "= 0 \"\\x02\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\""},
    {STREAM, "SOL_SOCKET, SO_SNDTIMEO",
     "\"\\0\\0\\0\\0\\0\\0\\0\\0\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\"", "= -1 EDOM", "= 0"},
    {DATAGRAM, "SOL_SOCKET, SO_PEEK_OFF", "[3]", "= 0", "= 0 [3]"},
    {DATAGRAM, "SOL_SOCKET, SO_PEEK_OFF", "[-1]", "= 0", "= 0 [-1]"},
    {STREAM, "IPPROTO_TCP, TCP_NODELAY", "[1]", "= 0", "= 0 [1]"},
    {STREAM, "IPPROTO_TCP, TCP_CORK", "[1]", "= 0", "= 0 [1]"},
    {STREAM, "IPPROTO_TCP, TCP_KEEPIDLE", "[10]", "= 0", "= 0 [10]"},
    {STREAM, "IPPROTO_TCP, TCP_KEEPINTVL", "[5]", "= 0", "= 0 [5]"},
    {STREAM, "IPPROTO_TCP, TCP_KEEPCNT", "[3]", "= 0", "= 0 [3]"},
    {STREAM, "IPPROTO_TCP, TCP_SYNCNT", "[2]", "= 0", "= 0 [2]"},
    {STREAM, "IPPROTO_TCP, TCP_LINGER2", "[9]", "= 0", "= 0 [9]"},
    {STREAM, "IPPROTO_TCP, TCP_USER_TIMEOUT", "[5000]", "= 0", "= 0 [5000]"},
    /* These the kernel may round or ignore; tcp(7). */
    {STREAM, "IPPROTO_TCP, TCP_QUICKACK", "[1]", "= 0", "= 0"},
    {STREAM, "IPPROTO_TCP, TCP_MAXSEG", "[1000]", "= 0", "= 0"},
    {STREAM, "IPPROTO_TCP, TCP_DEFER_ACCEPT", "[1]", "= 0", "= 0"},
    {STREAM, "IPPROTO_TCP, TCP_WINDOW_CLAMP", "[5000]", "= 0", "= 0"},
    {STREAM4, "IPPROTO_IP, IP_TTL", "[7]", "= 0", "= 0 [7]"},
    {STREAM4, "IPPROTO_IP, IP_TTL", "[256]", "= -1 EINVAL", "= 0"},
    {STREAM4, "IPPROTO_IP, IP_TOS", "[8]", "= 0", "= 0 [8]"},
    {STREAM4, "IPPROTO_IP, IP_PKTINFO", "[1]", "= 0", "= 0 [1]"},
    {STREAM4, "IPPROTO_IP, IP_RECVERR", "[1]", "= 0", "= 0 [1]"},
    {STREAM4, "IPPROTO_IP, IP_MTU_DISCOVER", "[2]", "= 0", "= 0 [2]"},
    {DATAGRAM6, "IPPROTO_IPV6, IPV6_V6ONLY", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM6, "IPPROTO_IPV6, IPV6_UNICAST_HOPS", "[9]", "= 0", "= 0 [9]"},
    {DATAGRAM6, "IPPROTO_IPV6, IPV6_UNICAST_HOPS", "[256]", "= -1 EINVAL", "= 0"},
    {DATAGRAM6, "IPPROTO_IPV6, IPV6_TCLASS", "[32]", "= 0", "= 0 [32]"},
    {DATAGRAM6, "IPPROTO_IPV6, IPV6_RECVPKTINFO", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM6, "IPPROTO_IPV6, IPV6_RECVERR", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM, "SOL_SOCKET, SO_TIMESTAMPNS", "[1]", "= 0", "= 0 [1]"},
    /* Above 6 it takes CAP_NET_ADMIN; socket(7). */
    {STREAM, "SOL_SOCKET, SO_PRIORITY", "[6]", "= 0", "= 0 [6]"},
    {STREAM, "SOL_SOCKET, SO_PRIORITY", "[7]", "= -1 EPERM", "= 0 [0]"},
    {STREAM, "IPPROTO_TCP, TCP_INFO", "[1]", READ_ONLY, "= 0"},
    /* Reno is always there and permitted to everyone; tcp(7). */
    {STREAM, "IPPROTO_TCP, TCP_CONGESTION", "\"reno\"", "= 0", "= 0 \"reno\""},
    {STREAM, "IPPROTO_TCP, TCP_CONGESTION", "\"nosuch\"", "= -1 ENOENT", "= 0"},
    {STREAM, "IPPROTO_TCP, TCP_INQ", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM4, "IPPROTO_IP, IP_RECVTTL", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM4, "IPPROTO_IP, IP_RECVTOS", "[1]", "= 0", "= 0 [1]"},
    /* Only of a socket that is connected; ip(7). */
    {DATAGRAM4, "IPPROTO_IP, IP_MTU", "[1]", READ_ONLY, "= -1 ENOTCONN"},
    {STREAM4, "IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM6, "IPPROTO_IPV6, IPV6_RECVHOPLIMIT", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM6, "IPPROTO_IPV6, IPV6_RECVTCLASS", "[1]", "= 0", "= 0 [1]"},
    {DATAGRAM6, "IPPROTO_IPV6, IPV6_MTU_DISCOVER", "[2]", "= 0", "= 0 [2]"},
    {DATAGRAM6, "IPPROTO_IPV6, IPV6_DONTFRAG", "[1]", "= 0", "= 0 [1]"},
    /* Another protocol's, nobody's, too short a value; POSIX ENOPROTOOPT, EINVAL. (Linux reads an
     * IPv4 socket's options of another protocol with EOPNOTSUPP, where POSIX has ENOPROTOOPT.) */
    {DATAGRAM, "IPPROTO_TCP, TCP_NODELAY", "[1]", "= -1 ENOPROTOOPT", "= -1"},
    {STREAM, "SOL_SOCKET, SO_INVALID", "[1]", "= -1 ENOPROTOOPT", "= -1 ENOPROTOOPT"},
    {STREAM, "SOL_SOCKET, SO_REUSEADDR", "\"a\"", "= -1 EINVAL", "= 0 [0]"},
    {STREAM, "SOL_SOCKET, SO_LINGER", "\"abcd\"", "= -1 EINVAL", "= 0"},
};

static unsigned unmet(const struct row *row, enum play_family family)
{
    char text[512];

    snprintf(text, sizeof text,
             "s = socket(%s, 0) >= 0\nsetsockopt(s, %s, %s) %s\ngetsockopt(s, %s) %s\n",
             row->socket, row->option, row->value, row->set, row->option, row->got);
    return play_unmet(text, family);
}

static void test_options(void **state)
{
    unsigned failed = 0;

    (void)state;
    play_init();
    for (size_t i = 0; i < CHECK_COUNT(rows); i++)
        failed += unmet(&rows[i], PLAY_IPV4) + unmet(&rows[i], PLAY_IPV6);
    assert_int_equal(failed, 0);
}

static void test_every_option_has_a_row(void **state)
{
    size_t count;
    const struct option_info *option = options(&count);
    char name[64];
    size_t row;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%s, %s", option[i].level_name, option[i].name);
        for (row = 0; row < CHECK_COUNT(rows) && strcmp(rows[row].option, name) != 0;)
            row++;
        if (row == CHECK_COUNT(rows))
            fail_msg("%s is not tried", name);
    }
}

/* Room for a value may be too small, and then it is cut; POSIX getsockopt(), EBADF, ENOTSOCK. */
static void test_room_and_descriptors(void **state)
{
    static const struct play play = {
        "how much is read, and of what",
        "s = socket($AF, SOCK_STREAM, 0) >= 0\n"
        "getsockopt(s, SOL_SOCKET, SO_TYPE, 2) = 0 \"\\x01\\x00\"\n"
        "getsockopt(s, SOL_SOCKET, SO_TYPE, 100) = 0 [1]\n"
        "bind(s, $LO:0) = 0\n"
        "listen(s, 1) = 0\n"
        "getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN) = 0 [1]\n"
        "setsockopt(not_socket, SOL_SOCKET, SO_REUSEADDR, [1]) = -1 ENOTSOCK\n"
        "getsockopt(-1, SOL_SOCKET, SO_ERROR) = -1 EBADF\n"};

    (void)state;
    play_all(&play, 1);
}

static void test_planted_wrong_values_are_seen(void **state)
{
    static const struct row wrong[] = {
        {STREAM, "SOL_SOCKET, SO_REUSEADDR", "[1]", "= 0", "= 0 [0]"},
        {STREAM, "SOL_SOCKET, SO_INVALID", "[1]", "= 0", "= -1 ENOPROTOOPT"},
        {STREAM, "SOL_SOCKET, SO_LINGER", "{l_onoff=1, l_linger=3}", "= 0",
         "= 0 \"\\x01\\x00\\x00\\x00\\x04\\x00\\x00\\x00\""},
    };

    (void)state;
    play_init();
    for (size_t i = 0; i < CHECK_COUNT(wrong); i++)
        assert_int_equal(unmet(&wrong[i], PLAY_IPV4), 1);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_options), cmocka_unit_test(test_every_option_has_a_row),
                    cmocka_unit_test(test_room_and_descriptors),
                    cmocka_unit_test(test_planted_wrong_values_are_seen))
