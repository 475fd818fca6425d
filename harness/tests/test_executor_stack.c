/*
 * test_executor_stack: the executor with stacks other than the kernel's, whose answers are late,
 * short or wrong. Played on the recorder.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "stacks/executor.h"
#include "tests/support/check.h"
#include "tests/support/recorder.h"
#include "tests/support/seeds.h"
#include "tests/support/texts.h"

static struct drill drill;
static struct drill_notes notes;
static struct executor executor;
static uint32_t calls;
static struct outcome last;

/* How each call ended, and the last one in full. */
static struct {
    int64_t result;
    enum outcome_kind kind;
    int error;
} outcomes[DRILL_CALLS_MAX];

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    (void)context;
    (void)request;
    if (call == NULL)
        return;
    last = *outcome;
    outcomes[calls].result = outcome->result;
    outcomes[calls].kind = outcome->kind;
    outcomes[calls++].error = outcome->error;
}

static void play_on(const struct sockdrill_stack *stack, const char *text)
{
    text_parse_valid(&drill, &notes, text, strlen(text));
    executor_init(&executor, stack);
    executor.observe = observe;
    calls = 0;
    executor_drill(&executor, &drill);
}

static void play(const char *text)
{
    play_on(recorder_stack(), text);
}

static int set_up(void **state)
{
    (void)state;
    recorder_reset();
    return 0;
}

/* --- answers --- */

#define STREAM "s = socket(AF_INET, SOCK_STREAM, 0)\n"
#define DATAGRAM "s = socket(AF_INET, SOCK_DGRAM, 0)\n"

/* A blocking send goes on after a part, with what is left of the data; POSIX send(). */
static void test_a_send_goes_on_after_a_part(void **state)
{
    const struct recorded *first;
    const struct recorded *second;

    (void)state;
    recorder.answers[OP_send] = recorder.answers[OP_poll] = true;
    recorder.results[OP_send] = 3;
    recorder.results[OP_poll] = 1;
    play(STREAM "send(s, \"abcdef\", MSG_NOSIGNAL)\n");
    first = recorder_find(OP_send, 0);
    assert_non_null(first);
    second = recorder_find(OP_send, (size_t)(first - recorder.calls) + 1);
    assert_non_null(second);
    assert_int_equal(second->places[PLACE_FLAGS], MSG_NOSIGNAL);
    assert_int_equal(second->byte_count, 3);
    assert_memory_equal(second->bytes, "def", 3);
    assert_int_equal(outcomes[1].kind, OUTCOME_RETURNED);
    assert_int_equal(outcomes[1].result, 6);
}

/* The same in parts, of which those that are sent become empty. */
static void check_parts_after(enum op op, const char *text, uint32_t first, uint32_t second)
{
    const struct recorded *again;

    recorder_reset();
    recorder.answers[op] = recorder.answers[OP_poll] = true;
    recorder.results[op] = 3;
    recorder.results[OP_poll] = 1;
    play(text);
    again = recorder_find(op, (size_t)(recorder_find(op, 0) - recorder.calls) + 1);
    assert_non_null(again);
    assert_int_equal(again->parts[0], first);
    assert_int_equal(again->parts[1], second);
    assert_int_equal(again->places[PLACE_PARTS], 2);
    assert_memory_equal(again->bytes, "def", 3);
    assert_int_equal(outcomes[1].result, 6);
}

static void test_parts_go_on_after_a_part(void **state)
{
    (void)state;
    check_parts_after(OP_writev, STREAM "writev(s, [\"ab\", \"cdef\"])\n", 0, 3);
    check_parts_after(OP_writev, STREAM "writev(s, [\"abcd\", \"ef\"])\n", 1, 2);
    check_parts_after(OP_sendmsg, STREAM "sendmsg(s, {NULL, [\"abc\", \"def\"]}, 0)\n", 0, 3);
}

/* Of many messages those go on that are not sent; a stream that took a part of one stays there. */
static void test_messages_go_on_after_some(void **state)
{
    const struct recorded *first;
    const struct recorded *second;

    (void)state;
    recorder.answers[OP_sendmmsg] = recorder.answers[OP_poll] = true;
    recorder.results[OP_sendmmsg] = recorder.results[OP_poll] = 1;
    play(DATAGRAM "sendmmsg(s, {NULL, [\"a\", \"bc\", \"def\"]}, 0)\n");
    first = recorder_find(OP_sendmmsg, 0);
    second = recorder_find(OP_sendmmsg, (size_t)(first - recorder.calls) + 1);
    assert_non_null(second);
    assert_int_equal(second->places[PLACE_PARTS], 2);
    assert_memory_equal(second->bytes, "bcdef", 5);
    assert_int_equal(outcomes[1].result, 3);
    assert_int_equal(last.messages[2].length, 3);
    recorder_reset();
    recorder.answers[OP_recvmmsg] = recorder.answers[OP_poll] = true;
    recorder.results[OP_recvmmsg] = recorder.results[OP_poll] = 1;
    play(DATAGRAM "recvmmsg(s, {[1, 2, 3]}, 0)\n");
    assert_int_equal(outcomes[1].result, 3);
    assert_int_equal(last.messages[1].data_size, 2);
    assert_ptr_equal(last.messages[2].data, last.messages[0].data + 3);
}

/* A non-blocking one returns the part, and so does a datagram's: it is one or nothing. */
static void test_a_part_is_returned_where_nothing_blocks(void **state)
{
    static const char *const texts[] = {
        "s = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0)\nsend(s, \"abcdef\", 0)\n",
        STREAM "send(s, \"abcdef\", MSG_DONTWAIT)\n", DATAGRAM "send(s, \"abcdef\", 0)\n"};

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(texts); i++) {
        recorder_reset();
        recorder.answers[OP_send] = true;
        recorder.results[OP_send] = 3;
        play(texts[i]);
        assert_int_equal(outcomes[1].kind, OUTCOME_RETURNED);
        assert_int_equal(outcomes[1].result, 3);
    }
}

/*
 * A successful call may leave anything in errno (POSIX 2.3), so a poll in between must not hide
 * why the attempt failed.
 */
static void test_polling_does_not_hide_why_a_call_waits(void **state)
{
    static const struct {
        enum op op;
        int error;
        const char *text;
    } rows[] = {
        {OP_recv, EAGAIN, STREAM "recv(s, 1, 0)\n"},
        {OP_read, EAGAIN, STREAM "read(s, 1)\n"},
        {OP_recvfrom, EAGAIN, STREAM "recvfrom(s, 1, 0)\n"},
        {OP_send, EAGAIN, STREAM "send(s, \"x\", 0)\n"},
        {OP_write, EAGAIN, STREAM "write(s, \"x\")\n"},
        {OP_sendto, EAGAIN, DATAGRAM "sendto(s, \"x\", 0, 127.0.0.1:20001)\n"},
        {OP_readv, EAGAIN, STREAM "readv(s, [1])\n"},
        {OP_writev, EAGAIN, STREAM "writev(s, [\"x\"])\n"},
        {OP_recvmsg, EAGAIN, STREAM "recvmsg(s, {[1]}, 0)\n"},
        {OP_sendmsg, EAGAIN, STREAM "sendmsg(s, {NULL, [\"x\"]}, 0)\n"},
        {OP_recvmmsg, EAGAIN, STREAM "recvmmsg(s, {[1]}, 0)\n"},
        {OP_sendmmsg, EAGAIN, STREAM "sendmmsg(s, {NULL, [\"x\"]}, 0)\n"},
        {OP_accept, EAGAIN, STREAM "a = accept(s)\n"},
        {OP_accept4, EAGAIN, STREAM "a = accept4(s, 0)\n"},
    };
    static const int left[] = {EINTR, ENOTTY, EINVAL};
    unsigned failed = 0;

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++)
        for (size_t e = 0; e < CHECK_COUNT(left); e++) {
            recorder_reset();
            recorder.errors[rows[i].op] = rows[i].error;
            recorder.errno_after_poll = left[e];
            play(rows[i].text);
            if (outcomes[1].kind != OUTCOME_UNFINISHED) {
                print_message("%s: not unfinished, but error %d\n", call_info(rows[i].op)->name,
                              outcomes[1].error);
                failed++;
            }
        }
    assert_int_equal(failed, 0);
}

/* A poll that is interrupted ends the waiting, not the call with EINTR. */
static void test_an_interrupted_wait_is_no_error_of_the_call(void **state)
{
    (void)state;
    recorder.errors[OP_recv] = EAGAIN;
    recorder.errors[OP_poll] = EINTR;
    play(STREAM "recv(s, 1, 0)\n");
    assert_int_equal(outcomes[1].kind, OUTCOME_UNFINISHED);
}

/* A stack that says ready and then would block, for ever: the call ends all the same. */
static void test_false_readiness_ends(void **state)
{
    static const char *const texts[] = {STREAM "recv(s, 1, 0)\n", STREAM "send(s, \"x\", 0)\n",
                                        STREAM "a = accept(s)\n",
                                        STREAM "connect(s, 127.0.0.1:20001)\n"};

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(texts); i++) {
        recorder_reset();
        recorder.errors[OP_recv] = recorder.errors[OP_send] = EAGAIN;
        recorder.errors[OP_accept] = EAGAIN;
        recorder.errors[OP_connect] = EINPROGRESS;
        recorder.answers[OP_poll] = true;
        recorder.results[OP_poll] = 1;
        play(texts[i]);
        assert_true(recorder.count < 50);
        assert_int_equal(calls, 2);
    }
}

/*
 * A stack that fails without saying why is a fault of the stack, and must be seen even when an
 * earlier call has left an error behind (outcome.h: a failure without an error).
 */
static void test_a_failure_without_an_error_is_seen(void **state)
{
    const char *why = "";

    (void)state;
    recorder.errors[OP_listen] = EINVAL;
    recorder.answers[OP_shutdown] = true;
    recorder.results[OP_shutdown] = -1;
    play(STREAM "listen(s, 1)\nshutdown(s, SHUT_WR)\n");
    assert_int_equal(outcomes[1].error, EINVAL);
    assert_int_equal(outcomes[2].result, -1);
    assert_false(outcome_sane(&drill.calls[2], &last, &why));
}

/* connect that is under way is asked again, and EISCONN then means that it is done; connect(2). */
static void test_a_connect_under_way_is_asked_again(void **state)
{
    (void)state;
    recorder.errors[OP_connect] = EINPROGRESS;
    play("s = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0)\nconnect(s, 127.0.0.1:20001)\n");
    assert_int_equal(outcomes[1].kind, OUTCOME_RETURNED);
    assert_int_equal(outcomes[1].error, EINPROGRESS);
    recorder_reset();
    recorder.errors[OP_connect] = EISCONN;
    play(STREAM "connect(s, 127.0.0.1:20001)\n");
    assert_int_equal(outcomes[1].result, -1); /* the first answer stands */
    assert_int_equal(outcomes[1].error, EISCONN);
}

/* A stack whose connect, asked again, says how things are, but not why; SO_ERROR does. */
static int connect_is_over(int fd, const struct sockaddr *address, socklen_t length)
{
    (void)fd;
    (void)address;
    (void)length;
    errno = recorder.errors[OP_connect]++ == EINPROGRESS ? EINPROGRESS : ENOTCONN;
    return -1;
}

static int error_is_pending(int fd, int level, int name, void *value, socklen_t *length)
{
    const int refused = ECONNREFUSED;

    (void)fd;
    assert_int_equal(level, SOL_SOCKET);
    assert_int_equal(name, SO_ERROR);
    assert_int_equal(*length, sizeof refused);
    memcpy(value, &refused, sizeof refused);
    return 0;
}

static void test_a_connect_that_failed_ends_with_the_pending_error(void **state)
{
    static const char text[] = STREAM "connect(s, 127.0.0.1:20001)\n";
    struct sockdrill_stack stack = *recorder_stack();

    (void)state;
    stack.connect = connect_is_over;
    recorder.errors[OP_connect] = EINPROGRESS;
    play_on(&stack, text); /* nothing is pending */
    assert_int_equal(outcomes[1].error, ENOTCONN);
    stack.getsockopt = error_is_pending;
    recorder.errors[OP_connect] = EINPROGRESS;
    play_on(&stack, text);
    assert_int_equal(outcomes[1].error, ECONNREFUSED);
}

/* --- what the executor makes of it --- */

/* Whether a call makes a descriptor non-blocking, in either way. */
static bool unblocks(const struct recorded *r)
{
    int64_t command = r->places[PLACE_COMMAND];
    int64_t value = r->places[PLACE_VALUE];

    return (r->op == OP_fcntl && command == F_SETFL && value == O_NONBLOCK) ||
           (r->op == OP_ioctl && command == FIONBIO && value == 1);
}

/* The stack's descriptors never block, whatever the drill says (executor.h). */
static void test_the_stack_never_sees_a_blocking_descriptor(void **state)
{
    const struct recorded *set;

    (void)state;
    play(STREAM "fcntl(s, F_SETFL, 0)\n");
    assert_true(recorder_find(OP_socket, 0)->places[PLACE_TYPE] & SOCK_NONBLOCK);
    set = recorder_find(OP_fcntl, 0);
    assert_int_equal(set->places[PLACE_VALUE], 0);
    assert_true(unblocks(set + 1));
    recorder_reset();
    play(STREAM "ioctl(s, FIONBIO, [0])\n");
    set = recorder_find(OP_ioctl, 0);
    assert_int_equal(set->places[PLACE_VALUE], 0);
    assert_true(unblocks(set + 1));
    recorder_reset();
    play(STREAM "a = accept(s)\n");
    assert_true(unblocks(recorder_find(OP_accept, 0) + 1));
}

/* F_GETFL shows the mode that the drill has set; fcntl(2). */
static void test_the_drill_sees_its_own_mode(void **state)
{
    (void)state;
    play(STREAM "fcntl(s, F_GETFL)\nfcntl(s, F_SETFL, O_NONBLOCK)\nfcntl(s, F_GETFL)\n");
    assert_int_equal(outcomes[1].result, O_RDWR);
    assert_int_equal(outcomes[3].result, O_RDWR | O_NONBLOCK);
}

static void test_fionread_is_a_value(void **state)
{
    (void)state;
    play(STREAM "ioctl(s, FIONREAD)\n");
    assert_true(last.has_value);
    assert_int_equal(last.value, RECORDER_FIONREAD);
}

/* Every descriptor that the stack gave out is closed on it, each once. */
static void test_everything_is_closed_once(void **state)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        unsigned closed[RECORDED_MAX] = {0};

        recorder_reset();
        drill_decode(&drill, seeds[i].bytes, seeds[i].byte_count, &drill_rules_any);
        executor_init(&executor, recorder_stack());
        executor_drill(&executor, &drill);
        for (size_t c = 0; c < recorder.count; c++) {
            int64_t fd = recorder.calls[c].places[PLACE_FD] - RECORDER_FIRST_FD;

            if (recorder.calls[c].op == OP_close && fd >= 0 && fd < RECORDED_MAX)
                closed[fd]++;
        }
        for (int fd = RECORDER_FIRST_FD; fd < recorder.next_fd; fd++)
            assert_int_equal(closed[fd - RECORDER_FIRST_FD], 1);
    }
}

/* not_socket is the process's, not the stack's: a stack that does not know it closes nothing. */
static void test_the_file_is_closed_whatever_the_stack_says(void **state)
{
    unsigned before = check_descriptors();

    (void)state;
    recorder.errors[OP_close] = EBADF;
    for (int i = 0; i < 3; i++)
        play("close(not_socket)\n");
    assert_int_equal(check_descriptors(), before);
    recorder_reset();
    play("close(not_socket)\n");
    assert_int_equal(check_descriptors(), before);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

CHECK_MAIN(TEST(test_a_send_goes_on_after_a_part), TEST(test_parts_go_on_after_a_part),
           TEST(test_messages_go_on_after_some), TEST(test_a_part_is_returned_where_nothing_blocks),
           TEST(test_polling_does_not_hide_why_a_call_waits),
           TEST(test_an_interrupted_wait_is_no_error_of_the_call), TEST(test_false_readiness_ends),
           TEST(test_a_failure_without_an_error_is_seen),
           TEST(test_a_connect_under_way_is_asked_again),
           TEST(test_a_connect_that_failed_ends_with_the_pending_error),
           TEST(test_the_stack_never_sees_a_blocking_descriptor),
           TEST(test_the_drill_sees_its_own_mode), TEST(test_fionread_is_a_value),
           TEST(test_everything_is_closed_once),
           TEST(test_the_file_is_closed_whatever_the_stack_says))
