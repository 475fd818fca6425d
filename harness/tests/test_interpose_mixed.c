/* test_interpose_mixed: code under test waits for emulated descriptors and others together. */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "interpose/run.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

static int poll_both_kinds(int fd)
{
    struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}};
    int ends[2];

    if (pipe(ends) != 0)
        return -1;
    fds[1] = (struct pollfd){.fd = ends[0], .events = POLLIN};
    numbers[0] = poll(fds, 2, -1);
    numbers[1] = fds[0].revents;
    numbers[2] = fds[1].revents;
    numbers[3] = write(ends[1], "x", 1);
    numbers[4] = poll(fds, 2, -1);
    numbers[5] = fds[1].revents;
    close(ends[0]);
    return close(ends[1]);
}

static void check_both_kinds(void)
{
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], POLLIN);
    assert_int_equal(numbers[2], 0);
    assert_int_equal(numbers[3], 1);
    assert_int_equal(numbers[4], 2);
    assert_int_equal(numbers[5], POLLIN);
}

static void test_a_pipe_beside_a_socket(void **state)
{
    unsigned before = check_descriptors();

    (void)state;
    serve_both("send(remote, \"hi\", 0)\n", poll_both_kinds, check_both_kinds);
    assert_int_equal(check_descriptors(), before);
}

static int select_both_kinds(int fd)
{
    struct timeval limit = {.tv_sec = 100};
    fd_set readable;
    int ends[2];
    int most;

    if (pipe(ends) != 0)
        return -1;
    most = (ends[0] > fd ? ends[0] : fd) + 1;
    FD_ZERO(&readable);
    FD_SET(fd, &readable);
    FD_SET(ends[0], &readable);
    numbers[0] = select(most, &readable, NULL, NULL, NULL);
    numbers[1] = FD_ISSET(fd, &readable) | FD_ISSET(ends[0], &readable) << 1;
    write(ends[1], "x", 1);
    FD_SET(ends[0], &readable);
    numbers[2] = select(most, &readable, NULL, NULL, NULL);
    numbers[3] = FD_ISSET(fd, &readable) | FD_ISSET(ends[0], &readable) << 1;
    numbers[4] = read(fd, &limit, sizeof limit) + read(ends[0], &limit, 1);
    limit = (struct timeval){.tv_sec = 100};
    numbers[5] = select(most, &readable, NULL, NULL, &limit);
    numbers[6] = FD_ISSET(fd, &readable) | FD_ISSET(ends[0], &readable) << 1;
    close(ends[1]);
    close(ends[0]);
    FD_SET(fd, &readable);
    FD_SET(ends[0], &readable);
    numbers[7] = select(most, &readable, NULL, NULL, NULL) < 0 ? errno : 0;
    return 0;
}

static void check_selected(void)
{
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], 1);
    assert_int_equal(numbers[2], 2);
    assert_int_equal(numbers[3], 3);
    assert_int_equal(numbers[4], 3);
    assert_int_equal(numbers[5], 0);
    assert_int_equal(numbers[6], 0);
    assert_int_equal(numbers[7], EBADF);
}

/* The time-out, which is shorter than the remote's rest, takes no time. */
static void test_a_pipe_in_a_set_with_a_socket(void **state)
{
    int64_t began = check_now_ms();

    (void)state;
    serve_both("send(remote, \"hi\", 0)\npoll([{remote, POLLPRI}], 200000)\n", select_both_kinds,
               check_selected);
    assert_true(check_now_ms() - began < 50000);
}

static int watch_both_kinds(int fd)
{
    struct epoll_event events[2];
    struct epoll_event watch = {.events = EPOLLIN, .data = {.u64 = 1}};
    int instance = epoll_create1(0);
    int ends[2];
    char byte;

    if (pipe(ends) != 0)
        return -1;
    numbers[0] = epoll_ctl(instance, EPOLL_CTL_ADD, fd, &watch);
    watch.data.u64 = 2;
    numbers[0] += epoll_ctl(instance, EPOLL_CTL_ADD, ends[0], &watch);
    numbers[1] = epoll_wait(instance, events, 2, -1);
    numbers[2] = (int64_t)events[0].data.u64;
    write(ends[1], "x", 1);
    numbers[3] = epoll_wait(instance, events, 2, -1);
    numbers[4] = (int64_t)(events[0].data.u64 + events[1].data.u64);
    for (unsigned turn = 0; turn < 2; turn++) /* with room for one */
        if (epoll_wait(instance, events, 1, -1) == 1)
            numbers[5] += (int64_t)events[0].data.u64;
    numbers[6] = epoll_ctl(instance, EPOLL_CTL_ADD, ends[0], &watch) < 0 ? errno : 0;
    read(ends[0], &byte, 1);
    numbers[7] =
        epoll_ctl(instance, EPOLL_CTL_DEL, fd, NULL) + epoll_wait(instance, events, 2, 100000);
    close(ends[1]);
    close(ends[0]);
    return close(dup(instance));
}

static void check_watched(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 1);
    assert_int_equal(numbers[2], 1);
    assert_int_equal(numbers[3], 2);
    assert_int_equal(numbers[4], 3);
    assert_int_equal(numbers[5], 3);
    assert_int_equal(numbers[6], EEXIST);
    assert_int_equal(numbers[7], 0);
}

/* What the system has of the instance, which is left open, is gone after the run. */
static void test_a_pipe_watched_beside_a_socket(void **state)
{
    unsigned before = check_descriptors();
    int64_t began = check_now_ms();

    (void)state;
    serve_both("send(remote, \"hi\", 0)\n", watch_both_kinds, check_watched);
    assert_true(check_now_ms() - began < 50000);
    served_parse("");
    interpose_begin(&served_drill);
    assert_int_equal(check_descriptors(), before);
}

CHECK_MAIN(cmocka_unit_test(test_a_pipe_beside_a_socket),
           cmocka_unit_test(test_a_pipe_in_a_set_with_a_socket),
           cmocka_unit_test(test_a_pipe_watched_beside_a_socket))
