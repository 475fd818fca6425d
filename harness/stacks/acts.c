/*
 * acts: what actors do, for the executor. A call that would block is given to the actor's worker
 * with its descriptor blocking, for the system looks at that on entry; as soon as the call is
 * blocked, or done, the descriptor is non-blocking again for everybody else. The drill's own thread
 * has a worker too, for calls that end by their time.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/time.h>

#include "stacks/calls.h"
#include "stacks/worker.h"

enum { GRACE_MS = 500 }; /* that a call may end after its time */

/* The option that limits how long a call waits; 0 for a call that takes its time as an argument. */
static int time_option(enum op op)
{
    if (op == OP_connect || call_sends(op))
        return SO_SNDTIMEO;
    return call_waits_for_events(op) ? 0 : SO_RCVTIMEO;
}

/* Whether a call can wait at all. */
static bool waits(const struct request *r)
{
    switch ((enum op)r->op) {
    case OP_connect:
    case OP_accept:
    case OP_accept4:
        return true;
    default:
        return !call_many(r->op) &&
               (call_waits_for_events(r->op) || call_sends(r->op) || call_has(r->op, ARG_LENGTH) ||
                call_has(r->op, ARG_ROOMS) || call_has(r->op, ARG_RECEIVED_MESSAGE));
    }
}

static bool may_block(struct executor *e, const struct request *r)
{
    if (!waits(r))
        return false;
    if (call_waits_for_events(r->op))
        return r->timeout_ms != 0;
    return executor_find(e, r->fd) != NULL && !executor_description(e, r->fd)->nonblocking &&
           !(r->flags & MSG_DONTWAIT && r->op != OP_accept && r->op != OP_accept4);
}

/* How long the call may wait, rounded up; 0 for ever, or not known. */
static int limit_of(const struct executor *e, const struct request *r)
{
    int option = time_option((enum op)r->op);
    struct timeval time = {0};
    socklen_t length = sizeof time;

    if (option == 0)
        return r->timeout_ms < 0 || r->bad == BAD_TIMEOUT ? 0 : r->timeout_ms;
    if (!e->times_out || e->stack->getsockopt == NULL ||
        e->stack->getsockopt(r->fd, SOL_SOCKET, option, &time, &length) != 0 || time.tv_sec < 0 ||
        time.tv_sec > 1000)
        return 0;
    return (int)(time.tv_sec * 1000 + (time.tv_usec + 999) / 1000);
}

static void set_blocking(struct executor *e, const struct request *r, bool blocking)
{
    if (call_waits_for_events(r->op) || executor_find(e, r->fd) == NULL)
        return;
    if (blocking)
        e->stack->fcntl(r->fd, F_SETFL, 0);
    else
        executor_unblock(e, r->fd);
}

/* Takes what came of a call that is done; a connection that it accepted is the drill's from now on.
 */
static void collect(struct executor *e, struct actor *a)
{
    const struct request *r = &a->request;
    bool accepts = r->op == OP_accept || r->op == OP_accept4;

    a->outcome = *worker_outcome(a->worker);
    if (a->limit_ms == 0)
        a->outcome.took_us = 0;
    if (accepts && a->outcome.kind == OUTCOME_RETURNED && a->outcome.result >= 0)
        executor_open(
            e, (int)a->outcome.result,
            (struct description){.nonblocking = (r->flags & SOCK_NONBLOCK) != 0, .stream = true});
}

/* Begins a call on a worker; tells whether it is done. */
static bool begin(struct executor *e, struct actor *a, const struct request *r, int limit_ms)
{
    bool done;

    a->request = *r;
    a->limit_ms = limit_ms;
    set_blocking(e, r, true);
    worker_begin(a->worker, e, r);
    done = worker_settled(a->worker);
    set_blocking(e, r, false);
    if (done)
        collect(e, a);
    return done;
}

static bool has_threads(const struct executor *e)
{
    return e->block_ms > 0 && e->stack->blocks && e->stack->fcntl != NULL;
}

static struct actor *actor_of(struct executor *e, unsigned index)
{
    struct actor *a = &e->actors[index];

    if (a->worker == NULL)
        a->worker = worker_of(index);
    e->has_actors = true;
    return a->worker != NULL ? a : NULL;
}

bool acts_timed(struct executor *e, const struct request *r, struct outcome *o)
{
    struct actor *a;
    int limit_ms;

    if (call_waits_for_events(r->op) ? r->timeout_ms <= 0 : !e->times_out)
        return false; /* as a rule */
    if (!has_threads(e) || !may_block(e, r))
        return false;
    limit_ms = limit_of(e, r);
    if (limit_ms == 0 || limit_ms > e->block_ms || (a = actor_of(e, 0)) == NULL)
        return false;
    if (!begin(e, a, r, limit_ms)) {
        if (!worker_wait(a->worker, limit_ms + GRACE_MS)) {
            worker_cancel(a->worker);
            outcome_unfinished(o, -1);
            o->took_us = (uint32_t)(limit_ms + GRACE_MS) * 1000;
            return true;
        }
        collect(e, a);
    }
    *o = a->outcome;
    return true;
}

/* --- what actors do --- */

static void act_call(struct executor *e, const struct call *call, const struct request *r,
                     struct outcome *o)
{
    struct actor *a = &e->actors[call->actor];

    if (a->pending && !a->told) {
        o->kind = OUTCOME_BUSY;
        return;
    }
    a->pending = false;
    if (!may_block(e, r)) {
        calls_make(e, r, o);
        return;
    }
    a = actor_of(e, call->actor);
    if (a == NULL)
        return;
    a->call = *call;
    a->call.act = ACT_RESUME;
    if (begin(e, a, r, limit_of(e, r))) {
        *o = a->outcome;
        return;
    }
    a->pending = true;
    a->told = false;
    e->blocked++;
    outcome_unfinished(o, -1);
}

static void ended(struct executor *e, struct actor *a)
{
    collect(e, a);
    e->blocked--;
}

static void act_resume(struct executor *e, struct request *r, struct outcome *o)
{
    struct actor *a = &e->actors[r->actor];
    int wait_ms = e->wait_ms < e->wait_left_ms ? e->wait_ms : e->wait_left_ms;

    o->kind = OUTCOME_BUSY;
    if (!a->pending)
        return;
    r->op = a->request.op;
    if (!a->told) {
        if (a->limit_ms > 0 && a->limit_ms <= e->block_ms && wait_ms < a->limit_ms + GRACE_MS)
            wait_ms = a->limit_ms + GRACE_MS;
        if (!worker_settled(a->worker) && !worker_wait(a->worker, wait_ms)) {
            e->wait_left_ms -= wait_ms;
            r->waited_ms = wait_ms;
            outcome_unfinished(o, -1);
            return;
        }
        ended(e, a);
    }
    a->pending = false;
    *o = a->outcome;
}

static void act_signal(struct executor *e, const struct request *r, struct outcome *o)
{
    struct actor *a = &e->actors[r->actor];

    o->kind = OUTCOME_RETURNED;
    o->result = 0;
    if (!a->pending || a->told)
        return;
    set_blocking(e, &a->request, r->restarts);
    worker_signal(a->worker, r->restarts);
    worker_settled(a->worker);
    set_blocking(e, &a->request, false);
}

void acts_make(struct executor *e, const struct call *call, struct request *r, struct outcome *o)
{
    *o = (struct outcome){.kind = OUTCOME_UNSUPPORTED, .result = -1};
    if (!has_threads(e))
        return;
    switch ((enum act)call->act) {
    case ACT_CALL:
        act_call(e, call, r, o);
        break;
    case ACT_RESUME:
        act_resume(e, r, o);
        break;
    case ACT_SIGNAL:
        act_signal(e, r, o);
        break;
    }
}

/* What has ended by itself is told at once, since what comes after it depends on it. */
void acts_notice(struct executor *e)
{
    for (unsigned i = 1; i <= ACTORS; i++) {
        struct actor *a = &e->actors[i];
        struct request request = {.act = ACT_RESUME, .actor = (uint8_t)i, .resumed = &a->call};

        if (!a->pending || a->told || !worker_settled(a->worker))
            continue;
        ended(e, a);
        a->told = true;
        request.op = a->request.op;
        request.fd = a->request.fd;
        if (call_creates(&a->call) && a->outcome.result >= 0)
            e->slots[a->call.result] = (int)a->outcome.result;
        if (e->observe != NULL)
            e->observe(e->context, NULL, &request, &a->outcome);
    }
}

void acts_end(struct executor *e)
{
    if (!e->has_actors)
        return;
    for (unsigned i = 0; i < WORKERS; i++) {
        struct actor *a = &e->actors[i];

        if (a->pending && !a->told) {
            worker_cancel(a->worker);
            collect(e, a);
        }
        if (a->worker != NULL)
            worker_rest(a->worker);
        a->worker = NULL;
        a->pending = false;
    }
    e->blocked = 0;
    e->has_actors = false;
}
