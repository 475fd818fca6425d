/* test_outcome: how outcomes are written, which expectations they meet, and which are not sane. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "drill/outcome.h"
#include "tests/support/check.h"
#include "tests/support/texts.h"

#define DATA(text) .data = (const uint8_t *)(text), .data_size = sizeof(text) - 1
#define CONTROL(bytes) .control = (bytes), .control_size = sizeof(bytes)
#define RETURNED .kind = OUTCOME_RETURNED
#define FAILED(number) .kind = OUTCOME_RETURNED, .result = -1, .error = (number)

/* Ancillary data as 64-bit Linux lays it out, which is little-endian here. */
#define HEADER(length, type) length, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, type, 0, 0, 0
static const uint8_t control_ttl[] = {HEADER(20, IP_TTL), 64, 0, 0, 0};
static const uint8_t control_tos[] = {HEADER(17, IP_TOS), 16};
static const uint8_t control_unknown[] = {HEADER(20, 99), 1, 2, 3, 4};
static const uint8_t control_time[] = {32, 0, 0, 0, 0, 0, 0, 0, SOL_SOCKET, 0, 0, 0, SO_TIMESTAMP,
                                       0,  0, 0, 1, 2, 3, 4, 5, 6,          7, 8, 1, 2,
                                       3,  4, 5, 6, 7, 8};

/* A call, what it came to, how that is written; expectations that it meets and does not meet. */
struct row {
    const char *call;
    struct outcome outcome;
    const char *written;
    const char *met[4];
    const char *unmet[10];
};

static const struct row rows[] = {
    {"close(s0)",
     {RETURNED, .result = 0},
     "= 0",
     {"= 0"},
     {"= 1", "= -1", "= -1 EBADF", "<unfinished>", ">= 0", "= 0 <unfinished>"}},
    {"send(s0, \"abcd\", 0)",
     {RETURNED, .result = 4},
     "= 4",
     {"= 4"},
     {"= 3", "= 40", "= 4 <unfinished>", "= -1 EAGAIN", "<unfinished>"}},
    {"send(s0, \"abcd\", 0)",
     {RETURNED, .result = 40},
     "= 40",
     {"= 40"},
     {"= 4", "= 400"}}, /* a number is a whole word */
    {"recv(s0, 64, 0)",
     {FAILED(EAGAIN)},
     "= -1 EAGAIN",
     {"= -1 EAGAIN", "= -1"},
     {"= -1 ECONNRESET", "= 0", "<unfinished>", "= 1"}},
    {"recv(s0, 64, 0)", {FAILED(4095)}, "= -1 errno 4095", {"= -1"}, {"= -1 EAGAIN", "= -1 EBADF"}},
    {"recv(s0, 64, 0)",
     {RETURNED, .result = 5, DATA("hello")},
     "= 5 \"hello\"",
     {"= 5 \"hello\"", "= 5"},
     {"= 5 \"hellO\"", "= 5 \"hell\"", "= 4 \"hell\"", "= 5 \"hello!\"", "= 5 \"\"",
      "= 5 \"hello\" <unfinished>", "= 5 <unfinished>", "= 0"}},
    {"recv(s0, 64, 0)", {RETURNED, .result = 0}, "= 0", {"= 0"}, {"= 0 \"x\"", "= 5"}},
    {"recv(s0, 64, 0)",
     {RETURNED, .result = 4, DATA("\"\\\n\0")},
     "= 4 \"\\\"\\\\\\n\\x00\"",
     {"= 4 \"\\\"\\\\\\n\\x00\""},
     {"= 4 \"\\\"\\\\\\n\\x01\""}},
    {"recv(s0, 64, MSG_WAITALL)",
     {.kind = OUTCOME_UNFINISHED, .result = 3, DATA("abc")},
     "= 3 \"abc\" <unfinished>",
     {"= 3 \"abc\" <unfinished>", "= 3 <unfinished>"},
     {"= 3 \"abc\"", "= 3", "<unfinished>", "= 3 \"abd\" <unfinished>", "= 2 <unfinished>"}},
    {"recv(s0, 64, 0)",
     {.kind = OUTCOME_UNFINISHED, .result = -1},
     "<unfinished>",
     {"<unfinished>"},
     {"= -1", "= -1 EAGAIN", "= 0"}},
    {"a = accept(s0)",
     {RETURNED, .result = 7},
     ">= 0",
     {">= 0"},
     {"= 7", "= 0", "= -1", "<unfinished>"}},
    {"a = dup(s0)",
     {FAILED(EMFILE)},
     "= -1 EMFILE",
     {"= -1 EMFILE", "= -1"},
     {">= 0", "= -1 EBADF"}},
    {"ioctl(s0, FIONREAD)",
     {RETURNED, .has_value = true, .value = 12},
     "= 0 [12]",
     {"= 0 [12]", "= 0"},
     {"= 0 [1]", "= 0 [120]", "= 0 [-12]", "= 12", "= 0 \"12\""}},
    {"getsockopt(s0, SOL_SOCKET, SO_TYPE)",
     {RETURNED, DATA("\1\0\0\0")},
     "= 0 [1]",
     {"= 0 [1]", "= 0"},
     {"= 0 [2]", "= 0 \"\\x01\\x00\\x00\\x00\"", "= 1"}},
    {"getsockopt(s0, SOL_SOCKET, SO_ERROR)",
     {RETURNED, DATA("\x6f\0\0\0")}, /* 111, ECONNREFUSED on Linux */
     "= 0 [ECONNREFUSED]",
     {"= 0 [ECONNREFUSED]", "= 0"},
     {"= 0 [111]", "= 0 [ECONNRESET]", "= 0 [0]"}},
    {"getsockopt(s0, SOL_SOCKET, SO_ERROR)",
     {RETURNED, DATA("\0\0\0\0")},
     "= 0 [0]",
     {"= 0 [0]"},
     {"= 0 [EPERM]", "= 0 [1]"}},
    {"getsockopt(s0, SOL_SOCKET, SO_TYPE, 2)",
     {RETURNED, DATA("\1\0")},
     "= 0 \"\\x01\\x00\"",
     {"= 0 \"\\x01\\x00\"", "= 0"},
     {"= 0 [1]"}},
    {"getsockopt(s0, SOL_SOCKET, SO_LINGER)",
     {RETURNED, DATA("\1\0\0\0\5\0\0\0")},
     "= 0 \"\\x01\\x00\\x00\\x00\\x05\\x00\\x00\\x00\"",
     {"= 0"},
     {"= 0 [1]"}},
    {"poll([{s0, POLLIN}, {s1, POLLOUT}], 0)",
     {RETURNED, .result = 2, .fds = {{.revents = POLLIN | POLLHUP}, {.revents = POLLOUT}}},
     "= 2 [{s0, POLLIN|POLLHUP}, {s1, POLLOUT}]",
     {"= 2 [{s0, POLLIN|POLLHUP}, {s1, POLLOUT}]", "= 2"},
     {"= 1", "= 2 [{s0, POLLIN}, {s1, POLLOUT}]", "= 2 [{s0, POLLIN|POLLHUP}]",
      "= 2 [{s1, POLLOUT}, {s0, POLLIN|POLLHUP}]", "= 0"}},
    {"poll([{s0, POLLIN}, {-1, POLLIN}], 0)",
     {RETURNED, .result = 1, .fds = {{.revents = POLLIN}, {.revents = 0}}},
     "= 1 [{s0, POLLIN}]",
     {"= 1 [{s0, POLLIN}]"},
     {"= 1 [{-1, POLLIN}]", "= 1 [{s0, POLLOUT}]"}},
    {"poll([{s0, POLLIN}], 0)", {RETURNED, .result = 0}, "= 0", {"= 0"}, {"= 1", "<unfinished>"}},
    {"select([rw s0, x s1], 0)",
     {RETURNED, .result = 2, .fds = {{.revents = POLLOUT}, {.revents = POLLPRI}}},
     "= 2 [w s0, x s1]",
     {"= 2", "= 2 [w s0, x s1]"},
     {"= 2 [w s0]", "= 2 [rw s0, x s1]", "= 2 [x s1, w s0]", "= 1 [w s0]", "= 0"}},
    {"select([rw s0], -1)",
     {.kind = OUTCOME_UNFINISHED, .result = -1},
     "<unfinished>",
     {NULL},
     {"= 0"}},
    {"epoll_wait(s0, 4, 0)",
     {RETURNED, .result = 2,
      .events = {{.events = EPOLLIN | EPOLLHUP, .data.u64 = 3}, {.events = EPOLLOUT}}},
     "= 2 [{s3, EPOLLIN|EPOLLHUP}, {s0, EPOLLOUT}]",
     {"= 2"},
     {"= 2 [{s0, EPOLLOUT}, {s3, EPOLLIN|EPOLLHUP}]", "= 2 [{s3, EPOLLIN}, {s0, EPOLLOUT}]",
      "= 1"}},
    {"s1 = epoll_create1(0)", {RETURNED, .result = 9}, ">= 0", {">= 0"}, {"= 9"}},
    {"recvmsg(s0, {[64], control 64}, 0)",
     {RETURNED, .result = 5, DATA("hello"), CONTROL(control_ttl), .message_flags = MSG_TRUNC},
     "= 5 \"hello\" [{IP_TTL 64}] MSG_TRUNC",
     {"= 5", "= 5 [{IP_TTL 64}]", "= 5 MSG_TRUNC", "= 5 \"hello\" MSG_TRUNC"},
     {"= 5 [{IP_TTL 6}]", "= 5 [{IP_TTL}]", "= 5 [{IP_TOS 64}]", "= 5 MSG_CTRUNC",
      "= 5 \"hello\" [{IP_TTL 64}, {IP_TTL 64}]", "= 5 MSG_TRUNC|MSG_CTRUNC",
      "= 5 \"hell\" [{IP_TTL 64}]", "= 4 [{IP_TTL 64}]", "= 5 [{IP_TTL 64}] <unfinished>"}},
    {"recvmsg(s0, {[64], control 64}, 0)",
     {RETURNED, .result = 0, CONTROL(control_tos)},
     "= 0 [{IP_TOS 16}]",
     {"= 0"},
     {"= 0 [{IP_TOS 1}]"}},
    {"recvmsg(s0, {[64], control 64}, 0)",
     {RETURNED, .result = 0, CONTROL(control_time)},
     "= 0 [{SO_TIMESTAMP}]",
     {"= 0 [{SO_TIMESTAMP}]"},
     {"= 0 [{SO_TIMESTAMPNS}]"}},
    {"recvmsg(s0, {[64], control 64}, 0)",
     {RETURNED, .result = 0, CONTROL(control_unknown)},
     "= 0 [{level 0 type 99}]",
     {"= 0"},
     {"= 0 [{level 0 type 98}]"}},
    {"recvmsg(s0, {[64], control 64}, 0)",
     {RETURNED, .result = 0, .control = control_ttl, .control_size = 3},
     "= 0",
     {"= 0"},
     {"= 0 [{IP_TTL 64}]"}}, /* cut off within the header */
    {"sendmmsg(s0, {NULL, [\"a\", \"bc\"]}, 0)",
     {RETURNED, .result = 2, .messages = {{.length = 1}, {.length = 2}}},
     "= 2 [{1}, {2}]",
     {"= 2", "= 2 [{1}, {2}]"},
     {"= 2 [{1}]", "= 2 [{1}, {3}]", "= 1", "= 2 [{1}, {2}, {0}]"}},
    {"recvmmsg(s0, {[4, 4], control 64}, 0)",
     {.kind = OUTCOME_UNFINISHED,
      .result = 1,
      .messages = {{.length = 6, DATA("abcd"), CONTROL(control_ttl), .flags = MSG_TRUNC}}},
     "= 1 [{6 \"abcd\" [{IP_TTL 64}] MSG_TRUNC}] <unfinished>",
     {"= 1 <unfinished>", "= 1 [{6 \"abcd\" [{IP_TTL 64}] MSG_TRUNC}] <unfinished>"},
     {"= 1", "= 1 [{6}] <unfinished>", "= 1 [{6 \"abcd\" [{IP_TTL 64}] MSG_TRUNC}]",
      "= 2 <unfinished>"}},
    {"bind(s0, 192.0.2.1:0)",
     {.kind = OUTCOME_REFUSED, .result = -1},
     "# refused: not loopback",
     {NULL},
     {"= 0", "= -1", "= -1 EACCES", "<unfinished>"}},
    {"bind(s0, 127.0.0.1:0)",
     {.kind = OUTCOME_UNSUPPORTED, .result = -1},
     "# unsupported by this stack",
     {NULL},
     {"= 0", "= -1", "<unfinished>"}},
};

static struct drill drill;
static struct drill_notes notes;

/* Puts an expectation behind the row's call, as a drill does, so that it is in canonical form. */
static const char *expectation(const struct row *row, const char *expected)
{
    char text[512];

    snprintf(text, sizeof text, "%s %s", row->call, expected);
    text_parse_valid(&drill, &notes, text, strlen(text));
    return notes.expected[0];
}

static bool matches(const struct row *row, const char *expected)
{
    const char *canonical = expectation(row, expected);

    return outcome_matches(canonical, &drill.calls[0], &row->outcome, &notes);
}

static void test_outcomes_are_written_as_expectations(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);

        text_parse_valid(&drill, &notes, rows[i].call, strlen(rows[i].call));
        outcome_print(out, &drill.calls[0], &rows[i].outcome, &notes);
        fclose(out);
        assert_string_equal(text, rows[i].written);
        /* What is written is read back as the same expectation, and met. */
        assert_true(text[0] == '#' || matches(&rows[i], text));
        free(text);
    }
}

static void test_expectations_are_met(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++)
        for (size_t e = 0; e < CHECK_COUNT(rows[i].met) && rows[i].met[e] != NULL; e++)
            if (!matches(&rows[i], rows[i].met[e]))
                fail_msg("%s %s does not meet %s", rows[i].call, rows[i].written, rows[i].met[e]);
}

static void test_planted_wrong_expectations_are_not_met(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++)
        for (size_t e = 0; e < CHECK_COUNT(rows[i].unmet) && rows[i].unmet[e] != NULL; e++)
            if (matches(&rows[i], rows[i].unmet[e]))
                fail_msg("%s %s meets %s", rows[i].call, rows[i].written, rows[i].unmet[e]);
}

/* Nothing received is written as no data, and an empty string says the same. */
static void test_an_empty_string_is_no_data(void **state)
{
    static const struct row row = {.call = "recv(s0, 64, 0)", .outcome = {RETURNED, .result = 0}};

    (void)state;
    assert_true(matches(&row, "= 0 \"\""));
}

/* --- remarks: what differs from run to run --- */

static void assert_remark(const char *call, const struct outcome *outcome, const char *expected)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    text_parse_valid(&drill, &notes, call, strlen(call));
    outcome_print_remark(out, &drill.calls[0], outcome);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

static void test_remarks_name_descriptors_and_addresses(void **state)
{
    struct outcome outcome = {RETURNED, .result = 5};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(8080)};
    struct sockaddr_in6 in6 = {
        .sin6_family = AF_INET6, .sin6_port = htons(80), .sin6_addr = IN6ADDR_LOOPBACK_INIT};

    (void)state;
    assert_remark("s = socket(AF_INET, SOCK_STREAM, 0)", &outcome, " # 5");
    assert_remark("listen(s0, 1)", &outcome, "");
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    memcpy(&outcome.address, &in, sizeof in);
    outcome.address_length = sizeof in;
    assert_remark("s = accept(s0)", &outcome, " # 5 127.0.0.1:8080");
    outcome.result = 0;
    assert_remark("getsockname(s0)", &outcome, " # 127.0.0.1:8080");
    memcpy(&outcome.address, &in6, sizeof in6);
    outcome.address_length = sizeof in6;
    assert_remark("getsockname(s0)", &outcome, " # [::1]:80");
    outcome.kind = OUTCOME_UNFINISHED;
    assert_remark("getsockname(s0)", &outcome, "");
}

/* --- what no stack may do --- */

static const struct {
    const char *call;
    struct outcome outcome;
    bool sane;
} sanities[] = {
    {"send(s0, \"abcd\", 0)", {RETURNED, .result = 4}, true},
    {"send(s0, \"abcd\", 0)", {RETURNED, .result = 0}, true},
    {"send(s0, \"abcd\", 0)", {RETURNED, .result = 5}, false},
    {"write(s0, \"abcd\")", {RETURNED, .result = 5}, false},
    {"sendto(s0, \"abcd\", 0, 127.0.0.1:0)", {RETURNED, .result = 5}, false},
    {"write(s0, fill(\"ab\", 100))", {RETURNED, .result = 100}, true},
    {"write(s0, fill(\"ab\", 100))", {RETURNED, .result = 101}, false},
    {"recv(s0, 4, 0)", {RETURNED, .result = 4}, true},
    {"recv(s0, 4, 0)", {RETURNED, .result = 5}, false},
    {"recv(s0, 4, MSG_PEEK)", {RETURNED, .result = 5}, false},
    {"recv(s0, 4, MSG_TRUNC)", {RETURNED, .result = 5}, true}, /* a datagram's length, recv(2) */
    {"recvfrom(s0, 4, MSG_TRUNC)", {RETURNED, .result = 5}, true},
    {"recvfrom(s0, 4, 0)", {RETURNED, .result = 5}, false},
    {"read(s0, 4)", {RETURNED, .result = 5}, false},
    {"read(s0, 0)", {RETURNED, .result = 1}, false},
    {"poll([{s0, POLLIN}, {s1, 0}], 0)", {RETURNED, .result = 2}, true},
    {"poll([{s0, POLLIN}, {s1, 0}], 0)", {RETURNED, .result = 3}, false},
    {"ppoll([{s0, POLLIN}, {s1, 0}], 0)", {RETURNED, .result = 3}, false},
    {"select([rwx s0, r s1], 0)", {RETURNED, .result = 4}, true},
    {"select([rwx s0, r s1], 0)", {RETURNED, .result = 5}, false},
    {"pselect([0 s0], 0)", {RETURNED, .result = 1}, false},
    {"epoll_wait(s0, 2, 0)", {RETURNED, .result = 2}, true},
    {"epoll_wait(s0, 2, 0)", {RETURNED, .result = 3}, false},
    {"epoll_wait(s0, -1, 0)", {RETURNED, .result = 1}, false},
    {"readv(s0, [1, 3])", {RETURNED, .result = 4}, true},
    {"readv(s0, [1, 3])", {RETURNED, .result = 5}, false},
    {"writev(s0, [\"ab\", \"c\"])", {RETURNED, .result = 4}, false},
    {"writev(s0, fill([\"ab\"], 9))", {RETURNED, .result = 9}, true},
    {"sendmsg(s0, {NULL, [\"ab\", \"c\"]}, 0)", {RETURNED, .result = 4}, false},
    {"recvmsg(s0, {[1, 3]}, 0)", {RETURNED, .result = 5}, false},
    {"recvmsg(s0, {[1, 3]}, MSG_TRUNC)", {RETURNED, .result = 5}, true},
    {"sendmmsg(s0, {NULL, [\"abc\"]}, 0)", {RETURNED, .result = 1}, true},
    {"sendmmsg(s0, {NULL, [\"abc\"]}, 0)", {RETURNED, .result = 2}, false},
    {"recvmmsg(s0, {[9, 9]}, MSG_TRUNC)", {RETURNED, .result = 3}, false},
    {"close(s0)", {FAILED(EBADF)}, true},
    {"close(s0)", {FAILED(0)}, false},
    {"close(s0)", {FAILED(-5)}, false},
    {"close(s0)", {RETURNED, .result = -2, .error = EBADF}, false},
    {"a = accept(s0)", {RETURNED, .result = 100000}, true},
    {"a = accept(s0)", {RETURNED, .result = INT64_MIN, .error = EBADF}, false},
    {"recv(s0, 4, 0)", {.kind = OUTCOME_UNFINISHED, .result = -1}, true},
    {"recv(s0, 4, 0)", {.kind = OUTCOME_UNSUPPORTED, .result = -1}, true},
    {"bind(s0, 192.0.2.1:0)", {.kind = OUTCOME_REFUSED, .result = -1}, true},
};

static void test_sanity(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(sanities); i++) {
        const char *why = NULL;

        text_parse_valid(&drill, &notes, sanities[i].call, strlen(sanities[i].call));
        if (outcome_sane(&drill.calls[0], &sanities[i].outcome, &why) != sanities[i].sane)
            fail_msg("row %zu: %s = %lld", i, sanities[i].call,
                     (long long)sanities[i].outcome.result);
        assert_int_equal(why == NULL, sanities[i].sane);
    }
}

CHECK_MAIN(cmocka_unit_test(test_outcomes_are_written_as_expectations),
           cmocka_unit_test(test_expectations_are_met),
           cmocka_unit_test(test_planted_wrong_expectations_are_not_met),
           cmocka_unit_test(test_an_empty_string_is_no_data),
           cmocka_unit_test(test_remarks_name_descriptors_and_addresses),
           cmocka_unit_test(test_sanity))
