/* test_pair: sockdrill_pair, as sockdrill/target.h states it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sockdrill/target.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/check.h"

static const int families[] = {AF_INET, AF_INET6};
static const int types[] = {SOCK_STREAM, SOCK_DGRAM};
static const int flags[] = {0, SOCK_NONBLOCK, SOCK_CLOEXEC, SOCK_NONBLOCK | SOCK_CLOEXEC};

/* Calls check for each kind of pair, which it need not close. */
static void each_pair(void (*check)(int family, int type, int flag, const int fds[2]))
{
    for (size_t f = 0; f < CHECK_COUNT(families); f++)
        for (size_t t = 0; t < CHECK_COUNT(types); t++)
            for (size_t g = 0; g < CHECK_COUNT(flags); g++) {
                unsigned before = check_descriptors();
                int fds[2] = {-1, -1};

                assert_int_equal(sockdrill_pair(families[f], types[t] | flags[g], fds), 0);
                assert_int_equal(check_descriptors(), before + 2);
                check(families[f], types[t], flags[g], fds);
                close(fds[0]);
                close(fds[1]);
            }
}

static int option(int fd, int name)
{
    int value = -1;
    socklen_t length = sizeof value;

    assert_int_equal(getsockopt(fd, SOL_SOCKET, name, &value, &length), 0);
    return value;
}

static void check_kind(int family, int type, int flag, const int fds[2])
{
    for (int i = 0; i < 2; i++) {
        assert_int_equal(option(fds[i], SO_DOMAIN), family);
        assert_int_equal(option(fds[i], SO_TYPE), type);
        assert_int_equal(option(fds[i], SO_ERROR), 0);
        assert_int_equal((fcntl(fds[i], F_GETFL) & O_NONBLOCK) != 0, (flag & SOCK_NONBLOCK) != 0);
        assert_int_equal((fcntl(fds[i], F_GETFD) & FD_CLOEXEC) != 0, (flag & SOCK_CLOEXEC) != 0);
    }
}

static void test_pairs_are_what_was_asked_for(void **state)
{
    (void)state;
    each_pair(check_kind);
}

/* Each end's peer is the other one, and both are loopback. */
static void check_names(int family, int type, int flag, const int fds[2])
{
    (void)type;
    (void)flag;
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in6 own = {.sin6_family = 0};
        struct sockaddr_in6 peer = {.sin6_family = 0};
        struct sockaddr_in in;
        socklen_t length = sizeof own;

        assert_int_equal(getsockname(fds[i], (struct sockaddr *)&own, &length), 0);
        length = sizeof peer;
        assert_int_equal(getpeername(fds[1 - i], (struct sockaddr *)&peer, &length), 0);
        assert_memory_equal(&own, &peer, length);
        assert_int_equal(own.sin6_family, family);
        memcpy(&in, &own, sizeof in);
        if (family == AF_INET)
            assert_int_equal(ntohl(in.sin_addr.s_addr), INADDR_LOOPBACK);
        else
            assert_true(IN6_IS_ADDR_LOOPBACK(&own.sin6_addr));
    }
}

static void test_ends_are_connected_to_each_other(void **state)
{
    (void)state;
    each_pair(check_names);
}

static void check_data(int family, int type, int flag, const int fds[2])
{
    char data[8];

    (void)family;
    (void)flag;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(send(fds[i], "ping", 4, MSG_NOSIGNAL), 4);
        assert_int_equal(recv(fds[1 - i], data, sizeof data, 0), 4);
        assert_memory_equal(data, "ping", 4);
        assert_int_equal(recv(fds[i], data, sizeof data, MSG_DONTWAIT), -1);
        assert_int_equal(errno, EAGAIN);
    }
    if (type == SOCK_STREAM) {
        assert_int_equal(shutdown(fds[0], SHUT_WR), 0);
        assert_int_equal(recv(fds[1], data, sizeof data, 0), 0);
    }
}

static void test_data_flows_both_ways(void **state)
{
    (void)state;
    each_pair(check_data);
}

static void test_other_families_and_types_are_invalid(void **state)
{
    static const int wrong[][2] = {
        {AF_UNIX, SOCK_STREAM},
        {AF_UNSPEC, SOCK_STREAM},
        {-1, SOCK_DGRAM},
        {AF_INET, SOCK_SEQPACKET},
        {AF_INET6, SOCK_RAW},
        {AF_INET, 0},
        {AF_INET, -1},
        {AF_INET, SOCK_NONBLOCK},
        {255, 255},
    };
    unsigned before = check_descriptors();
    int fds[2] = {-7, -8};

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(wrong); i++) {
        errno = 0;
        assert_int_equal(sockdrill_pair(wrong[i][0], wrong[i][1], fds), -1);
        assert_int_equal(errno, EINVAL);
    }
    assert_int_equal(check_descriptors(), before);
    assert_int_equal(fds[0], -7); /* outputs stay untouched on failure */
    assert_int_equal(fds[1], -8);
}

/* The lowest number that is not open. */
static int lowest_free(void)
{
    int fd = dup(STDERR_FILENO);

    close(fd);
    return fd;
}

/* Runs out of descriptors at each step of making a pair; POSIX socket(), accept() EMFILE. */
static void test_errors_leave_no_descriptor(void **state)
{
    unsigned before = check_descriptors();
    struct rlimit old;
    struct rlimit few;

    (void)state;
    getrlimit(RLIMIT_NOFILE, &old);
    for (size_t f = 0; f < CHECK_COUNT(families); f++)
        for (size_t t = 0; t < CHECK_COUNT(types); t++) {
            /* A stream pair needs a listener besides. */
            rlim_t need = types[t] == SOCK_STREAM ? 3 : 2;

            for (rlim_t free_count = 0; free_count < need; free_count++) {
                int fds[2] = {-7, -8};
                int result;
                int error;

                few = (struct rlimit){(rlim_t)lowest_free() + free_count, old.rlim_max};
                setrlimit(RLIMIT_NOFILE, &few);
                errno = 0;
                result = sockdrill_pair(families[f], types[t], fds);
                error = errno;
                setrlimit(RLIMIT_NOFILE, &old);
                assert_int_equal(result, -1);
                assert_int_equal(error, EMFILE);
                assert_int_equal(fds[0], -7);
                assert_int_equal(check_descriptors(), before);
            }
        }
}

/* --- each step fails in turn --- */

struct denied {
    int family;
    int type;
    long call; /* the number of the system call */
};

/* From here on the call fails with EDOM, which none of them gives by itself; seccomp(2). */
static bool deny(long call)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDOM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = CHECK_COUNT(filter), .filter = filter};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* In the child: 0 if the pair fails as the call does and leaves nothing open. */
static int pair_denied(void *context)
{
    const struct denied *denied = context;
    unsigned before = check_descriptors();
    int fds[2] = {-7, -8};

    if (!deny(denied->call))
        return CHECK_SKIPPED;
    errno = 0;
    if (sockdrill_pair(denied->family, denied->type | SOCK_NONBLOCK, fds) != -1)
        return 1;
    if (errno != EDOM)
        return 2;
    return fds[0] == -7 && fds[1] == -8 && check_descriptors() == before ? 0 : 3;
}

static void test_a_failure_at_any_step_leaves_no_descriptor(void **state)
{
    static const long calls[] = {SYS_socket, SYS_bind,    SYS_getsockname, SYS_connect,
                                 SYS_listen, SYS_accept4, SYS_fcntl};
    enum { FOR_DATAGRAMS = 4 }; /* the others are a stream's alone */

    (void)state;
    for (size_t f = 0; f < CHECK_COUNT(families); f++)
        for (size_t t = 0; t < CHECK_COUNT(types); t++)
            for (size_t c = 0; c < CHECK_COUNT(calls); c++) {
                struct denied denied = {families[f], types[t], calls[c]};
                struct check_end end;

                if (types[t] == SOCK_DGRAM && c >= FOR_DATAGRAMS)
                    continue;
                end = check_child(pair_denied, &denied, 30);
                free(end.said);
                if (check_exited(&end, CHECK_SKIPPED))
                    skip();
                if (!check_exited(&end, 0))
                    fail_msg("call %ld denied: status %#x", calls[c], (unsigned)end.status);
            }
}

/* No port is used up: more pairs, one after the other, than there are ports. */
static void test_ports_are_given_back(void **state)
{
    enum { PAIRS = 40000 }; /* Linux's ephemeral range has 28232 (ip(7)) */

    (void)state;
    for (int i = 0; i < PAIRS; i++) {
        int fds[2];

        assert_int_equal(sockdrill_pair(AF_INET, SOCK_STREAM, fds), 0);
        close(fds[0]);
        close(fds[1]);
    }
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_pairs_are_what_was_asked_for),
                    cmocka_unit_test(test_ends_are_connected_to_each_other),
                    cmocka_unit_test(test_data_flows_both_ways),
                    cmocka_unit_test(test_other_families_and_types_are_invalid),
                    cmocka_unit_test(test_errors_leave_no_descriptor),
                    cmocka_unit_test(test_a_failure_at_any_step_leaves_no_descriptor),
                    cmocka_unit_test(test_ports_are_given_back))
