/*
 * test_remote: SOCKDRILL_TCP_SERVER's side of the connection: a server under test gets the drill's
 * bytes and then the end, is read from as long as it sends, and is woken if it waits for ever.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sockdrill/target.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engines/remote.h"
#include "stacks/isolation.h"
#include "tests/support/check.h"
#include "tests/support/texts.h"

/* When a connection is reset (sockdrill/target.h), and how much later that may be. */
enum { PATIENCE_MS = 2000, SLACK_MS = 3000, PROMPT_MS = 2000, SERVER_BYTES = 16 << 20 };

/* What the server under test met. */
static struct {
    unsigned calls;
    int family;
    int mode;
    char received[256];
    size_t received_size;
    ssize_t end; /* of receiving: 0, or -1 with error */
    int error;
    int64_t sent;
    int fd;
} met;

static int set_up(void **state)
{
    (void)state;
    memset(&met, 0, sizeof met);
    met.fd = -1;
    return 0;
}

/* --- servers --- */

static void receive_all(int fd)
{
    char data[64];

    while ((met.end = recv(fd, data, sizeof data, 0)) > 0)
        for (ssize_t i = 0; i < met.end; i++)
            if (met.received_size < sizeof met.received)
                met.received[met.received_size++] = data[i];
    met.error = met.end < 0 ? errno : 0;
}

static int serve_reading(int fd)
{
    socklen_t length = sizeof met.family;

    met.calls++;
    met.fd = fd;
    met.mode = fcntl(fd, F_GETFL);
    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &met.family, &length);
    receive_all(fd);
    return 1; /* is ignored */
}

static int serve_and_close(int fd)
{
    serve_reading(fd);
    close(fd);
    return 0;
}

/* Sends much more than the buffers of both sides hold. */
static int serve_writing(int fd)
{
    static char data[1 << 16];

    met.calls++;
    while (met.sent < SERVER_BYTES) {
        ssize_t result = send(fd, data, sizeof data, 0);

        if (result < 0)
            break;
        met.sent += result;
    }
    return 0;
}

/* Never stops by itself: sends until it may not. */
static int serve_endlessly(int fd)
{
    static char data[1 << 16];

    met.calls++;
    while (send(fd, data, sizeof data, 0) > 0)
        ;
    met.error = errno;
    return 0;
}

/* Waits for the connection to break, which no peer that does nothing brings about. */
static int serve_waiting(int fd)
{
    struct pollfd broken = {.fd = fd, .events = 0};

    met.calls++;
    poll(&broken, 1, -1);
    return 0;
}

/* Closes its end, and another socket of the process takes the number. */
static int serve_replacing(int fd)
{
    int other;

    met.calls++;
    other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    met.fd = dup2(other, fd); /* closes it first */
    close(other);
    return 0;
}

/* --- playing --- */

static struct drill drill;
static struct drill_notes notes;
static uint8_t input[DRILL_ENCODED_MAX];

/* Serves a drill in text form; returns how long it took. */
static int64_t serve(int (*server)(int), const char *text)
{
    int64_t start = check_now_ms();
    size_t size;

    text_parse_valid(&drill, &notes, text, strlen(text));
    size = drill_encode(&drill, input, sizeof input, &drill_rules_remote);
    remote_serve(server, input, size);
    assert_int_equal(met.calls, 1);
    return check_now_ms() - start;
}

static void test_the_server_gets_the_bytes_and_the_end(void **state)
{
    static const char *const texts[] = {
        "send(remote, \"hello\", 0)\n",
        "write(remote, \"he\")\nsend(remote, \"llo\", MSG_NOSIGNAL)\n",
        "send(remote, \"hello\", 0)\nshutdown(remote, SHUT_WR)\n",
        "send(remote, \"hello\", 0)\nclose(remote)\n",
        "d = dup(remote)\nsend(d, \"hello\", 0)\nclose(d)\n",
        "d = dup(remote)\nclose(remote)\nsend(d, \"hello\", 0)\n",
        "send(remote, \"hello\", 0)\nremote = dup(remote)\n",
        "send(remote, \"hello\", 0)\nremote = socket(AF_INET, SOCK_STREAM, 0)\n",
        "recv(remote, 100, 0)\nsend(remote, \"hello\", 0)\n",
        "send(remote, \"hel\", MSG_MORE)\nsend(remote, \"lo\", 0)\n",
        "setsockopt(remote, IPPROTO_TCP, TCP_CORK, [1])\nsend(remote, \"hello\", 0)\n",
    };

    bool seen4 = false;
    bool seen6 = false;

    for (size_t i = 0; i < CHECK_COUNT(texts); i++) {
        set_up(state);
        assert_true(serve(serve_reading, texts[i]) < PROMPT_MS);
        assert_int_equal(met.received_size, 5);
        assert_memory_equal(met.received, "hello", 5);
        assert_int_equal(met.end, 0);
        assert_int_equal(met.mode & O_NONBLOCK, 0);
        seen4 |= met.family == AF_INET;
        seen6 |= met.family == AF_INET6;
    }
    assert_true(seen4 && seen6);
}

/* An input that is no drill but what a client sent is a drill all the same. */
static void test_a_raw_capture_is_a_drill(void **state)
{
    (void)state;
    remote_serve(serve_reading, (const uint8_t *)"GET / HTTP/1.0\r\n\r\n", 18);
    assert_int_equal(met.received_size, 18);
    assert_memory_equal(met.received, "GET / HTTP/1.0\r\n\r\n", 18);
    set_up(state);
    remote_serve(serve_reading, NULL, 0);
    assert_int_equal(met.calls, 1);
    assert_int_equal(met.received_size, 0);
    assert_int_equal(met.end, 0);
}

/* Some inputs come over IPv4 and some over IPv6, and one input always over the same. */
static void test_both_families_are_used(void **state)
{
    bool seen4 = false;
    bool seen6 = false;

    for (uint8_t i = 0; i < 20; i++) {
        const uint8_t bytes[20] = {i};
        int family;

        set_up(state);
        remote_serve(serve_reading, bytes, i);
        family = met.family;
        seen4 |= family == AF_INET;
        seen6 |= family == AF_INET6;
        set_up(state);
        remote_serve(serve_reading, bytes, i);
        assert_int_equal(met.family, family);
    }
    assert_true(seen4 && seen6);
}

/*
 * A crash is kept as text: the input that the text becomes is not the same bytes, but it must meet
 * the server over the family over which it crashed. Here zeros at the end, which mean nothing, go.
 */
static void test_a_kept_input_has_the_same_family(void **state)
{
    static const uint8_t crash[] = "\xfe\x53\x08\0\0\0\0\0";

    for (size_t size = 3; size <= 8; size++) {
        size_t encoded;
        int family;

        set_up(state);
        remote_serve(serve_reading, crash, size);
        family = met.family;
        drill_decode(&drill, crash, size, &drill_rules_remote);
        encoded = drill_encode(&drill, input, sizeof input, &drill_rules_remote);
        assert_int_equal(encoded, 3);
        set_up(state);
        remote_serve(serve_reading, input, encoded);
        assert_int_equal(met.family, family);
    }
}

static void test_a_reset_reaches_the_server(void **state)
{
    (void)state;
    serve(serve_reading, "setsockopt(remote, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0})\n"
                         "close(remote)\n");
    assert_int_equal(met.end, -1);
    assert_int_equal(met.error, ECONNRESET);
}

/* --- a server that sends --- */

static void test_more_than_the_buffers_hold_gets_through(void **state)
{
    static const char *const texts[] = {
        "send(remote, \"go\", 0)\n",
        "send(remote, \"go!\", 0)\n",
        "setsockopt(remote, SOL_SOCKET, SO_RCVLOWAT, [1000000])\n",
        "fcntl(remote, F_SETFL, O_NONBLOCK)\n",
        "d = dup(remote)\nclose(remote)\n",
    };

    for (size_t i = 0; i < CHECK_COUNT(texts); i++) {
        set_up(state);
        assert_true(serve(serve_writing, texts[i]) < PATIENCE_MS);
        assert_int_equal(met.sent, SERVER_BYTES);
    }
}

/* A server that sends for ever is stopped: the connection is reset under it. */
static void test_a_server_that_never_stops_sending_returns(void **state)
{
    int64_t spent = serve(serve_endlessly, "send(remote, \"go\", 0)\n");

    (void)state;
    assert_true(spent < PATIENCE_MS + SLACK_MS);
    assert_true(met.error == ECONNRESET || met.error == EPIPE);
}

/* A remote that has gone, or reads nothing, breaks the connection at once. */
static void test_sending_to_a_remote_that_is_gone_fails(void **state)
{
    static const char *const texts[] = {"close(remote)\n", "connect(remote, AF_UNSPEC)\n"};

    for (size_t i = 0; i < CHECK_COUNT(texts); i++) {
        set_up(state);
        assert_true(serve(serve_endlessly, texts[i]) < PROMPT_MS);
        assert_true(met.error == ECONNRESET || met.error == EPIPE);
    }
}

/* --- a server that waits --- */

static void test_a_server_that_waits_is_reset_in_time(void **state)
{
    int64_t spent = serve(serve_waiting, "send(remote, \"x\", 0)\n");

    (void)state;
    assert_in_range(spent, PATIENCE_MS - 500, PATIENCE_MS + SLACK_MS);
}

/* --- descriptors --- */

static void test_no_descriptor_is_left(void **state)
{
    static int (*const servers[])(int) = {serve_reading, serve_and_close};
    static const char *const texts[] = {
        "send(remote, \"x\", 0)\n", "close(remote)\n", "d = dup(remote)\n",
        "l = socket(AF_INET, SOCK_STREAM, 0)\nlisten(l, 1)\nfcntl(not_socket, F_GETFL)\n"};
    unsigned before;

    serve(serve_reading, "send(remote, \"x\", 0)\n"); /* starts the watcher */
    before = check_descriptors();
    for (size_t s = 0; s < CHECK_COUNT(servers); s++)
        for (size_t i = 0; i < CHECK_COUNT(texts); i++) {
            set_up(state);
            serve(servers[s], texts[i]);
            assert_int_equal(check_descriptors(), before);
            assert_int_equal(fcntl(met.fd, F_GETFD), -1);
        }
}

/* What took the number of the server's end is not the harness's to close. */
static void test_a_socket_in_the_servers_place_is_left_open(void **state)
{
    (void)state;
    serve(serve_replacing, "send(remote, \"x\", 0)\n");
    assert_int_not_equal(fcntl(met.fd, F_GETFD), -1);
    assert_int_equal(close(met.fd), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_server_gets_the_bytes_and_the_end),
        TEST(test_a_raw_capture_is_a_drill),
        TEST(test_both_families_are_used),
        TEST(test_a_kept_input_has_the_same_family),
        TEST(test_a_reset_reaches_the_server),
        TEST(test_more_than_the_buffers_hold_gets_through),
        TEST(test_a_server_that_never_stops_sending_returns),
        TEST(test_sending_to_a_remote_that_is_gone_fails),
        TEST(test_a_server_that_waits_is_reset_in_time),
        TEST(test_no_descriptor_is_left),
        TEST(test_a_socket_in_the_servers_place_is_left_open),
    };

    signal(SIGPIPE, SIG_IGN);
    isolation_enter(); /* loopback serves as well where that is not permitted */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
