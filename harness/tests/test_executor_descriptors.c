/*
 * test_executor_descriptors: what drills do with descriptors by themselves, on the kernel: flags,
 * duplicates, and one put in another's place. Sources: POSIX fcntl(), dup(), fcntl(2), dup(2).
 */
#include "tests/support/check.h"
#include "tests/support/play.h"

static const struct play rows[] = {
    {"the flag of a descriptor is its own, not its duplicates'",
     "s = socket($AF, SOCK_STREAM|SOCK_CLOEXEC, 0)\n"
     "fcntl(s, F_GETFD) = 1\n"
     "d = dup(s)\n"
     "fcntl(d, F_GETFD) = 0\n"
     "fcntl(d, F_SETFD, FD_CLOEXEC) = 0\n"
     "fcntl(d, F_GETFD) = 1\n"
     "fcntl(s, F_SETFD, 0) = 0\n"
     "fcntl(s, F_GETFD) = 0\n"
     "fcntl(d, F_GETFD) = 1\n"
     "e = fcntl(s, F_DUPFD, 0) >= 0\n"
     "fcntl(e, F_GETFD) = 0\n"
     "f = fcntl(s, F_DUPFD_CLOEXEC, 0) >= 0\n"
     "fcntl(f, F_GETFD) = 1\n"},
    {"F_DUPFD duplicates, and takes no number that cannot be",
     "s = socket($AF, SOCK_STREAM, 0)\n"
     "bind(s, $LO:0) = 0\n"
     "d = fcntl(s, F_DUPFD, 200) >= 0\n"
     "close(s) = 0\n"
     "listen(d, 1) = 0\n"
     "e = fcntl(d, F_DUPFD, -1) = -1 EINVAL\n"
     "e = fcntl(d, F_DUPFD, 2147483647) = -1 EINVAL\n"
     "e = fcntl(-1, F_DUPFD, 0) = -1 EBADF\n"
     "e = fcntl(not_socket, F_DUPFD, 0) >= 0\n"
     "listen(e, 1) = -1 ENOTSOCK\n"},
    {"the mode of a socket is shared by its duplicates", "s = socket($AF, SOCK_DGRAM, 0)\n"
                                                         "d = fcntl(s, F_DUPFD, 0)\n"
                                                         "fcntl(d, F_SETFL, O_NONBLOCK) = 0\n"
                                                         "fcntl(s, F_GETFL) = 2050\n"
                                                         "recv(s, 1, 0) = -1 EAGAIN\n"},
    {"dup2 closes what it replaces", "l = socket($AF, SOCK_STREAM, 0)\n"
                                     "bind(l, $LO:0) = 0\n"
                                     "listen(l, 1) = 0\n"
                                     "c = socket($AF, SOCK_STREAM, 0)\n"
                                     "connect(c, name(l)) = 0\n"
                                     "a = accept(l) >= 0\n"
                                     "t = socket($AF, SOCK_DGRAM, 0)\n"
                                     "dup2(t, c) >= 0\n"
                                     "recv(a, 1, 0) = 0\n"
                                     "getpeername(c) = -1 ENOTCONN\n"
                                     "bind(t, $LO:0) = 0\n"
                                     "sendto(c, \"self\", 0, name(t)) = 4\n"
                                     "recv(t, 9, 0) = 4 \"self\"\n"
                                     "close(t) = 0\n"
                                     "getsockname(c) = 0\n"},
    {"dup2 of what is not open, and onto itself, changes nothing",
     "s = socket($AF, SOCK_DGRAM, 0)\n"
     "t = socket($AF, SOCK_DGRAM, 0)\n"
     "dup2(s, s) >= 0\n"
     "dup2(-1, t) = -1 EBADF\n"
     "dup2(s, -1) = -1 EBADF\n"
     "dup2(s, 2147483647) = -1 EBADF\n"
     "dup2(-1, -1) = -1 EBADF\n"
     "bind(t, $LO:0) = 0\n"
     "close(t) = 0\n"
     "dup2(s, t) = -1 EBADF\n"},
    {"dup2 of no socket", "s = socket($AF, SOCK_DGRAM, 0)\n"
                          "dup2(not_socket, s) >= 0\n"
                          "bind(s, $LO:0) = -1 ENOTSOCK\n"
                          "close(s) = 0\n"
                          "write(not_socket, \"x\") = 1\n"},
    {"how much is not yet sent, and where urgent data stands",
     "l = socket($AF, SOCK_STREAM, 0)\n"
     "bind(l, $LO:0) = 0\n"
     "listen(l, 1) = 0\n"
     "c = socket($AF, SOCK_STREAM, 0)\n"
     "connect(c, name(l)) = 0\n"
     "a = accept(l) >= 0\n"
     "send(c, \"ab\", MSG_OOB) = 2\n"
     "ioctl(a, SIOCATMARK) = 0 [0]\n"
     "recv(a, 9, 0) = 1 \"a\"\n"
     "ioctl(a, SIOCATMARK) = 0 [1]\n"
     "ioctl(c, SIOCOUTQ) = 0 [0]\n"
     "ioctl(l, SIOCOUTQ) = -1 EINVAL\n"
     "ioctl(not_socket, SIOCOUTQ) = -1 ENOTTY\n"},
};

static void test_descriptors(void **state)
{
    (void)state;
    play_all(rows, CHECK_COUNT(rows));
}

static void test_planted_wrong_results_are_seen(void **state)
{
    (void)state;
    play_init();
    assert_int_equal(play_unmet("s = socket($AF, SOCK_STREAM, 0)\n"
                                "fcntl(s, F_GETFD) = 1\n"
                                "t = socket($AF, SOCK_STREAM, 0)\n"
                                "dup2(s, t) = 0\n"
                                "d = fcntl(s, F_DUPFD, 0) = -1 EINVAL\n",
                                PLAY_IPV4),
                     3);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_descriptors),
                    cmocka_unit_test(test_planted_wrong_results_are_seen))
