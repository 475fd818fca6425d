/* test_interpose_answers: what the adversary answers to code under test, and where it does not. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "interpose/adversary.h"
#include "interpose/run.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

static int error_of(int64_t result)
{
    return result < 0 ? errno : 0;
}

/* --- short reads and writes --- */

static int read_all(int fd)
{
    char buffer[16];
    ssize_t size;

    while ((size = recv(fd, buffer, sizeof buffer, 0)) > 0)
        see(buffer, size);
    return 0;
}

static void check_cut(void)
{
    assert_string_equal(seen, "abc|def|ghijkl|x|");
    assert_int_equal(adversary_given(), 2);
}

static void test_reads_are_short(void **state)
{
    (void)state;
    serve_both("answer recv short 3\nanswer recv short 3\nsend(remote, \"abcdefghijkl\", 0)\n"
               "send(remote, \"x\", 0)\n",
               read_all, check_cut);
}

static void check_whole(void)
{
    assert_string_equal(seen, "abcdefghijkl|x|");
}

/* More than there is, nothing at all, and answers to other sockets change nothing. */
static void test_reads_that_cannot_be_short(void **state)
{
    (void)state;
    serve_both(
        "answer recv short 16\nanswer recv short 1\nanswer recv short 0\nanswer recv short 3 on 1\n"
        "answer send short 3\nsend(remote, \"abcdefghijkl\", 0)\nsend(remote, \"x\", 0)\n",
        read_all, check_whole);
}

static int look_first(int fd)
{
    char buffer[16];
    int available = 0;
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    poll(&ready, 1, -1);
    ioctl(fd, FIONREAD, &available);
    numbers[0] = available;
    see(buffer, recv(fd, buffer, sizeof buffer, 0));
    poll(&ready, 1, -1);
    see(buffer, recv(fd, buffer, sizeof buffer, MSG_PEEK));
    see(buffer, recv(fd, buffer, sizeof buffer, 0));
    see(buffer, recv(fd, buffer, 4, MSG_WAITALL));
    return 0;
}

static void check_looked(void)
{
    assert_int_equal(numbers[0], 12);
    assert_string_equal(seen, "abcdefghijkl|mnop|mnop|qrst|");
    assert_int_equal(adversary_given(), 0);
}

/* What the code has been shown to have arrived is there to be read. */
static void test_what_was_shown_is_there(void **state)
{
    (void)state;
    serve_both("answer recv short 3\nanswer recv short 2\nanswer recv short 3\n"
               "answer recv short 1\nsend(remote, \"abcdefghijkl\", 0)\n"
               "send(remote, \"mnop\", 0)\nsend(remote, \"qrst\", 0)\n",
               look_first, check_looked);
}

static int write_all(int fd)
{
    fcntl(fd, F_SETFL, O_NONBLOCK);
    numbers[0] = send(fd, "abcdef", 6, MSG_NOSIGNAL);
    numbers[1] = send(fd, "abcdef", 6, MSG_NOSIGNAL);
    numbers[2] = error_of(send(fd, "abcdef", 6, MSG_NOSIGNAL));
    numbers[3] = write(fd, "abcdef", 6);
    return 0;
}

static void check_written(void)
{
    assert_int_equal(numbers[0], 2);
    assert_int_equal(numbers[1], 6);
    assert_int_equal(numbers[2], EAGAIN);
    assert_int_equal(numbers[3], 6);
}

static void test_writes_are_short(void **state)
{
    (void)state;
    serve_both("answer send short 2\nanswer send short 6\nanswer send fail EAGAIN\n", write_all,
               check_written);
}

static int write_when_ready(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};

    fcntl(fd, F_SETFL, O_NONBLOCK);
    numbers[0] = send(fd, "abcdef", 6, MSG_NOSIGNAL);
    poll(&ready, 1, -1);
    numbers[1] = send(fd, "abcdef", 6, MSG_NOSIGNAL);
    return 0;
}

static void check_ready(void)
{
    assert_int_equal(numbers[0], 6);
    assert_int_equal(numbers[1], 6);
    assert_int_equal(adversary_given(), 0);
}

/* A first send finds room, and so does one after POLLOUT; one that waits has no EAGAIN. */
static void test_there_is_room(void **state)
{
    (void)state;
    serve_both("answer send fail EAGAIN\nanswer send fail EAGAIN\n", write_when_ready, check_ready);
}

/* What is left after a short read is another edge. */
static int follow_edges(int fd)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    int instance = epoll_create1(0);
    char buffer[16];

    fcntl(fd, F_SETFL, O_NONBLOCK);
    epoll_ctl(instance, EPOLL_CTL_ADD, fd, &event);
    for (unsigned i = 0; i < 3; i++) {
        numbers[i] = epoll_wait(instance, &event, 1, 10);
        if (numbers[i] == 1)
            see(buffer, recv(fd, buffer, sizeof buffer, 0));
    }
    return close(instance);
}

static void check_edges(void)
{
    assert_string_equal(seen, "ab|cde|");
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], 1);
    assert_int_equal(numbers[2], 0);
}

static void test_the_rest_is_an_edge(void **state)
{
    (void)state;
    serve_both("answer recv short 2\nsend(remote, \"abcde\", 0)\n"
               "poll([{remote, POLLPRI}], 1000)\n",
               follow_edges, check_edges);
}

/* --- interruptions --- */

static int be_interrupted(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char buffer[16];

    numbers[0] = error_of(recv(fd, buffer, sizeof buffer, 0));
    numbers[1] = error_of(poll(&ready, 1, -1));
    numbers[2] = poll(&ready, 1, 0);
    numbers[3] = poll(&ready, 1, -1);
    see(buffer, recv(fd, buffer, sizeof buffer, 0));
    fcntl(fd, F_SETFL, O_NONBLOCK);
    numbers[4] = error_of(recv(fd, buffer, sizeof buffer, 0));
    return 0;
}

static void check_interrupted(void)
{
    assert_int_equal(numbers[0], EINTR);
    assert_int_equal(numbers[1], EINTR);
    assert_int_equal(numbers[2], 0);
    assert_int_equal(numbers[3], 1);
    assert_string_equal(seen, "hi|");
    assert_int_equal(numbers[4], EAGAIN);
}

/* Only what waits is interrupted: not a look, not what is there, nothing that does not block. */
static void test_waits_are_interrupted(void **state)
{
    (void)state;
    serve_both("answer recv fail EINTR\nanswer recv fail EINTR\nanswer recv fail EINTR\n"
               "answer wait fail EINTR\nanswer wait fail EINTR\nsend(remote, \"hi\", 0)\n",
               be_interrupted, check_interrupted);
}

static void check_none(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 0);
    assert_int_equal(adversary_given(), 0);
}

static int only_read(int fd)
{
    char buffer[2];

    numbers[0] = error_of(recv(fd, buffer, 2, 0));
    see(buffer, 2);
    numbers[1] = error_of(recv(fd, buffer, 2, 0));
    return 0;
}

static void check_two(void)
{
    check_none();
    assert_string_equal(seen, "he|");
}

static void check_io(void)
{
    assert_string_equal(seen, "he|");
    assert_int_equal(adversary_given(), 1);
}

static void test_levels(void **state)
{
    static const char text[] = "answer recv short 1\nanswer recv fail EINTR\n"
                               "send(remote, \"hello\", 0)\n";

    (void)state;
    adversary_level(LEVEL_NONE);
    serve_both(text, only_read, check_two);
    adversary_level(LEVEL_IO);
    serve_both("answer recv fail EINTR\nanswer recv fail EINTR\nsend(remote, \"hello\", 0)\n",
               only_read, check_two);
    serve_both("answer recv fail EINTR\nanswer recv short 1\nsend(remote, \"hello\", 0)\n",
               only_read, check_io);
    adversary_level(LEVEL_FAULTS);
}

/* --- listeners --- */

static int listening(void)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(8080)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(8080)};
    int fd = socket(served_family, SOCK_STREAM | SOCK_NONBLOCK, 0);

    if (served_family == AF_INET)
        numbers[7] |= bind(fd, (struct sockaddr *)&in, sizeof in);
    else
        numbers[7] |= bind(fd, (struct sockaddr *)&in6, sizeof in6);
    listen(fd, 8);
    return fd;
}

static int accept_all(void *unused)
{
    int listener = listening();
    struct pollfd ready = {.fd = listener, .events = POLLIN};

    for (unsigned i = 0; i < 7; i++) {
        int fd;

        poll(&ready, 1, -1);
        fd = accept(listener, NULL, NULL);
        numbers[i] = fd < 0 ? errno : 0;
        close(fd);
    }
    return unused != NULL;
}

static void run_code(const char *text, int (*code)(void *), void (*check)(void))
{
    for (unsigned v6 = 0; v6 < 2; v6++) {
        served_parse_for(v6 ? AF_INET6 : AF_INET, text);
        interpose_code(code, NULL, &served_drill);
        check();
    }
}

static void check_accepted(void)
{
    static const int errors[7] = {EAGAIN, ECONNABORTED, ENFILE, ENOMEM, 0, ENOBUFS, 0};

    for (unsigned i = 0; i < 7; i++)
        assert_int_equal(numbers[i], errors[i]);
}

static void test_accept_fails(void **state)
{
    (void)state;
    run_code("answer accept lost\nanswer accept fail ECONNABORTED\nanswer accept fail ENFILE\n"
             "answer accept fail ENOMEM\nanswer accept number 700\nanswer accept fail ENOBUFS\n"
             "send(remote, \"a\", 0)\nclose(remote)\nsend(remote, \"b\", 0)\nclose(remote)\n"
             "send(remote, \"c\", 0)\nclose(remote)\nsend(remote, \"d\", 0)\n",
             accept_all, check_accepted);
}

static int accept_again(void *unused)
{
    int listener = listening();
    struct pollfd ready = {.fd = listener, .events = POLLIN};
    int spare = socket(served_family, SOCK_DGRAM, 0);
    int fd;

    poll(&ready, 1, -1);
    for (numbers[0] = 0; numbers[0] < 50 && accept(listener, NULL, NULL) < 0 && errno == EMFILE;)
        numbers[0]++;
    numbers[1] = error_of(socket(served_family, SOCK_STREAM, 0));
    close(spare);
    fd = accept(listener, NULL, NULL);
    numbers[2] = fd;
    numbers[3] = error_of(socket(served_family, SOCK_STREAM, 0));
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    numbers[4] = error_of(socket(served_family, SOCK_STREAM, 0));
    return unused != NULL;
}

static void check_again(void)
{
    assert_int_equal(numbers[0], 50);
    assert_int_equal(numbers[1], EMFILE);
    assert_int_equal(numbers[2], 1500);
    assert_int_equal(numbers[3], EMFILE);
    assert_int_equal(numbers[4], 0);
}

/* There are no descriptors until one is closed, or time has passed. Others have the low numbers. */
static void test_descriptors_are_exhausted(void **state)
{
    (void)state;
    run_code("answer accept fail EMFILE\nanswer accept number 1500\n"
             "answer socket number 0\nanswer socket number 0\n"
             "answer socket fail EMFILE\nsend(remote, \"a\", 0)\n",
             accept_again, check_again);
}

/* --- datagrams --- */

static int receive_two(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char buffer[8];

    numbers[0] = poll(&ready, 1, -1);
    numbers[1] = error_of(recv(fd, buffer, sizeof buffer, MSG_DONTWAIT));
    see(buffer, recv(fd, buffer, sizeof buffer, 0));
    poll(NULL, 0, 5);
    see(buffer, recv(fd, buffer, sizeof buffer, 0));
    return 0;
}

static void check_lost(void)
{
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], EAGAIN);
    assert_string_equal(seen, "two|four|");
}

static void test_datagrams_are_lost(void **state)
{
    (void)state;
    for (unsigned v6 = 0; v6 < 2; v6++) {
        served_parse("answer recv lost\nanswer recv short 1\nanswer recv lost\n"
                     "send(remote, \"one\", 0)\nsend(remote, \"two\", 0)\n"
                     "poll([{remote, POLLPRI}], 1)\nsend(remote, \"three\", 0)\n"
                     "send(remote, \"four\", 0)\n");
        interpose_receive(receive_two, &served_drill, v6 ? AF_INET6 : AF_INET);
        check_lost();
    }
}

/* --- connects --- */

static int connect_thrice(const struct sockaddr *server, socklen_t size)
{
    int fd = socket(server->sa_family, SOCK_STREAM, 0);
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    struct timespec before;
    struct timespec after;
    char buffer[8];
    socklen_t length = sizeof(int);
    int error = -1;

    numbers[0] = error_of(connect(fd, server, size));
    clock_gettime(CLOCK_MONOTONIC, &before);
    numbers[1] = error_of(connect(fd, server, size));
    clock_gettime(CLOCK_MONOTONIC, &after);
    numbers[2] = after.tv_sec - before.tv_sec;
    numbers[3] = error_of(connect(fd, server, size));
    numbers[4] = poll(&ready, 1, -1);
    numbers[5] = getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
    numbers[6] = error;
    see(buffer, recv(fd, buffer, sizeof buffer, 0));
    return 0;
}

static void check_connected(void)
{
    assert_int_equal(numbers[0], ENETUNREACH);
    assert_int_equal(numbers[1], ETIMEDOUT);
    assert_int_equal(numbers[2], 127);
    assert_int_equal(numbers[3], EINTR);
    assert_int_equal(numbers[4], 1);
    assert_int_equal(numbers[5], 0);
    assert_int_equal(numbers[6], 0);
    assert_string_equal(seen, "hi|");
}

/* An interrupted connect goes on. */
static void test_connects_fail(void **state)
{
    (void)state;
    for (unsigned v6 = 0; v6 < 2; v6++) {
        served_parse("answer connect fail ENETUNREACH\nanswer connect fail ETIMEDOUT\n"
                     "answer connect fail EINTR\nsend(remote, \"hi\", 0)\n");
        interpose_client(PEER_LISTENS, connect_thrice, &served_drill, v6 ? AF_INET6 : AF_INET);
        check_connected();
    }
}

CHECK_MAIN(cmocka_unit_test(test_reads_are_short),
           cmocka_unit_test(test_reads_that_cannot_be_short),
           cmocka_unit_test(test_what_was_shown_is_there), cmocka_unit_test(test_writes_are_short),
           cmocka_unit_test(test_there_is_room), cmocka_unit_test(test_the_rest_is_an_edge),
           cmocka_unit_test(test_waits_are_interrupted), cmocka_unit_test(test_levels),
           cmocka_unit_test(test_accept_fails), cmocka_unit_test(test_descriptors_are_exhausted),
           cmocka_unit_test(test_datagrams_are_lost), cmocka_unit_test(test_connects_fail))
