/* run: see run.h. */
#include "interpose/run.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interpose/adversary.h"
#include "interpose/interpose.h"
#include "interpose/play.h"
#include "interpose/program.h"
#include "stacks/model.h"

/*
 * So often may time pass without anything else happening before nothing more is waited for; and so
 * often at all, once the remote has closed, for there is code that sends for ever to nobody.
 */
enum { JUMPS_MAX = 100, JUMPS_ALONE_MAX = 1000 };

static sigjmp_buf way_out;
static unsigned jumps;
static unsigned jumps_alone;
static uint64_t progress;   /* when time last passed */
static int64_t rests_until; /* the remote */

static void jump(int64_t until_us)
{
    clock_set(until_us);
    if (progress != model_progress())
        jumps = 0;
    progress = model_progress();
    if (++jumps > JUMPS_MAX || ++jumps_alone > JUMPS_ALONE_MAX)
        interpose_end();
}

/* To the end of the code's wait, or to the time of a timer, after which it looks again. */
static bool jump_to(int64_t end, int64_t due)
{
    if (end == TIME_NEVER && due == TIME_NEVER)
        interpose_end();
    jump(due < end ? due : end);
    return due < end;
}

/* The remote's next step, a timer, or the end of the code's wait, whichever comes first. */
static bool go_on(const struct model_wait *wait)
{
    int64_t end = wait->limit_us >= 0 ? wait->until_us : TIME_NEVER;
    int64_t due = timers_due() < alarms_due() ? timers_due() : alarms_due();

    if (play_drain()) {
        jumps = 0;
        return true;
    }
    if (rests_until > clock_us()) {
        if (end <= rests_until || due <= rests_until)
            return jump_to(end, due);
        clock_set(rests_until);
    }
    if (play_step(end == TIME_NEVER && due == TIME_NEVER)) {
        jumps = jumps_alone = 0;
        return true;
    }
    return jump_to(end, due);
}

/* What the remote waits for is that time passes. */
static bool code_waits(struct model_wait *wait)
{
    bool more;

    if (play_is_on()) {
        if (wait->limit_us > 0)
            rests_until = clock_us() + wait->limit_us;
        return false;
    }
    if (wait->until_us == 0)
        wait->until_us = clock_us() + wait->limit_us;
    interpose_inside = false;
    more = go_on(wait);
    interpose_inside = true;
    wait->interrupted = alarms_ring(wait->restarts && wait->limit_us < 0);
    return more && !wait->interrupted;
}

/*
 * Code that asks again and again instead of waiting has time pass, a millisecond each time. But
 * what fails again and again, and is called again, never comes to an end.
 */
static void code_idles(bool hopeless)
{
    enum { MS = 1000 };
    struct model_wait wait = {.limit_us = MS, .until_us = clock_us() + MS};

    if (play_is_on())
        return;
    interpose_inside = false;
    if (hopeless) {
        fprintf(stderr,
                "sockdrill: the code under test spins: its last %d calls moved nothing, "
                "and none of them waits\n",
                MODEL_HOPELESS_CALLS);
        abort();
    }
    go_on(&wait);
    interpose_inside = true;
    alarms_ring(true);
}

_Noreturn void interpose_end(void)
{
    if (program_is)
        program_ends();
    siglongjmp(way_out, 1);
}

static void begin_remote(const struct drill *drill)
{
    model_waits = code_waits;
    model_idles = code_idles;
    play_begin(drill);
    adversary_begin(drill);
    jumps = jumps_alone = 0;
    progress = model_progress();
    rests_until = 0;
}

/* All but the world. */
static void begin(const struct drill *drill)
{
    interpose_probe();
    numbers_reset();
    timers_reset();
    alarms_reset();
    clock_reset();
    begin_remote(drill);
}

void interpose_take_up(const struct drill *drill)
{
    begin_remote(drill);
    play_set_up(PEER_CALLS, AF_UNSPEC, NULL);
}

void interpose_begin(const struct drill *drill)
{
    model_reset();
    begin(drill);
}

bool interpose_run(void (*code)(void *context), void *context)
{
    volatile bool returned = false;

    if (sigsetjmp(way_out, 0) == 0) {
        interpose_inside = true;
        code(context);
        returned = true;
    }
    interpose_inside = false;
    adversary_end();
    return returned;
}

/* --- code that is given a socket --- */

struct given {
    int (*function)(int);
    int fd;
};

static void call_given(void *context)
{
    const struct given *given = context;

    given->function(given->fd);
}

/* Both ends of a connection, the remote's first. */
static void connect_streams(int family, int ends[2])
{
    const struct sockdrill_stack *model = &sockdrill_stack_model;
    struct sockaddr_storage name;
    struct sockaddr *address = (struct sockaddr *)&name;
    socklen_t size = peer_loopback(family, &name);
    int listener = model->socket(family, SOCK_STREAM, 0);

    model->bind(listener, address, size);
    model->listen(listener, 1);
    model->getsockname(listener, address, &size);
    ends[0] = model->socket(family, SOCK_STREAM, 0);
    model->connect(ends[0], address, size);
    ends[1] = model->accept(listener, NULL, NULL);
    model->close(listener);
}

/* The remote's end sends to the other, which takes datagrams from everybody. */
static void connect_datagrams(int family, int ends[2])
{
    const struct sockdrill_stack *model = &sockdrill_stack_model;
    struct sockaddr_storage name;
    struct sockaddr *address = (struct sockaddr *)&name;
    socklen_t size = peer_loopback(family, &name);

    ends[1] = model->socket(family, SOCK_DGRAM, 0);
    model->bind(ends[1], address, size);
    model->getsockname(ends[1], address, &size);
    ends[0] = model->socket(family, SOCK_DGRAM, 0);
    model->connect(ends[0], address, size);
}

static void give(int (*function)(int), const struct drill *drill, int family,
                 void (*connect_ends)(int family, int ends[2]), unsigned place)
{
    static int ends[MODEL_PLACES][2]; /* once they have been connected */
    struct given given = {.function = function};

    begin(drill);
    if (ends[place][0] != ends[place][1]) {
        model_restore(place);
    } else {
        model_reset();
        connect_ends(family, ends[place]);
        model_save(place);
    }
    play_adopt(ends[place][0]);
    given.fd = number_given(ends[place][1]);
    interpose_run(call_given, &given);
}

void interpose_serve(int (*server)(int), const struct drill *drill, int family)
{
    give(server, drill, family, connect_streams, family == AF_INET ? 0 : 1);
}

void interpose_receive(int (*receiver)(int), const struct drill *drill, int family)
{
    give(receiver, drill, family, connect_datagrams, family == AF_INET ? 2 : 3);
}

/* --- code that makes its sockets itself --- */

struct client {
    int (*function)(const struct sockaddr *server, socklen_t size);
    struct sockaddr_storage server;
    socklen_t size;
};

static void call_client(void *context)
{
    const struct client *client = context;

    client->function((const struct sockaddr *)&client->server, client->size);
}

void interpose_client(enum peer kind, int (*function)(const struct sockaddr *, socklen_t),
                      const struct drill *drill, int family)
{
    struct client client = {.function = function};

    interpose_begin(drill);
    client.size = play_set_up(kind, family, &client.server);
    interpose_run(call_client, &client);
}

struct code {
    int (*function)(void *context);
    void *context;
};

static void call_code(void *context)
{
    const struct code *code = context;

    code->function(code->context);
}

bool interpose_code(int (*function)(void *), void *context, const struct drill *drill)
{
    struct code code = {function, context};

    interpose_begin(drill);
    play_set_up(PEER_CALLS, AF_UNSPEC, NULL);
    return interpose_run(call_code, &code);
}
