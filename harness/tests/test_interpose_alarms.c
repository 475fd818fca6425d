/*
 * test_interpose_alarms: signals that code under test has sent to itself later come by the clock
 * that the code sees. Expected results from alarm(2), getitimer(2), timer_settime(2), pause(2),
 * and signal(7), which lists what a handler with SA_RESTART does not interrupt.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "interpose/run.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

/* The remote rests for a thousand seconds, so that its end does not come first. */
#define RESTS "poll([{remote, POLLPRI}], 1000000)\n"

static volatile sig_atomic_t rung;
static volatile sig_atomic_t shown;

static void ring(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    rung++;
    shown = info->si_value.sival_int;
}

static void handle(int signal, int flags)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | flags, .sa_sigaction = ring};

    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
    rung = 0;
}

static int64_t now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static int64_t error_of(int64_t result)
{
    return result < 0 ? -errno : result;
}

static void run(const char *text, int (*server)(int), void (*check)(void))
{
    int64_t began = check_now_ms();

    serve_both(text, server, check);
    assert_true(check_now_ms() - began < 30000);
    signal(SIGALRM, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);
}

/* --- what it interrupts --- */

static int wait_interrupted(int fd)
{
    const int64_t began = now_s();
    struct timeval patience = {.tv_sec = 500};
    char byte;

    handle(SIGALRM, 0);
    alarm(5);
    numbers[0] = error_of(recv(fd, &byte, 1, 0));
    numbers[1] = now_s() - began;
    handle(SIGALRM, SA_RESTART);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    alarm(5);
    numbers[2] = error_of(recv(fd, &byte, 1, 0));
    patience.tv_sec = 0;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    alarm(5);
    numbers[3] = error_of(recv(fd, &byte, 1, 0));
    numbers[4] = rung;
    numbers[5] = now_s() - began;
    return 0;
}

static void check_interrupted(void)
{
    assert_int_equal(numbers[0], -EINTR);
    assert_int_equal(numbers[1], 5);
    assert_int_equal(numbers[2], -EINTR); /* a timeout has been set on the socket */
    assert_int_equal(numbers[3], 1);      /* restarted: the byte comes after 25 seconds */
    assert_int_equal(numbers[4], 2);
    assert_int_equal(numbers[5], 25);
}

static void test_calls_that_restart(void **state)
{
    (void)state;
    run("poll([{remote, POLLPRI}], 25000)\nsend(remote, \"hi\", 0)\n" RESTS, wait_interrupted,
        check_interrupted);
}

static int wait_until_ready(int fd)
{
    struct pollfd member = {.fd = fd, .events = POLLIN};
    struct epoll_event event = {.events = EPOLLIN};
    struct timespec limit = {.tv_sec = 500};
    int instance = epoll_create1(0);
    fd_set set;

    handle(SIGALRM, SA_RESTART);
    epoll_ctl(instance, EPOLL_CTL_ADD, fd, &event);
    alarm(5);
    numbers[0] = error_of(poll(&member, 1, -1));
    alarm(5);
    numbers[1] = error_of(ppoll(&member, 1, &limit, NULL));
    FD_ZERO(&set);
    FD_SET(fd, &set);
    alarm(5);
    numbers[2] = error_of(select(fd + 1, &set, NULL, NULL, NULL));
    alarm(5);
    numbers[3] = error_of(epoll_wait(instance, &event, 1, -1));
    member.fd = timerfd_create(CLOCK_MONOTONIC, 0);
    alarm(5);
    numbers[4] = error_of(poll(&member, 1, 100000));
    numbers[5] = rung;
    return 0;
}

static void check_ready(void)
{
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(numbers[i], -EINTR);
    assert_int_equal(numbers[5], 5);
}

static void test_calls_that_never_restart(void **state)
{
    (void)state;
    run(RESTS, wait_until_ready, check_ready);
}

static int sleep_interrupted(int fd)
{
    struct timespec rest = {.tv_sec = 100};
    struct timespec left = {0};

    (void)fd;
    handle(SIGALRM, SA_RESTART);
    alarm(30);
    numbers[0] = sleep(100);
    alarm(30);
    numbers[1] = error_of(nanosleep(&rest, &left));
    numbers[2] = left.tv_sec;
    alarm(30);
    numbers[3] = clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, &left);
    numbers[4] = left.tv_sec;
    alarm(30);
    numbers[5] = error_of(usleep(100000000));
    alarm(30);
    numbers[6] = error_of(pause());
    numbers[7] = rung;
    return 0;
}

static void check_slept(void)
{
    assert_int_equal(numbers[0], 70);
    assert_int_equal(numbers[1], -EINTR);
    assert_in_range(numbers[2], 69, 70);
    assert_int_equal(numbers[3], EINTR);
    assert_in_range(numbers[4], 69, 70);
    assert_int_equal(numbers[5], -EINTR);
    assert_int_equal(numbers[6], -EINTR);
    assert_int_equal(numbers[7], 5);
}

static void test_sleeps(void **state)
{
    (void)state;
    run(RESTS, sleep_interrupted, check_slept);
}

/* Held back until a wait lets it in, as pselect's manual has it. */
static int wait_with_a_mask(int fd)
{
    sigset_t held;
    sigset_t none;
    fd_set set;
    char byte;

    handle(SIGALRM, SA_RESTART);
    sigemptyset(&none);
    sigemptyset(&held);
    sigaddset(&held, SIGALRM);
    sigprocmask(SIG_BLOCK, &held, NULL);
    FD_ZERO(&set);
    FD_SET(fd, &set);
    alarm(5);
    numbers[0] = error_of(pselect(fd + 1, &set, NULL, NULL, NULL, &none));
    numbers[1] = rung;
    alarm(5);
    numbers[2] = error_of(recv(fd, &byte, 1, 0)); /* not interrupted */
    numbers[3] = rung;
    numbers[4] = error_of(ppoll(NULL, 0, NULL, &none));
    numbers[5] = rung;
    alarm(5);
    numbers[6] = error_of(sigsuspend(&none));
    numbers[7] = rung;
    sigprocmask(SIG_UNBLOCK, &held, NULL);
    return 0;
}

static void check_masked(void)
{
    assert_int_equal(numbers[0], -EINTR);
    assert_int_equal(numbers[1], 1);
    assert_int_equal(numbers[2], 1);
    assert_int_equal(numbers[3], 1);
    assert_int_equal(numbers[4], -EINTR);
    assert_int_equal(numbers[5], 2);
    assert_int_equal(numbers[6], -EINTR);
    assert_int_equal(numbers[7], 3);
}

static void test_masks(void **state)
{
    (void)state;
    run("poll([{remote, POLLPRI}], 25000)\nsend(remote, \"hi\", 0)\n" RESTS, wait_with_a_mask,
        check_masked);
}

/* --- what becomes of it otherwise --- */

static sigjmp_buf back;

static void jump_back(int signal)
{
    (void)signal;
    siglongjmp(back, 1);
}

static int jump_out(int fd)
{
    char bytes[4];

    signal(SIGALRM, jump_back);
    alarm(5);
    if (sigsetjmp(back, 1) == 0)
        recv(fd, bytes, 1, 0);
    else
        numbers[0] = 1;
    see(bytes, recv(fd, bytes, sizeof bytes, 0));
    return 0;
}

static void check_jumped(void)
{
    assert_int_equal(numbers[0], 1);
    assert_string_equal(seen, "hi|");
}

static void test_a_handler_that_jumps(void **state)
{
    (void)state;
    run("poll([{remote, POLLPRI}], 25000)\nsend(remote, \"hi\", 0)\n", jump_out, check_jumped);
}

static int be_ended(int fd)
{
    char byte;

    signal(SIGALRM, SIG_IGN);
    alarm(5);
    numbers[0] = recv(fd, &byte, 1, 0);
    signal(SIGALRM, SIG_DFL);
    alarm(5);
    numbers[1] = 1;
    recv(fd, &byte, 1, 0);
    numbers[1] = 2;
    return 0;
}

static void check_was_ended(void)
{
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], 1);
}

static void test_without_a_handler(void **state)
{
    (void)state;
    run("poll([{remote, POLLPRI}], 25000)\nsend(remote, \"h\", 0)\n" RESTS, be_ended,
        check_was_ended);
}

/* --- what the calls say --- */

static int set_and_get(int fd)
{
    struct itimerval value = {.it_value = {.tv_sec = 10}, .it_interval = {.tv_sec = 4}};
    struct itimerval old;

    (void)fd;
    handle(SIGALRM, 0);
    numbers[0] = alarm(50);
    sleep(20);
    numbers[1] = setitimer(ITIMER_REAL, &value, &old) == 0 ? old.it_value.tv_sec : -1;
    sleep(10);
    sleep(3);
    getitimer(ITIMER_REAL, &old);
    numbers[2] = old.it_value.tv_usec > 0 ? old.it_value.tv_sec + 1 : old.it_value.tv_sec;
    numbers[3] = old.it_interval.tv_sec;
    numbers[4] = rung;
    numbers[5] = alarm(0);
    numbers[6] = sleep(20);
    value.it_value.tv_usec = 1000000;
    numbers[7] = error_of(setitimer(ITIMER_REAL, &value, NULL));
    return 0;
}

static void check_set(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 30);
    assert_int_equal(numbers[2], 1);
    assert_int_equal(numbers[3], 4);
    assert_int_equal(numbers[4], 1);
    assert_int_equal(numbers[5], 1);
    assert_int_equal(numbers[6], 0);
    assert_int_equal(numbers[7], -EINVAL);
}

static void test_interval(void **state)
{
    (void)state;
    run(RESTS, set_and_get, check_set);
}

static int make_timers(int fd)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec value = {.it_value = {.tv_sec = 1010}}; /* 10 s later, of the uptime */
    struct itimerspec old;
    timer_t timer;
    timer_t silent;

    (void)fd;
    handle(SIGUSR1, 0);
    event.sigev_value.sival_int = 42;
    numbers[0] = timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, TIMER_ABSTIME, &value, NULL);
    numbers[1] = sleep(30);
    numbers[2] = shown;
    event.sigev_notify = SIGEV_NONE;
    timer_create(CLOCK_REALTIME, &event, &silent);
    value.it_value.tv_sec = 10;
    timer_settime(silent, 0, &value, NULL);
    numbers[3] = sleep(30);
    value.it_interval.tv_sec = 3;
    timer_settime(timer, 0, &value, &old);
    numbers[4] = old.it_value.tv_sec;
    numbers[5] = sleep(30);
    timer_gettime(timer, &old);
    numbers[6] = old.it_value.tv_nsec > 0 ? old.it_value.tv_sec + 1 : old.it_value.tv_sec;
    numbers[7] = timer_getoverrun(timer);
    numbers[7] |= timer_delete(timer);
    numbers[7] |= (int64_t)sleep(30);
    return 0;
}

static void check_timers(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 20);
    assert_int_equal(numbers[2], 42);
    assert_int_equal(numbers[3], 0); /* nothing is sent */
    assert_int_equal(numbers[4], 0);
    assert_int_equal(numbers[5], 20);
    assert_int_equal(numbers[6], 3);
    assert_int_equal(numbers[7], 0); /* deleted: the sleep is whole */
    assert_int_equal(rung, 2);
}

static void test_timers(void **state)
{
    (void)state;
    run(RESTS, make_timers, check_timers);
}

/* Nothing but the alarm is left: that does not go on for ever. */
static int ring_for_ever(int fd)
{
    struct itimerval often = {{.tv_usec = 10}, {.tv_usec = 10}};

    (void)fd;
    handle(SIGALRM, 0);
    setitimer(ITIMER_REAL, &often, NULL);
    for (;;)
        pause();
    return 0;
}

static void check_ended(void)
{
    assert_in_range(rung, 10, 1000);
}

static void test_rings_alone(void **state)
{
    (void)state;
    run("", ring_for_ever, check_ended);
}

CHECK_MAIN(cmocka_unit_test(test_calls_that_restart),
           cmocka_unit_test(test_calls_that_never_restart), cmocka_unit_test(test_sleeps),
           cmocka_unit_test(test_masks), cmocka_unit_test(test_a_handler_that_jumps),
           cmocka_unit_test(test_without_a_handler), cmocka_unit_test(test_interval),
           cmocka_unit_test(test_timers), cmocka_unit_test(test_rings_alone))
