/*
 * test_executor_request: what an observer is shown: requests as the drill asks them, and the names
 * that the executor asks for on its own account. That each field is right is test_fields's.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "stacks/executor.h"
#include "tests/support/check.h"
#include "tests/support/recorder.h"
#include "tests/support/texts.h"

static struct drill drill;
static struct drill_notes notes;
static struct executor executor;
static struct request last;

/* What was observed, a letter each: a call's first, in capitals what the executor asked. */
static char story[DRILL_CALLS_MAX * 4];
static uint16_t ports[DRILL_CALLS_MAX * 4]; /* of the names that it got */

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    size_t length = strlen(story);
    struct sockaddr_in in;

    (void)context;
    assert_true(length + 1 < sizeof story);
    if (call != NULL) {
        assert_int_equal(request->op, call->op);
        story[length] = call_info(call->op)->name[0];
        last = *request;
        return;
    }
    assert_true(request->op == OP_getsockname || request->op == OP_getpeername);
    assert_int_equal(request->name_room, sizeof(struct sockaddr_storage));
    memcpy(&in, &outcome->address, sizeof in);
    ports[length] = outcome->result == 0 ? ntohs(in.sin_port) : 0;
    story[length] = request->op == OP_getsockname ? 'N' : 'P';
}

static const char *play_on(const struct sockdrill_stack *stack, const char *text, bool reveal)
{
    memset(story, 0, sizeof story);
    text_parse_valid(&drill, &notes, text, strlen(text));
    executor_init(&executor, stack);
    executor.observe = observe;
    executor.reveal_names = reveal;
    executor_drill(&executor, &drill);
    return story;
}

static int set_up(void **state)
{
    (void)state;
    recorder_reset();
    return 0;
}

#define STREAM "s = socket(AF_INET, SOCK_STREAM, 0)\n"
#define DATAGRAM "s = socket(AF_INET, SOCK_DGRAM, 0)\n"

/* The executor's own SOCK_NONBLOCK is not the drill's. */
static void test_requests_are_the_drills(void **state)
{
    (void)state;
    play_on(recorder_stack(), "s = socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0)\n", false);
    assert_int_equal(last.type, SOCK_STREAM);
    assert_int_equal(last.flags, SOCK_CLOEXEC);
    assert_int_equal(recorder_find(OP_socket, 0)->places[PLACE_TYPE],
                     SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK);
    play_on(recorder_stack(), STREAM "fcntl(s, F_SETFL, 0)\n", false);
    assert_int_equal(last.value, 0);
    play_on(recorder_stack(), STREAM "poll([{s, POLLIN}], -1)\n", false);
    assert_int_equal(last.timeout_ms, -1);
}

/* Payload is a pattern, never written out; nothing to repeat is zeros. */
static void test_payload_is_a_pattern(void **state)
{
    (void)state;
    play_on(recorder_stack(), STREAM "send(s, fill(\"abc\", 1000), 0)\n", false);
    assert_int_equal(last.sent.period, 3);
    assert_int_equal(last.sent.length, 1000);
    assert_ptr_equal(last.sent.data, drill.calls[1].data);
    play_on(recorder_stack(), STREAM "send(s, fill(\"\", 10), 0)\n", false);
    assert_int_equal(last.sent.length, 10);
    assert_int_equal(last.sent.data[last.sent.period - 1], 0);
    play_on(recorder_stack(), STREAM "send(s, \"\", 0)\n", false);
    assert_int_equal(last.sent.period, 0);
    assert_int_equal(last.sent.length, 0);
}

/* A name in an address is asked for before the call that needs it, and seen to be. */
static void test_names_in_addresses_are_observed(void **state)
{
    (void)state;
    assert_string_equal(play_on(recorder_stack(), STREAM "connect(s, name(s))\n", false), "sNc");
    assert_int_equal(ports[1], RECORDER_PORT + RECORDER_FIRST_FD);
    recorder_reset();
    assert_string_equal(play_on(recorder_stack(), STREAM "connect(s, peer(s))\n", false), "sPc");
    assert_int_equal(ports[1], RECORDER_PORT + 1000 + RECORDER_FIRST_FD);
    recorder_reset();
    assert_string_equal(play_on(recorder_stack(), STREAM "bind(s, 127.0.0.1:port(s))\n", false),
                        "sNb");
    assert_string_equal(play_on(recorder_stack(), STREAM "bind(s, 127.0.0.1:20001)\n", false),
                        "sb");
    /* Asking in vain is seen too. */
    recorder.errors[OP_getpeername] = ENOTCONN;
    assert_string_equal(play_on(recorder_stack(), STREAM "connect(s, peer(s))\n", false), "sPc");
    assert_int_equal(ports[1], 0);
}

/* --- revealing --- */

/*
 * Whatever may choose a port is followed by a question, until there is one. A listener may get
 * another (it lost its own in a shutdown), so listen is always followed by one.
 */
static void test_names_are_revealed_once(void **state)
{
    static const struct {
        const char *text;
        const char *story;
    } rows[] = {
        {STREAM "bind(s, 127.0.0.1:0)\nlisten(s, 1)\nlisten(s, 2)\n", "sbNlNlN"},
        {STREAM "bind(s, [::1]:0)\n", "sbN"}, /* in vain: the family is another */
        {STREAM "bind(s, 127.0.0.1:20001)\n", "sb"},
        {STREAM "listen(s, 1)\nlisten(s, 1)\nshutdown(s, SHUT_RD)\nlisten(s, 1)\n", "slNlNslN"},
        {DATAGRAM "sendto(s, \"x\", 0, 127.0.0.1:20001)\nsendto(s, \"x\", 0, 127.0.0.1:20001)\n",
         "ssNs"},
        {DATAGRAM "send(s, \"x\", 0)\nwrite(s, \"x\")\n", "ssNw"},
        {DATAGRAM "write(s, \"x\")\n", "swN"},
        {STREAM "send(s, \"x\", MSG_NOSIGNAL)\nrecv(s, 1, 0)\ngetsockname(s)\n", "ssrg"},
        {DATAGRAM "connect(s, 127.0.0.1:20001)\nconnect(s, AF_UNSPEC)\n", "scNcN"},
        {DATAGRAM "d = dup(s)\nbind(d, 127.0.0.1:0)\nsend(s, \"x\", 0)\n", "sdbNs"},
        {"connect(-1, 127.0.0.1:20001)\nconnect(not_socket, 127.0.0.1:20001)\n", "cc"},
        {STREAM "close(s)\nlisten(s, 1)\n", "scl"},
    };

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        assert_string_equal(play_on(&sockdrill_stack_kernel, rows[i].text, true), rows[i].story);
        assert_null(strpbrk(play_on(&sockdrill_stack_kernel, rows[i].text, false), "NP"));
    }
}

static void test_the_name_that_is_revealed_is_the_sockets(void **state)
{
    (void)state;
    play_on(recorder_stack(), STREAM "listen(s, 1)\n", true);
    assert_string_equal(story, "slN");
    assert_int_equal(ports[2], RECORDER_PORT + RECORDER_FIRST_FD);
    recorder_reset();
    recorder.errors[OP_getsockname] = ENOBUFS; /* without a port it is asked again */
    assert_string_equal(play_on(recorder_stack(), STREAM "listen(s, 1)\nlisten(s, 1)\n", true),
                        "slNlN");
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

CHECK_MAIN_ISOLATED(TEST(test_requests_are_the_drills), TEST(test_payload_is_a_pattern),
                    TEST(test_names_in_addresses_are_observed), TEST(test_names_are_revealed_once),
                    TEST(test_the_name_that_is_revealed_is_the_sockets))
