/*
 * test_repair: a record of which only the call is given becomes the call that means something then:
 * an engine that inserts tokens makes sensible drills (drill/repair.h, program-format: zero is the
 * sane default).
 */
#include <stdlib.h>
#include <string.h>

#include "drill/drill.h"
#include "drill/record.h"
#include "tests/support/check.h"
#include "tests/support/texts.h"

static struct drill drill;
static uint8_t input[1024];

static enum op op_named(const char *name, size_t length)
{
    for (int op = 0; op < OPS; op++)
        if (strlen(call_info(op)->name) == length && memcmp(call_info(op)->name, name, length) == 0)
            return (enum op)op;
    fail_msg("no call %.*s", (int)length, name);
    return OPS;
}

/*
 * Writes the records of words such as "connect fd=1 address=3": a call, and bytes of its header.
 * Each line is a record.
 */
static size_t write_records(const char *text)
{
    static const struct {
        const char *name;
        enum header_field field;
    } fields[] = {{"fd", HEADER_FD},       {"result", HEADER_RESULT},
                  {"flags", HEADER_FLAGS}, {"address", HEADER_ADDRESS},
                  {"port", HEADER_PORT},   {"choice", HEADER_CHOICE}};
    size_t used = 0;

    while (*text != '\0') {
        size_t length = strcspn(text, " \n");
        struct record record = {.code = call_info(op_named(text, length))->code};

        for (text += length; *text == ' '; text += strcspn(text, " \n")) {
            length = strcspn(++text, "=");
            for (size_t i = 0; i < CHECK_COUNT(fields); i++)
                if (strncmp(fields[i].name, text, length) == 0)
                    record.header[fields[i].field] = (uint8_t)strtoul(text + length + 1, NULL, 0);
        }
        text += *text == '\n';
        used = record_write(&record, input, used, sizeof input);
        assert_true(used > 0);
    }
    return used;
}

static void check(const struct drill_rules *rules, const char *records, const char *expected)
{
    size_t size = write_records(records);
    char *text;

    drill_decode(&drill, input, size, rules);
    text = text_printed(&drill, NULL, &size);
    assert_string_equal(text, expected);
    free(text);
}

static void test_tokens_make_a_connection(void **state)
{
    (void)state;
    check(&drill_rules_any,
          "socket\nbind\nlisten\nsocket\nconnect\naccept4\nsend\nrecv\nshutdown\nclose\n",
          "s0 = socket(AF_INET, SOCK_STREAM, 0)\n"
          "bind(s0, 127.0.0.1:0)\n"
          "listen(s0, 1)\n"
          "s1 = socket(AF_INET, SOCK_STREAM, 0)\n"
          "connect(s1, name(s0))\n"
          "s2 = accept4(s0, 0)\n"
          "send(s2, \"\", 0)\n"
          "recv(s2, 4096, 0)\n"
          "shutdown(s2, SHUT_RD)\n"
          "close(s2)\n");
}

static void test_tokens_make_a_pair_of_datagram_sockets(void **state)
{
    (void)state;
    check(&drill_rules_datagram,
          "socket address=1\nbind\nsocket address=1\nbind\nconnect\nsendto\nrecvfrom\n",
          "s0 = socket(AF_INET6, SOCK_DGRAM, 0)\n"
          "bind(s0, [::1]:0)\n"
          "s1 = socket(AF_INET6, SOCK_DGRAM, 0)\n"
          "bind(s1, [::1]:0)\n"
          "connect(s1, name(s0))\n"
          "sendto(s1, \"\", 0, name(s0))\n"
          "recvfrom(s1, 4096, 0)\n");
}

static void test_a_drill_for_a_server_has_the_remote(void **state)
{
    (void)state;
    check(&drill_rules_remote, "send\nrecv\nshutdown choice=1\ndup\nclose\n",
          "send(s15, \"\", 0)\n"
          "recv(s15, 4096, 0)\n"
          "shutdown(s15, SHUT_WR)\n"
          "s0 = dup(s15)\n"
          "close(s0)\n");
}

/* Closed variables are free again, and the newest open one comes first. */
static void test_variables_are_reused(void **state)
{
    (void)state;
    check(&drill_rules_any, "socket\nsocket\nclose\nsocket\nclose\nclose\nclose\n",
          "s0 = socket(AF_INET, SOCK_STREAM, 0)\n"
          "s1 = socket(AF_INET, SOCK_STREAM, 0)\n"
          "close(s1)\n"
          "s1 = socket(AF_INET, SOCK_STREAM, 0)\n"
          "close(s1)\n"
          "close(s0)\n"
          "close(s0)\n"); /* nothing is open: the first variable, whatever it holds */
}

/* Records, and what they become after those that make one variable of every sort. */
static const char *const preferences[][2] = {
    {"bind\n", "bind(s0, 127.0.0.1:0)\n"},
    {"listen\n", "listen(s4, 1)\n"},
    {"connect\n", "connect(s4, name(s1))\n"},
    {"accept\n", "s5 = accept(s1)\n"},
    {"recv\n", "recv(s3, 4096, 0)\n"},
    {"sendto\n", "sendto(s2, \"\", 0, [::1]:0)\n"},
    {"getpeername\n", "getpeername(s3)\n"},
    {"getsockname\n", "getsockname(s4)\n"},
    {"poll\n", "poll([{s4, POLLIN}], 0)\n"},
    {"write\n", "write(s3, \"\")\n"},
    {"close fd=4\n", "close(s0)\n"},
    {"close fd=5\n", "close(s4)\n"},
    {"close fd=0x4a\n", "close(s10)\n"},
    {"close fd=0x80\n", "close(-1)\n"},
    {"close fd=0x81\n", "close(2147483647)\n"},
    {"close fd=0x82\n", "close(not_socket)\n"},
    {"accept result=1\n", "s0 = accept(s1)\n"},
    {"accept result=16\n", "s15 = accept(s1)\n"},
    {"dup fd=0x42\n", "s5 = dup(s2)\n"},
    {"ppoll\n", "ppoll([{s4, POLLIN}], 0)\n"},
    {"select\n", "select([r s4], 0)\n"},
    {"pselect flags=7\n", "pselect([wx s4], 0)\n"},
    {"epoll_create1\n", "s5 = epoll_create1(0)\n"},
    {"epoll_create1\nepoll_ctl\n", "epoll_ctl(s5, EPOLL_CTL_ADD, s4, EPOLLIN)\n"},
    {"epoll_create1\nepoll_wait\n", "epoll_wait(s5, 4, 0)\n"},
    {"epoll_create1\nclose\n", "close(s5)\n"},
    {"epoll_create1\ndup\nepoll_wait\n", "epoll_wait(s6, 4, 0)\n"},
    {"epoll_create1\nrecv\n", "recv(s3, 4096, 0)\n"},
    {"epoll_create1\ngetsockname\n", "getsockname(s4)\n"},
    {"sendmsg\n", "sendmsg(s3, {NULL, [\"\"]}, 0)\n"},
    {"sendmsg fd=0x41\n", "sendmsg(s1, {127.0.0.1:0, [\"\"]}, 0)\n"},
    {"sendmsg address=15\n", "sendmsg(s3, {name(s1), [\"\"]}, 0)\n"},
    {"sendmmsg\n", "sendmmsg(s2, {[::1]:0, [\"\"]}, 0)\n"},
    {"sendmmsg address=14\n", "sendmmsg(s2, {NULL, [\"\"]}, 0)\n"},
    {"recvmsg\n", "recvmsg(s3, {[4096]}, 0)\n"},
    {"recvmmsg\n", "recvmmsg(s2, {[4096]}, 0)\n"},
    {"readv\n", "readv(s3, [4096])\n"},
    {"writev\n", "writev(s3, [\"\"])\n"},
    {"dup2\n", "dup2(s4, s3)\n"},
    {"dup2 port=62\n", "dup2(s4, s1)\n"},
    {"dup2 port=0x82\n", "dup2(s4, -1)\n"},
    {"fcntl choice=4 result=16\n", "s15 = fcntl(s4, F_DUPFD, 0)\n"},
    {"fcntl choice=3 result=16\n", "fcntl(s4, F_SETFD, 0)\n"},
};

/* Each call prefers what it works on: of all that is open the newest that suits. */
static void test_calls_prefer_what_suits(void **state)
{
    static const char before[] = "socket\n"                               /* s0 fresh */
                                 "socket\nbind fd=0x41\nlisten fd=0x41\n" /* s1 listens */
                                 "socket choice=1 address=1\nbind fd=0x42\n"
                                 "socket\nconnect fd=0x43\n"
                                 "socket\nbind fd=0x44\n";
    char records[512];

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(preferences); i++) {
        size_t size;
        char *text;

        snprintf(records, sizeof records, "%s%s", before, preferences[i][0]);
        drill_decode(&drill, input, write_records(records), &drill_rules_any);
        drill.calls[0] = drill.calls[drill.call_count - 1];
        drill.call_count = 1;
        text = text_printed(&drill, NULL, &size);
        assert_string_equal(text, preferences[i][1]);
        free(text);
    }
}

/* What is connected to AF_UNSPEC is free to be connected again. */
static void test_states_follow_the_calls(void **state)
{
    (void)state;
    check(&drill_rules_any, "socket\nconnect\nconnect fd=0x40 address=10\nconnect\nrecv\n",
          "s0 = socket(AF_INET, SOCK_STREAM, 0)\n"
          "connect(s0, 127.0.0.1:0)\n"
          "connect(s0, AF_UNSPEC)\n"
          "connect(s0, 127.0.0.1:0)\n"
          "recv(s0, 4096, 0)\n");
}

/* A duplicate is what its original is, and a variable that dup2 replaces becomes it too. */
static void test_duplicates_are_what_they_duplicate(void **state)
{
    (void)state;
    check(&drill_rules_any,
          "socket choice=1\nsocket\nbind\nlisten\nfcntl choice=4\nclose fd=0x41\naccept4\n"
          "dup2 fd=0x42 port=0x40\nclose fd=0x42\naccept4\n",
          "s0 = socket(AF_INET, SOCK_DGRAM, 0)\n"
          "s1 = socket(AF_INET, SOCK_STREAM, 0)\n"
          "bind(s1, 127.0.0.1:0)\n"
          "listen(s1, 1)\n"
          "s2 = fcntl(s1, F_DUPFD, 0)\n"
          "close(s1)\n"
          "s1 = accept4(s2, 0)\n"
          "dup2(s2, s0)\n"
          "close(s2)\n"
          "s2 = accept4(s0, 0)\n");
}

CHECK_MAIN(cmocka_unit_test(test_tokens_make_a_connection),
           cmocka_unit_test(test_tokens_make_a_pair_of_datagram_sockets),
           cmocka_unit_test(test_a_drill_for_a_server_has_the_remote),
           cmocka_unit_test(test_variables_are_reused),
           cmocka_unit_test(test_calls_prefer_what_suits),
           cmocka_unit_test(test_states_follow_the_calls),
           cmocka_unit_test(test_duplicates_are_what_they_duplicate))
