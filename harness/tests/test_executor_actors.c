/*
 * test_executor_actors: calls that really block, on the kernel through the executor, each drill
 * over IPv4 and IPv6. What is expected stands in POSIX.1-2017, XSH 2.10 and the functions' pages,
 * and in signal(7).
 */
#include <errno.h>
#include <string.h>
#include <sys/time.h>

#include "tests/support/check.h"
#include "tests/support/play.h"
#include "tests/support/texts.h"

/* A connection: l listens, c is the client, s the accepted socket. */
#define CONNECTED                                                                                  \
    "l = socket($AF, SOCK_STREAM, 0) >= 0\n"                                                       \
    "bind(l, $LO:0) = 0\n"                                                                         \
    "listen(l, 1) = 0\n"                                                                           \
    "c = socket($AF, SOCK_STREAM, 0) >= 0\n"                                                       \
    "connect(c, name(l)) = 0\n"                                                                    \
    "s = accept(l) >= 0\n"
#define DATAGRAMS                                                                                  \
    "a = socket($AF, SOCK_DGRAM, 0) >= 0\n"                                                        \
    "bind(a, $LO:0) = 0\n"                                                                         \
    "b = socket($AF, SOCK_DGRAM, 0) >= 0\n"                                                        \
    "connect(b, name(a)) = 0\n"

static const struct play rows[] = {
    {"data wakes a receive; recv()", CONNECTED "A: recv(s, 64, 0) <unfinished>\n"
                                               "send(c, \"abc\", MSG_NOSIGNAL) = 3\n"
                                               "A: <... recv> = 3 \"abc\"\n"},
    {"a datagram wakes a receive; recvfrom()", DATAGRAMS "A: recvfrom(a, 64, 0) <unfinished>\n"
                                                         "send(b, \"abc\", 0) = 3\n"
                                                         "A: <... recvfrom> = 3 \"abc\"\n"},
    {"a call that need not wait is done at once", CONNECTED "send(c, \"abc\", MSG_NOSIGNAL) = 3\n"
                                                            "A: recv(s, 64, 0) = 3 \"abc\"\n"
                                                            "A: recv(s, 64, 0) <unfinished>\n"},
    {"what is not resumed does not come back: it is still blocked",
     CONNECTED "A: recv(s, 64, 0) <unfinished>\n"
               "A: <... recv> <unfinished>\n"
               "send(c, \"abc\", MSG_NOSIGNAL) = 3\n"
               "A: <... recv> = 3 \"abc\"\n"},
    {"a connection wakes an accept, and the variable is set; accept()",
     "l = socket($AF, SOCK_STREAM, 0) >= 0\n"
     "bind(l, $LO:0) = 0\n"
     "listen(l, 1) = 0\n"
     "A: s = accept(l) <unfinished>\n"
     "c = socket($AF, SOCK_STREAM, 0) >= 0\n"
     "connect(c, name(l)) = 0\n"
     "send(c, \"abc\", MSG_NOSIGNAL) = 3\n"
     "A: <... accept> >= 0\n"
     "recv(s, 64, 0) = 3 \"abc\"\n"
     "recv(s, 64, 0) <unfinished>\n"},
    {"room wakes a send; send()",
     CONNECTED "setsockopt(c, SOL_SOCKET, SO_SNDBUF, [5000]) = 0\n"
               "A: send(c, fill(\"abc\", 262144), MSG_NOSIGNAL) <unfinished>\n"
               "B: recv(s, 262144, MSG_WAITALL)\n"
               "A: <... send> = 262144\n"},
    {"the peer's end wakes a receive; recv()", CONNECTED "A: recv(s, 64, 0) <unfinished>\n"
                                                         "shutdown(c, SHUT_WR) = 0\n"
                                                         "A: <... recv> = 0\n"},
    {"an event wakes poll and select; poll(), select()",
     CONNECTED "A: poll([{s, POLLIN}], -1) <unfinished>\n"
               "B: select([r s], -1) <unfinished>\n"
               "send(c, \"abc\", MSG_NOSIGNAL) = 3\n"
               "A: <... poll> = 1 [{s, POLLIN}]\n"
               "B: <... select> = 1 [r s]\n"},
    {"a signal interrupts; recv() EINTR", CONNECTED "A: recv(s, 64, 0) <unfinished>\n"
                                                    "A: --- SIGUSR1 ---\n"
                                                    "A: <... recv> = -1 EINTR\n"
                                                    "send(c, \"abc\", MSG_NOSIGNAL) = 3\n"
                                                    "A: recv(s, 64, 0) = 3 \"abc\"\n"},
    {"but not with SA_RESTART; sigaction(), signal(7)",
     CONNECTED "A: recv(s, 64, 0) <unfinished>\n"
               "A: --- SIGUSR1 {SA_RESTART} ---\n"
               "A: --- SIGUSR1 {SA_RESTART} ---\n"
               "A: <... recv> <unfinished>\n"
               "send(c, \"abc\", MSG_NOSIGNAL) = 3\n"
               "A: <... recv> = 3 \"abc\"\n"},
    {"poll is interrupted whatever the handler says; signal(7)",
     CONNECTED "A: poll([{s, POLLIN}], -1) <unfinished>\n"
               "A: --- SIGUSR1 {SA_RESTART} ---\n"
               "A: <... poll> = -1 EINTR\n"},
    {"a signal between calls interrupts nothing", CONNECTED "send(c, \"abc\", MSG_NOSIGNAL) = 3\n"
                                                            "A: recv(s, 64, 0) = 3 \"abc\"\n"
                                                            "A: --- SIGUSR1 ---\n"
                                                            "A: recv(s, 64, 0) <unfinished>\n"
                                                            "A: <... recv> <unfinished>\n"},
    {"the time of SO_RCVTIMEO ends a receive; socket(7)",
     CONNECTED "setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=0, tv_usec=20000}) = 0\n"
               "recv(s, 64, 0) = -1 EAGAIN\n"
               "A: recv(s, 64, 0) <unfinished>\n"
               "A: <... recv> = -1 EAGAIN\n"},
    {"others find the descriptor non-blocking where the drill has it so, and waiting where not",
     CONNECTED "A: recv(s, 64, 0) <unfinished>\n"
               "recv(s, 64, 0) <unfinished>\n"
               "recv(s, 64, MSG_DONTWAIT) = -1 EAGAIN\n"
               "fcntl(s, F_GETFL) = 2\n"},
    {"three actors block at once and none is resumed", CONNECTED "A: recv(s, 64, 0) <unfinished>\n"
                                                                 "B: recv(c, 64, 0) <unfinished>\n"
                                                                 "C: t = accept(l) <unfinished>\n"},
    {"one thread of an actor makes one call at a time",
     CONNECTED "A: recv(s, 64, 0) <unfinished>\n"
               "B: recv(s, 64, MSG_DONTWAIT) = -1 EAGAIN\n"
               "B: shutdown(s, SHUT_RD) = 0\n"
               "A: <... recv> = 0\n"},
};

static void test_calls_that_block(void **state)
{
    (void)state;
    play_all(rows, CHECK_COUNT(rows));
}

/* --- what is not made --- */

static enum outcome_kind kinds[8];
static uint32_t kind_count;
static uint32_t took_us;

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    (void)context;
    (void)request;
    if (call == NULL)
        return;
    assert_true(kind_count < CHECK_COUNT(kinds));
    kinds[kind_count++] = outcome->kind;
    took_us = outcome->took_us;
}

static void run(const char *text, const struct sockdrill_stack *stack, int block_ms)
{
    static struct executor executor;
    static struct drill drill;
    static struct drill_notes notes;

    text_parse_valid(&drill, &notes, text, strlen(text));
    executor_init(&executor, stack);
    executor.block_ms = block_ms;
    executor.observe = observe;
    kind_count = 0;
    executor_drill(&executor, &drill);
}

static const char blocked[] = "s = socket(AF_INET, SOCK_DGRAM, 0)\n"
                              "bind(s, 127.0.0.1:0)\n"
                              "A: recv(s, 64, 0)\n"
                              "A: recv(s, 64, 0)\n"
                              "A: --- SIGUSR1 ---\n"
                              "A: <... recv>\n"
                              "A: <... recv>\n";

static void test_an_actor_is_in_one_call(void **state)
{
    (void)state;
    run(blocked, &sockdrill_stack_kernel, 200);
    assert_int_equal(kinds[2], OUTCOME_UNFINISHED);
    assert_int_equal(kinds[3], OUTCOME_BUSY);
    assert_int_equal(kinds[5], OUTCOME_RETURNED);
    assert_int_equal(kinds[6], OUTCOME_BUSY);
}

/* Where no thread is wanted, or the stack cannot be interrupted, actors' calls are not made. */
static void test_actors_are_refused(void **state)
{
    struct sockdrill_stack stack = sockdrill_stack_kernel;

    (void)state;
    stack.blocks = false;
    for (int i = 0; i < 2; i++) {
        run(blocked, i == 0 ? &sockdrill_stack_kernel : &stack, i == 0 ? 0 : 200);
        assert_int_equal(kind_count, 7);
        for (uint32_t k = 2; k < kind_count; k++)
            assert_int_equal(kinds[k], OUTCOME_UNSUPPORTED);
    }
}

/* POSIX: at least so long. */
static void test_time_is_measured(void **state)
{
    (void)state;
    run("s = socket(AF_INET, SOCK_DGRAM, 0)\npoll([{s, POLLIN}], 30)\n", &sockdrill_stack_kernel,
        200);
    assert_in_range(took_us, 30000, 3000000);
    run("s = socket(AF_INET, SOCK_DGRAM, 0)\npoll([{s, POLLIN}], 3000)\n", &sockdrill_stack_kernel,
        200);
    assert_int_equal(took_us, 0); /* longer than a call may block */
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_calls_that_block),
                    cmocka_unit_test(test_an_actor_is_in_one_call),
                    cmocka_unit_test(test_actors_are_refused),
                    cmocka_unit_test(test_time_is_measured))
