/*
 * test_refusal: a process that is not isolated refuses every address that is not loopback before
 * the stack sees it. Runs with SOCKDRILL_ISOLATION=off, so on every machine, and is never skipped.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "stacks/executor.h"
#include "stacks/isolation.h"
#include "tests/support/check.h"
#include "tests/support/inputs.h"
#include "tests/support/loopback.h"
#include "tests/support/recorder.h"
#include "tests/support/seeds.h"
#include "tests/support/texts.h"

static struct drill drill;
static struct drill_notes notes;
static struct executor executor;
static struct outcome last;

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    (void)context;
    (void)request;
    if (call == NULL)
        return;
    last = *outcome;
}

static void play_on(const struct sockdrill_stack *stack)
{
    executor_init(&executor, stack);
    executor.loopback_only = !isolation_entered();
    executor.observe = observe;
    executor_drill(&executor, &drill);
}

static int set_up(void **state)
{
    (void)state;
    recorder_reset();
    memset(&loopback_seen, 0, sizeof loopback_seen);
    return 0;
}

static void test_isolation_is_off(void **state)
{
    (void)state;
    assert_string_equal(getenv("SOCKDRILL_ISOLATION"), "off");
    assert_false(isolation_enter());
    assert_false(isolation_entered());
}

/* --- calls --- */

/* The calls that take an address, without its closing parenthesis. */
static const struct {
    const char *call;
    enum op op;
    bool destination;
} takers[] = {{"bind(s0, ", OP_bind, false},
              {"connect(s0, ", OP_connect, true},
              {"sendto(s0, \"x\", 0, ", OP_sendto, true},
              {"sendmsg(s0, {", OP_sendmsg, true},
              {"sendmmsg(s0, {", OP_sendmmsg, true}};

/* Addresses: whether each may be bound, and be a destination. Bytes as on the wire, family first.
 */
static const struct {
    const char *text;
    bool to_bind;
    bool to_send;
} addresses[] = {
    {"127.0.0.1:80", true, true},
    {"127.0.0.2:80", true, true},
    {"127.255.255.254:80", true, true},
    {"[::1]:80", true, true},
    {"[::ffff:127.0.0.1]:80", true, true},
    {"0.0.0.0:80", false, true}, /* as a destination it means loopback: ip(7) */
    {"[::]:80", false, true},
    {"[::ffff:0.0.0.0]:80", false, true},
    {"AF_UNSPEC", false, true},
    {"192.0.2.1:80", false, false},
    {"10.0.0.1:80", false, false},
    {"126.255.255.255:80", false, false},
    {"128.0.0.1:80", false, false},
    {"255.255.255.255:80", false, false},
    {"224.0.0.1:80", false, false},
    {"169.254.1.1:80", false, false},
    {"[2001:db8::1]:80", false, false},
    {"[fe80::1]:80", false, false},
    {"[ff02::1]:80", false, false},
    {"[::2]:80", false, false},
    {"[::127.0.0.1]:80", false, false}, /* not mapped: RFC 4291 2.5.5.1 */
    {"[::ffff:192.0.2.1]:80", false, false},
    {"[::ffff:126.0.0.1]:80", false, false},
    {"192.0.2.1:80, 16", false, false},
    {"192.0.2.1:80, 17", false, false},
    {"192.0.2.1:80, 128", false, false},
    {"[2001:db8::1]:80, 24", false, false},
    {"[2001:db8::1]:80, 128", false, false},
    {"192.0.2.1:port(s0)", false, false},
    {"sockaddr(\"\\x02\\x00\\x00\\x50\\xc0\\x00\\x02\\x01\\0\\0\\0\\0\\0\\0\\0\\0\")", false,
     false},
    {"sockaddr(\"\\x00\\x00\\x00\\x50\\xc0\\x00\\x02\\x01\\0\\0\\0\\0\\0\\0\\0\\0\")", false,
     false},
    {"sockaddr(\"\\x02\\x00\\x00\\x50\\xc0\\x00\\x02\\x01\"), 16", false, false},
    {"sockaddr(\"\\x02\\x00\\x00\\x50\\x7f\\x00\\x00\\x01\\0\\0\\0\\0\\0\\0\\0\\0\")", true, true},
};

static bool play_address(size_t taker, const char *address)
{
    char text[512];

    snprintf(text, sizeof text, "s0 = socket(AF_INET, SOCK_DGRAM, 0)\n%s%s%s)\n",
             takers[taker].call, address,
             call_has(takers[taker].op, ARG_SENT_MESSAGE) ? ", [\"x\"]}, 0" : "");
    text_parse_valid(&drill, &notes, text, strlen(text));
    recorder_reset();
    play_on(recorder_stack());
    return recorder_find(takers[taker].op, 0) != NULL;
}

static void test_addresses(void **state)
{
    (void)state;
    for (size_t t = 0; t < CHECK_COUNT(takers); t++)
        for (size_t a = 0; a < CHECK_COUNT(addresses); a++) {
            bool allowed = takers[t].destination ? addresses[a].to_send : addresses[a].to_bind;

            if (play_address(t, addresses[a].text) != allowed)
                fail_msg("%s%s) %s the stack", takers[t].call, addresses[a].text,
                         allowed ? "does not reach" : "reaches");
            assert_int_equal(last.kind, allowed ? OUTCOME_RETURNED : OUTCOME_REFUSED);
        }
}

/* The source that ancillary data asks for, and data that nobody can tell what it asks for. */
static void test_ancillary_data(void **state)
{
    static const struct {
        const char *controls;
        bool allowed;
    } rows[] = {
        {"[{IP_TTL 5}, {IP_TOS 8}]", true},
        {"[{IPV6_HOPLIMIT 5}, {IPV6_TCLASS 8}]", true},
        {"[{IP_PKTINFO 127.0.0.1}, {IPV6_PKTINFO [::1]}]", true},
        {"[{IP_PKTINFO 0.0.0.0}, {IPV6_PKTINFO [::]}]", true},
        {"[{IPV6_PKTINFO [::ffff:127.0.0.1]}]", true},
        {"[{IP_PKTINFO 192.0.2.1}]", false},
        {"[{IPV6_PKTINFO [2001:db8::1]}]", false},
        {"[{IP_TTL 5}, {IP_PKTINFO 192.0.2.1}]", false},
        {"[{IP_TTL 5, -1}, {IP_PKTINFO 192.0.2.1}]", true}, /* it is never looked at */
        {"[{IP_PKTINFO 192.0.2.1}], 16", true},
        {"[], 255", true},
    };
    static const char *const calls[] = {"sendmsg", "sendmmsg"};
    char text[512];

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++)
        for (size_t c = 0; c < CHECK_COUNT(calls); c++) {
            snprintf(
                text, sizeof text,
                "s0 = socket(AF_INET, SOCK_DGRAM, 0)\n%s(s0, {127.0.0.1:80, [\"x\"], %s}, 0)\n",
                calls[c], rows[i].controls);
            text_parse_valid(&drill, &notes, text, strlen(text));
            play_on(recorder_stack());
            if (last.kind != (rows[i].allowed ? OUTCOME_RETURNED : OUTCOME_REFUSED))
                fail_msg("%s is %s", text, rows[i].allowed ? "refused" : "let through");
        }
}

/* At no memory there is no address that could leave. */
static void test_no_memory_is_no_address(void **state)
{
    static const char text[] = "s = socket(AF_INET, SOCK_DGRAM, 0)\nbind(s, EFAULT)\n";

    (void)state;
    text_parse_valid(&drill, &notes, text, sizeof text - 1);
    play_on(&sockdrill_stack_kernel);
    assert_int_equal(last.kind, OUTCOME_RETURNED);
    assert_int_equal(last.error, EFAULT);
}

/* The name of a socket is an address like any other. */
static void test_names_are_checked_too(void **state)
{
    static const char text[] = "s = socket(AF_INET, SOCK_DGRAM, 0)\n"
                               "bind(s, name(s9))\n" /* AF_UNSPEC and zeros: the wildcard */;

    (void)state;
    text_parse_valid(&drill, &notes, text, sizeof text - 1);
    play_on(recorder_stack());
    assert_int_equal(last.kind, OUTCOME_REFUSED);
}

/* listen binds a socket that is not bound to the wildcard, where the network could reach it. */
static void test_listen_needs_a_bound_socket(void **state)
{
    static const char unbound[] = "s = socket(AF_INET, SOCK_STREAM, 0)\nlisten(s, 1)\n";
    static const char unbound6[] = "s = socket(AF_INET6, SOCK_STREAM, 0)\nlisten(s, 1)\n";
    static const char bound[] =
        "s = socket(AF_INET6, SOCK_STREAM, 0)\nbind(s, [::1]:0)\nlisten(s, 1)\n";

    (void)state;
    text_parse_valid(&drill, &notes, unbound, sizeof unbound - 1);
    play_on(&sockdrill_stack_kernel);
    assert_int_equal(last.kind, OUTCOME_REFUSED);
    text_parse_valid(&drill, &notes, unbound6, sizeof unbound6 - 1);
    play_on(&sockdrill_stack_kernel);
    assert_int_equal(last.kind, OUTCOME_REFUSED);
    text_parse_valid(&drill, &notes, bound, sizeof bound - 1);
    play_on(&sockdrill_stack_kernel);
    assert_int_equal(last.kind, OUTCOME_RETURNED);
    assert_int_equal(last.result, 0);
}

/* --- whatever is in a drill --- */

/* Random drills against the recorder: every address that was passed on stays. */
static void test_random_drills_pass_no_other_address(void **state)
{
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(20000, 0); i > 0; i--) {
        enum input_kind kind = i % 4 ? INPUT_RECORDS : INPUT_MUTATED;

        drill_decode(&drill, room, input_make(&random, kind, room), &drill_rules_any);
        recorder_reset();
        play_on(recorder_stack());
        for (size_t c = 0; c < recorder.count; c++) {
            const struct recorded *r = &recorder.calls[c];

            if (r->op == OP_bind || r->op == OP_connect || r->op == OP_sendto ||
                r->op == OP_sendmsg || r->op == OP_sendmmsg)
                assert_true(
                    loopback_stays(r->address, (socklen_t)r->address_count, r->op != OP_bind));
        }
    }
}

/* Random drills on the kernel, with a guard before it that counts what would leave. */
static void test_random_drills_on_the_kernel_leak_nothing(void **state)
{
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(2000, 100000); i > 0; i--) {
        enum input_kind kind = i % 4 ? INPUT_RECORDS : INPUT_MUTATED;

        drill_decode(&drill, room, input_make(&random, kind, room),
                     seeds_every_rules[i % (SEEDS_RULES - 1)]);
        play_on(loopback_guard());
    }
    assert_true(loopback_seen.passed > 0);
    assert_int_equal(loopback_seen.leaks, 0);
}

/* The guard and the judge see an address that would leave, if the executor lets it through. */
static void test_planted_leaks_are_seen(void **state)
{
    static const char text[] = "s = socket(AF_INET, SOCK_DGRAM, 0)\n"
                               "connect(s, 192.0.2.1:20001)\n"
                               "bind(s, 0.0.0.0:0)\n"
                               "sendmsg(s, {192.0.2.1:80, [\"x\"]}, 0)\n"
                               "sendmmsg(s, {127.0.0.1:80, [\"x\"], [{IP_PKTINFO 192.0.2.1}]}, 0)\n"
                               "sendmsg(s, {NULL, [\"x\"], [{IPV6_PKTINFO [2001:db8::1]}]}, 0)\n"
                               "l = socket(AF_INET, SOCK_STREAM, 0)\n"
                               "listen(l, 1)\n";

    (void)state;
    text_parse_valid(&drill, &notes, text, sizeof text - 1);
    executor_init(&executor, loopback_guard());
    executor.loopback_only = false;
    executor_drill(&executor, &drill);
    assert_int_equal(loopback_seen.leaks, 6);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_isolation_is_off),
        TEST(test_addresses),
        TEST(test_ancillary_data),
        TEST(test_no_memory_is_no_address),
        TEST(test_names_are_checked_too),
        TEST(test_listen_needs_a_bound_socket),
        TEST(test_random_drills_pass_no_other_address),
        TEST(test_random_drills_on_the_kernel_leak_nothing),
        TEST(test_planted_leaks_are_seen),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
