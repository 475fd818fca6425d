/*
 * test_interpose_files: code under test treats sockets as files, and sends files and many messages.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "interpose/run.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

static socklen_t loopback(int family, struct sockaddr_storage *name)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};

    memset(name, 0, sizeof *name);
    if (family == AF_INET)
        memcpy(name, &in, sizeof in);
    else
        memcpy(name, &in6, sizeof in6);
    return family == AF_INET ? sizeof in : sizeof in6;
}

/* The family of the descriptor that a server was given. */
static int family_of(int fd)
{
    struct sockaddr_storage name = {.ss_family = AF_UNSPEC};
    socklen_t length = sizeof name;

    getsockname(fd, (struct sockaddr *)&name, &length);
    return name.ss_family;
}

/* Both ends of a connection that code under test has with itself. */
static void connect_to_itself(int family, int ends[2])
{
    struct sockaddr_storage name;
    socklen_t length = loopback(family, &name);
    int listener = socket(family, SOCK_STREAM, 0);

    ends[0] = socket(family, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&name, length) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr *)&name, &length) != 0 ||
        connect(ends[0], (struct sockaddr *)&name, length) != 0)
        abort();
    ends[1] = accept(listener, NULL, NULL);
    close(listener);
}

/* A bound datagram socket, and its name. */
static int datagrams(int family, struct sockaddr_storage *name, socklen_t *length)
{
    int fd = socket(family, SOCK_DGRAM, 0);

    *length = loopback(family, name);
    if (bind(fd, (struct sockaddr *)name, *length) != 0 ||
        getsockname(fd, (struct sockaddr *)name, length) != 0)
        abort();
    return fd;
}

/* --- many messages --- */

enum { MESSAGES = 6 }; /* more than one request of the model has */

static int send_many(int fd)
{
    struct sockaddr_storage names[2];
    socklen_t length;
    int receivers[2];
    struct iovec parts[MESSAGES][2];
    struct mmsghdr messages[MESSAGES];
    char letters[] = "abcdef";
    char digits[] = "123456";
    char buffer[8];

    for (unsigned i = 0; i < 2; i++)
        receivers[i] = datagrams(family_of(fd), &names[i], &length);
    memset(messages, 0, sizeof messages);
    for (unsigned i = 0; i < MESSAGES; i++) {
        parts[i][0] = (struct iovec){&letters[i], 1};
        parts[i][1] = (struct iovec){&digits[i], 1};
        messages[i].msg_hdr = (struct msghdr){.msg_name = &names[i % 2],
                                              .msg_namelen = length,
                                              .msg_iov = parts[i],
                                              .msg_iovlen = 1 + i % 2};
    }
    numbers[0] = sendmmsg(receivers[0], messages, MESSAGES, 0);
    numbers[1] = messages[0].msg_len + 10 * messages[1].msg_len;
    for (unsigned i = 0; i < MESSAGES; i++)
        see(buffer, recv(receivers[i % 2], buffer, sizeof buffer, MSG_DONTWAIT));
    numbers[2] = recv(receivers[0], buffer, sizeof buffer, MSG_DONTWAIT);
    return 0;
}

/* As few as one request could have, and alike but for where they go. */
static int send_to_two(int fd)
{
    struct sockaddr_storage names[2];
    socklen_t length;
    int receivers[2];
    char letter = 'x';
    struct iovec part = {&letter, 1};
    struct mmsghdr messages[2];
    char buffer[8];

    memset(messages, 0, sizeof messages);
    for (unsigned i = 0; i < 2; i++) {
        receivers[i] = datagrams(family_of(fd), &names[i], &length);
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &names[i], .msg_namelen = length, .msg_iov = &part, .msg_iovlen = 1};
    }
    numbers[0] = sendmmsg(receivers[0], messages, 2, 0);
    for (unsigned i = 0; i < 2; i++)
        see(buffer, recv(receivers[i], buffer, sizeof buffer, MSG_DONTWAIT));
    return 0;
}

static void check_sent_to_two(void)
{
    assert_int_equal(numbers[0], 2);
    assert_string_equal(seen, "x|x|");
}

static void check_sent_many(void)
{
    assert_int_equal(numbers[0], MESSAGES);
    assert_int_equal(numbers[1], 21);
    assert_string_equal(seen, "a|b2|c|d4|e|f6|");
    assert_int_equal(numbers[2], -1);
}

/* Each to a place of its own, and of its own parts. */
static void test_many_messages_are_sent(void **state)
{
    (void)state;
    serve_both("", send_many, check_sent_many);
    serve_both("", send_to_two, check_sent_to_two);
}

static int receive_many(int fd)
{
    char buffers[MESSAGES][4];
    struct iovec parts[MESSAGES];
    struct mmsghdr messages[MESSAGES];
    struct timespec limit = {.tv_nsec = 1};

    memset(messages, 0, sizeof messages);
    for (unsigned i = 0; i < MESSAGES; i++) {
        parts[i] = (struct iovec){buffers[i], sizeof buffers[i]};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    numbers[0] = recvmmsg(fd, messages, 2, 0, NULL); /* waits for both */
    for (unsigned i = 0; i < 2; i++)
        see(buffers[i], messages[i].msg_len);
    numbers[1] = recvmmsg(fd, messages, MESSAGES, MSG_WAITFORONE, NULL);
    see(buffers[0], messages[0].msg_len);
    numbers[2] = recvmmsg(fd, messages, MESSAGES, 0, &limit);
    see(buffers[0], messages[0].msg_len);
    numbers[3] = limit.tv_sec + limit.tv_nsec;
    limit.tv_nsec = -1;
    numbers[4] = recvmmsg(fd, messages, MESSAGES, 0, &limit) < 0 ? errno : 0;
    return 0;
}

static void check_received_many(void)
{
    assert_int_equal(numbers[0], 2);
    assert_int_equal(numbers[1], 1);
    assert_int_equal(numbers[2], 1);
    assert_int_equal(numbers[3], 0);
    assert_int_equal(numbers[4], EINVAL);
    assert_string_equal(seen, "a|b|c|d|");
}

static void test_many_messages_are_received(void **state)
{
    (void)state;
    serve_both("send(remote, \"a\", 0)\nsend(remote, \"b\", 0)\nsend(remote, \"c\", 0)\n"
               "send(remote, \"d\", 0)\n",
               receive_many, check_received_many);
}

/* --- files --- */

static int file_of(const char *text)
{
    int file = memfd_create("text", MFD_CLOEXEC);

    write(file, text, strlen(text));
    lseek(file, 0, SEEK_SET);
    return file;
}

static int send_files(int fd)
{
    int file = file_of("0123456789");
    int ends[2];
    char buffer[16];
    off_t from = 7;

    connect_to_itself(family_of(fd), ends);
    numbers[0] = sendfile(ends[0], file, NULL, 4);
    numbers[1] = lseek(file, 0, SEEK_CUR);
    numbers[2] = sendfile(ends[0], file, &from, 100);
    numbers[3] = from;
    numbers[4] = lseek(file, 0, SEEK_CUR);
    see(buffer, recv(ends[1], buffer, sizeof buffer, 0));
    numbers[5] = sendfile(file, ends[0], NULL, 1) < 0 ? errno : 0;
    numbers[6] = sendfile(ends[0], ends[1], NULL, 1) < 0 ? errno : 0;
    close(file);
    return 0;
}

static void check_sent_files(void)
{
    assert_int_equal(numbers[0], 4);
    assert_int_equal(numbers[1], 4);
    assert_int_equal(numbers[2], 3);
    assert_int_equal(numbers[3], 10);
    assert_int_equal(numbers[4], 4);
    assert_string_equal(seen, "0123789|");
    assert_int_equal(numbers[5], EINVAL);
    assert_int_equal(numbers[6], EINVAL);
}

static void test_a_file_is_sent(void **state)
{
    unsigned before = check_descriptors();

    (void)state;
    serve_both("", send_files, check_sent_files);
    assert_int_equal(check_descriptors(), before);
}

/* In many portions. */
static int send_large_file(int fd)
{
    enum { BLOCKS = 40 };
    static char block[10000];
    int file = memfd_create("large", MFD_CLOEXEC);
    int ends[2];
    ssize_t size;

    for (int i = 0; i < BLOCKS; i++)
        write(file, memset(block, 'a' + i, sizeof block), sizeof block);
    connect_to_itself(family_of(fd), ends);
    lseek(file, 0, SEEK_SET);
    numbers[0] = sendfile(ends[0], file, NULL, (size_t)(BLOCKS + 1) * sizeof block);
    numbers[1] = sendfile(ends[0], file, NULL, 1);
    close(ends[0]);
    while ((size = recv(ends[1], block, sizeof block, MSG_WAITALL)) > 0)
        numbers[3] += block[0] == (char)('a' + numbers[2]++) && block[0] == block[size - 1];
    close(file);
    return 0;
}

static void check_sent_large_file(void)
{
    assert_int_equal(numbers[0], 400000);
    assert_int_equal(numbers[1], 0);
    assert_int_equal(numbers[2], 40);
    assert_int_equal(numbers[3], 40);
}

static void test_a_large_file_is_sent(void **state)
{
    (void)state;
    serve_both("", send_large_file, check_sent_large_file);
}

static int splice_both_ways(int fd)
{
    int ends[2];
    int pipes[2];
    char buffer[16];
    off64_t offset = 0;

    connect_to_itself(family_of(fd), ends);
    if (pipe(pipes) != 0)
        return -1;
    numbers[0] = splice(fd, NULL, pipes[1], NULL, 100, 0);
    see(buffer, read(pipes[0], buffer, sizeof buffer));
    write(pipes[1], "through", 7);
    numbers[1] = splice(pipes[0], NULL, ends[0], NULL, 4, 0);
    see(buffer, recv(ends[1], buffer, sizeof buffer, 0));
    see(buffer, read(pipes[0], buffer, sizeof buffer));
    numbers[2] = splice(pipes[0], NULL, ends[0], NULL, 4, SPLICE_F_NONBLOCK) < 0 ? errno : 0;
    numbers[3] = splice(ends[0], NULL, ends[1], NULL, 4, 0) < 0 ? errno : 0;
    numbers[4] = splice(ends[0], &offset, pipes[1], NULL, 4, 0) < 0 ? errno : 0;
    numbers[5] = tee(ends[0], pipes[1], 4, 0) < 0 ? errno : 0;
    close(pipes[0]);
    close(pipes[1]);
    return 0;
}

static void check_spliced(void)
{
    assert_int_equal(numbers[0], 2);
    assert_int_equal(numbers[1], 4);
    assert_string_equal(seen, "hi|thro|ugh|");
    assert_int_equal(numbers[2], EAGAIN);
    assert_int_equal(numbers[3], EINVAL);
    assert_int_equal(numbers[4], EINVAL);
    assert_int_equal(numbers[5], EINVAL);
}

static void test_splice_through_a_pipe(void **state)
{
    unsigned before = check_descriptors();

    (void)state;
    serve_both("send(remote, \"hi\", 0)\n", splice_both_ways, check_spliced);
    assert_int_equal(check_descriptors(), before);
}

/* --- what kind of file --- */

static int look_at_kind(int fd)
{
    struct stat status = {.st_mode = 0};
    int instance = epoll_create1(0);

    numbers[0] = fstat(fd, &status);
    numbers[1] = S_ISSOCK(status.st_mode);
    numbers[2] = isatty(fd) == 0 ? errno : 0;
    numbers[3] = isfdtype(fd, S_IFSOCK);
    numbers[4] = fstat(instance, &status) | S_ISSOCK(status.st_mode);
    numbers[5] = isfdtype(STDIN_FILENO, S_IFSOCK);
    numbers[6] = sockatmark(fd);
    return 0;
}

static void check_kind(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 1);
    assert_int_equal(numbers[2], ENOTTY);
    assert_int_equal(numbers[3], 1);
    assert_int_equal(numbers[4], 0);
    assert_int_equal(numbers[5], 0);
    assert_int_equal(numbers[6], 0);
}

static void test_what_kind_of_file_it_is(void **state)
{
    (void)state;
    serve_both("", look_at_kind, check_kind);
}

static int use_streams(int fd)
{
    int ends[2];
    FILE *in;
    FILE *out;
    char line[16];

    connect_to_itself(family_of(fd), ends);
    in = fdopen(ends[1], "r");
    out = fdopen(ends[0], "w");
    numbers[0] = fileno(in) == ends[1];
    fprintf(out, "one %d\n", 1);
    fflush(out);
    numbers[1] = dprintf(ends[0], "two %s\n", "2");
    for (int i = 0; i < 2; i++)
        if (fgets(line, sizeof line, in) != NULL)
            see(line, (ssize_t)strlen(line));
    fclose(out);
    numbers[2] = fgetc(in);
    numbers[3] = feof(in) != 0;
    fclose(in);
    numbers[4] = close(ends[1]) < 0 ? errno : 0;
    numbers[5] = fdopen(fd, "?") == NULL ? errno : 0;
    return 0;
}

static void check_streams(void)
{
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], 6);
    assert_string_equal(seen, "one 1\n|two 2\n|");
    assert_int_equal(numbers[2], EOF);
    assert_int_equal(numbers[3], 1);
    assert_int_equal(numbers[4], EBADF);
    assert_int_equal(numbers[5], EINVAL);
}

static void test_streams(void **state)
{
    (void)state;
    serve_both("", use_streams, check_streams);
}

/* --- closing many --- */

static int close_all(int fd)
{
    int others[3];

    for (unsigned i = 0; i < 3; i++)
        others[i] = socket(AF_INET, SOCK_DGRAM, 0);
    numbers[0] = close_range((unsigned)others[0], (unsigned)others[1], 0);
    numbers[1] = fcntl(others[1], F_GETFD) < 0 ? errno : 0;
    numbers[2] = fcntl(others[2], F_GETFD);
    numbers[3] = close_range((unsigned)others[2], (unsigned)others[2], CLOSE_RANGE_CLOEXEC);
    numbers[4] = fcntl(others[2], F_GETFD);
    closefrom(EMULATED_MIN);
    numbers[5] = fcntl(fd, F_GETFD) < 0 ? errno : 0;
    numbers[6] = close_range(2, 1, 0) < 0 ? errno : 0;
    return 0;
}

static void check_closed(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], EBADF);
    assert_int_equal(numbers[2], 0);
    assert_int_equal(numbers[3], 0);
    assert_int_equal(numbers[4], FD_CLOEXEC);
    assert_int_equal(numbers[5], EBADF);
    assert_int_equal(numbers[6], EINVAL);
}

static void test_ranges_are_closed(void **state)
{
    (void)state;
    serve_both("", close_all, check_closed);
}

/* AFL++'s two descriptors are not code under test's to close, and all others above are. */
static int close_engine(int fd)
{
    numbers[0] = dup2(STDIN_FILENO, 198);
    numbers[1] = dup2(STDIN_FILENO, 200);
    numbers[2] = close_range(198, 400, 0);
    numbers[3] = fcntl(198, F_GETFD);
    numbers[4] = fcntl(200, F_GETFD) < 0 ? errno : 0;
    close(198);
    return fd;
}

static void check_engine(void)
{
    assert_int_equal(numbers[2], 0);
    assert_int_equal(numbers[3], 0);
    assert_int_equal(numbers[4], EBADF);
}

static void test_the_engine_keeps_its_descriptors(void **state)
{
    (void)state;
    serve_both("", close_engine, check_engine);
}

CHECK_MAIN(cmocka_unit_test(test_many_messages_are_sent),
           cmocka_unit_test(test_many_messages_are_received), cmocka_unit_test(test_a_file_is_sent),
           cmocka_unit_test(test_a_large_file_is_sent),
           cmocka_unit_test(test_splice_through_a_pipe),
           cmocka_unit_test(test_what_kind_of_file_it_is), cmocka_unit_test(test_streams),
           cmocka_unit_test(test_ranges_are_closed),
           cmocka_unit_test(test_the_engine_keeps_its_descriptors))
