/*
 * test_oracle: what the oracle says of requests and outcomes written by hand: those that conform,
 * and those that were made wrong on purpose. No stack is called.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "oracle/oracle.h"
#include "tests/support/check.h"

enum { SETTLE_MS = 200, PORT_LISTENER = 40001, PORT_CLIENT = 40002, L = 3, C = 4, S = 5 };
enum { M = L + 1, CLIENTS = 8 }; /* a second listener, and who connects */

static struct oracle oracle;
static struct request request;
static struct outcome outcome;
static struct sockaddr_in named;
static struct pollfd entry;

static int set_up(void **state)
{
    (void)state;
    oracle_init(&oracle, &profile_linux, SETTLE_MS);
    return 0;
}

/* --- requests and outcomes --- */

static enum judgement judge(int64_t result, int error)
{
    outcome.result = result;
    outcome.error = error;
    return oracle_judge(&oracle, &request, &outcome);
}

static void ask(enum op op, int fd)
{
    request = (struct request){.op = (uint8_t)op, .fd = fd};
    outcome = (struct outcome){.kind = OUTCOME_RETURNED};
}

static enum judgement opened(int type, int fd)
{
    ask(OP_socket, 0);
    request.domain = AF_INET;
    request.type = type;
    return judge(fd, 0);
}

static void address(uint16_t port)
{
    named = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    request.address = (struct bytes){(const uint8_t *)&named, sizeof named};
}

static void shows_name(uint16_t port)
{
    address(port);
    request.address = (struct bytes){0};
    request.name_room = sizeof(struct sockaddr_storage);
    memcpy(&outcome.address, &named, sizeof named);
    outcome.address_length = sizeof named;
}

static enum judgement bound(int fd, uint16_t port, uint16_t got)
{
    ask(OP_bind, fd);
    address(port);
    if (judge(0, 0) != JUDGEMENT_CONFORMS)
        return JUDGEMENT_DEVIATES;
    ask(OP_getsockname, fd);
    shows_name(got);
    return judge(0, 0);
}

static enum judgement connected(int fd, uint16_t port, int result, int error)
{
    ask(OP_connect, fd);
    address(port);
    return judge(result, error);
}

static enum judgement sent(int fd, const char *text, int64_t result)
{
    uint32_t length = (uint32_t)strlen(text);

    ask(OP_send, fd);
    request.flags = MSG_NOSIGNAL;
    request.sent = (struct payload){(const uint8_t *)text, length, length};
    return judge(result, 0);
}

static enum judgement received(int fd, const char *text, int64_t result, int error)
{
    ask(OP_recv, fd);
    request.room = 64;
    request.flags = MSG_DONTWAIT;
    outcome.data = (const uint8_t *)text;
    outcome.data_size = result > 0 ? (size_t)result : 0;
    return judge(result, error);
}

static enum judgement polled(int fd, short events, int timeout_ms, short seen)
{
    ask(OP_poll, 0);
    entry = (struct pollfd){.fd = fd, .events = events};
    request.fds = &entry;
    request.fd_count = 1;
    request.timeout_ms = timeout_ms;
    outcome.fds[0] = entry;
    outcome.fds[0].revents = seen;
    return judge(seen != 0, 0);
}

#define CONFORMS(call) assert_int_equal(call, JUDGEMENT_CONFORMS)
#define DEVIATES(call) assert_int_equal(call, JUDGEMENT_DEVIATES)

/* A listener L, a client C connected to it, and the accepted socket S. */
static void connect_pair(void)
{
    CONFORMS(opened(SOCK_STREAM, L));
    CONFORMS(bound(L, 0, PORT_LISTENER));
    ask(OP_listen, L);
    request.value = 4;
    CONFORMS(judge(0, 0));
    CONFORMS(opened(SOCK_STREAM, C));
    CONFORMS(connected(C, PORT_LISTENER, 0, 0));
    ask(OP_getsockname, C);
    shows_name(PORT_CLIENT);
    CONFORMS(judge(0, 0));
    ask(OP_accept, L);
    shows_name(PORT_CLIENT);
    CONFORMS(judge(S, 0));
}

static bool allows(int64_t result, int error, enum clause clause)
{
    for (unsigned i = 0; i < oracle.allowed_count; i++) {
        const struct allowed *a = &oracle.allowed[i];

        if (a->outcome.result == result && a->outcome.error == error && a->clause == clause)
            return true;
    }
    return false;
}

/* --- tests --- */

static void test_a_connection_conforms(void **state)
{
    (void)state;
    connect_pair();
    CONFORMS(sent(C, "hello", 5));
    CONFORMS(received(S, "hel", 3, 0));
    CONFORMS(received(S, "lo", 2, 0));
    CONFORMS(received(S, "", -1, EAGAIN));
    ask(OP_shutdown, C);
    request.command = SHUT_WR;
    CONFORMS(judge(0, 0));
    CONFORMS(received(S, "", 0, 0));
    assert_int_equal(oracle.clause, CLAUSE_RECV_END);
    assert_true(oracle.coverage.clauses[CLAUSE_RECV_END].decided > 0);
}

/* Each is wrong by a little, and what would have been right is told. */
static void test_planted_errors_deviate(void **state)
{
    (void)state;
    connect_pair();
    CONFORMS(sent(C, "hello", 5));
    DEVIATES(received(S, "jello", 5, 0));
    assert_true(oracle.allowed_count > 0);
    assert_memory_equal(oracle.allowed[0].outcome.data, "hello", 5);
    oracle_begin(&oracle);
    connect_pair();
    CONFORMS(sent(C, "hello", 5));
    DEVIATES(received(S, "hello!", 6, 0));
    oracle_begin(&oracle);
    connect_pair();
    DEVIATES(received(S, "", 0, 0)); /* no FIN was sent */
    assert_true(allows(-1, EAGAIN, CLAUSE_RECV_WOULD_BLOCK));
    oracle_begin(&oracle);
    connect_pair();
    DEVIATES(sent(C, "hello", 6));
    oracle_begin(&oracle);
    DEVIATES(received(9, "", -1, ENOTSOCK));
    assert_true(allows(-1, EBADF, CLAUSE_FD_OPEN));
    assert_int_equal(oracle.allowed_count, 1);
    oracle_begin(&oracle);
    CONFORMS(opened(SOCK_STREAM, L));
    CONFORMS(bound(L, 0, PORT_LISTENER));
    ask(OP_getsockname, L);
    shows_name(PORT_LISTENER + 1);
    DEVIATES(judge(0, 0));
    assert_int_equal(oracle.allowed[0].outcome.address_length, sizeof named);
}

/* After a deviation it goes on as if an allowed outcome had been seen. */
static void test_goes_on_after_a_deviation(void **state)
{
    (void)state;
    connect_pair();
    CONFORMS(sent(C, "hello", 5));
    DEVIATES(received(S, "jello", 5, 0));
    CONFORMS(received(S, "", -1, EAGAIN));
    CONFORMS(sent(C, "x", 1));
    DEVIATES(received(S, "y", 1, 0));
    ask(OP_close, S);
    CONFORMS(judge(0, 0));
    DEVIATES(received(S, "", -1, ENOTCONN));
    assert_true(allows(-1, EBADF, CLAUSE_FD_OPEN));
}

/* Data may be late: nothing yet, then all of it. What has once been seen to be there is. */
static void test_late_data(void **state)
{
    (void)state;
    connect_pair();
    CONFORMS(sent(C, "hello", 5));
    CONFORMS(received(S, "", -1, EAGAIN));
    CONFORMS(polled(S, POLLIN, 0, 0));
    CONFORMS(polled(S, POLLIN, SETTLE_MS - 1, 0));
    CONFORMS(polled(S, POLLIN, 0, POLLIN));
    DEVIATES(received(S, "", -1, EAGAIN));
    oracle_begin(&oracle);
    connect_pair();
    CONFORMS(sent(C, "hello", 5));
    CONFORMS(received(S, "he", 2, 0));
    CONFORMS(received(S, "", -1, EAGAIN));
    CONFORMS(received(S, "llo", 3, 0));
}

/* It may be late, but not for ever: a poll that waited long enough tells. */
static void test_never_is_not_late(void **state)
{
    (void)state;
    connect_pair();
    CONFORMS(sent(C, "hello", 5));
    DEVIATES(polled(S, POLLIN, SETTLE_MS, 0));
    assert_int_equal(oracle.allowed[0].outcome.fds[0].revents, POLLIN);
    oracle_begin(&oracle);
    connect_pair();
    CONFORMS(polled(S, POLLIN, SETTLE_MS, 0)); /* nobody sent anything */
    ask(OP_shutdown, C);
    request.command = SHUT_WR;
    CONFORMS(judge(0, 0));
    CONFORMS(received(S, "", -1, EAGAIN)); /* the FIN may be late too */
    DEVIATES(polled(S, POLLIN, SETTLE_MS, 0));
}

static void send_datagram(const char *text)
{
    uint32_t length = (uint32_t)strlen(text);

    ask(OP_sendto, C);
    request.sent = (struct payload){(const uint8_t *)text, length, length};
    address(PORT_LISTENER);
    CONFORMS(judge(length, 0));
}

static void connect_datagrams(void)
{
    CONFORMS(opened(SOCK_DGRAM, L));
    CONFORMS(bound(L, 0, PORT_LISTENER));
    CONFORMS(opened(SOCK_DGRAM, C));
    CONFORMS(bound(C, 0, PORT_CLIENT));
}

static void test_datagrams_stay_whole(void **state)
{
    (void)state;
    connect_datagrams();
    send_datagram("one");
    send_datagram("two");
    CONFORMS(received(L, "one", 3, 0));
    DEVIATES(received(L, "tw", 2, 0));
    oracle_begin(&oracle);
    connect_datagrams();
    send_datagram("one");
    send_datagram("two");
    DEVIATES(received(L, "onetwo", 6, 0));
}

/* What a datagram socket may send to and hear when its peer has port 0. */
static void test_port_zero(void **state)
{
    (void)state;
    connect_datagrams();
    CONFORMS(connected(L, 0, 0, 0));
    DEVIATES(received(L, "", -1, ECONNREFUSED)); /* it has sent nothing */
    DEVIATES(sent(L, "x", 0));
    oracle_begin(&oracle);
    connect_datagrams();
    CONFORMS(connected(L, 0, 0, 0));
    send_datagram("heard");
    CONFORMS(received(L, "heard", 5, 0));
    CONFORMS(sent(L, "x", 1));
    CONFORMS(received(L, "", -1, ECONNREFUSED));
    DEVIATES(received(L, "", -1, ECONNREFUSED)); /* which is told once */
    ask(OP_sendto, L);
    request.sent = (struct payload){(const uint8_t *)"x", 1, 1};
    address(0);
    DEVIATES(judge(1, 0));
}

static void set(int fd, int level, int option, const int *value)
{
    ask(OP_setsockopt, fd);
    request.level = level;
    request.option = option;
    request.optval = (struct bytes){(const uint8_t *)value, sizeof *value};
    CONFORMS(judge(0, 0));
}

/* A listener L that is woken by data, and a client C. */
static void connect_deferred(void)
{
    static const int seconds = 1;

    CONFORMS(opened(SOCK_STREAM, L));
    CONFORMS(bound(L, 0, PORT_LISTENER));
    set(L, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds);
    ask(OP_listen, L);
    request.value = 4;
    CONFORMS(judge(0, 0));
    CONFORMS(opened(SOCK_STREAM, C));
    CONFORMS(connected(C, PORT_LISTENER, 0, 0));
    ask(OP_getsockname, C);
    shows_name(PORT_CLIENT);
    CONFORMS(judge(0, 0));
}

/* Until data comes the listener need not be woken, but then it must be. */
static void test_deferred(void **state)
{
    (void)state;
    connect_deferred();
    CONFORMS(polled(L, POLLIN, SETTLE_MS, 0));
    CONFORMS(sent(C, "x", 1));
    DEVIATES(polled(L, POLLIN, SETTLE_MS, 0));
    oracle_begin(&oracle);
    connect_pair();
    CONFORMS(opened(SOCK_STREAM, M + CLIENTS));
    CONFORMS(connected(M + CLIENTS, PORT_LISTENER, 0, 0));
    DEVIATES(polled(L, POLLIN, SETTLE_MS, 0)); /* nothing holds this one back */
}

static enum judgement received_at_once(int flags, const char *text, int64_t result)
{
    ask(OP_recv, S);
    request.room = 64;
    request.flags = flags;
    outcome.data = (const uint8_t *)text;
    outcome.data_size = (size_t)result;
    return judge(result, 0);
}

/* MSG_WAITALL waits unless it peeks; MSG_TRUNC throws away the urgent byte, but takes no two. */
static void test_flags_together(void **state)
{
    (void)state;
    connect_pair();
    CONFORMS(sent(C, "abc", 3));
    CONFORMS(received_at_once(MSG_PEEK | MSG_WAITALL, "abc", 3));
    DEVIATES(received_at_once(MSG_PEEK | MSG_WAITALL, "abcd", 4));
    DEVIATES(received_at_once(MSG_WAITALL, "abc", 3));
    oracle_begin(&oracle);
    connect_pair();
    CONFORMS(sent(C, "abc", 3));
    ask(OP_send, C);
    request.flags = MSG_OOB;
    request.sent = (struct payload){(const uint8_t *)"u", 1, 1};
    CONFORMS(judge(1, 0));
    ask(OP_recv, S);
    request.room = 64;
    request.flags = MSG_OOB | MSG_TRUNC;
    CONFORMS(judge(1, 0));
    DEVIATES(judge(2, 0));
}

/* Two listeners on one port, by SO_REUSEPORT: nothing shows which of them gets a connection. */
static void listen_twice(void)
{
    static const int on = 1;

    for (int fd = L; fd <= M; fd++) {
        CONFORMS(opened(SOCK_STREAM, fd));
        set(fd, SOL_SOCKET, SO_REUSEPORT, &on);
        CONFORMS(bound(fd, PORT_LISTENER, PORT_LISTENER));
        ask(OP_listen, fd);
        request.value = CLIENTS;
        CONFORMS(judge(0, 0));
    }
}

static enum judgement accepted(int listener, int fd)
{
    ask(OP_accept, listener);
    shows_name(PORT_CLIENT);
    if (fd < 0)
        outcome.kind = OUTCOME_UNFINISHED;
    return judge(fd, 0);
}

static enum judgement client(int fd)
{
    enum judgement judgement;

    CONFORMS(opened(SOCK_STREAM, fd));
    judgement = connected(fd, PORT_LISTENER, 0, 0);
    if (judgement != JUDGEMENT_CONFORMS)
        return judgement;
    ask(OP_getsockname, fd);
    shows_name((uint16_t)(PORT_CLIENT + fd - M - 1));
    return judge(0, 0);
}

/* What an outcome does not show is kept open, until another one shows it. */
static void test_worlds_are_kept_apart(void **state)
{
    (void)state;
    listen_twice();
    CONFORMS(client(M + 1));
    assert_int_equal(oracle.world_count, 2);
    CONFORMS(accepted(M, M + 2));
    assert_int_equal(oracle.world_count, 1);
    DEVIATES(accepted(L, M + 3)); /* there was one connection */
    oracle_begin(&oracle);
    listen_twice();
    CONFORMS(client(M + 1));
    CONFORMS(accepted(L, M + 2));
    DEVIATES(accepted(M, M + 3));
}

/* A deviation is one only if no world allows it, and tells what each of them allows. */
static void test_a_deviation_is_one_in_every_world(void **state)
{
    (void)state;
    listen_twice();
    CONFORMS(client(M + 1));
    assert_int_equal(oracle.world_count, 2);
    DEVIATES(accepted(L, -2));
    assert_int_equal(oracle.world_count, 1);
}

/* Too many worlds are inconclusive, and so is what follows, until the next trace. */
static void test_overflow_is_inconclusive(void **state)
{
    enum judgement judgement = JUDGEMENT_CONFORMS;

    (void)state;
    listen_twice();
    for (int fd = M + 1; fd <= M + CLIENTS && judgement == JUDGEMENT_CONFORMS; fd++) {
        judgement = client(fd);
        assert_true(oracle.world_count <= WORLDS_MAX);
    }
    assert_int_equal(judgement, JUDGEMENT_INCONCLUSIVE);
    assert_int_equal(received(L, "x", 1, 0), JUDGEMENT_INCONCLUSIVE);
    oracle_begin(&oracle);
    connect_pair();
}

/* The same outcome, under two profiles. */
static void test_profiles_differ(void **state)
{
    static const struct profile *const profiles[] = {&profile_posix, &profile_linux};
    static const int errors[] = {ENOTCONN, EPIPE};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        oracle_init(&oracle, profiles[i], SETTLE_MS);
        CONFORMS(opened(SOCK_STREAM, L));
        ask(OP_send, L);
        request.flags = MSG_NOSIGNAL;
        request.sent = (struct payload){(const uint8_t *)"x", 1, 1};
        CONFORMS(judge(-1, errors[i]));
        DEVIATES(judge(-1, errors[1 - i]));
    }
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

CHECK_MAIN(TEST(test_a_connection_conforms), TEST(test_planted_errors_deviate),
           TEST(test_goes_on_after_a_deviation), TEST(test_late_data), TEST(test_never_is_not_late),
           TEST(test_datagrams_stay_whole), TEST(test_port_zero), TEST(test_deferred),
           TEST(test_flags_together), TEST(test_worlds_are_kept_apart),
           TEST(test_a_deviation_is_one_in_every_world), TEST(test_overflow_is_inconclusive),
           TEST(test_profiles_differ))
