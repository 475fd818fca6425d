/*
 * test_interpose_timers: timerfd in code under test goes by the clock that the code sees: it takes
 * no time. Expected results from timerfd_create(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "interpose/run.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

enum { NS_PER_MS = 1000000 };

static struct itimerspec every(long ms, long interval_ms)
{
    return (struct itimerspec){
        .it_value = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * NS_PER_MS},
        .it_interval = {.tv_sec = interval_ms / 1000, .tv_nsec = interval_ms % 1000 * NS_PER_MS},
    };
}

static int timer(int flags, long ms, long interval_ms)
{
    struct itimerspec value = every(ms, interval_ms);
    int fd = timerfd_create(CLOCK_MONOTONIC, flags);

    return timerfd_settime(fd, 0, &value, NULL) == 0 ? fd : -1;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / NS_PER_MS;
}

static int64_t expirations(int fd)
{
    uint64_t times = 0;

    return read(fd, &times, sizeof times) == sizeof times ? (int64_t)times : -errno;
}

static void run(const char *text, int (*server)(int), void (*check)(void))
{
    unsigned before = check_descriptors();
    int64_t began = check_now_ms();

    serve_both(text, server, check);
    assert_true(check_now_ms() - began < 30000);
    served_parse("");
    interpose_begin(&served_drill); /* what was left open is closed */
    assert_int_equal(check_descriptors(), before);
}

/* --- what waits --- */

static int wait_for_a_timer(int fd)
{
    int64_t began = now_ms();
    struct pollfd alone = {.fd = timer(0, 100000, 0), .events = POLLIN};
    struct pollfd both[2] = {{.fd = fd, .events = POLLIN}};
    struct timeval limit = {.tv_sec = 1000};
    fd_set set;

    numbers[0] = poll(&alone, 1, -1);
    numbers[1] = now_ms() - began;
    numbers[2] = expirations(alone.fd);
    both[1] = (struct pollfd){.fd = timer(0, 100000, 0), .events = POLLIN};
    numbers[3] = poll(both, 2, -1) * 10 + both[1].revents;
    FD_ZERO(&set);
    FD_SET(alone.fd, &set);
    timerfd_settime(alone.fd, 0, &(struct itimerspec){.it_value = {.tv_sec = 100}}, NULL);
    numbers[4] = select(alone.fd + 1, &set, NULL, NULL, &limit);
    numbers[5] = expirations(timer(0, 100000, 0)); /* a read that waits */
    numbers[6] = now_ms() - began;
    return 0;
}

static void check_waits(void)
{
    assert_int_equal(numbers[0], 1);
    assert_in_range(numbers[1], 100000, 100001);
    assert_int_equal(numbers[2], 1);
    assert_int_equal(numbers[3], 10 + POLLIN);
    assert_int_equal(numbers[4], 1);
    assert_int_equal(numbers[5], 1);
    assert_in_range(numbers[6], 400000, 400002);
}

static void test_waits(void **state)
{
    (void)state;
    /* The remote rests, so that its end does not come first. */
    run("poll([{remote, POLLPRI}], 1000000)\n", wait_for_a_timer, check_waits);
}

static int watch_a_timer(int fd)
{
    struct epoll_event events[2];
    struct epoll_event watch = {.events = EPOLLIN, .data = {.u64 = 1}};
    int instance = epoll_create1(0);
    int ticks = timer(TFD_NONBLOCK, 10000, 10000);
    char byte[8];

    epoll_ctl(instance, EPOLL_CTL_ADD, fd, &watch);
    watch.data.u64 = 2;
    epoll_ctl(instance, EPOLL_CTL_ADD, ticks, &watch);
    for (unsigned turn = 0; turn < 6; turn++) {
        int ready = epoll_wait(instance, events, 2, -1);

        for (int i = 0; i < ready; i++)
            if (events[i].data.u64 == 1)
                see(byte, read(fd, byte, sizeof byte));
            else
                see("tick", expirations(ticks) == 1 ? 4 : 1);
    }
    return 0;
}

static void check_watched(void)
{
    assert_string_equal(seen, "tick|tick|hi|tick|tick|tick|");
}

/* The remote sends after 25 seconds. */
static void test_ticks_beside_a_socket(void **state)
{
    (void)state;
    run("poll([{remote, POLLPRI}], 25000)\nsend(remote, \"hi\", 0)\n"
        "poll([{remote, POLLPRI}], 1000000)\n",
        watch_a_timer, check_watched);
}

/* Nothing but the timer is left: that does not go on for ever. */
static int tick_for_ever(int fd)
{
    int ticks = timer(0, 10, 10);

    (void)fd;
    for (;;)
        numbers[0] += expirations(ticks);
    return 0;
}

static void check_ended(void)
{
    assert_in_range(numbers[0], 10, 1000);
}

static void test_ticks_alone(void **state)
{
    (void)state;
    run("", tick_for_ever, check_ended);
}

/* --- what the calls say --- */

static int set_and_get(int fd)
{
    struct itimerspec old = every(1, 1);
    struct itimerspec past = every(1, 0);
    struct itimerspec none = every(0, 0);
    int it = timer(TFD_NONBLOCK, 5000, 2000);

    (void)fd;
    numbers[0] = expirations(it);
    sleep(10); /* at 5, 7 and 9 */
    timerfd_gettime(it, &old);
    numbers[1] = old.it_value.tv_sec * 10 + old.it_interval.tv_sec;
    numbers[2] = expirations(it);
    sleep(2);
    numbers[3] = timerfd_settime(it, TFD_TIMER_ABSTIME, &past, &old) * 10L + old.it_interval.tv_sec;
    numbers[4] = expirations(it);
    timerfd_settime(it, 0, &none, NULL);
    sleep(10);
    numbers[5] = expirations(it);
    past.it_value.tv_nsec = 1000000000;
    numbers[6] = timerfd_settime(it, 0, &past, NULL) == 0 ? 0 : errno;
    numbers[7] = timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0) >= 0 ? 0 : errno;
    return 0;
}

static void check_set(void)
{
    assert_int_equal(numbers[0], -EAGAIN);
    assert_int_equal(numbers[1], 1 * 10 + 2);
    assert_int_equal(numbers[2], 3);
    assert_int_equal(numbers[3], 2);
    assert_int_equal(numbers[4],
                     1); /* what is past expires at once, and what was not read is gone */
    assert_int_equal(numbers[5], -EAGAIN);
    assert_int_equal(numbers[6], EINVAL);
    assert_int_equal(numbers[7], EINVAL);
}

static void test_values(void **state)
{
    (void)state;
    run("poll([{remote, POLLPRI}], 1000000)\n", set_and_get, check_set);
}

static int copy_and_close(int fd)
{
    int it = timer(TFD_NONBLOCK, 1000, 1000);
    int copy = dup(it);
    int third = fcntl(copy, F_DUPFD, 100);
    uint64_t times = 0;
    struct iovec part = {&times, sizeof times};

    (void)fd;
    close(it);
    sleep(3);
    numbers[0] = expirations(copy);
    close(copy);
    sleep(2);
    fcntl(third, F_SETFL, 0);
    numbers[1] = readv(third, &part, 1);
    numbers[2] = (int64_t)times;
    dup2(0, third);
    numbers[3] = timerfd_gettime(third, &(struct itimerspec){0}) == 0 ? 0 : errno;
    close(third);
    numbers[4] = timerfd_gettime(third, &(struct itimerspec){0}) == 0 ? 0 : errno;
    return 0;
}

static void check_copies(void)
{
    assert_int_equal(numbers[0], 3);
    assert_int_equal(numbers[1], sizeof(uint64_t));
    assert_int_equal(numbers[2], 2);
    assert_int_equal(numbers[3], EINVAL);
    assert_int_equal(numbers[4], EBADF);
}

static void test_copies(void **state)
{
    (void)state;
    run("poll([{remote, POLLPRI}], 1000000)\n", copy_and_close, check_copies);
}

static int leave_open(int fd)
{
    (void)fd;
    for (unsigned i = 0; i < 70; i++)
        numbers[0] += timer(0, 1000, 1000) >= 0;
    return 0;
}

static void check_left(void)
{
    assert_int_equal(numbers[0], 64);
}

/* There are 64 at most, and none is left for the next run. */
static void test_many(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20; i++)
        run("", leave_open, check_left);
}

CHECK_MAIN(cmocka_unit_test(test_waits), cmocka_unit_test(test_ticks_beside_a_socket),
           cmocka_unit_test(test_ticks_alone), cmocka_unit_test(test_values),
           cmocka_unit_test(test_copies), cmocka_unit_test(test_many))
