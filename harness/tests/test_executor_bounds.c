/*
 * test_executor_bounds: a drill takes no longer than it may and leaves nothing behind: waits are
 * bounded, closing never lingers, every descriptor is closed, and no other one is touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/support/inputs.h"
#include "tests/support/play.h"
#include "tests/support/seeds.h"
#include "tests/support/texts.h"

enum { SLACK_MS = 2000, LINGER_S = 100 };

#define CONNECTED                                                                                  \
    "l = socket($AF, SOCK_STREAM, 0) >= 0\n"                                                       \
    "bind(l, $LO:0) = 0\n"                                                                         \
    "listen(l, 1) = 0\n"                                                                           \
    "c = socket($AF, SOCK_STREAM, 0) >= 0\n"                                                       \
    "connect(c, name(l)) = 0\n"                                                                    \
    "s = accept(l) >= 0\n"

static struct drill drill;
static struct drill_notes notes;

/* --- what is seen of a drill's calls --- */

static struct {
    int64_t sent;
    int64_t received;
    unsigned partial;    /* sends that moved a part */
    unsigned unfinished; /* calls that would go on */
    const char *fault;
} seen;

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *o)
{
    (void)context;
    (void)request;
    if (call == NULL)
        return;
    if (call_has(call->op, ARG_DATA) && o->result > 0) {
        seen.sent += o->result;
        seen.partial += o->result < (int64_t)call->number;
    }
    if (call_has(call->op, ARG_LENGTH) && o->result > 0) {
        seen.received += o->result;
        for (size_t i = 0; i < o->data_size; i++)
            if (o->data[i] != 'x')
                seen.fault = "a byte that was not sent";
    }
    seen.unfinished += o->kind == OUTCOME_UNFINISHED;
}

/* Plays a text with this observer, each call waited for so long; returns how long it took. */
static int64_t play_seen(const char *text, enum play_family family, int wait_ms)
{
    int64_t start;

    memset(&seen, 0, sizeof seen);
    play_init();
    play_executor.observe = observe;
    play_executor.wait_ms = wait_ms;
    play_parse(&drill, &notes, text, family);
    start = check_now_ms();
    executor_drill(&play_executor, &drill);
    assert_null(seen.fault);
    return check_now_ms() - start;
}

/* --- sending more than fits --- */

#define SEND "send(c, fill(\"x\", 262144), MSG_NOSIGNAL)\n"
#define SENDS SEND SEND SEND SEND SEND SEND SEND SEND SEND SEND
#define RECV "recv(s, 262144, MSG_DONTWAIT)\n"
#define RECVS RECV RECV RECV RECV RECV RECV RECV RECV RECV RECV
/* Small buffers on both sides, so that they are full long before the drill's end. */
#define SMALL                                                                                      \
    "setsockopt(c, SOL_SOCKET, SO_SNDBUF, [30000]) = 0\n"                                          \
    "setsockopt(s, SOL_SOCKET, SO_RCVBUF, [30000]) = 0\n"

/* A full connection takes a part and no more; what was taken arrives, all of it. */
static void test_sends_are_partial_when_buffers_are_full(void **state)
{
    (void)state;
    for (enum play_family family = PLAY_IPV4; family < PLAY_FAMILIES; family++) {
        play_seen(CONNECTED SMALL "fcntl(c, F_SETFL, O_NONBLOCK)\n" SENDS RECVS RECVS RECVS RECVS,
                  family, 10);
        assert_true(seen.partial >= 1);
        assert_true(seen.sent > 0 && seen.sent < (int64_t)10 * 262144);
        assert_int_equal(seen.received, seen.sent);
        assert_int_equal(seen.unfinished, 0); /* non-blocking calls never are */

        play_seen(CONNECTED SMALL SENDS RECVS RECVS RECVS RECVS, family, 10);
        assert_true(seen.unfinished >= 9); /* blocking ones would wait for the reader */
        assert_int_equal(seen.received, seen.sent);
    }
}

/* --- time --- */

/* Each wait is bounded, and all of a drill's are. */
static void test_waits_are_bounded(void **state)
{
    static const char text[] = CONNECTED "poll([{l, POLLIN}], -1)\n"
                                         "poll([{l, POLLIN}], 2147483647)\n"
                                         "recv(s, 1, 0)\n"
                                         "x = accept(l)\n"
                                         "recv(c, 1, MSG_WAITALL)\n"
                                         "poll([{l, POLLIN}], 60000)\n"
                                         "e = epoll_create1(0)\n"
                                         "epoll_wait(e, 4, -1)\n"
                                         "select([r l], -1)\n"
                                         "pselect([r l], 60000)\n"
                                         "ppoll([{l, POLLIN}], -1)\n"
                                         "epoll_wait(e, 4, 2147483647)\n"
                                         "poll([{l, POLLIN}], -1)\n";
    int64_t start;
    int64_t spent;

    (void)state;
    play_init();
    play_executor.observe = NULL;
    play_executor.wait_ms = 100;
    play_executor.drill_wait_ms = 350;
    play_parse(&drill, &notes, text, PLAY_IPV4);
    start = check_now_ms();
    executor_drill(&play_executor, &drill);
    spent = check_now_ms() - start;
    assert_in_range(spent, 340, 350 + SLACK_MS);
    /* Without a time to wait there is none: as fuzz targets run. */
    play_executor.wait_ms = 0;
    play_executor.drill_wait_ms = 0;
    start = check_now_ms();
    executor_drill(&play_executor, &drill);
    assert_true(check_now_ms() - start < 300);
}

/* A short time-out is waited out; poll(2): the call blocks for that many milliseconds. */
static void test_short_polls_take_their_time(void **state)
{
    int64_t spent =
        play_seen("s = socket($AF, SOCK_DGRAM, 0)\npoll([{s, POLLIN}], 40)\n", PLAY_IPV4, 50);

    (void)state;
    assert_in_range(spent, 39, 40 + SLACK_MS);
    assert_int_equal(seen.unfinished, 0);
}

/*
 * close with SO_LINGER and unsent data blocks for its time (socket(7), POSIX close()); a drill must
 * not. In each text data cannot be delivered, because nobody reads.
 */
static void test_closing_never_lingers(void **state)
{
#define LINGER(variable)                                                                           \
    "setsockopt(" #variable ", SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=100}) = 0\n"
    static const char *const texts[] = {
        CONNECTED SMALL LINGER(c) SENDS "close(c) = 0\n",
        CONNECTED SMALL LINGER(c) SENDS, /* closed at the drill's end */
        CONNECTED SMALL LINGER(c) SENDS "d = dup(c)\nclose(c) = 0\nclose(d) = 0\n",
        CONNECTED SMALL LINGER(c) SENDS "c = socket($AF, SOCK_STREAM, 0)\n",
        CONNECTED SMALL LINGER(c) SENDS "dup2(l, c) >= 0\n",
        CONNECTED SMALL
        "setsockopt(c, SOL_SOCKET, SO_LINGER, \"\\x01\\0\\0\\0\\x64\\0\\0\\0\")\n" SENDS
        "close(c) = 0\n",
        /* An accepted socket inherits it from its listener. */
        "l = socket($AF, SOCK_STREAM, 0)\n" LINGER(
            l) "bind(l, $LO:0)\nlisten(l, 1)\n"
               "s = socket($AF, SOCK_STREAM, 0)\nconnect(s, name(l))\nc = accept(l)\n" SMALL SENDS
               "close(c) = 0\n",
        CONNECTED SMALL LINGER(c) "fcntl(c, F_SETFL, O_NONBLOCK)\n" SENDS "close(c) = 0\n",
    };

    (void)state;
    for (enum play_family family = PLAY_IPV4; family < PLAY_FAMILIES; family++)
        for (size_t i = 0; i < CHECK_COUNT(texts); i++) {
            int64_t spent = play_seen(texts[i], family, 2);

            assert_true(seen.sent > 0);
            assert_true(spent < PLAY_DRILL_WAIT_MS + SLACK_MS);
            assert_true(spent < LINGER_S * 1000 / 2);
        }
}

static struct linger lingering;

static void observe_linger(void *context, const struct call *call, const struct request *request,
                           const struct outcome *o)
{
    (void)context;
    (void)call;
    if (request->op == OP_getsockopt && o->data_size == sizeof lingering)
        memcpy(&lingering, o->data, sizeof lingering);
}

/*
 * The drill's own view of SO_LINGER stays: it belongs to the socket that duplicates share (POSIX
 * setsockopt(), dup(2)), so closing one changes nothing for the other.
 */
static void test_lingering_stays_as_it_was_set(void **state)
{
    static const char text[] =
        CONNECTED "setsockopt(c, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=7}) = 0\n"
                  "d = dup(c)\n"
                  "close(c) = 0\n"
                  "getsockopt(d, SOL_SOCKET, SO_LINGER)\n";

    (void)state;
    play_init();
    play_executor.observe = observe_linger;
    play_parse(&drill, &notes, text, PLAY_IPV4);
    executor_drill(&play_executor, &drill);
    assert_int_equal(lingering.l_onoff, 1);
    assert_int_equal(lingering.l_linger, 7);
}

/* --- descriptors --- */

static void test_random_drills_leave_no_descriptor(void **state)
{
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];
    unsigned before = check_descriptors();

    (void)state;
    random_start(&random);
    play_init();
    play_executor.observe = NULL;
    play_executor.wait_ms = 0;
    play_executor.drill_wait_ms = 0;
    for (uint64_t i = random_count(3000, 100000); i > 0; i--) {
        enum input_kind kind = i % 2 ? INPUT_RECORDS : INPUT_MUTATED;

        drill_decode(&drill, room, input_make(&random, kind, room),
                     seeds_every_rules[i % (SEEDS_RULES - 1)]);
        executor_drill(&play_executor, &drill);
        assert_int_equal(check_descriptors(), before);
    }
}

/* How the seeds end tells of every call; each leaves what it found. */
static void test_seeds_leave_no_descriptor(void **state)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);
    unsigned before = check_descriptors();

    (void)state;
    play_init();
    play_executor.observe = NULL;
    play_executor.wait_ms = 0;
    for (size_t i = 0; i < count; i++) {
        drill_decode(&drill, seeds[i].bytes, seeds[i].byte_count, &drill_rules_any);
        executor_drill(&play_executor, &drill);
        assert_int_equal(check_descriptors(), before);
    }
}

/* A file of the process's own, which takes the number that the drill has just closed. */
static struct {
    int fd;
    int number;       /* of the socket that the drill made last */
    unsigned refused; /* calls that failed with EBADF */
} foreign;

static void open_foreign(void *context, const struct call *call, const struct request *request,
                         const struct outcome *o)
{
    (void)context;
    (void)request;
    if (call == NULL)
        return;
    if (call->op == OP_socket)
        foreign.number = (int)o->result;
    foreign.refused += o->error == EBADF;
    if (call->op != OP_close || foreign.fd >= 0)
        return;
    foreign.fd = open(SOCKDRILL_ROOT "/LICENSE", O_RDONLY | O_CLOEXEC);
    assert_int_equal(foreign.fd, foreign.number);
}

/* Every call that takes a descriptor, with a variable that was closed: none reaches the file. */
static void test_closed_variables_touch_nothing(void **state)
{
    static const char text[] = "s = socket($AF, SOCK_STREAM, 0)\n"
                               "close(s)\n"
                               "read(s, 100) = -1 EBADF\n"
                               "recv(s, 100, 0) = -1 EBADF\n"
                               "write(s, \"x\") = -1 EBADF\n"
                               "fcntl(s, F_SETFL, O_NONBLOCK) = -1 EBADF\n"
                               "fcntl(s, F_GETFL) = -1 EBADF\n"
                               "ioctl(s, FIONBIO, [1]) = -1 EBADF\n"
                               "ioctl(s, FIONREAD) = -1 EBADF\n"
                               "d = dup(s) = -1 EBADF\n"
                               "poll([{s, POLLIN}], 0) = 1 [{s, POLLNVAL}]\n"
                               "getsockname(s) = -1 EBADF\n"
                               "bind(s, name(s)) = -1 EBADF\n"
                               "shutdown(s, SHUT_RDWR) = -1 EBADF\n"
                               "close(s) = -1 EBADF\n";
    struct stat status;
    int flags;

    (void)state;
    foreign.fd = -1;
    foreign.refused = 0;
    play_init();
    play_executor.observe = open_foreign;
    play_parse(&drill, &notes, text, PLAY_IPV4);
    executor_drill(&play_executor, &drill);
    assert_true(foreign.fd >= 0);
    assert_int_equal(fstat(foreign.fd, &status), 0);
    assert_int_equal(lseek(foreign.fd, 0, SEEK_CUR), 0);
    flags = fcntl(foreign.fd, F_GETFL);
    assert_int_equal(flags & O_NONBLOCK, 0);
    close(foreign.fd);
    assert_int_equal(foreign.refused, 12);
    play_init(); /* and the same with nobody in the way */
    assert_int_equal(play_unmet(text, PLAY_IPV4), 0);
}

/* The count of descriptors sees one that is left open. */
static void test_a_planted_leak_is_seen(void **state)
{
    unsigned before = check_descriptors();
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)state;
    assert_int_equal(check_descriptors(), before + 1);
    close(fd);
    assert_int_equal(check_descriptors(), before);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_sends_are_partial_when_buffers_are_full),
                    cmocka_unit_test(test_waits_are_bounded),
                    cmocka_unit_test(test_short_polls_take_their_time),
                    cmocka_unit_test(test_closing_never_lingers),
                    cmocka_unit_test(test_lingering_stays_as_it_was_set),
                    cmocka_unit_test(test_random_drills_leave_no_descriptor),
                    cmocka_unit_test(test_seeds_leave_no_descriptor),
                    cmocka_unit_test(test_closed_variables_touch_nothing),
                    cmocka_unit_test(test_a_planted_leak_is_seen))
