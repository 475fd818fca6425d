/* play: see play.h. */
#include "interpose/play.h"

#include <limits.h>
#include <stddef.h>

#include "stacks/calls.h"
#include "stacks/model.h"

enum phase { PHASE_CALLS, PHASE_ENDS, PHASE_CLOSES, PHASE_OVER };

static struct executor executor;
static const struct drill *drill;
static uint32_t next_call;
static enum phase phase;
static bool reads; /* the drill itself says what the remote receives, and when */
static bool on;

void play_begin(const struct drill *what)
{
    if (executor.stack == NULL)
        executor_init(&executor, &sockdrill_stack_model);
    executor_begin(&executor);
    drill = what;
    reads = false;
    for (uint32_t i = 0; i < drill->call_count; i++)
        reads = reads || call_receives(drill->calls[i].op);
    next_call = 0;
    phase = PHASE_CALLS;
    peer_begin(&executor, PEER_GIVEN, AF_UNSPEC, NULL);
}

/* What only prepares a socket of the remote's. */
static bool sets_up(enum op op)
{
    return op == OP_socket || op == OP_bind || op == OP_listen || op == OP_setsockopt;
}

socklen_t play_set_up(enum peer kind, int family, struct sockaddr_storage *name)
{
    socklen_t size;

    on = true;
    size = peer_begin(&executor, kind, family, name);
    while (next_call < drill->call_count && sets_up((enum op)drill->calls[next_call].op))
        executor_call(&executor, &drill->calls[next_call++]);
    on = false;
    return size;
}

void play_adopt(int model_fd)
{
    executor_adopt(&executor, SLOT_REMOTE, model_fd);
}

bool play_is_on(void)
{
    return on;
}

/* The code may go on sending, and reads the end of what was sent to it. */
static void end_all(void)
{
    peer_listens(&executor);
    for (unsigned i = 0; i < executor.open_count; i++)
        sockdrill_stack_model.shutdown(executor.open[i].fd, SHUT_WR);
}

static void close_all(void)
{
    peer_leaves();
    while (executor.open_count > 0)
        executor_close(&executor, executor.open[--executor.open_count].fd);
}

/*
 * A call that looks for readiness lets its time pass, so a drill can have the code wait. Any other
 * that would block will still do so later: the code waits too, and has done what it had to do.
 */
static void call(const struct call *what)
{
    bool looks = call_waits_for_events(what->op);

    executor.wait_ms = executor.wait_left_ms = looks ? INT_MAX : 0;
    peer_call(&executor, what);
}

static bool step(bool waits_for_ever)
{
    if (phase == PHASE_CALLS && next_call < drill->call_count) {
        const struct call *next = &drill->calls[next_call];
        bool is_there = peer_is_there(&executor, next);

        if (!is_there && !waits_for_ever)
            return false;
        next_call++;
        if (is_there)
            call(next);
        return true;
    }
    phase = phase == PHASE_CALLS ? PHASE_ENDS : phase + 1;
    if (phase == PHASE_ENDS)
        end_all();
    else
        close_all();
    return true;
}

static bool drain(int fd)
{
    enum { MOST = 1 << 20 };
    const struct sock *s = world_sock(model_world(), fd);

    return s != NULL && s->type == SOCK_STREAM && s->in.written != s->in.read &&
           sockdrill_stack_model.recv(fd, NULL, MOST, MSG_DONTWAIT | MSG_TRUNC) > 0;
}

bool play_drain(void)
{
    bool taken = false;

    if (reads && phase == PHASE_CALLS)
        return false;
    on = true;
    for (unsigned i = 0; i < executor.open_count; i++)
        while (drain(executor.open[i].fd))
            taken = true;
    peer_hears(&executor);
    on = false;
    return taken;
}

bool play_step(bool waits_for_ever)
{
    bool taken;

    if (phase >= PHASE_CLOSES)
        return false;
    on = true;
    taken = step(waits_for_ever);
    on = false;
    return taken;
}
