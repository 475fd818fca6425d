/*
 * test_lwip: lwIP as a stack, each drill over IPv4 and IPv6. What lwIP does otherwise than the
 * texts say stands in harness/stacks/README.md; here are drills that it plays as POSIX has it.
 */
#include <errno.h>
#include <fcntl.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/sockets.h>
#include <lwip/tcpip.h>
#include <lwip/udp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "stacks/lwip.h"
#include "tests/support/check.h"
#include "tests/support/play.h"

enum { WAIT_MS = 600, CONNECTIONS = 300 }; /* lwIP delays an acknowledgement by up to 250 ms */

/* A server and the client that it has accepted. */
#define CONNECTED                                                                                  \
    "l = socket($AF, SOCK_STREAM, 0) >= 0\n"                                                       \
    "bind(l, $LO:0) = 0\n"                                                                         \
    "listen(l, 2) = 0\n"                                                                           \
    "c = socket($AF, SOCK_STREAM, 0) >= 0\n"                                                       \
    "connect(c, name(l)) = 0\n"                                                                    \
    "s = accept(l) >= 0\n"

/* Two datagram sockets that know each other. */
#define PAIR                                                                                       \
    "a = socket($AF, SOCK_DGRAM, 0) >= 0\n"                                                        \
    "bind(a, $LO:0) = 0\n"                                                                         \
    "b = socket($AF, SOCK_DGRAM, 0) >= 0\n"                                                        \
    "bind(b, $LO:0) = 0\n"                                                                         \
    "connect(a, name(b)) = 0\n"                                                                    \
    "connect(b, name(a)) = 0\n"

static const struct play rows[] = {
    {"a connection, there and back, to its end", CONNECTED "send(c, \"ping\", MSG_NOSIGNAL) = 4\n"
                                                           "recv(s, 64, 0) = 4 \"ping\"\n"
                                                           "write(s, \"pong\") = 4\n"
                                                           "read(c, 64) = 4 \"pong\"\n"
                                                           "recv(c, 64, MSG_DONTWAIT) = -1 EAGAIN\n"
                                                           "shutdown(c, SHUT_WR) = 0\n"
                                                           "recv(s, 64, 0) = 0\n"
                                                           "send(s, \"still\", MSG_NOSIGNAL) = 5\n"
                                                           "recv(c, 64, 0) = 5 \"still\"\n"
                                                           "close(s) = 0\n"
                                                           "recv(c, 64, 0) = 0\n"
                                                           "close(c) = 0\n"
                                                           "close(c) = -1 EBADF\n"},
    {"both ends have names, and each is the other's peer",
     CONNECTED "t = socket($AF, SOCK_STREAM, 0)\n"
               "bind(t, name(s)) = -1 EADDRINUSE\n"
               "bind(t, peer(s)) = -1 EADDRINUSE\n"
               "getsockname(t) = 0\n"
               "getpeername(t) = -1 ENOTCONN\n"
               "getpeername(c) = 0\n"
               "getpeername(l) = -1 ENOTCONN\n"},
    {"a connection that is under way, and readiness",
     "l = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0)\n"
     "bind(l, $LO:0) = 0\n"
     "listen(l, 2) = 0\n"
     "n = accept(l) = -1 EAGAIN\n"
     "c = socket($AF, SOCK_STREAM|SOCK_NONBLOCK, 0)\n"
     "fcntl(c, F_GETFL) = 2050\n" /* O_RDWR|O_NONBLOCK */
     "connect(c, name(l)) = -1 EINPROGRESS\n"
     "poll([{c, POLLOUT}], 500) = 1 [{c, POLLOUT}]\n"
     "getsockopt(c, SOL_SOCKET, SO_ERROR) = 0 [0]\n"
     "connect(c, name(l)) = -1 EISCONN\n"
     "poll([{l, POLLIN}], 500) = 1 [{l, POLLIN}]\n"
     "s = accept(l) >= 0\n"
     "poll([{s, POLLIN|POLLOUT}], 0) = 1 [{s, POLLOUT}]\n"
     "send(c, \"x\", 0) = 1\n"
     "poll([{s, POLLIN}], 500) = 1 [{s, POLLIN}]\n"
     "ioctl(s, FIONREAD) = 0 [1]\n"},
    {"more than a segment, a window or a buffer holds",
     CONNECTED "send(c, fill(\"0123456789\", 60000), 0) = 60000\n"
               "recv(s, 60000, MSG_WAITALL)\n"
               "send(c, \"y\", 0) = 1\n"
               "send(c, fill(\"0123456789\", 200000), MSG_DONTWAIT)\n"
               "recv(s, 200000, 0)\n"},
    {"what a stream's socket refuses",
     "s = socket($AF, SOCK_STREAM, 0)\n"
     "send(s, \"x\", MSG_NOSIGNAL) = -1 ENOTCONN\n"
     "getpeername(s) = -1 ENOTCONN\n"
     "shutdown(s, SHUT_WR) = -1 ENOTCONN\n"
     "n = accept(s) = -1 EINVAL\n"
     "getsockopt(s, SOL_SOCKET, SO_INVALID) = -1 ENOPROTOOPT\n"
     "setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, \"\") = -1 EINVAL\n"},
    {"datagrams keep their bounds, their order and their sender",
     "a = socket($AF, SOCK_DGRAM, 0)\n"
     "bind(a, $LO:0) = 0\n"
     "b = socket($AF, SOCK_DGRAM, 0)\n"
     "bind(b, $LO:0) = 0\n"
     "sendto(b, \"one\", 0, name(a)) = 3\n"
     "sendto(b, \"\", 0, name(a)) = 0\n"
     "sendto(b, \"three\", 0, name(a)) = 5\n"
     "recvfrom(a, 64, 0) = 3 \"one\"\n"
     "recvfrom(a, 64, 0) = 0\n"
     "recvfrom(a, 3, MSG_PEEK) = 3 \"thr\"\n"
     "recvfrom(a, 3, 0) = 3 \"thr\"\n"
     "recvfrom(a, 64, 0) <unfinished>\n"
     "sendto(a, \"back\", 0, name(b)) = 4\n"
     "recv(b, 64, 0) = 4 \"back\"\n"},
    {"connected datagram sockets hear their peer alone",
     PAIR "c = socket($AF, SOCK_DGRAM, 0)\n"
          "sendto(c, \"no\", 0, name(a)) = 2\n"
          "send(b, \"yes\", 0) = 3\n"
          "recv(a, 64, 0) = 3 \"yes\"\n"
          "recv(a, 64, MSG_DONTWAIT) = -1 EAGAIN\n"
          "getpeername(a) = 0\n"
          "getpeername(c) = -1 ENOTCONN\n"
          "listen(a, 1) = -1 EOPNOTSUPP\n"},
    {"the largest datagram, and larger ones",
     PAIR "send(a, fill(\"x\", 65536), 0) = -1 EMSGSIZE\n"
          "setsockopt(b, SOL_SOCKET, SO_RCVBUF, [200000]) = 0\n"
          "send(a, fill(\"x\", 65000), 0) = 65000\n"
          "poll([{b, POLLIN}], 500) = 1 [{b, POLLIN}]\n"
          "recv(b, 65536, 0) = 65000\n"},
    {"what is not there is unsupported; a flag of socket() is not lwIP's, but works",
     "s = socket($AF, SOCK_DGRAM|SOCK_NONBLOCK|SOCK_CLOEXEC, 0) >= 0\n"
     "recv(s, 1, 0) = -1 EAGAIN\n"
     "fcntl(s, F_SETFL, 0) = 0\n"
     "recv(s, 1, 0) <unfinished>\n"},
};

static int set_up(void **state)
{
    char error[STACK_ERROR_MAX];

    (void)state;
    play_wait_ms = WAIT_MS;
    return lwip_start(&play_stack, error) ? 0 : -1;
}

/* How many sockets, of any kind and state, and packets under way lwIP has. */
static unsigned count_left(void)
{
    unsigned left = 0;

    LOCK_TCPIP_CORE();
    for (size_t i = 0; i < NUM_TCP_PCB_LISTS; i++)
        for (const struct tcp_pcb *pcb = *tcp_pcb_lists[i]; pcb != NULL; pcb = pcb->next)
            left++;
    for (const struct udp_pcb *pcb = udp_pcbs; pcb != NULL; pcb = pcb->next)
        left++;
    for (const struct netif *netif = netif_list; netif != NULL; netif = netif->next)
        left += netif->loop_first != NULL;
    UNLOCK_TCPIP_CORE();
    for (int fd = 0; fd < DRILL_CALLS_MAX; fd++)
        left += lwip_fcntl(fd, F_GETFL, 0) >= 0;
    return left;
}

static void test_drills(void **state)
{
    (void)state;
    play_all(rows, CHECK_COUNT(rows));
}

static void test_no_drill_leaves_anything(void **state)
{
    (void)state;
    play_init();
    for (size_t i = 0; i < CHECK_COUNT(rows); i++)
        for (enum play_family family = PLAY_IPV4; family < PLAY_FAMILIES; family++) {
            play_unmet(rows[i].text, family);
            assert_int_equal(count_left(), 0);
        }
}

/* What would be left: a connection that has been closed, and what has not been closed at all. */
static void test_reset_is_what_leaves_nothing(void **state)
{
    static const char text[] = CONNECTED "close(c) = 0\nrecv(s, 1, 0) = 0\nclose(s) = 0\n";
    struct sockdrill_stack without = *play_stack;

    (void)state;
    without.reset = NULL;
    play_init();
    play_executor.stack = &without;
    assert_int_equal(play_unmet(text, PLAY_IPV4), 0);
    assert_int_not_equal(count_left(), 0); /* as many as have not got further */
    assert_true(play_stack->socket(AF_INET6, SOCK_STREAM, 0) > 0);
    play_stack->reset();
    assert_int_equal(count_left(), 0);
}

/* TIME_WAIT would keep each connection for two minutes. */
static void test_drills_do_not_use_anything_up(void **state)
{
    static const char text[] = CONNECTED "close(c) = 0\nrecv(s, 1, 0) = 0\nclose(s) = 0\n";

    (void)state;
    play_init();
    for (unsigned i = 0; i < CONNECTIONS; i++)
        assert_int_equal(play_unmet(text, i % 2 == 0 ? PLAY_IPV4 : PLAY_IPV6), 0);
    assert_int_equal(count_left(), 0);
}

/* 127.0.0.2 is there; nothing beyond loopback is. */
static void test_there_is_loopback_and_no_more(void **state)
{
    (void)state;
    play_init();
    play_executor.loopback_only = false;
    assert_int_equal(play_unmet("a = socket(AF_INET, SOCK_DGRAM, 0)\n"
                                "bind(a, 127.0.0.2:0) = 0\n"
                                "b = socket(AF_INET, SOCK_DGRAM, 0)\n"
                                "sendto(b, \"x\", 0, name(a)) = 1\n"
                                "recv(a, 64, 0) = 1 \"x\"\n"
                                "sendto(b, \"x\", 0, 192.0.2.1:port(a)) = -1 EHOSTUNREACH\n"
                                "s = socket(AF_INET, SOCK_STREAM, 0)\n"
                                "connect(s, 192.0.2.1:port(a)) = -1 EHOSTUNREACH\n"
                                "c = socket(AF_INET6, SOCK_DGRAM, 0)\n"
                                "sendto(c, \"x\", 0, [2001:db8::1]:port(a)) = -1 EHOSTUNREACH\n",
                                PLAY_IPV4),
                     0);
    for (struct netif *netif = netif_list; netif != NULL; netif = netif->next) {
        assert_memory_equal(netif->name, "lo", 2);
        assert_null(netif->linkoutput);
    }
    assert_null(netif_default);
}

/* Options that lwIP has are found by the system's numbers, with the system's structures. */
static void test_options_have_the_systems_numbers(void **state)
{
    static const struct {
        int type;
        int level;
        int name;
        int value;
    } options[] = {
        {SOCK_STREAM, SOL_SOCKET, SO_RCVBUF, 12345},  {SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY, 1},
        {SOCK_STREAM, IPPROTO_TCP, TCP_KEEPIDLE, 77}, {SOCK_STREAM, IPPROTO_TCP, TCP_KEEPINTVL, 78},
        {SOCK_STREAM, IPPROTO_TCP, TCP_KEEPCNT, 9},   {SOCK_STREAM, IPPROTO_IP, IP_TTL, 12},
        {SOCK_DGRAM, IPPROTO_IP, IP_TOS, 16},         {SOCK_DGRAM, IPPROTO_IPV6, IPV6_V6ONLY, 1},
    };
    const struct linger linger = {1, 7};
    const struct timeval time = {3, 4000};
    struct linger linger_now = {0, 0};
    struct timeval time_now = {0, 0};
    socklen_t length;
    int fd;

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(options); i++) {
        int value = 0;

        length = sizeof value;
        fd = play_stack->socket(AF_INET6, options[i].type, 0);
        assert_int_equal(play_stack->setsockopt(fd, options[i].level, options[i].name,
                                                &options[i].value, sizeof options[i].value),
                         0);
        assert_int_equal(
            play_stack->getsockopt(fd, options[i].level, options[i].name, &value, &length), 0);
        assert_int_equal(value, options[i].value);
    }
    fd = play_stack->socket(AF_INET, SOCK_STREAM, 0);
    length = sizeof linger;
    assert_int_equal(play_stack->setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, length), 0);
    assert_int_equal(play_stack->getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger_now, &length), 0);
    assert_memory_equal(&linger_now, &linger, sizeof linger);
    length = sizeof time;
    assert_int_equal(play_stack->setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, length), 0);
    assert_int_equal(play_stack->getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time_now, &length), 0);
    assert_memory_equal(&time_now, &time, sizeof time);
    play_stack->reset();
    assert_int_equal(count_left(), 0);
}

static void test_started_once(void **state)
{
    const struct sockdrill_stack *again = NULL;
    char error[STACK_ERROR_MAX];

    (void)state;
    assert_true(lwip_start(&again, error));
    assert_ptr_equal(again, play_stack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drills),
        cmocka_unit_test(test_no_drill_leaves_anything),
        cmocka_unit_test(test_reset_is_what_leaves_nothing),
        cmocka_unit_test(test_drills_do_not_use_anything_up),
        cmocka_unit_test(test_there_is_loopback_and_no_more),
        cmocka_unit_test(test_options_have_the_systems_numbers),
        cmocka_unit_test(test_started_once),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
