/*
 * test_executor_missing: the executor with stacks that do not have every call: a drill sees those
 * as unsupported, and nothing else suffers. Played on the recorder.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stacks/executor.h"
#include "tests/support/check.h"
#include "tests/support/recorder.h"
#include "tests/support/texts.h"

static struct drill drill;
static struct drill_notes notes;
static struct executor executor;
static enum outcome_kind kinds[DRILL_CALLS_MAX];
static uint32_t calls;

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    (void)context;
    (void)request;
    if (call == NULL)
        return;
    kinds[calls++] = outcome->kind;
}

static void play_on(const struct sockdrill_stack *stack, const char *text)
{
    text_parse_valid(&drill, &notes, text, strlen(text));
    executor_init(&executor, stack);
    executor.observe = observe;
    calls = 0;
    executor_drill(&executor, &drill);
}

static int set_up(void **state)
{
    (void)state;
    recorder_reset();
    return 0;
}

/* A call of every kind, on a stream and on a datagram socket, and what goes with them. */
static const char every_call[] = "l = socket(AF_INET, SOCK_STREAM, 0)\n"
                                 "bind(l, 127.0.0.1:0)\n"
                                 "listen(l, 1)\n"
                                 "c = socket(AF_INET, SOCK_STREAM, 0)\n"
                                 "connect(c, name(l))\n"
                                 "s = accept(l)\n"
                                 "t = accept4(l, SOCK_CLOEXEC)\n"
                                 "setsockopt(c, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5})\n"
                                 "getsockopt(c, SOL_SOCKET, SO_ERROR)\n"
                                 "send(c, \"a\", 0)\n"
                                 "write(c, \"a\")\n"
                                 "sendto(c, \"a\", 0, peer(c))\n"
                                 "recv(s, 10, MSG_WAITALL)\n"
                                 "read(s, 10)\n"
                                 "recvfrom(s, 10, MSG_WAITALL)\n"
                                 "fcntl(c, F_SETFL, O_NONBLOCK)\n"
                                 "ioctl(c, FIONBIO, [0])\n"
                                 "getsockname(c)\n"
                                 "getpeername(c)\n"
                                 "bind(c, 127.0.0.1:port(l))\n"
                                 "poll([{c, POLLIN}], 0)\n"
                                 "d = dup(c)\n"
                                 "dup2(c, d)\n"
                                 "writev(c, [\"a\", \"b\"])\n"
                                 "readv(s, [5, 5])\n"
                                 "sendmsg(c, {peer(c), [\"a\"], [{IP_TTL 5}]}, 0)\n"
                                 "recvmsg(s, {[10], control 64}, MSG_WAITALL)\n"
                                 "sendmmsg(c, {NULL, [\"a\", \"b\"]}, 0)\n"
                                 "recvmmsg(s, {[1, 1]}, 0)\n"
                                 "ppoll([{c, POLLIN}], 0)\n"
                                 "select([rwx c, r s], 0)\n"
                                 "pselect([w c], 0)\n"
                                 "e = epoll_create1(0)\n"
                                 "epoll_ctl(e, EPOLL_CTL_ADD, c, EPOLLIN)\n"
                                 "epoll_wait(e, 4, 0)\n"
                                 "shutdown(c, SHUT_WR)\n"
                                 "write(not_socket, \"a\")\n"
                                 "close(c)\n";

static struct sockdrill_stack stack_without(enum op op)
{
    struct sockdrill_stack stack = *recorder_stack();

    switch (op) {
#define CALL(code, name, wants, n_default, ...)                                                    \
    case OP_##name:                                                                                \
        stack.name = NULL;                                                                         \
        break;
#include "lists/calls.def"
#undef CALL
    case OPS:
        break;
    }
    return stack;
}

struct lack {
    enum op op;
    bool waits; /* calls would block, so that the executor waits and looks again */
};

/* In the child: plays every call on a stack that lacks one; 0 if that one alone is unsupported. */
static int play_without(void *context)
{
    const struct lack *lack = context;
    struct sockdrill_stack stack = stack_without(lack->op);

    recorder_reset();
    if (lack->waits) {
        recorder.errors[OP_recv] = recorder.errors[OP_read] = EAGAIN;
        recorder.errors[OP_accept] = recorder.errors[OP_send] = EAGAIN;
        recorder.errors[OP_recvmsg] = recorder.errors[OP_recvmmsg] = EAGAIN;
        recorder.errors[OP_sendmsg] = recorder.errors[OP_sendmmsg] = EAGAIN;
    } else {
        recorder.answers[OP_recv] = recorder.answers[OP_recvfrom] = true;
        recorder.results[OP_recv] = recorder.results[OP_recvfrom] = 1;
        recorder.answers[OP_recvmsg] = recorder.answers[OP_sendmmsg] = true;
        recorder.results[OP_recvmsg] = recorder.results[OP_sendmmsg] = 1;
    }
    play_on(&stack, every_call);
    for (uint32_t i = 0; i < calls; i++)
        if ((kinds[i] == OUTCOME_UNSUPPORTED) != (drill.calls[i].op == lack->op))
            return 1;
    return 0;
}

static void test_a_missing_call_is_unsupported_and_no_more(void **state)
{
    unsigned failed = 0;

    (void)state;
    for (int op = 0; op < OPS; op++)
        for (int waits = 0; waits < 2; waits++) {
            struct lack lack = {(enum op)op, waits};
            struct check_end end = check_child(play_without, &lack, 20);

            if (!check_exited(&end, 0)) {
                print_message("a stack without %s: status %#x\n%.300s\n", call_info(op)->name,
                              (unsigned)end.status, end.said);
                failed++;
            }
            free(end.said);
        }
    assert_int_equal(failed, 0);
}

/* A stack of nothing: every call is unsupported, and none is made. */
static void test_a_stack_without_any_call(void **state)
{
    static const struct sockdrill_stack nothing = {.version = SOCKDRILL_STACK_VERSION,
                                                   .name = "nothing"};

    (void)state;
    play_on(&nothing, every_call);
    assert_int_equal(calls, drill.call_count);
    for (uint32_t i = 0; i < calls; i++)
        assert_int_equal(kinds[i], OUTCOME_UNSUPPORTED);
    assert_int_equal(recorder.count, 0);
}

static int some_getsockopt(int fd, int level, int option, void *value, socklen_t *length)
{
    (void)fd;
    (void)level;
    (void)value;
    if (option == SO_TYPE) {
        *length = 0;
        return 0;
    }
    errno = option == SO_ERROR ? ENOSYS : ENOPROTOOPT;
    return -1;
}

/* ENOSYS says that a stack lacks that much of a call, and no other error does. */
static void test_a_stack_that_has_part_of_a_call(void **state)
{
    static const char text[] = "s = socket(AF_INET, SOCK_STREAM, 0)\n"
                               "getsockopt(s, SOL_SOCKET, SO_ERROR)\n"
                               "getsockopt(s, SOL_SOCKET, SO_TYPE)\n"
                               "getsockopt(s, SOL_SOCKET, SO_DOMAIN)\n";
    struct sockdrill_stack stack = *recorder_stack();

    (void)state;
    stack.getsockopt = some_getsockopt;
    play_on(&stack, text);
    assert_int_equal(kinds[1], OUTCOME_UNSUPPORTED);
    assert_int_equal(kinds[2], OUTCOME_RETURNED);
    assert_int_equal(kinds[3], OUTCOME_RETURNED);
}

/* Without isolation a stack that cannot say where a socket is bound must not let it listen. */
static void test_a_stack_without_names_may_not_listen_beyond_loopback(void **state)
{
    static const char text[] = "s = socket(AF_INET, SOCK_STREAM, 0)\nlisten(s, 1)\n";
    struct sockdrill_stack stack = stack_without(OP_getsockname);

    (void)state;
    text_parse_valid(&drill, &notes, text, sizeof text - 1);
    executor_init(&executor, &stack);
    executor.observe = observe;
    executor.loopback_only = true;
    calls = 0;
    executor_drill(&executor, &drill);
    assert_int_equal(kinds[1], OUTCOME_REFUSED);
    assert_null(recorder_find(OP_listen, 0));
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

CHECK_MAIN(TEST(test_a_missing_call_is_unsupported_and_no_more),
           TEST(test_a_stack_without_any_call), TEST(test_a_stack_that_has_part_of_a_call),
           TEST(test_a_stack_without_names_may_not_listen_beyond_loopback))
