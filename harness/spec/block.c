/* block: see block.h. */
#include "spec/block.h"

#include <errno.h>
#include <string.h>

#include "spec/connection.h"
#include "spec/option.h"
#include "spec/spec.h"

enum { US_IN_MS = 1000, LATE_MS = 300 }; /* by so much a call that ends by its time may be late */

static struct blocked *blocked_edit(struct world *w, const struct blocked *b)
{
    return world_edit(w, b, sizeof *b);
}

static bool waits_for_events(const struct blocked *b)
{
    return call_waits_for_events(b->op);
}

bool block_knows(const struct request *q)
{
    switch ((enum op)q->op) {
    case OP_recvmsg:
    case OP_recvmmsg:
    case OP_sendmsg:
    case OP_sendmmsg:
    case OP_readv:
    case OP_writev:
    case OP_epoll_wait:
        return false;
    default:
        return q->bad == BAD_NONE && !(q->flags & MSG_OOB);
    }
}

/* --- time --- */

int64_t block_limit_us(const struct world *w, const struct sock *s, enum op op)
{
    unsigned option = op == OP_connect || call_sends(op) ? OPT_SO_SNDTIMEO : OPT_SO_RCVTIMEO;
    const struct setting *setting = option_setting(w, world_index(w, s), option);

    if (setting == NULL)
        return 0;
    return setting->state == SETTING_OPEN ? LIMIT_UNKNOWN : (uint32_t)setting->value;
}

static enum clause time_clause(enum op op)
{
    if (op == OP_connect)
        return CLAUSE_CONNECT_TIMED_OUT;
    return call_sends(op) ? CLAUSE_OPTION_SNDTIMEO : CLAUSE_OPTION_RCVTIMEO;
}

static int64_t least_of(int64_t limit_us)
{
    return limit_us == LIMIT_UNKNOWN ? 0 : limit_us;
}

bool block_times_out(struct step *t, const struct sock *s)
{
    const struct outcome *seen = t->decider->seen;
    int64_t limit_us;

    bool ordinary = t->decider->kind == DECIDER_ORDINARY && !call_many(t->request->op);

    /* Nobody else can end what the drill's own thread waits for; an actor's call is resumed. */
    if (t->resumes != RESUMES_NOT || (ordinary && t->request->actor != 0) ||
        (!ordinary && (t->decider->kind != DECIDER_WITNESS || seen->took_us == 0)))
        return false;
    limit_us = block_limit_us(t->world, s, (enum op)t->request->op);
    if (!applies(t, time_clause((enum op)t->request->op), limit_us > 0))
        return false;
    t->prediction.least_us = least_of(limit_us);
    return true;
}

/* --- a call begins to wait --- */

static void hold_member(struct world *w, struct blocked *b, uint32_t i, const struct pollfd *member)
{
    const struct sock *s = world_sock(w, member->fd);

    b->fds[i] = (struct pollfd){.fd = member->fd, .events = member->events};
    if (s == NULL)
        return;
    b->members[i] = (uint16_t)(world_index(w, s) + 1);
    sock_edit(w, s)->descriptors++;
}

void block_began(struct step *t)
{
    const struct request *q = t->request;
    struct world *w = t->world;
    const struct sock *s = world_sock(w, q->fd);
    bool events = call_waits_for_events(q->op);
    struct blocked *b;

    if (t->prediction.kind != OUTCOME_UNFINISHED)
        return;
    t->prediction.result = -1;
    t->prediction.length = 0;
    b = blocked_edit(w, &w->actors[q->actor - 1]);
    memset(b, 0, sizeof *b);
    b->under_way = true;
    b->op = q->op;
    b->fd = q->fd;
    b->flags = q->flags;
    b->room = q->room;
    b->name_room = q->name_room;
    b->name_null = q->name_null;
    b->sent = q->sent;
    b->again = q->op == OP_connect && t->prediction.clause == CLAUSE_CONNECT_ALREADY;
    b->sock = events ? NO_SOCK : world_index(w, s);
    b->limit_us = (uint32_t)(events ? (q->timeout_ms > 0 ? (int64_t)q->timeout_ms * US_IN_MS : 0)
                                    : block_limit_us(w, s, (enum op)q->op));
    b->fd_count = events ? q->fd_count : 0;
    for (uint32_t i = 0; i < b->fd_count; i++)
        hold_member(w, b, i, &q->fds[i]);
    world_edit(w, &w->blocked_count, sizeof w->blocked_count);
    w->blocked_count++;
    if (b->sock != NO_SOCK) /* what it waits on stays as long as it waits: close(2) */
        sock_edit(w, s)->descriptors++;
}

static bool waits_on(const struct blocked *b, int fd)
{
    for (uint32_t i = 0; i < b->fd_count; i++)
        if (b->fds[i].fd == fd)
            return true;
    return b->sock != NO_SOCK && b->fd == fd;
}

void block_closes(struct world *w, int fd)
{
    for (unsigned i = 0; i < ACTORS; i++)
        if (w->actors[i].under_way && waits_on(&w->actors[i], fd))
            blocked_edit(w, &w->actors[i])->closed = true;
}

bool block_reads(const struct world *w, const struct sock *s)
{
    for (unsigned i = 0; w->blocked_count > 0 && i < ACTORS; i++)
        if (w->actors[i].under_way && w->actors[i].sock == world_index(w, s) &&
            w->actors[i].op != OP_connect && !call_sends((enum op)w->actors[i].op))
            return true;
    return false;
}

static bool holds(const struct blocked *b, uint16_t sock)
{
    for (uint32_t i = 0; i < b->fd_count; i++)
        if (b->members[i] == sock + 1)
            return true;
    return b->sock == sock;
}

bool block_may_be_over(const struct world *w, const struct sock *s)
{
    for (unsigned i = 0; w->blocked_count > 0 && i < ACTORS; i++)
        if (w->actors[i].under_way && w->actors[i].closed &&
            holds(&w->actors[i], world_index(w, s)))
            return s->in.written > s->in.read || s->queue != NO_SOCK;
    return false;
}

void block_may_end(struct step *t, const struct sock *s, const struct sock *kept)
{
    static const enum flying ends[] = {FLYING_FIN, FLYING_RESET};
    unsigned end;

    if (!block_may_be_over(t->world, kept))
        return;
    end = decide_case(t, CLAUSE_CALL_OUTLIVES_CLOSE, 3);
    if (end > 0)
        fly(t, s, ends[end - 1]);
}

unsigned block_numbers_taken(const struct step *t)
{
    const struct world *w = t->world;
    unsigned taken = 0;

    if (w->blocked_count == 0 || !w->profile->blocked_accept_takes_number)
        return 0;
    if (t->resumes != RESUMES_NOT)
        return FDS_MAX; /* it was taken when the call began */
    for (unsigned i = 0; i < ACTORS; i++)
        taken += w->actors[i].under_way &&
                 (w->actors[i].op == OP_accept || w->actors[i].op == OP_accept4);
    return taken;
}

/* --- signals --- */

/*
 * A handler with SA_RESTART lets most calls go on. Whether poll and its like do, and calls whose
 * time is limited, is said by signal(7) only.
 */
static void signalled(struct step *t, const struct blocked *b)
{
    bool never = waits_for_events(b) || b->limit_us > 0;
    bool known = b->limit_us != LIMIT_UNKNOWN;
    bool restarts = applies(t, CLAUSE_CALL_RESTARTED, t->request->restarts) &&
                    !(known && applies(t, CLAUSE_CALL_NEVER_RESTARTED, never) &&
                      t->world->profile->limited_calls_are_interrupted);

    if (restarts && b->closed)
        blocked_edit(t->world, b)->astray = true;
    if (!known)
        blocked_edit(t->world, b)->may_end = true;
    blocked_edit(t->world, b)->may_shorten = true;
    if (restarts && (!never || !known))
        return;
    blocked_edit(t->world, b)->may_end = true;
    blocked_edit(t->world, b)->must_end |= !restarts;
}

/* --- a call is resumed --- */

static void request_again(struct step *t, const struct blocked *b)
{
    struct request *q = &t->resumed;
    uint8_t actor = t->request->actor;
    int waited_ms = t->request->waited_ms;

    memset(q, 0, sizeof *q);
    q->act = ACT_RESUME;
    q->actor = actor;
    q->waited_ms = waited_ms;
    q->op = b->op;
    q->fd = b->fd;
    q->flags = b->flags;
    q->room = b->room;
    q->name_room = b->name_room;
    q->name_null = b->name_null;
    q->sent = b->sent;
    q->timeout_ms = -1;
    q->fd_count = b->fd_count;
    q->fds = b->fds;
    t->request = q;
}

/* Which way a call that is looked at again may have ended, beside what it waits for. */
static enum resumption ending(struct step *t, const struct blocked *b)
{
    enum resumption ways[3] = {RESUMES_WAITING};
    unsigned count = 1;

    if (b->limit_us > 0)
        ways[count++] = RESUMES_TIMED_OUT;
    if (applies(t, CLAUSE_CALL_INTERRUPTED, b->may_end || b->may_shorten))
        ways[count++] = RESUMES_INTERRUPTED;
    if (t->decider->kind == DECIDER_ORDINARY && (b->may_end || b->may_shorten))
        return RESUMES_INTERRUPTED;
    return ways[decide_case(t, CLAUSE_CALL_INTERRUPTED, count)];
}

static void look_again(struct step *t, const struct blocked *b)
{
    if (b->op == OP_connect)
        connect_resumed(t, &t->world->socks[b->sock]);
    else if (call_sends(b->op))
        send_resumed(t, &t->world->socks[b->sock]);
    else
        spec_again(t);
}

static bool would_wait(const struct step *t)
{
    const struct prediction *p = &t->prediction;

    return p->kind == OUTCOME_UNFINISHED ||
           (p->result < 0 && p->error == EAGAIN && p->clause != CLAUSE_ERROR_PENDING);
}

/* What comes of a call that found nothing: by its time, by a signal, or it goes on. */
static void end_empty(struct step *t, const struct blocked *b, enum resumption how)
{
    enum op op = (enum op)b->op;
    enum clause time =
        op == OP_select || op == OP_pselect ? CLAUSE_SELECT_TIMEOUT : CLAUSE_POLL_TIMEOUT;
    bool late = b->limit_us > 0 &&
                (int64_t)t->request->waited_ms >= (int64_t)b->limit_us / US_IN_MS + LATE_MS;

    if (t->prediction.result > 0)
        return; /* it waits for more */
    if (how == RESUMES_TIMED_OUT || (how == RESUMES_WAITING && late)) {
        t->prediction.least_us = least_of(b->limit_us);
        if (waits_for_events(b))
            returns(t, 0, time);
        else
            fails(t,
                  op != OP_connect ? EAGAIN
                  : b->again       ? EALREADY
                                   : EINPROGRESS,
                  time_clause(op));
    } else if ((how == RESUMES_INTERRUPTED && b->may_end) || b->must_end) {
        fails(t, EINTR, op == OP_connect ? CLAUSE_CONNECT_INTERRUPTED : CLAUSE_CALL_INTERRUPTED);
    } else {
        waits(t, t->prediction.clause);
    }
}

/* The call is over: what it held it holds no longer. */
static void let_go(struct step *t, const struct blocked *b)
{
    struct world *w = t->world;
    struct blocked was = *b;

    memset(blocked_edit(w, b), 0, sizeof *b);
    world_edit(w, &w->blocked_count, sizeof w->blocked_count);
    w->blocked_count--;
    if (was.sock != NO_SOCK)
        sock_released(t, &w->socks[was.sock]);
    for (uint32_t i = 0; i < was.fd_count; i++)
        if (was.members[i] != 0)
            sock_released(t, &w->socks[was.members[i] - 1]);
}

/* What comes of the call is not said; what it holds stays open as long as it waits: close(2). */
static void outlive_close(struct step *t, const struct blocked *b)
{
    if (t->decider->kind == DECIDER_ORDINARY && waits_for_events(b) && !b->astray) {
        waits(t, CLAUSE_CALL_OUTLIVES_CLOSE);
        return;
    }
    returns_anything(t, CLAUSE_CALL_OUTLIVES_CLOSE);
    if (!block_is_seen(t))
        let_go(t, b);
}

static void resume(struct step *t)
{
    const struct blocked *b = &t->world->actors[t->request->actor - 1];
    bool told = t->world->profile->calls_outlive_close;
    enum resumption how;

    if (!b->under_way) { /* what came of it has been told before */
        returns_anything(t, CLAUSE_CALL_INTERRUPTED);
        return;
    }
    if (t->request->waited_ms >= t->world->settle_ms)
        for (uint32_t i = 0; i < t->world->sock_count; i++)
            settled(t, &t->world->socks[i]);
    request_again(t, b);
    if (b->astray ||
        (b->closed && !(applies(t, CLAUSE_CALL_OUTLIVES_CLOSE, b->sock != NO_SOCK) && told))) {
        outlive_close(t, b);
        return;
    }
    how = ending(t, b);
    t->resumes = (uint8_t)how;
    look_again(t, b);
    if (would_wait(t))
        end_empty(t, b, how);
    else if (how == RESUMES_TIMED_OUT)
        t->prediction.least_us = least_of(b->limit_us);
    if (t->prediction.kind != OUTCOME_UNFINISHED)
        let_go(t, b);
    else if (t->decider->kind == DECIDER_ORDINARY) /* the signal is over */
        blocked_edit(t->world, b)->may_shorten = false;
}

void block_act(struct step *t)
{
    const struct blocked *b = &t->world->actors[t->request->actor - 1];

    if (t->request->act == ACT_RESUME) {
        resume(t);
        return;
    }
    if (b->under_way)
        signalled(t, b);
    returns(t, 0, CLAUSE_CALL_INTERRUPTED);
}
