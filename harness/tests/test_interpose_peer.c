/* test_interpose_peer: the remote as client, server and both, over streams and datagrams. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "interpose/run.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

/* Runs the code over both families and checks each time. */
static void run_code(const char *text, int (*code)(void *), void (*check)(void))
{
    for (unsigned v6 = 0; v6 < 2; v6++) {
        served_parse_for(v6 ? AF_INET6 : AF_INET, text);
        numbers[7] = interpose_code(code, NULL, &served_drill);
        check();
    }
}

static void run_client(enum peer kind, const char *text,
                       int (*client)(const struct sockaddr *, socklen_t), void (*check)(void))
{
    for (unsigned v6 = 0; v6 < 2; v6++) {
        served_parse_for(v6 ? AF_INET6 : AF_INET, text);
        interpose_client(kind, client, &served_drill, served_family);
        check();
    }
}

static void run_receiver(const char *text, int (*receiver)(int), void (*check)(void))
{
    for (unsigned v6 = 0; v6 < 2; v6++) {
        served_parse_for(v6 ? AF_INET6 : AF_INET, text);
        interpose_receive(receiver, &served_drill, served_family);
        check();
    }
}

static socklen_t name_of(unsigned short port, struct sockaddr_storage *name)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in6.sin6_addr = in6addr_loopback;
    if (served_family == AF_INET)
        memcpy(name, &in, sizeof in);
    else
        memcpy(name, &in6, sizeof in6);
    return served_family == AF_INET ? sizeof in : sizeof in6;
}

static int socket_on(int type, unsigned short port)
{
    struct sockaddr_storage name;
    socklen_t size = name_of(port, &name);
    int fd = socket(served_family, type, 0);

    numbers[6] |= bind(fd, (struct sockaddr *)&name, size);
    if (type == SOCK_STREAM)
        listen(fd, 8);
    return fd;
}

/* Reads to the end. */
static void see_all(int fd)
{
    char buffer[32];
    ssize_t size;

    while ((size = recv(fd, buffer, sizeof buffer, 0)) > 0)
        see(buffer, size);
    numbers[0] = size;
}

/* --- clients over streams --- */

static int connect_once(const struct sockaddr *server, socklen_t size)
{
    int fd = socket(server->sa_family, SOCK_STREAM, 0);

    numbers[1] = connect(fd, server, size);
    numbers[2] = send(fd, "question", 8, MSG_NOSIGNAL);
    see_all(fd);
    return close(fd);
}

static void check_answered(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 0);
    assert_int_equal(numbers[2], 8);
    assert_string_equal(seen, "answer|and more|");
}

static void test_a_client_is_answered(void **state)
{
    (void)state;
    run_client(PEER_LISTENS, "send(remote, \"answer\", 0)\nsend(remote, \"and more\", 0)\n",
               connect_once, check_answered);
    run_client(PEER_LISTENS,
               "recv(remote, 8, 0)\nsend(remote, \"answer\", 0)\nsend(remote, \"and more\", 0)\n",
               connect_once, check_answered);
}

/* Bytes that are no drill are what the remote sends. */
static void test_bytes_are_what_a_server_sends(void **state)
{
    static const uint8_t bytes[] = "answer";
    static struct drill drill;

    (void)state;
    memset(seen, 0, sizeof seen);
    drill_decode(&drill, bytes, sizeof bytes - 1, &drill_rules_remote);
    interpose_client(PEER_LISTENS, connect_once, &drill, AF_INET6);
    assert_string_equal(seen, "answer|");
}

static int connect_twice(const struct sockaddr *server, socklen_t size)
{
    connect_once(server, size);
    poll(NULL, 0, 500);
    return connect_once(server, size);
}

static void check_twice(void)
{
    assert_string_equal(seen, "first|second|");
}

/* What is said to a connection that is not there yet waits for it. */
static void test_a_client_comes_again(void **state)
{
    (void)state;
    run_client(PEER_LISTENS,
               "send(remote, \"first\", 0)\nclose(remote)\nsend(remote, \"second\", 0)\n",
               connect_twice, check_twice);
}

static int connect_two(const struct sockaddr *server, socklen_t size)
{
    struct pollfd both[2] = {{.events = POLLIN}, {.events = POLLIN}};
    char buffer[16];

    for (unsigned i = 0; i < 2; i++) {
        both[i].fd = socket(server->sa_family, SOCK_STREAM, 0);
        numbers[6] |= connect(both[i].fd, server, size);
        poll(NULL, 0, 1);
    }
    while (numbers[0] < 4 && poll(both, 2, -1) > 0)
        for (unsigned i = 0; i < 2; i++)
            if (both[i].revents != 0) {
                see(i == 0 ? "0" : "1", 1);
                see(buffer, recv(both[i].fd, buffer, sizeof buffer, 0));
                numbers[0]++;
            }
    return 0;
}

static void check_two(void)
{
    assert_int_equal(numbers[6], 0);
    assert_string_equal(seen, "1|b|0|a|1|d|0|c|");
}

static void test_two_connections_by_turns(void **state)
{
    (void)state;
    run_client(PEER_LISTENS,
               "a = dup(remote)\npoll([{remote, POLLPRI}], 3)\nsend(remote, \"b\", 0)\n"
               "send(a, \"a\", 0)\nsend(remote, \"d\", 0)\nsend(a, \"c\", 0)\n",
               connect_two, check_two);
}

/* A drill that ends leaves nobody to connect to. */
static int connect_for_ever(const struct sockaddr *server, socklen_t size)
{
    for (;;) {
        int fd = socket(server->sa_family, SOCK_STREAM, 0);

        if (fd < 0)
            return fd;
        if (connect(fd, server, size) != 0)
            numbers[1]++;
        see_all(fd);
        close(fd);
        sleep(1);
        numbers[2]++;
    }
}

static void check_gave_up(void)
{
    assert_string_equal(seen, "one|");
    assert_in_range(numbers[1], 90, 200);
    assert_in_range(numbers[2], 90, 200);
}

static void test_a_client_that_never_gives_up_is_left(void **state)
{
    (void)state;
    run_client(PEER_LISTENS, "send(remote, \"one\", 0)\n", connect_for_ever, check_gave_up);
}

/* --- a drill with a listener of its own --- */

static int come_late(void *unused)
{
    struct sockaddr_storage name;
    socklen_t size = name_of(20001, &name);
    int fd = socket(served_family, SOCK_STREAM, 0);

    sleep(3);
    numbers[1] = connect(fd, (struct sockaddr *)&name, size);
    see_all(fd);
    return unused != NULL;
}

static void check_late(void)
{
    assert_int_equal(numbers[1], 0);
    assert_string_equal(seen, "hi|");
    assert_int_equal(numbers[7], true);
}

static void test_a_listener_waits(void **state)
{
    (void)state;
    run_code("l = socket(AF_INET, SOCK_STREAM, 0)\nbind(l, 127.0.0.1:20001)\nlisten(l, 1)\n"
             "s = accept(l)\nsend(s, \"hi\", 0)\nclose(s)\n",
             come_late, check_late);
}

/* --- servers that make their sockets themselves --- */

static int serve_for_ever(void *unused)
{
    int listener = socket_on(SOCK_STREAM, 8080);

    for (;;) {
        int fd = accept(listener, NULL, NULL);

        numbers[1]++;
        see_all(fd);
        send(fd, "bye", 3, MSG_NOSIGNAL);
        close(fd);
    }
    return unused != NULL;
}

static void check_served(void)
{
    assert_string_equal(seen, "one|three|two|");
    assert_int_equal(numbers[1], 3);
    assert_int_equal(numbers[6], 0);
    assert_int_equal(numbers[7], false);
}

/* The remote finds the server, comes again, and brings another. */
static void test_a_server_is_found(void **state)
{
    (void)state;
    run_code("send(remote, \"one\", 0)\na = socket(AF_INET, SOCK_STREAM, 0)\n"
             "connect(a, peer(remote))\nsend(a, \"three\", 0)\nclose(remote)\n"
             "send(remote, \"two\", 0)\nclose(remote)\nclose(a)\n",
             serve_for_ever, check_served);
}

/* --- code that is both --- */

/* Takes one connection, and passes it on to another, which it makes itself. */
static int pass_on(void *unused)
{
    int listener = socket_on(SOCK_STREAM, 8081);
    int client = accept(listener, NULL, NULL);
    int server = socket(served_family, SOCK_STREAM, 0);
    struct pollfd both[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    struct sockaddr_storage name;
    socklen_t size = name_of(20002, &name);

    numbers[1] = connect(server, (struct sockaddr *)&name, size);
    for (;;) {
        poll(both, 2, -1);
        for (unsigned i = 0; i < 2; i++) {
            char buffer[16];
            ssize_t got = both[i].revents ? recv(both[i].fd, buffer, sizeof buffer, 0) : -1;

            if (got == 0)
                return unused != NULL;
            if (got > 0) {
                see(buffer, got);
                send(both[1 - i].fd, buffer, (size_t)got, MSG_NOSIGNAL);
            }
        }
    }
}

static void check_passed(void)
{
    assert_int_equal(numbers[1], 0);
    assert_string_equal(seen, "ask|tell|ask more|");
    assert_int_equal(numbers[7], true);
}

static void test_code_is_both(void **state)
{
    (void)state;
    run_code("l = socket(AF_INET, SOCK_STREAM, 0)\nbind(l, 127.0.0.1:20002)\nlisten(l, 1)\n"
             "send(remote, \"ask\", 0)\ns = accept(l)\nrecv(s, 3, 0)\nsend(s, \"tell\", 0)\n"
             "recv(remote, 4, 0)\nsend(remote, \"ask more\", 0)\nrecv(s, 8, 0)\nclose(s)\n",
             pass_on, check_passed);
}

/* --- datagrams --- */

static int answer_all(int fd)
{
    unsigned short ports[4] = {0};

    for (;;) {
        struct sockaddr_storage from;
        socklen_t size = sizeof from;
        char buffer[16];
        ssize_t got = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &size);

        if (got < 0)
            return -1;
        see(buffer, got);
        if (numbers[0] < 4)
            memcpy(&ports[numbers[0]], (char *)&from + 2, 2); /* sin_port and sin6_port */
        numbers[0]++;
        numbers[1] = ports[0] == ports[2];
        numbers[2] = ports[0] != ports[1];
        numbers[3] = sendto(fd, buffer, (size_t)got, 0, (struct sockaddr *)&from, size);
    }
}

static void check_all_answered(void)
{
    assert_string_equal(seen, "one|two|three|");
    assert_int_equal(numbers[0], 3);
    assert_true(numbers[1]);
    assert_true(numbers[2]);
    assert_int_equal(numbers[3], 5);
}

static void test_peers_of_a_receiver(void **state)
{
    (void)state;
    run_receiver("b = socket(AF_INET, SOCK_DGRAM, 0)\nsend(remote, \"one\", 0)\n"
                 "sendto(b, \"two\", 0, peer(remote))\nsend(remote, \"three\", 0)\n",
                 answer_all, check_all_answered);
}

/* Asks from a new socket each time, and waits a second for an answer. */
static int ask_again(const struct sockaddr *server, socklen_t size)
{
    for (unsigned i = 0; i < 4; i++) {
        int fd = socket(server->sa_family, SOCK_DGRAM, 0);
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        char buffer[16];

        numbers[0]++;
        numbers[1] = sendto(fd, "who", 3, 0, server, size);
        if (poll(&ready, 1, 1000) == 1) {
            see(buffer, recv(fd, buffer, sizeof buffer, 0));
            return close(fd);
        }
        close(fd);
    }
    return -1;
}

static void check_asked_again(void)
{
    assert_int_equal(numbers[0], 3);
    assert_int_equal(numbers[1], 3);
    assert_string_equal(seen, "me|");
}

/* The remote is silent for two and a half seconds. */
static void test_a_datagram_client_asks_again(void **state)
{
    (void)state;
    run_client(PEER_ANSWERS, "poll([{remote, POLLPRI}], 2500)\nsend(remote, \"me\", 0)\n",
               ask_again, check_asked_again);
    run_client(PEER_ANSWERS,
               "poll([{remote, POLLPRI}], 2500)\nrecv(remote, 16, 0)\nrecv(remote, 16, 0)\n"
               "recv(remote, 16, 0)\nsend(remote, \"me\", 0)\n",
               ask_again, check_asked_again);
}

static int tell_for_ever(const struct sockaddr *server, socklen_t size)
{
    int fd = socket(server->sa_family, SOCK_DGRAM, 0);

    for (;;) {
        if (fd < 0)
            return fd;
        sendto(fd, "tick", 4, 0, server, size);
        sleep(1);
        numbers[0]++;
    }
}

static void check_told(void)
{
    assert_in_range(numbers[0], 90, 2000);
}

static void test_who_tells_nobody_is_left(void **state)
{
    (void)state;
    run_client(PEER_ANSWERS, "", tell_for_ever, check_told);
}

static int receive_as_server(void *unused)
{
    (void)unused;
    return answer_all(socket_on(SOCK_DGRAM, 5353));
}

static void test_a_datagram_server_is_found(void **state)
{
    (void)state;
    run_code("b = socket(AF_INET, SOCK_DGRAM, 0)\nsend(remote, \"one\", 0)\n"
             "sendto(b, \"two\", 0, peer(remote))\nsend(remote, \"three\", 0)\n",
             receive_as_server, check_all_answered);
}

/* --- the end --- */

static int leave_process(void *unused)
{
    numbers[1] = socket_on(SOCK_STREAM, 8082);
    (void)unused;
    exit(3);
}

static void check_left(void)
{
    assert_true(numbers[1] > 0);
    assert_int_equal(numbers[7], false);
}

static void test_exit_ends_the_run(void **state)
{
    (void)state;
    run_code("", leave_process, check_left);
}

/* What is ready is looked at, and nothing done. */
static int only_look(void *unused)
{
    int fd = socket_on(SOCK_DGRAM, 5354);
    struct pollfd ready = {.fd = fd, .events = POLLIN | POLLOUT};

    while (poll(&ready, 1, -1) == 1)
        numbers[0]++;
    return unused != NULL;
}

static int look_in_child(void *unused)
{
    (void)unused;
    interpose_code(only_look, NULL, &served_drill);
    return 0;
}

static void test_who_only_looks_is_found(void **state)
{
    struct check_end end;

    (void)state;
    served_parse_for(AF_INET, "");
    end = check_child(look_in_child, NULL, 60);
    assert_true(check_died(&end));
    assert_non_null(strstr(end.said, "the code under test spins"));
    free(end.said);
}

CHECK_MAIN(cmocka_unit_test(test_a_client_is_answered),
           cmocka_unit_test(test_bytes_are_what_a_server_sends),
           cmocka_unit_test(test_a_client_comes_again),
           cmocka_unit_test(test_two_connections_by_turns),
           cmocka_unit_test(test_a_client_that_never_gives_up_is_left),
           cmocka_unit_test(test_a_listener_waits), cmocka_unit_test(test_a_server_is_found),
           cmocka_unit_test(test_code_is_both), cmocka_unit_test(test_peers_of_a_receiver),
           cmocka_unit_test(test_a_datagram_client_asks_again),
           cmocka_unit_test(test_who_tells_nobody_is_left),
           cmocka_unit_test(test_a_datagram_server_is_found),
           cmocka_unit_test(test_exit_ends_the_run), cmocka_unit_test(test_who_only_looks_is_found))
