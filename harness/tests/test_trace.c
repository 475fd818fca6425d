/*
 * test_trace: a trace is judged as what it records was; what is wrong with one is told with its
 * place; and whatever a trace says, judging it ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines/trace.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#define HEADER "trace 1 stack \"kernel\" profile \"linux\" settle 200\n"

static struct trace_judge judge;
static struct drill_error fault;
static unsigned judgements[JUDGEMENTS];
static unsigned not_made;

static void count(void *context, const struct trace_line *line, const struct judged *j)
{
    (void)context;
    (void)line;
    if (j->made)
        judgements[j->judgement]++;
    else
        not_made++;
}

static bool judged(const char *text, size_t size)
{
    memset(judgements, 0, sizeof judgements);
    not_made = 0;
    judge.report = count;
    return trace_judge_text(&judge, NULL, text, size, &fault);
}

static const char connection[] = HEADER "l = socket(AF_INET, SOCK_STREAM, 0) -> 3\n"
                                        "bind(l, 127.0.0.1:0) -> 0\n"
                                        "? getsockname(3) -> 0 @ 127.0.0.1:40001\n"
                                        "listen(l, 1) -> 0\n"
                                        "? getsockname(3) -> 0 @ 127.0.0.1:40001\n"
                                        "c = socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0) -> 4\n"
                                        "? getsockname(3) -> 0 @ 127.0.0.1:40001\n"
                                        "connect(c, name(l)) -> 0\n"
                                        "? getsockname(4) -> 0 @ 127.0.0.1:40002\n"
                                        "s = accept(l, 4) -> 5 @ raw(16, \"\\x02\\x00\\x9cB\")\n"
                                        "# a comment, and an empty line\n"
                                        "\n"
                                        "send(c, fill(\"abc\", 7), MSG_NOSIGNAL) -> 7\n"
                                        "poll([{s, POLLIN}, {c, POLLIN}], 1000) -> 1 [POLLIN, 0]\n"
                                        "recv(s, 64, 0) -> 7 \"abcabca\"\n"
                                        "poll([{s, POLLIN}], -1) -> <unfinished> waited 0\n"
                                        "recv(s, 64, 0) -> <unfinished>\n"
                                        "getsockopt(s, SOL_SOCKET, SO_ERROR) -> 0 [0]\n"
                                        "ioctl(s, FIONREAD) -> 0 [0]\n"
                                        "not_socket -> 512\n"
                                        "listen(not_socket, 1) -> -1 ENOTSOCK\n"
                                        "close(-1) -> -1 EBADF\n"
                                        "dup2(l, c) -> unsupported\n"
                                        "end 21\n";

static void test_what_conforms(void **state)
{
    (void)state;
    if (!judged(connection, strlen(connection)))
        fail_msg("%u:%u: %s", fault.line, fault.column, fault.message);
    assert_int_equal(judgements[JUDGEMENT_DEVIATES], 0);
    assert_int_equal(judgements[JUDGEMENT_INCONCLUSIVE], 0);
    assert_int_equal(judgements[JUDGEMENT_CONFORMS], 19);
    assert_int_equal(not_made, 1);
}

/* Replaces the first one in a trace; the text is to be freed. */
static char *changed_in(const char *trace, const char *from, const char *to)
{
    const char *at = strstr(trace, from);
    char *text = malloc(strlen(trace) + 1 + strlen(to));
    size_t before = (size_t)(at - trace);

    assert_non_null(at);
    memcpy(text, trace, before);
    snprintf(text + before, strlen(to) + strlen(at) + 1, "%s%s", to, at + strlen(from));
    return text;
}

static char *changed(const char *from, const char *to)
{
    return changed_in(connection, from, to);
}

/* Of a message the flags, the name and the ancillary data count, too. */
#define TTL_33 "\\x14\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\x02\\0\\0\\0\\x21\\0\\0\\0\\0\\0\\0\\0"
static const char messages[] =
    "trace 1 stack \"kernel\" profile \"linux\" settle 200\n"
    "r = socket(AF_INET, SOCK_DGRAM, 0) -> 3\n"
    "bind(r, 127.0.0.1:20001) -> 0\n"
    "setsockopt(r, IPPROTO_IP, IP_RECVTTL, [1]) -> 0\n"
    "s = socket(AF_INET, SOCK_DGRAM, 0) -> 4\n"
    "bind(s, 127.0.0.1:20002) -> 0\n"
    "setsockopt(s, IPPROTO_IP, IP_TTL, [33]) -> 0\n"
    "sendmmsg(s, {127.0.0.1:20001, [\"one\", \"two\", \"three\"]}, 0) -> 3 {3} {3} {5}\n"
    "recvmsg(r, {[2], control 24}, 0) -> 2 \"on\" @ 127.0.0.1:20002 flags 32 control \"" TTL_33
    "\"\n"
    "recvmmsg(r, {[9, 9]}, 0) -> 2 {3 \"two\" @ 127.0.0.1:20002 flags 8} "
    "{5 \"three\" @ 127.0.0.1:20002 flags 8}\n"
    "end 9\n";

static void test_messages(void **state)
{
    static const char *const rows[][2] = {
        {"flags 32", "flags 0"},          {"\\x21", "\\x22"},
        {"control \"\\x14", "# "},        {"20002 flags 32", "20003 flags 32"},
        {"{3} {5}", "{3} {4}"},           {"3 {3} {3} {5}", "2 {3} {3}"},
        {"\"three\" @", "\"tree\" @"},    {"flags 8} {5", "} {5"},
        {"{5 \"three\"", "{6 \"three\""}, {"20002 flags 8} {", "20001 flags 8} {"},
    };

    (void)state;
    if (!judged(messages, strlen(messages)))
        fail_msg("%u:%u: %s", fault.line, fault.column, fault.message);
    assert_int_equal(judgements[JUDGEMENT_DEVIATES], 0);
    assert_int_equal(judgements[JUDGEMENT_INCONCLUSIVE], 0);
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        char *text = changed_in(messages, rows[i][0], rows[i][1]);

        if (!judged(text, strlen(text)))
            fail_msg("%s: %u:%u: %s", rows[i][1], fault.line, fault.column, fault.message);
        if (judgements[JUDGEMENT_DEVIATES] == 0)
            fail_msg("%s conforms", rows[i][1]);
        free(text);
    }
}

static void test_what_deviates(void **state)
{
    static const char *const rows[][2] = {
        {"abcabca\"", "abcabcb\""},       {"-> 7\n", "-> 8\n"},
        {"-1 ENOTSOCK", "-1 EBADF"},      {"-> 4\n", "-> 3\n"},
        {"[POLLIN, 0]", "[0, POLLIN]"},   {"recv(s, 64, 0) -> <unf", "recv(s, 64, 0) -> 0 #"},
        {"0 [0]\nioctl", "0 [9]\nioctl"}, {"0 [0]\nnot", "0 [1]\nnot"},
    };

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        char *text = changed(rows[i][0], rows[i][1]);

        if (!judged(text, strlen(text)))
            fail_msg("%s: %u:%u: %s", rows[i][1], fault.line, fault.column, fault.message);
        if (judgements[JUDGEMENT_DEVIATES] == 0)
            fail_msg("%s conforms", rows[i][1]);
        free(text);
    }
}

/* Which of select's sets, and which of epoll's events, is judged as well. */
static void test_sets_and_events(void **state)
{
    static const char *const rows[][2] = {
        {"nothing", "1 [POLLOUT]\nepoll_wait(e, 4, 0) -> 1 [{s, EPOLLOUT}]"},
        {"sets", "1 [POLLIN]\nepoll_wait(e, 4, 0) -> 1 [{s, EPOLLOUT}]"},
        {"events", "1 [POLLOUT]\nepoll_wait(e, 4, 0) -> 1 [{s, EPOLLIN}]"},
        {"data", "1 [POLLOUT]\nepoll_wait(e, 4, 0) -> 1 [{e, EPOLLOUT}]"},
        {"none of the drill's",
         "1 [POLLOUT]\nepoll_wait(e, 4, 0) -> 1 [raw(1, 4294967295, 2097152)]"},
        {"count", "1 [POLLOUT]\nepoll_wait(e, 4, 0) -> 0"},
    };

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        char text[512];
        int size = snprintf(text, sizeof text,
                            HEADER "s = socket(AF_INET, SOCK_DGRAM, 0) -> 3\n"
                                   "e = epoll_create1(0) -> 4\n"
                                   "epoll_ctl(e, EPOLL_CTL_ADD, s, EPOLLIN|EPOLLOUT) -> 0\n"
                                   "select([rw s], 0) -> %s\nend 5\n",
                            rows[i][1]);

        if (!judged(text, (size_t)size))
            fail_msg("%s: %u:%u: %s", rows[i][0], fault.line, fault.column, fault.message);
        if (judgements[JUDGEMENT_DEVIATES] != (i > 0))
            fail_msg("%s: %u deviate", rows[i][0], judgements[JUDGEMENT_DEVIATES]);
    }
}

static void test_what_is_malformed(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        unsigned line;
        const char *message;
    } rows[] = {
        {"trace 1", "race 1", 1, "a trace, which begins with"},
        {"trace 1", "trace 2", 1, "a trace's version"},
        {"settle 200", "settle", 1, "arrive"},
        {"settle 200", "settle 200 ports", 1, "where ports begin"},
        {"\"linux\"", "\"minix\"", 1, "--profile"},
        {"end 21\n", "", 25, "cut off"},
        {"end 21", "end 20", 25, "had 20 lines when it was recorded, and has 21"},
        {"end 21\n", "end 21\nclose(l) -> 0\n", 26, "nothing after the trace's end"},
        {"listen(l, 1) -> 0", "listen(l, 1)", 5, "what the call came to"},
        {"listen(l, 1) -> 0", "listen(l, 1) -> ", 5, "an outcome"},
        {"-> -1 EBADF", "-> -1", 23, "an error's name"},
        {"-> -1 EBADF", "-> -1 EBAD", 23, "an error's name"},
        {"? getsockname(3) -> 0 @ 127.0.0.1:40001\nconnect", "connect", 8, "getsockname"},
        {"not_socket -> 512\n", "", 21, "not_socket -> NUMBER"},
        {"? getsockname", "? getname", 4, "getsockname or getpeername"},
        {"@ 127.0.0.1:40001", "@ 127.0.0.256:1", 4, "a name"},
        {"listen(l", "lisden(l", 5, "unknown call"},
        {"listen(l, 1) -> 0", "listen(l, 1) -> 0 waited 5", 5, "only poll"},
        {"recv(s, 64, 0) -> 7", "recv(x, 64, 0) -> 7", 16, "has not been assigned"},
    };

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        char *text = changed(rows[i].from, rows[i].to);

        if (judged(text, strlen(text)))
            fail_msg("%s is taken", rows[i].to);
        if (fault.line != rows[i].line || strstr(fault.message, rows[i].message) == NULL)
            fail_msg("%s: %u: %s", rows[i].to, fault.line, fault.message);
        free(text);
    }
}

/* --- recording --- */

static FILE *out;
static uint32_t lines;
static unsigned lived[JUDGEMENTS];

static void record(void *context, const struct judged *j)
{
    (void)context;
    lived[j->judgement]++;
    lines += trace_record(out, j, NULL);
}

/* What was drawn and recorded is judged as it was while it ran. */
static void test_recorded_is_judged_the_same(void **state)
{
    static struct conform conform;
    static struct drill drill;
    static uint8_t input[2000];
    struct random random;
    const struct trace_header header = {
        .stack = "kernel", .profile = "linux", .settle_ms = 300, .ports = PORT_BASE};

    (void)state;
    conform_init(&conform, &sockdrill_stack_kernel, &profile_linux, false);
    conform.report = record;
    random_start(&random);
    for (unsigned i = 0; i < 60; i++) {
        char *text;
        size_t size;

        random_fill(&random, input, sizeof input);
        drill_decode(&drill, input, sizeof input, &drill_rules_any);
        memset(lived, 0, sizeof lived);
        lines = 0;
        out = open_memstream(&text, &size);
        trace_print_header(out, &header);
        conform_drill(&conform, &drill);
        trace_print_end(out, lines);
        fclose(out);
        if (!judged(text, size))
            fail_msg("drill %u: %u:%u: %s", i, fault.line, fault.column, fault.message);
        assert_memory_equal(judgements, lived, sizeof lived);
        free(text);
    }
}

/* --- hostile traces --- */

/* Words that lead somewhere when they stand where others did. */
static const char *const words[] = {
    "-1",
    "0",
    "2147483647",
    "-2147483648",
    "3",
    "1023",
    "1024",
    "l",
    "c",
    "s",
    "socket",
    "accept(l)",
    "AF_INET",
    "AF_INET6",
    "\"\"",
    "-> 3",
    "EAGAIN",
    "[0]",
    "@ [::1]:1",
    "<unfinished>",
    "SOCK_DGRAM",
    "close(c) -> 0\n",
    "shutdown(c, SHUT_RDWR) -> 0\n",
    "connect(c, AF_UNSPEC) -> 0\n",
    "l = dup(c) -> 7\n",
    "not_socket -> 3\n",
    "? getsockname(4) -> 0 @ 0.0.0.0:0\n",
    "listen(c, 5) -> 0\n",
};

static size_t mutate(struct random *random, char *text, size_t size, size_t room)
{
    size_t at = random_below(random, (uint32_t)size);
    const char *word = words[random_below(random, CHECK_COUNT(words))];
    size_t length = strlen(word);
    size_t drop = random_below(random, 12);

    switch (random_below(random, 4)) {
    case 0:
        text[at] = (char)random_below(random, 256);
        return size;
    case 1: /* a whole line again */
        while (at > 0 && text[at - 1] != '\n')
            at--;
        length = strcspn(text + at, "\n") + 1;
        if (at + length > size || size + length > room)
            return size;
        memmove(text + at + length, text + at, size - at);
        return size + length;
    case 2:
        drop = drop < size - at ? drop : size - at - 1;
        memmove(text + at, text + at + drop, size - at - drop);
        return size - drop;
    default:
        if (size + length > room)
            return size;
        memmove(text + at + length, text + at, size - at);
        memcpy(text + at, word, length);
        return size + length;
    }
}

/* Whatever is changed in a trace, judging it ends with judgements or with a message. */
static void test_hostile_traces(void **state)
{
    static char text[8192];
    unsigned whole = 0;
    unsigned deviating = 0;
    uint64_t left = random_count(20000, 0);
    struct random random;

    (void)state;
    random_start(&random);
    for (; left > 0; left--) {
        size_t size = sizeof connection - 1;

        memcpy(text, connection, sizeof connection);
        for (unsigned edits = random_below(&random, 4) + 1; edits > 0; edits--)
            size = mutate(&random, text, size, sizeof text - 1);
        text[size] = '\0';
        whole += judged(text, size);
        deviating += judgements[JUDGEMENT_DEVIATES] > 0;
    }
    assert_true(whole > 0);
    assert_true(deviating > 0);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_what_conforms), cmocka_unit_test(test_sets_and_events),
                    cmocka_unit_test(test_what_deviates), cmocka_unit_test(test_messages),
                    cmocka_unit_test(test_what_is_malformed),
                    cmocka_unit_test(test_recorded_is_judged_the_same),
                    cmocka_unit_test(test_hostile_traces))
