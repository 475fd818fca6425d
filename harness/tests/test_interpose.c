/* test_interpose: code under test meets the model wherever it touches sockets. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "interpose/run.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

/* --- a server that blocks --- */

static int echo(int fd)
{
    char buffer[16];
    ssize_t size;

    numbers[1] = fd;
    while ((size = recv(fd, buffer, sizeof buffer, 0)) > 0) {
        see(buffer, size);
        if (send(fd, buffer, (size_t)size, MSG_NOSIGNAL) != size)
            break;
    }
    numbers[0] = size;
    return close(fd);
}

static void check_segments(void)
{
    assert_string_equal(seen, "one|two|");
    assert_int_equal(numbers[0], 0);
    assert_true(numbers[1] >= EMULATED_MIN);
}

static void test_segments_stay_apart(void **state)
{
    (void)state;
    serve_both("send(remote, \"one\", 0)\nsend(remote, \"two\", 0)\n", echo, check_segments);
}

/* --- the reads and writes of streams --- */

static int read_every_way(int fd)
{
    char a[3];
    char b[8];
    struct iovec parts[] = {{a, sizeof a}, {b, 2}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    struct sockaddr_storage from;
    socklen_t length = sizeof from;

    see(a, read(fd, a, 2));
    see(a, recv(fd, a, 1, MSG_PEEK));
    see(b, recv(fd, b, 4, MSG_WAITALL));
    numbers[0] = readv(fd, parts, 2);
    see(a, 3);
    see(b, 2);
    numbers[1] = recvmsg(fd, &message, 0);
    see(a, 3);
    numbers[2] = recvfrom(fd, b, sizeof b, 0, (struct sockaddr *)&from, &length);
    see(b, 1);
    numbers[3] = write(fd, "12", 2);
    parts[1].iov_len = 1;
    numbers[4] = writev(fd, parts, 2);
    message.msg_control = NULL;
    numbers[5] = sendmsg(fd, &message, MSG_NOSIGNAL);
    numbers[6] = sendto(fd, "x", 1, MSG_NOSIGNAL, NULL, 0);
    return 0;
}

static void check_reads(void)
{
    assert_string_equal(seen, "ab|c|cdef|ghi|jk|lmn|p|");
    assert_int_equal(numbers[0], 5);
    assert_int_equal(numbers[1], 4);
    assert_int_equal(numbers[2], 1);
    assert_int_equal(numbers[3], 2);
    assert_int_equal(numbers[4], 4);
    assert_int_equal(numbers[5], 4);
    assert_int_equal(numbers[6], 1);
}

/* MSG_WAITALL waits for two sends; readv and recvmsg get one. */
static void test_reads_and_writes(void **state)
{
    (void)state;
    serve_both("send(remote, \"abcd\", 0)\nsend(remote, \"ef\", 0)\nsend(remote, \"ghijk\", 0)\n"
               "send(remote, \"lmno\", 0)\nsend(remote, \"p\", 0)\n",
               read_every_way, check_reads);
}

/* --- what a compiler makes of calls whose buffer it knows --- */

ssize_t fortified_read(int fd, void *data, size_t size, size_t room) __asm__("__read_chk");
ssize_t fortified_recv(int fd, void *data, size_t size, size_t room,
                       int flags) __asm__("__recv_chk");
ssize_t fortified_recvfrom(int fd, void *data, size_t size, size_t room, int flags,
                           struct sockaddr *address, socklen_t *length) __asm__("__recvfrom_chk");
int fortified_poll(struct pollfd *fds, nfds_t count, int timeout_ms,
                   size_t room) __asm__("__poll_chk");
int fortified_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                    const sigset_t *mask, size_t room) __asm__("__ppoll_chk");

static int read_fortified(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char a[4];

    numbers[0] = fortified_poll(&ready, 1, -1, sizeof ready);
    see(a, fortified_read(fd, a, 1, sizeof a));
    numbers[1] = fortified_ppoll(&ready, 1, NULL, NULL, sizeof ready);
    see(a, fortified_recv(fd, a, 1, sizeof a, 0));
    see(a, fortified_recvfrom(fd, a, 4, sizeof a, 0, NULL, NULL));
    return 0;
}

static void check_fortified(void)
{
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], 1);
    assert_string_equal(seen, "a|b|cd|");
}

static void test_fortified_calls(void **state)
{
    (void)state;
    serve_both("send(remote, \"abcd\", 0)\n", read_fortified, check_fortified);
}

/* --- a server that listens, and never returns --- */

static int listen_on(int family, int type)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(20001)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(20001)};
    int fd = socket(family, type, 0);

    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in6.sin6_addr = in6addr_loopback;
    if (family == AF_INET)
        numbers[7] = bind(fd, (struct sockaddr *)&in, sizeof in);
    else
        numbers[7] = bind(fd, (struct sockaddr *)&in6, sizeof in6);
    if (type == SOCK_STREAM)
        listen(fd, 8);
    return fd;
}

static void accept_for_ever(void *family)
{
    int listener = listen_on(*(int *)family, SOCK_STREAM);

    for (;;) {
        struct sockaddr_storage name;
        socklen_t length = sizeof name;
        int fd = accept(listener, (struct sockaddr *)&name, &length);
        char buffer[16];
        ssize_t size;

        numbers[0]++;
        numbers[1] = length;
        while ((size = recv(fd, buffer, sizeof buffer, 0)) > 0)
            see(buffer, size);
        close(fd);
    }
}

static void test_connections_come_one_after_another(void **state)
{
    static const char *const texts[] = {
        "a = socket(AF_INET, SOCK_STREAM, 0)\nconnect(a, 127.0.0.1:20001)\n"
        "b = socket(AF_INET, SOCK_STREAM, 0)\nconnect(b, 127.0.0.1:20001)\n"
        "send(b, \"second\", 0)\nsend(a, \"first\", 0)\nclose(a)\n",
        "a = socket(AF_INET6, SOCK_STREAM, 0)\nconnect(a, [::1]:20001)\n"
        "b = socket(AF_INET6, SOCK_STREAM, 0)\nconnect(b, [::1]:20001)\n"
        "send(b, \"second\", 0)\nsend(a, \"first\", 0)\nclose(a)\n"};
    static int families[] = {AF_INET, AF_INET6};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        served_parse(texts[i]);
        interpose_begin(&served_drill);
        assert_false(interpose_run(accept_for_ever, &families[i]));
        assert_string_equal(seen, "first|second|");
        assert_int_equal(numbers[0], 2);
        assert_int_equal(numbers[1],
                         i == 0 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
        assert_int_equal(numbers[7], 0);
    }
}

static void answer_datagrams(void *family)
{
    int fd = listen_on(*(int *)family, SOCK_DGRAM);

    for (;;) {
        struct sockaddr_storage name;
        socklen_t length = sizeof name;
        char buffer[4];
        ssize_t size =
            recvfrom(fd, buffer, sizeof buffer, MSG_TRUNC, (struct sockaddr *)&name, &length);

        see(buffer, size < 4 ? size : 4);
        numbers[0] += size;
        numbers[1] = sendto(fd, "yes", 3, 0, (struct sockaddr *)&name, length);
    }
}

/* Datagrams neither merge nor come back after they were cut. */
static void test_datagrams_stay_apart(void **state)
{
    static const char *const texts[] = {
        "a = socket(AF_INET, SOCK_DGRAM, 0)\nsendto(a, \"one\", 0, 127.0.0.1:20001)\n"
        "sendto(a, \"much more\", 0, 127.0.0.1:20001)\nsendto(a, \"end\", 0, 127.0.0.1:20001)\n",
        "a = socket(AF_INET6, SOCK_DGRAM, 0)\nsendto(a, \"one\", 0, [::1]:20001)\n"
        "sendto(a, \"much more\", 0, [::1]:20001)\nsendto(a, \"end\", 0, [::1]:20001)\n"};
    static int families[] = {AF_INET, AF_INET6};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        served_parse(texts[i]);
        interpose_begin(&served_drill);
        assert_false(interpose_run(answer_datagrams, &families[i]));
        assert_string_equal(seen, "one|much|end|");
        assert_int_equal(numbers[0], 3 + 9 + 3);
        assert_int_equal(numbers[1], 3);
    }
}

/* --- descriptors --- */

static int read_standard_input(int fd)
{
    char buffer[8];

    numbers[0] = dup2(fd, STDIN_FILENO);
    close(fd);
    see(buffer, read(STDIN_FILENO, buffer, sizeof buffer));
    numbers[1] = close(fd) < 0 ? errno : 0;
    fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    numbers[2] = fcntl(fd, F_GETFD);
    numbers[3] = dup(fd) != fd;
    return 0;
}

static void check_standard_input(void)
{
    assert_int_equal(numbers[0], STDIN_FILENO);
    assert_string_equal(seen, "in|");
    assert_int_equal(numbers[1], EBADF);
    assert_int_equal(numbers[2], FD_CLOEXEC);
    assert_int_equal(numbers[3], 1);
}

/* As a server that inetd starts; afterwards standard input is what it was. */
static void test_a_copy_on_a_low_number(void **state)
{
    int flags = fcntl(STDIN_FILENO, F_GETFL);

    (void)state;
    serve_both("send(remote, \"in\", 0)\n", read_standard_input, check_standard_input);
    assert_int_equal(fcntl(STDIN_FILENO, F_GETFL), flags);
}

/* --- the caller's memory --- */

static int receive_too_much(int fd)
{
    char *buffer = malloc(8);
    volatile size_t size = 9;

    numbers[0] = recv(fd, buffer, size, 0);
    free(buffer);
    return 0;
}

static int send_too_much(int fd)
{
    char *buffer = calloc(1, 8);
    volatile size_t size = 9;

    numbers[0] = send(fd, buffer, size, MSG_NOSIGNAL);
    free(buffer);
    return 0;
}

static int serve_in_child(void *server)
{
    int (*function)(int);

    memcpy(&function, server, sizeof function);
    interpose_serve(function, &served_drill, AF_INET);
    return 0;
}

/* The whole buffer is looked at, though only two bytes arrive. */
static void test_an_overflow_is_reported(void **state)
{
    int (*const overflows[])(int) = {receive_too_much, send_too_much};

    (void)state;
    if (!CHECK_SANITIZED)
        skip();
    for (unsigned i = 0; i < CHECK_COUNT(overflows); i++) {
        int (*function)(int) = overflows[i];
        struct check_end end;

        served_parse("send(remote, \"hi\", 0)\n");
        end = check_child(serve_in_child, &function, 20);
        assert_true(check_died(&end));
        assert_non_null(strstr(end.said, "heap-buffer-overflow"));
        assert_non_null(strstr(end.said, i == 0 ? "WRITE" : "READ"));
        free(end.said);
    }
}

/* --- outside --- */

static void test_others_reach_the_system(void **state)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct timespec now;

    (void)state;
    assert_in_range(fd, 0, EMULATED_MIN - 1);
    assert_int_equal(close(fd), 0);
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
    assert_int_equal(now.tv_sec / 10, real()->time(NULL) / 10);
}

static int leave_all_open(int fd)
{
    numbers[0] = fd;
    numbers[1] = socket(AF_INET6, SOCK_STREAM, 0);
    return 0;
}

static void check_numbers(void)
{
    static int64_t first[2];

    if (first[0] == 0)
        memcpy(first, numbers, sizeof first);
    assert_memory_equal(first, numbers, sizeof first);
}

static void test_a_run_leaves_nothing(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 1000; i++)
        serve_both("", leave_all_open, check_numbers);
}

CHECK_MAIN(cmocka_unit_test(test_segments_stay_apart), cmocka_unit_test(test_reads_and_writes),
           cmocka_unit_test(test_fortified_calls),
           cmocka_unit_test(test_connections_come_one_after_another),
           cmocka_unit_test(test_datagrams_stay_apart),
           cmocka_unit_test(test_a_copy_on_a_low_number),
           cmocka_unit_test(test_an_overflow_is_reported),
           cmocka_unit_test(test_others_reach_the_system),
           cmocka_unit_test(test_a_run_leaves_nothing))
