/*
 * test_executor_ready: select, pselect, ppoll and epoll on the kernel. Sources: POSIX select(),
 * select(2), poll(2), epoll(7), epoll_ctl(2), epoll_wait(2).
 */
#include "tests/support/check.h"
#include "tests/support/play.h"

#define CONNECTED                                                                                  \
    "l = socket($AF, SOCK_STREAM, 0)\n"                                                            \
    "bind(l, $LO:0) = 0\n"                                                                         \
    "listen(l, 1) = 0\n"                                                                           \
    "c = socket($AF, SOCK_STREAM, 0)\n"                                                            \
    "connect(c, name(l)) = 0\n"                                                                    \
    "s = accept(l) >= 0\n"

#define WATCHED CONNECTED "e = epoll_create1(0) >= 0\n"

static const struct play rows[] = {
    {"each of select's sets has its meaning",
     CONNECTED "select([rwx s, r l], 0) = 1 [w s]\n"
               "send(c, \"ab\", MSG_OOB) = 2\n"
               "select([rwx s, r l], 0) = 3 [rwx s]\n"
               "pselect([r s, w s, x c], 0) = 2 [r s, w s]\n"
               "close(s) = 0\n"
               "pselect([r c, w c], 0) = 2 [r c, w c]\n"},
    {"select of nothing, of what is not open, in no time",
     "s = socket($AF, SOCK_DGRAM, 0)\n"
     "select([r s], 0) = 0\n"
     "select([r s], 20) = 0\n"
     "select([r s], -1) <unfinished>\n"
     "pselect([r s], -1) <unfinished>\n"
     "select([0 s], 0) = 0\n"
     "select([r -1], 0) = -1 EBADF\n"
     "pselect([w 2147483647], 0) = -1 EBADF\n"
     "select([r not_socket, w not_socket], 0) = 2 [r not_socket, w not_socket]\n"
     "close(s) = 0\n"
     "select([r s], 0) = -1 EBADF\n"
     "select([x not_socket], -2) = -1 EINVAL\n"
     "pselect([x not_socket], -2) = -1 EINVAL\n"},
    {"ppoll is poll with another time",
     CONNECTED "ppoll([{s, POLLIN|POLLOUT}, {-1, POLLIN}], 0) = 1 [{s, POLLOUT}]\n"
               "ppoll([{s, POLLIN}], 20) = 0\n"
               "ppoll([{s, POLLIN}], -1) <unfinished>\n"
               "ppoll([{s, POLLIN}], -2) = -1 EINVAL\n"
               "ppoll([{2147483647, POLLIN}], -1) = 1 [{2147483647, POLLNVAL}]\n"},
    {"epoll tells what is ready, as long as it is",
     WATCHED "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLIN) = 0\n"
             "epoll_wait(e, 4, 0) = 0\n"
             "send(c, \"x\", 0) = 1\n"
             "epoll_wait(e, 4, 0) = 1 [{s, EPOLLIN}]\n"
             "epoll_wait(e, 1, -1) = 1 [{s, EPOLLIN}]\n"
             "recv(s, 1, 0) = 1 \"x\"\n"
             "epoll_wait(e, 4, -1) <unfinished>\n"
             "epoll_wait(e, 4, -2147483648) <unfinished>\n"
             "close(c) = 0\n"
             "epoll_ctl(e, EPOLL_CTL_MOD, s, EPOLLIN|EPOLLRDHUP) = 0\n"
             "epoll_wait(e, 4, 0) = 1 [{s, EPOLLIN|EPOLLRDHUP}]\n"},
    {"an edge is told once, and so is one shot",
     WATCHED "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLIN|EPOLLET) = 0\n"
             "send(c, \"x\", 0) = 1\n"
             "epoll_wait(e, 4, 0) = 1 [{s, EPOLLIN}]\n"
             "epoll_wait(e, 4, 0) = 0\n"
             "send(c, \"y\", 0) = 1\n"
             "epoll_wait(e, 4, 0) = 1 [{s, EPOLLIN}]\n"
             "epoll_ctl(e, EPOLL_CTL_MOD, s, EPOLLIN|EPOLLONESHOT) = 0\n"
             "epoll_wait(e, 4, 0) = 1 [{s, EPOLLIN}]\n"
             "epoll_wait(e, 4, 0) = 0\n"},
    {"what a set takes and does not take",
     WATCHED "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLIN) = 0\n"
             "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLOUT) = -1 EEXIST\n"
             "epoll_ctl(e, EPOLL_CTL_DEL, s) = 0\n"
             "epoll_ctl(e, EPOLL_CTL_DEL, s) = -1 ENOENT\n"
             "epoll_ctl(e, EPOLL_CTL_MOD, s, EPOLLIN) = -1 ENOENT\n"
             "epoll_ctl(e, EPOLL_CTL_ADD, e, EPOLLIN) = -1 EINVAL\n"
             "epoll_ctl(e, EPOLL_CTL_ADD, not_socket, EPOLLIN) = -1 EPERM\n"
             "epoll_ctl(e, EPOLL_CTL_ADD, -1, EPOLLIN) = -1 EBADF\n"
             "epoll_ctl(s, EPOLL_CTL_ADD, c, EPOLLIN) = -1 EINVAL\n"
             "epoll_ctl(e, EPOLL_CTL_INVALID, s, EPOLLIN) = -1 EINVAL\n"
             "epoll_ctl(e, EPOLL_CTL_MOD, s, EPOLLIN|EPOLLEXCLUSIVE) = -1 EINVAL\n"
             "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLIN|EPOLLEXCLUSIVE) = 0\n"
             "f = epoll_create1(EPOLL_CLOEXEC) >= 0\n"
             "fcntl(f, F_GETFD) = 1\n"
             "epoll_ctl(f, EPOLL_CTL_ADD, e, EPOLLIN) = 0\n"
             "epoll_ctl(e, EPOLL_CTL_ADD, f, EPOLLIN) = -1 ELOOP\n"
             "send(c, \"x\", 0) = 1\n"
             "epoll_wait(f, 4, 0) = 1 [{e, EPOLLIN}]\n"},
    {"how many events there is room for", WATCHED "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLOUT) = 0\n"
                                                  "epoll_ctl(e, EPOLL_CTL_ADD, c, EPOLLOUT) = 0\n"
                                                  "epoll_wait(e, 1, 0) = 1\n"
                                                  "epoll_wait(e, 2, 0) = 2\n"
                                                  "epoll_wait(e, 0, 0) = -1 EINVAL\n"
                                                  "epoll_wait(e, -1, 0) = -1 EINVAL\n"
                                                  "epoll_wait(s, 4, 0) = -1 EINVAL\n"
                                                  "epoll_wait(-1, 4, 0) = -1 EBADF\n"},
    {"a set forgets what is closed, unless a duplicate is left",
     WATCHED "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLOUT) = 0\n"
             "d = dup(s) >= 0\n"
             "close(s) = 0\n"
             "epoll_wait(e, 4, 0) = 1 [{s, EPOLLOUT}]\n"
             "close(d) = 0\n"
             "epoll_wait(e, 4, 0) = 0\n"
             "close(e) = 0\n"
             "epoll_wait(e, 4, 0) = -1 EBADF\n"},
};

static void test_readiness(void **state)
{
    (void)state;
    play_all(rows, CHECK_COUNT(rows));
}

static void test_planted_wrong_readiness_is_seen(void **state)
{
    (void)state;
    play_init();
    assert_int_equal(play_unmet(WATCHED "select([rw s], 0) = 1 [r s]\n"
                                        "select([rw s], 0) = 1 [w c]\n"
                                        "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLOUT) = 0\n"
                                        "epoll_wait(e, 4, 0) = 1 [{c, EPOLLOUT}]\n"
                                        "epoll_wait(e, 4, 0) = 1 [{s, EPOLLIN|EPOLLOUT}]\n"
                                        "ppoll([{s, POLLOUT}], 0) = 0\n",
                                PLAY_IPV4),
                     5);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_readiness),
                    cmocka_unit_test(test_planted_wrong_readiness_is_seen))
