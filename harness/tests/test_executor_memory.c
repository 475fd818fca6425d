/*
 * test_executor_memory: pointers at which there is no memory, and NULL where no name is wanted, on
 * the kernel. Sources: EFAULT of each call's manual page; POSIX accept(), recvfrom(): a null
 * pointer.
 */
#include <errno.h>

#include "tests/support/check.h"
#include "tests/support/play.h"
#include "tests/support/recorder.h"

#define STREAMS                                                                                    \
    "l = socket($AF, SOCK_STREAM, 0)\n"                                                            \
    "bind(l, $LO:0) = 0\n"                                                                         \
    "listen(l, 2) = 0\n"                                                                           \
    "c = socket($AF, SOCK_STREAM, 0)\n"                                                            \
    "connect(c, name(l)) = 0\n"

#define DATAGRAMS                                                                                  \
    "r = socket($AF, SOCK_DGRAM, 0)\n"                                                             \
    "bind(r, $LO:0) = 0\n"                                                                         \
    "c = socket($AF, SOCK_DGRAM, 0)\n"                                                             \
    "connect(c, name(r)) = 0\n"

static const struct play rows[] = {
    {"addresses", "s = socket($AF, SOCK_STREAM, 0)\n"
                  "bind(s, EFAULT) = -1 EFAULT\n"
                  "bind(s, EFAULT, 28) = -1 EFAULT\n"
                  "bind(s, EFAULT, 129) = -1 EINVAL\n"
                  "bind(-1, EFAULT) = -1 EBADF\n"
                  "connect(s, EFAULT) = -1 EFAULT\n"
                  "bind(s, $LO:0) = 0\n"
                  "u = socket($AF, SOCK_DGRAM, 0)\n"
                  "sendto(u, \"x\", 0, EFAULT) = -1 EFAULT\n"
                  "sendmsg(u, {EFAULT, [\"x\"]}, 0) = -1 EFAULT\n"},
    {"names and their lengths", STREAMS "getsockname(c, EFAULT) = -1 EFAULT\n"
                                        "getsockname(c, EFAULT, 0) = 0\n"
                                        "getsockname(c, [EFAULT]) = -1 EFAULT\n"
                                        "getpeername(c, [EFAULT]) = -1 EFAULT\n"
                                        "getpeername(-1, [EFAULT]) = -1 EBADF\n"
                                        "s = accept(l, NULL) >= 0\n"
                                        "d = socket($AF, SOCK_STREAM, 0)\n"
                                        "connect(d, name(l)) = 0\n"
                                        "t = accept4(l, 0, EFAULT) = -1 EFAULT\n"
                                        "recv(d, 1, 0) = 0\n"},
    {"data of a stream", STREAMS "s = accept(l, NULL) >= 0\n"
                                 "send(c, EFAULT, 5, 0) = -1 EFAULT\n"
                                 "send(c, EFAULT, 0, 0) = 0\n"
                                 "write(c, EFAULT, 5) = -1 EFAULT\n"
                                 "send(c, \"hello\", 0) = 5\n"
                                 "recv(s, EFAULT, 5, 0) = -1 EFAULT\n"
                                 "read(s, EFAULT, 0) = 0\n"
                                 "readv(s, [EFAULT 5]) = -1 EFAULT\n"
                                 "recv(s, 9, 0) = 5 \"hello\"\n"
                                 "recv(s, EFAULT, 5, MSG_DONTWAIT) = -1 EAGAIN\n"
                                 "read(s, EFAULT, 5) <unfinished>\n"},
    {"what a datagram leaves", DATAGRAMS "send(c, \"one\", 0) = 3\n"
                                         "send(c, \"two\", 0) = 3\n"
                                         "recvfrom(r, 9, MSG_PEEK, NULL) = 3 \"one\"\n"
                                         "recvfrom(r, 9, MSG_PEEK, EFAULT) = -1 EFAULT\n"
                                         "recvfrom(r, 9, MSG_PEEK, [EFAULT]) = -1 EFAULT\n"
                                         "recv(r, EFAULT, 9, MSG_PEEK) = -1 EFAULT\n"
                                         "recvmsg(r, {NULL, [9]}, 0) = 3 \"one\"\n"
                                         "recvmsg(r, {EFAULT, [9]}, 0) = -1 EFAULT\n"},
    {"parts, messages and what goes with them",
     DATAGRAMS "writev(c, EFAULT) = -1 EFAULT\n"
               "writev(c, EFAULT, 1025) = -1 EINVAL\n"
               "writev(c, [EFAULT 5]) = -1 EFAULT\n"
               "readv(r, EFAULT, 1025) = -1 EINVAL\n"
               "sendmsg(c, EFAULT, 0) = -1 EFAULT\n"
               "sendmsg(c, {NULL, iov EFAULT}, 0) = -1 EFAULT\n"
               "sendmsg(c, {NULL, iov EFAULT, 1025}, 0) = -1 EMSGSIZE\n"
               "sendmsg(c, {NULL, [EFAULT 5]}, 0) = -1 EFAULT\n"
               "sendmsg(c, {NULL, [\"x\"], EFAULT}, 0) = -1 EFAULT\n"
               "sendmsg(c, {NULL, [\"x\"], EFAULT, -1}, 0) = -1 ENOBUFS\n"
               "sendmmsg(c, EFAULT, 0) = -1 EFAULT\n"
               "send(c, \"x\", 0) = 1\n"
               "recvmsg(r, EFAULT, 0) = -1 EFAULT\n"
               "recvmsg(r, {iov EFAULT}, MSG_PEEK) = -1 EFAULT\n"
               "recvmsg(r, {[EFAULT 5]}, MSG_PEEK) = -1 EFAULT\n"
               "recvmsg(r, {[5], control EFAULT 64}, MSG_PEEK) = 1 \"x\"\n"
               "recvmmsg(r, EFAULT, MSG_PEEK) = -1 EFAULT\n"
               "recvmmsg(r, {[5]}, MSG_PEEK, EFAULT) = -1 EFAULT\n"},
    {"options and requests", "s = socket($AF, SOCK_STREAM, 0)\n"
                             "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, EFAULT) = -1 EFAULT\n"
                             "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, EFAULT, 1) = -1 EINVAL\n"
                             "getsockopt(s, SOL_SOCKET, SO_TYPE, EFAULT) = -1 EFAULT\n"
                             "getsockopt(s, SOL_SOCKET, SO_TYPE, EFAULT, 0) = 0\n"
                             "getsockopt(s, SOL_SOCKET, SO_TYPE, [EFAULT]) = -1 EFAULT\n"
                             "ioctl(s, FIONBIO, EFAULT) = -1 EFAULT\n"
                             "ioctl(s, SIOCATMARK, EFAULT) = -1 EFAULT\n"},
    {"sets and times", "s = socket($AF, SOCK_DGRAM, 0)\n"
                       "poll(EFAULT, 1, 0) = -1 EFAULT\n"
                       "poll(EFAULT, 0, 0) = 0\n"
                       "ppoll(EFAULT, 2, 0) = -1 EFAULT\n"
                       "ppoll([{s, POLLIN}], EFAULT) = -1 EFAULT\n"
                       "select(EFAULT, 1, 0) = -1 EFAULT\n"
                       "select(EFAULT, 0, 0) = 0\n"
                       "pselect(EFAULT, 1, 0) = -1 EFAULT\n"
                       "pselect([r s], EFAULT) = -1 EFAULT\n"
                       "e = epoll_create1(0)\n"
                       "epoll_ctl(e, EPOLL_CTL_ADD, s, EFAULT) = -1 EFAULT\n"
                       "epoll_ctl(e, EPOLL_CTL_DEL, s, EFAULT) = -1 ENOENT\n"
                       "epoll_wait(e, EFAULT, 4, 0) = 0\n"
                       "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLOUT) = 0\n"
                       "epoll_wait(e, EFAULT, 4, 0) = -1 EFAULT\n"},
};

static void test_memory(void **state)
{
    (void)state;
    play_all(rows, CHECK_COUNT(rows));
}

/* The same on the recorder, with and without memory being checked: not a single call is made then.
 */
static void test_a_stack_that_checks_nothing_gets_no_such_pointer(void **state)
{
    static const char text[] = "s0 = socket(AF_INET, SOCK_STREAM, 0)\n"
                               "bind(s0, EFAULT)\n"
                               "recv(s0, EFAULT, 5, 0)\n"
                               "getsockname(s0, [EFAULT])\n"
                               "sendmsg(s0, EFAULT, 0)\n"
                               "poll(EFAULT, 1, 0)\n";
    struct sockdrill_stack stack = *recorder_stack();
    static struct drill drill;
    static struct drill_notes notes;

    (void)state;
    play_parse(&drill, &notes, text, PLAY_IPV4);
    for (int checks = 0; checks < 2; checks++) {
        recorder_reset();
        stack.checks_memory = checks;
        executor_init(&play_executor, &stack);
        executor_drill(&play_executor, &drill);
        assert_int_equal(recorder_find(OP_bind, 0) != NULL, checks);
        assert_int_equal(recorder_find(OP_poll, 0) != NULL, checks);
        assert_int_equal(recorder.count, checks ? drill.call_count + 1 : 2); /* and close */
    }
}

static void test_planted_wrong_results_are_seen(void **state)
{
    (void)state;
    play_init();
    assert_int_equal(play_unmet(STREAMS "getsockname(c, EFAULT) = 0\n"
                                        "send(c, EFAULT, 5, 0) = 5\n"
                                        "a = accept(l, NULL) = -1 EFAULT\n",
                                PLAY_IPV4),
                     3);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_memory),
                    cmocka_unit_test(test_a_stack_that_checks_nothing_gets_no_such_pointer),
                    cmocka_unit_test(test_planted_wrong_results_are_seen))
