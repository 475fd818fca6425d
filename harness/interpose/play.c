/* play: see play.h. */
#include "interpose/play.h"

#include <limits.h>

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
    for (unsigned i = 0; i < executor.open_count; i++)
        sockdrill_stack_model.shutdown(executor.open[i].fd, SHUT_WR);
}

static void close_all(void)
{
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
    executor_call(&executor, what);
}

static void step(void)
{
    if (phase == PHASE_CALLS && next_call < drill->call_count) {
        call(&drill->calls[next_call++]);
        return;
    }
    phase = phase == PHASE_CALLS ? PHASE_ENDS : phase + 1;
    if (phase == PHASE_ENDS)
        end_all();
    else
        close_all();
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
    on = false;
    return taken;
}

bool play_step(void)
{
    if (phase >= PHASE_CLOSES)
        return false;
    on = true;
    step();
    on = false;
    return true;
}
