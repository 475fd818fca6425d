/*
 * test_interpose_judged: whatever the adversary answers, the oracle finds that the specification
 * allows it in the world in which it happens; and it finds answers that are not allowed.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "interpose/adversary.h"
#include "interpose/interpose.h"
#include "interpose/play.h"
#include "interpose/run.h"
#include "oracle/oracle.h"
#include "stacks/model.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

enum { CODE = 1, CONNECTIONS = 4 }; /* the code under test makes its calls as actor A */

static struct oracle oracle;
static unsigned judged; /* and not beyond what the oracle can follow */
static unsigned listed;
static unsigned deviations;
static bool is_waiting; /* the code's call does */
static bool plants;     /* a fault, which is to be found */

/* --- both sides, written down --- */

static char trace[1 << 16];
static size_t traced;

static void write_down(const struct request *r, enum model_stage stage, const struct outcome *o)
{
    traced += (size_t)snprintf(trace + traced, sizeof trace - traced, "%d %s(%d) %d = %d %d %.*s\n",
                               interpose_inside, call_info((enum op)r->op)->name, r->fd, stage,
                               (int)o->result, o->error, (int)o->data_size,
                               o->data != NULL ? (const char *)o->data : "");
    if (traced >= sizeof trace)
        traced = sizeof trace - 1;
}

static void trace_call(const struct request *r, enum model_stage stage)
{
    static uint8_t buffer[SPEC_BYTES_MAX];
    static struct outcome o;

    o = (struct outcome){.result = 0};
    if (stage == MODEL_ENDS)
        model_outcome(&o, buffer);
    write_down(r, stage, &o);
}

/* --- both sides, judged --- */

static void judge(const struct request *r, const struct outcome *o)
{
    judged += !oracle.inconclusive;
    if (oracle_judge(&oracle, r, o) != JUDGEMENT_DEVIATES)
        return;
    deviations++;
    if (!plants)
        fprintf(stderr, "%s(%d, room %u, sent %u) = %d %s\n", call_info((enum op)r->op)->name,
                r->fd, r->room, r->sent.length, (int)o->result,
                o->result < 0 && o->error != 0 ? errno_name(o->error) : "");
}

static void judge_act(enum act act, const struct request *r, struct outcome o)
{
    struct request of_code = *r;

    of_code.actor = CODE;
    of_code.act = (uint8_t)act;
    judge(&of_code, &o);
}

/* Whether a text lists the error, as one that comes from outside of this world. */
static bool is_listed(enum op op, int error)
{
    static const struct {
        enum op op;
        enum answered call;
    } calls[] = {{OP_accept, ANSWERED_accept},
                 {OP_socket, ANSWERED_socket},
                 {OP_connect, ANSWERED_connect},
                 {OP_accept4, ANSWERED_accept},
                 {OP_recvfrom, ANSWERED_recv}};

    for (unsigned kind = 0; kind < ANSWER_KINDS; kind++)
        for (size_t i = 0; i < CHECK_COUNT(calls); i++)
            if (calls[i].op == op && answer_info(kind)->call == calls[i].call &&
                answer_info(kind)->error == error)
                return true;
    return false;
}

static void see_refused(const struct request *r)
{
    struct outcome o = {.kind = OUTCOME_RETURNED, .result = -1, .error = errno};

    if (is_listed((enum op)r->op, errno) && !plants)
        listed++;
    else
        judge_act(ACT_CALL, r, o);
    errno = o.error;
}

static const struct outcome unfinished = {.kind = OUTCOME_UNFINISHED, .result = -1};
static const struct outcome nothing = {.kind = OUTCOME_RETURNED};

/* A send that may wait has sent a part, since a signal came while it waited. */
static bool was_cut(const struct request *r, const struct outcome *o)
{
    const struct sock *s = world_sock(model_world(), r->fd);

    return call_sends((enum op)r->op) && s != NULL && s->type == SOCK_STREAM && !s->nonblocking &&
           !(r->flags & MSG_DONTWAIT) && o->result > 0 && o->result < r->sent.length;
}

static void see_code(const struct request *r, enum model_stage stage)
{
    static const struct outcome interrupted = {
        .kind = OUTCOME_RETURNED, .result = -1, .error = EINTR};
    static uint8_t buffer[SPEC_BYTES_MAX];
    static struct outcome o;

    if (stage == MODEL_REFUSED) {
        see_refused(r);
    } else if (stage == MODEL_WAITS) {
        judge_act(ACT_CALL, r, unfinished);
        is_waiting = true;
    } else if (stage == MODEL_INTERRUPTED) {
        judge_act(ACT_SIGNAL, r, nothing);
        judge_act(ACT_RESUME, r, interrupted);
        is_waiting = false;
    } else {
        model_outcome(&o, buffer);
        if (was_cut(r, &o)) {
            if (!is_waiting)
                judge_act(ACT_CALL, r, unfinished);
            judge_act(ACT_SIGNAL, r, nothing);
            is_waiting = true;
        }
        judge_act(is_waiting ? ACT_RESUME : ACT_CALL, r, o);
        is_waiting = false;
    }
}

static void see_call(const struct request *r, enum model_stage stage)
{
    static uint8_t buffer[SPEC_BYTES_MAX];
    static struct outcome o;

    if (interpose_inside) {
        see_code(r, stage);
    } else if (stage == MODEL_ENDS) {
        model_outcome(&o, buffer);
        judge(r, &o);
    }
}

/* --- code under test --- */

static int served_socket(int type)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(8080)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(8080)};
    int fd = socket(served_family, type, 0);

    if (served_family == AF_INET)
        numbers[7] |= bind(fd, (struct sockaddr *)&in, sizeof in);
    else
        numbers[7] |= bind(fd, (struct sockaddr *)&in6, sizeof in6);
    if (type == SOCK_STREAM)
        listen(fd, 8);
    return fd;
}

/* Echoes what comes, blocking; looks at it first now and then. */
static int echo_blocking(void *unused)
{
    int listener = served_socket(SOCK_STREAM);

    for (unsigned i = 0; i < 100; i++) {
        int fd = accept(listener, NULL, NULL);
        char buffer[8];
        int there = 0;
        ssize_t size;

        while (fd >= 0 &&
               ((size = recv(fd, buffer, sizeof buffer, 0)) > 0 || (size < 0 && errno == EINTR))) {
            if (size > 0)
                send(fd, buffer, (size_t)size, MSG_NOSIGNAL);
            ioctl(fd, FIONREAD, &there);
            if (there > 2)
                recv(fd, buffer, 3, MSG_PEEK);
        }
        close(fd);
    }
    return unused != NULL;
}

static void echo_ready(struct pollfd *ready)
{
    char buffer[8];
    ssize_t size;

    if (ready->revents == 0)
        return;
    size = recv(ready->fd, buffer, sizeof buffer, 0);
    if (size > 0 && send(ready->fd, buffer, (size_t)size, MSG_NOSIGNAL) >= 0)
        return;
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    close(ready->fd);
    ready->fd = -1;
}

/* The same of several at once, never blocking but in poll. */
static int echo_polling(void *unused)
{
    struct pollfd fds[CONNECTIONS] = {{.fd = served_socket(SOCK_STREAM), .events = POLLIN},
                                      {.fd = -1, .events = POLLIN},
                                      {.fd = -1, .events = POLLIN | POLLOUT},
                                      {.fd = -1, .events = POLLIN}};

    fcntl(fds[0].fd, F_SETFL, O_NONBLOCK);
    for (unsigned round = 0; round < 100; round++) {
        if (poll(fds, CONNECTIONS, 1000) <= 0)
            continue;
        for (unsigned i = 1; i < CONNECTIONS; i++)
            if (fds[i].fd >= 0)
                echo_ready(&fds[i]);
            else if (fds[0].revents & POLLIN)
                fds[i].fd = accept4(fds[0].fd, NULL, NULL, SOCK_NONBLOCK);
    }
    return unused != NULL;
}

static int echo_datagrams(void *unused)
{
    int fd = served_socket(SOCK_DGRAM);
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    for (unsigned i = 0; i < 20; i++) {
        struct sockaddr_storage from;
        socklen_t length = sizeof from;
        char buffer[8];
        ssize_t size;

        poll(&ready, 1, i % 3 == 0 ? 100 : -1);
        size = recvfrom(fd, buffer, sizeof buffer, i % 2 == 0 ? MSG_DONTWAIT : 0,
                        (struct sockaddr *)&from, &length);
        if (size >= 0)
            sendto(fd, buffer, (size_t)size, 0, (struct sockaddr *)&from, length);
    }
    return unused != NULL;
}

static int call_out(void *unused)
{
    for (unsigned i = 0; i < 6; i++) {
        struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(20001)};
        struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(20001)};
        int fd = socket(served_family, SOCK_STREAM, 0);
        struct pollfd ready = {.fd = fd, .events = POLLOUT};
        char buffer[8];
        int failed;

        in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        in6.sin6_addr = in6addr_loopback;
        failed = served_family == AF_INET ? connect(fd, (struct sockaddr *)&in, sizeof in)
                                          : connect(fd, (struct sockaddr *)&in6, sizeof in6);
        if (failed < 0 && errno == EINTR)
            poll(&ready, 1, -1);
        if (failed == 0 && send(fd, "ask", 3, MSG_NOSIGNAL) > 0)
            recv(fd, buffer, sizeof buffer, 0);
        close(fd);
    }
    return unused != NULL;
}

/* --- runs --- */

static const char streams[] =
    "a = socket(AF_INET, SOCK_STREAM, 0)\nsend(remote, \"abcdefghijklmnop\", 0)\n"
    "connect(a, peer(remote))\nsend(a, \"0123456789\", 0)\nsend(remote, \"qrst\", 0)\n"
    "recv(a, 5, 0)\nshutdown(remote, SHUT_WR)\nsend(a, \"more\", 0)\nrecv(remote, 100, 0)\n"
    "close(a)\nclose(remote)\nsend(remote, \"again and again\", 0)\n";
static const char datagrams[] =
    "a = socket(AF_INET, SOCK_DGRAM, 0)\nsend(remote, \"one\", 0)\nsend(remote, \"two\", 0)\n"
    "sendto(a, \"three\", 0, peer(remote))\nrecv(remote, 9, MSG_DONTWAIT)\n"
    "send(remote, \"four\", 0)\nsend(remote, \"five\", 0)\n";
static const char listener[] =
    "l = socket(AF_INET, SOCK_STREAM, 0)\nbind(l, 127.0.0.1:20001)\nlisten(l, 3)\n"
    "a = accept(l)\nsend(a, \"tell\", 0)\nclose(a)\nb = accept(l)\nsend(b, \"told\", 0)\n"
    "c = accept(l)\nsend(c, \"tell\", 0)\nclose(c)\n";

static const struct {
    const char *drill;
    int (*code)(void *);
} runs[] = {{streams, echo_blocking},
            {streams, echo_polling},
            {datagrams, echo_datagrams},
            {listener, call_out}};

static uint32_t seed;

static unsigned draw(unsigned count)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 16) % count;
}

/* As an input says it. */
static void draw_answers(struct drill *drill)
{
    drill->answer_count = 8 + draw(40);
    for (uint32_t i = 0; i < drill->answer_count; i++) {
        struct answer *a = &drill->answers[i];

        *a = (struct answer){.kind = (uint8_t)draw(ANSWER_KINDS)};
        if (answer_names_socket(a->kind))
            a->socket = (uint8_t)draw(4);
        if (answer_takes_number(a->kind))
            a->number = (uint16_t)(1 + draw(answer_info(a->kind)->form == ANSWER_SHORT ? 9 : 2000));
    }
}

static void run_once(unsigned run, int family,
                     void (*saw)(const struct request *, enum model_stage))
{
    served_parse_for(family, runs[run].drill);
    draw_answers(&served_drill);
    oracle_begin(&oracle);
    is_waiting = false;
    model_saw = saw;
    interpose_code(runs[run].code, NULL, &served_drill);
    model_saw = NULL;
}

static void test_every_answer_is_allowed(void **state)
{
    unsigned given = 0;

    (void)state;
    oracle_init(&oracle, &profile_linux, 300);
    for (unsigned run = 0; run < CHECK_COUNT(runs); run++)
        for (unsigned i = 0; i < 100; i++) {
            seed = run * 1000 + i;
            run_once(run, i % 2 == 0 ? AF_INET : AF_INET6, see_call);
            given += adversary_given();
            if (deviations > 0)
                fail_msg("run %u, seed %u", run, i);
        }
    assert_true(given > 400);
    assert_true(judged > 4000);
    assert_true(listed > 50);
}

/* The same input gives the same trace, byte for byte, whatever ran between. */
static void test_a_run_is_repeated(void **state)
{
    static char first[sizeof trace];
    size_t total = 0;

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        int family = i % 2 == 0 ? AF_INET : AF_INET6;

        for (unsigned round = 0; round < 2; round++) {
            seed = i;
            traced = 0;
            run_once(i % CHECK_COUNT(runs), family, trace_call);
            assert_in_range(traced, 1, sizeof trace - 2);
            total += traced;
            if (round == 0)
                memcpy(first, trace, sizeof trace);
            else
                assert_string_equal(trace, first);
            seed = i + 12345;
            run_once((i + 1) % CHECK_COUNT(runs), AF_INET, NULL);
        }
    }
    assert_true(total > 50000);
}

/* --- planted faults --- */

static enum op planted_op;
static int planted_error;
static uint32_t planted_room;

static enum model_course plant(struct request *r)
{
    if (!interpose_inside || r->op != planted_op)
        return MODEL_GOES_ON;
    if (planted_error != 0) {
        errno = planted_error;
        return MODEL_FAILS;
    }
    if (planted_room > 0 && r->room > planted_room && !(r->flags & MSG_PEEK))
        r->room = planted_room;
    return MODEL_GOES_ON;
}

static void hear(const struct request *r, int64_t result)
{
    (void)r;
    (void)result;
}

static int look_and_take(void *unused)
{
    int listening = served_socket(SOCK_STREAM);
    int fd = accept(listening, NULL, NULL);
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char buffer[8];

    model_answers = plant; /* the run has begun with none */
    model_answered = hear;
    poll(&ready, 1, -1);
    recv(fd, buffer, sizeof buffer, MSG_PEEK);
    recv(fd, buffer, sizeof buffer, 0);
    send(fd, "first", 5, MSG_DONTWAIT | MSG_NOSIGNAL);
    return unused != NULL;
}

static void test_what_is_not_allowed_is_found(void **state)
{
    static const struct {
        enum op op;
        int error;
        uint32_t room;
        bool is_right;
    } faults[] = {{OP_recv, EBADF, 0, false}, {OP_recv, EAGAIN, 0, false},
                  {OP_recv, 0, 1, false},     {OP_send, EAGAIN, 0, false},
                  {OP_send, EINTR, 0, false}, {OP_poll, EBADF, 0, false},
                  {OP_recv, 0, 8, true}};

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(faults); i++) {
        planted_op = faults[i].op;
        planted_error = faults[i].error;
        planted_room = faults[i].room;
        deviations = 0;
        plants = true;
        served_parse_for(AF_INET, "send(remote, \"abcdefgh\", 0)\n");
        oracle_begin(&oracle);
        is_waiting = false;
        model_saw = see_call;
        interpose_code(look_and_take, NULL, &served_drill);
        model_saw = NULL;
        plants = false;
        if ((deviations == 0) != faults[i].is_right)
            fail_msg("fault %zu: %u deviations", i, deviations);
    }
    deviations = 0;
}

CHECK_MAIN(cmocka_unit_test(test_every_answer_is_allowed), cmocka_unit_test(test_a_run_is_repeated),
           cmocka_unit_test(test_what_is_not_allowed_is_found))
