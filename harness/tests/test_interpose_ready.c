/* test_interpose_ready: code under test waits, for descriptors and for time, and none passes. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "interpose/run.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

/* --- not blocking, and readiness --- */

static int poll_then_read(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char buffer[8];
    int available = -1;

    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    numbers[0] = recv(fd, buffer, sizeof buffer, 0) < 0 ? errno : 0;
    numbers[1] = poll(&ready, 1, 0);
    numbers[2] = poll(&ready, 1, -1);
    numbers[3] = ready.revents;
    ioctl(fd, FIONREAD, &available);
    numbers[4] = available;
    see(buffer, recv(fd, buffer, sizeof buffer, 0));
    return 0;
}

static void check_poll(void)
{
    assert_int_equal(numbers[0], EAGAIN);
    assert_int_equal(numbers[1], 0);
    assert_int_equal(numbers[2], 1);
    assert_int_equal(numbers[3], POLLIN);
    assert_int_equal(numbers[4], 2);
    assert_string_equal(seen, "hi|");
}

static void test_poll_waits_for_the_remote(void **state)
{
    (void)state;
    serve_both("send(remote, \"hi\", 0)\n", poll_then_read, check_poll);
}

static int select_then_read(int fd)
{
    fd_set readable;
    fd_set writable;
    struct timeval no_time = {0};
    char buffer[8];

    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(fd, &readable);
    FD_SET(fd, &writable);
    numbers[0] = select(fd + 1, &readable, &writable, NULL, &no_time);
    numbers[1] = FD_ISSET(fd, &readable) | FD_ISSET(fd, &writable) << 1;
    FD_SET(fd, &readable);
    numbers[2] = pselect(fd + 1, &readable, NULL, NULL, NULL, NULL);
    numbers[3] = FD_ISSET(fd, &readable);
    see(buffer, read(fd, buffer, sizeof buffer));
    return 0;
}

static void check_select(void)
{
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], 2);
    assert_int_equal(numbers[2], 1);
    assert_int_equal(numbers[3], 1);
    assert_string_equal(seen, "hi|");
}

static void test_select_waits_for_the_remote(void **state)
{
    (void)state;
    serve_both("send(remote, \"hi\", 0)\n", select_then_read, check_select);
}

static int epoll_then_read(int fd)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data = {.u64 = 42}};
    int instance = epoll_create1(EPOLL_CLOEXEC);
    char buffer[8];

    numbers[0] = epoll_ctl(instance, EPOLL_CTL_ADD, fd, &event);
    numbers[1] = epoll_wait(instance, &event, 1, 0);
    numbers[2] = epoll_wait(instance, &event, 1, -1);
    numbers[3] = (int64_t)event.data.u64;
    numbers[4] = epoll_wait(instance, &event, 1, 0);
    see(buffer, read(fd, buffer, sizeof buffer));
    numbers[5] = epoll_wait(instance, &event, 1, -1);
    numbers[6] = event.events;
    return close(instance);
}

static void check_epoll(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 0);
    assert_int_equal(numbers[2], 1);
    assert_int_equal(numbers[3], 42);
    assert_int_equal(numbers[4], 0);
    assert_string_equal(seen, "hi|");
    assert_int_equal(numbers[5], 1);
    assert_int_equal(numbers[6], EPOLLIN | EPOLLRDHUP);
}

/* An edge is told once, and the end of the stream is another. */
static void test_epoll_waits_for_the_remote(void **state)
{
    (void)state;
    serve_both("send(remote, \"hi\", 0)\n", epoll_then_read, check_epoll);
}

/* More members than a request of the model has. */
static int poll_many(int fd)
{
    struct pollfd fds[9];

    for (int i = 0; i < 9; i++)
        fds[i] =
            (struct pollfd){.fd = i == 7 ? fd : socket(AF_INET, SOCK_DGRAM, 0), .events = POLLIN};
    numbers[0] = poll(fds, 9, -1);
    numbers[1] = fds[7].revents;
    return 0;
}

static void check_many(void)
{
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], POLLIN);
}

static void test_a_large_set(void **state)
{
    (void)state;
    serve_both("send(remote, \"hi\", 0)\n", poll_many, check_many);
}

/* --- time --- */

static int64_t ms_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int time_out(int fd)
{
    const struct timeval limit = {.tv_sec = 3};
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char buffer[8];
    int64_t began = ms_now();
    time_t second = time(NULL);

    numbers[0] = poll(&ready, 1, 1000); /* the remote rests for 1500 ms */
    numbers[1] = ms_now() - began;
    numbers[2] = poll(&ready, 1, 1000);
    numbers[3] = ms_now() - began;
    see(buffer, recv(fd, buffer, sizeof buffer, 0));
    sleep(7);
    numbers[4] = time(NULL) - second;
    see(buffer, recv(fd, buffer, sizeof buffer, 0)); /* the end, which came while it slept */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    numbers[5] = ms_now() - began;
    return 0;
}

static void check_time(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 1000);
    assert_int_equal(numbers[2], 1);
    assert_int_equal(numbers[3], 1500);
    assert_in_range(numbers[4], 8, 9);
    assert_string_equal(seen, "late||");
    assert_int_equal(numbers[5], 8500);
}

static void test_time_passes_without_waiting(void **state)
{
    int64_t began = check_now_ms();

    (void)state;
    serve_both("poll([{remote, POLLPRI}], 1500)\nsend(remote, \"late\", 0)\n", time_out,
               check_time);
    assert_true(check_now_ms() - began < 1000);
}

static int limited_recv(int fd)
{
    const struct timeval limit = {.tv_sec = 3};
    char byte;
    int64_t began = ms_now();

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    numbers[0] = recv(fd, &byte, 1, 0) < 0 ? errno : 0;
    numbers[1] = ms_now() - began;
    return 0;
}

static void check_limited(void)
{
    assert_int_equal(numbers[0], EAGAIN);
    assert_int_equal(numbers[1], 3000);
}

static void test_a_receive_time_out(void **state)
{
    (void)state;
    serve_both("poll([{remote, POLLPRI}], 5000)\n", limited_recv, check_limited);
}

/* What looks at nothing but the time is left alone after a while. */
static int tick_for_ever(int fd)
{
    for (;;) {
        poll(NULL, 0, 100);
        numbers[0]++;
        fd |= 0;
    }
    return fd;
}

static void check_ticks(void)
{
    assert_in_range(numbers[0], 50, 200);
}

static void test_a_loop_of_timers_ends(void **state)
{
    (void)state;
    serve_both("", tick_for_ever, check_ticks);
}

/* --- code that does not wait --- */

/* Asks again and again, and gets what the remote sends after a rest; then it is left. */
static int ask_for_ever(int fd)
{
    char buffer[8];

    fcntl(fd, F_SETFL, O_NONBLOCK);
    while (fd >= 0) {
        ssize_t size = recv(fd, buffer, sizeof buffer, 0);

        numbers[0] += size < 0 && errno == EAGAIN;
        if (size > 0)
            see(buffer, size);
        if (size == 0)
            fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0); /* on which nothing ever comes */
    }
    return fd;
}

static void check_asked(void)
{
    assert_string_equal(seen, "hi|");
    assert_true(numbers[0] > 0);
}

static void test_who_asks_again_has_time_pass(void **state)
{
    (void)state;
    serve_both("poll([{remote, POLLPRI}], 20)\nsend(remote, \"hi\", 0)\n", ask_for_ever,
               check_asked);
}

/* Takes the end of the stream for nothing yet. */
static int miss_the_end(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char buffer[8];

    do
        poll(&ready, 1, -1);
    while (recv(fd, buffer, sizeof buffer, 0) >= 0);
    return 0;
}

static int serve_miss_the_end(void *unused)
{
    (void)unused;
    interpose_serve(miss_the_end, &served_drill, AF_INET6);
    return 0;
}

static void test_who_spins_is_found(void **state)
{
    struct check_end end;

    (void)state;
    served_parse("send(remote, \"hi\", 0)\n");
    end = check_child(serve_miss_the_end, NULL, 60);
    assert_true(check_died(&end));
    assert_non_null(strstr(end.said, "the code under test spins"));
    free(end.said);
}

/* --- a long conversation --- */

/* A datagram socket that is connected to itself. */
static int self_connected(void)
{
    struct sockaddr_in name = {.sin_family = AF_INET};
    socklen_t length = sizeof name;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&name, sizeof name) != 0 ||
        getsockname(fd, (struct sockaddr *)&name, &length) != 0 ||
        connect(fd, (struct sockaddr *)&name, sizeof name) != 0)
        return -1;
    return fd;
}

/* More than the model remembers at once: the remote takes it meanwhile, and what is kept stays. */
static int send_much(int fd)
{
    static char block[1 << 16];
    struct pollfd room = {.fd = fd, .events = POLLIN};
    char kept[16];
    int self = self_connected();

    send(self, "first", 5, 0);
    for (numbers[0] = 0; numbers[0] < 4000; numbers[0]++) {
        if (send(fd, block, sizeof block, MSG_NOSIGNAL) != sizeof block)
            break;
        if (numbers[0] == 2000)
            send(self, "second", 6, 0);
        if (numbers[0] % 100 == 0)
            poll(&room, 1, 1);
    }
    see(kept, recv(self, kept, sizeof kept, 0));
    see(kept, recv(self, kept, sizeof kept, 0));
    return 0;
}

static void check_sent_much(void)
{
    assert_int_equal(numbers[0], 4000);
    assert_string_equal(seen, "first|second|");
}

static void test_the_remote_reads_on(void **state)
{
    (void)state;
    serve_both("poll([{remote, POLLPRI}], 1000)\n", send_much, check_sent_much);
}

/* More sends than the model keeps pieces, and not one wait between them. */
static int send_often(int fd)
{
    for (numbers[0] = 0; numbers[0] < 5000; numbers[0]++)
        if (send(fd, "+1\r\n", 4, MSG_NOSIGNAL) != 4)
            break;
    return 0;
}

static void check_sent_often(void)
{
    assert_int_equal(numbers[0], 5000);
}

static void test_sends_without_a_wait(void **state)
{
    (void)state;
    serve_both("", send_often, check_sent_often);
}

/* --- the engine's signals --- */

static struct timespec engine_saw;

static void engine_looks(int number)
{
    (void)number;
    clock_gettime(CLOCK_REALTIME, &engine_saw);
}

static int raise_signal(int fd)
{
    struct timespec now;

    raise(SIGUSR2);
    clock_gettime(CLOCK_REALTIME, &now);
    numbers[0] = now.tv_sec;
    return fd;
}

static void check_signal(void)
{
    assert_int_equal(numbers[0], 1767225600);
    assert_true(engine_saw.tv_sec > 1767225600 + 3600);
}

/* It interrupts code under test, and sees the system's time. */
static void test_the_engine_handles_its_signals(void **state)
{
    const struct sigaction engine = {.sa_handler = engine_looks};
    struct sigaction is;

    (void)state;
    assert_int_equal(sigaction(SIGUSR2, &engine, NULL), 0);
    assert_int_equal(sigaction(SIGUSR2, NULL, &is), 0);
    assert_ptr_equal(is.sa_handler, engine_looks);
    serve_both("", raise_signal, check_signal);
    is.sa_handler = SIG_DFL;
    assert_int_equal(sigaction(SIGUSR2, &is, NULL), 0);
}

CHECK_MAIN(cmocka_unit_test(test_poll_waits_for_the_remote),
           cmocka_unit_test(test_select_waits_for_the_remote),
           cmocka_unit_test(test_epoll_waits_for_the_remote), cmocka_unit_test(test_a_large_set),
           cmocka_unit_test(test_time_passes_without_waiting),
           cmocka_unit_test(test_a_receive_time_out), cmocka_unit_test(test_a_loop_of_timers_ends),
           cmocka_unit_test(test_who_asks_again_has_time_pass),
           cmocka_unit_test(test_who_spins_is_found), cmocka_unit_test(test_the_remote_reads_on),
           cmocka_unit_test(test_sends_without_a_wait),
           cmocka_unit_test(test_the_engine_handles_its_signals))
