/* step: what all calls share. */
#include "spec/step.h"

#include <errno.h>
#include <limits.h>

#include "spec/block.h"

static bool seen_error(const struct step *t, int error)
{
    const struct outcome *seen = t->decider->seen;

    return seen->kind == OUTCOME_RETURNED && seen->result < 0 && seen->error == error;
}

/* Whether the witness saw a failure but not which: that of a message after the first. */
static bool seen_lost(const struct step *t)
{
    const struct outcome *seen = t->decider->seen;

    return t->decider->kind == DECIDER_WITNESS && seen->result < 0 && seen->error == ERROR_LOST;
}

/* By what it was called with, before anything came of it. */
static bool fails_by(struct step *t, const struct reason *reason)
{
    fails(t, reason->error, (enum clause)reason->clause);
    t->prediction.beyond = false;
    return true;
}

bool step_failed(struct step *t)
{
    const struct verdict *v = &t->verdict;
    unsigned count = v->count;

    if (count == 0)
        return false;
    if (count > 1 && !applies(t, CLAUSE_ERROR_ORDER, true))
        count = 1;
    if (seen_lost(t))
        return fails_by(t, &v->reasons[decide_case(t, CLAUSE_ERROR_ORDER, count)]);
    if (t->decider->kind == DECIDER_WITNESS)
        for (unsigned i = 0; i < count; i++)
            if (seen_error(t, v->reasons[i].error))
                return fails_by(t, &v->reasons[i]);
    if (!v->barred && (v->usual == 0 || t->decider->kind == DECIDER_WITNESS))
        return false;
    return fails_by(t, &v->reasons[v->usual > 0 ? v->usual - 1 : 0]);
}

void returns(struct step *t, int64_t result, enum clause clause)
{
    t->prediction.kind = OUTCOME_RETURNED;
    t->prediction.result = result;
    t->prediction.error = 0;
    t->prediction.clause = clause;
}

void fails(struct step *t, int error, enum clause clause)
{
    t->prediction.kind = OUTCOME_RETURNED;
    t->prediction.result = -1;
    t->prediction.error = error;
    t->prediction.clause = clause;
}

void returns_anything(struct step *t, enum clause clause)
{
    returns(t, 0, clause);
    t->prediction.any = true;
}

void waits(struct step *t, enum clause clause)
{
    t->prediction.kind = OUTCOME_UNFINISHED;
    t->prediction.result = -1;
    t->prediction.error = 0;
    t->prediction.clause = clause;
}

void blocks(struct step *t, bool nonblocking, int64_t moved, enum clause clause)
{
    if (!nonblocking && block_times_out(t, world_sock(t->world, t->request->fd)))
        nonblocking = true;
    if (nonblocking && moved < 0) {
        fails(t, EAGAIN, clause);
        return;
    }
    t->prediction.kind = nonblocking ? OUTCOME_RETURNED : OUTCOME_UNFINISHED;
    t->prediction.result = moved;
    t->prediction.error = 0;
    t->prediction.clause = clause;
}

const struct descriptor *check_open(struct step *t, int fd)
{
    const struct descriptor *d = world_fd(t->world, fd);

    shall_fail(t, d == NULL, EBADF, CLAUSE_FD_OPEN);
    return d;
}

/* Whether the call is one that reads and writes whatever file. */
static bool is_of_files(const struct step *t)
{
    uint8_t op = t->request->op;

    return op == OP_read || op == OP_write || op == OP_readv || op == OP_writev;
}

/* Whether the call is to move data on an instance of epoll. */
static bool moves_epoll(const struct step *t, const struct descriptor *d)
{
    return d->epoll != 0 && is_of_files(t);
}

/* What else is wrong with a call on what is no socket. */
static void check_other(struct step *t, const struct descriptor *d)
{
    bool epoll = moves_epoll(t, d);

    shall_fail(t, epoll, EINVAL, CLAUSE_EPOLL_NO_DATA);
    may_fail(t, epoll && t->request->bad != BAD_NONE, EFAULT, CLAUSE_FAULT);
    may_fail(t, t->request->address.size > sizeof(struct sockaddr_storage), EINVAL,
             CLAUSE_ERROR_ORDER);
    may_fail(t, t->request->bad == BAD_ADDRESS, EFAULT, CLAUSE_ERROR_ORDER);
}

const struct sock *check_sock(struct step *t, int fd)
{
    const struct descriptor *d;

    if (t->resumes != RESUMES_NOT) /* also when its descriptor has been closed since */
        return &t->world->socks[t->world->actors[t->request->actor - 1].sock];
    d = check_open(t, fd);
    if (d == NULL)
        return NULL;
    shall_fail(t, d->other && !moves_epoll(t, d), ENOTSOCK, CLAUSE_FD_SOCKET);
    if (!d->other)
        return &t->world->socks[d->sock - 1];
    check_other(t, d);
    return NULL;
}

/* Whether a call that has moved something tells of it before it waits for the rest is not said. */
static bool is_told(struct step *t)
{
    return t->prediction.kind == OUTCOME_RETURNED ||
           decide_case(t, CLAUSE_NAME_LENGTH_NEGATIVE, 2) == 1;
}

void name_room_is_negative(struct step *t)
{
    if (t->request->op == OP_recvfrom && t->prediction.result >= 0 &&
        applies(t, CLAUSE_NAME_LENGTH_NEGATIVE, (int)t->request->name_room < 0) && is_told(t)) {
        t->prediction.length = 0;
        fails(t, EINVAL, CLAUSE_NAME_LENGTH_NEGATIVE);
    }
}

static uint32_t name_size(int family)
{
    return family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

void returns_name(struct step *t, const struct endpoint *name, int family)
{
    bool peer = t->request->op != OP_getsockname;
    bool mapped = family == AF_INET6 && endpoint_is_v4(name);

    rests_on(t, CLAUSE_NAME_IPV6, family == AF_INET6);
    rests_on(t, peer ? CLAUSE_MAPPED_PEER : CLAUSE_MAPPED_BIND, mapped);
    rests_on(t, CLAUSE_NAME_TRUNCATED, t->request->name_room < name_size(family));
    t->prediction.has_name = true;
    t->prediction.name = *name;
    t->prediction.name_family = family;
}

bool uses_other(const struct step *t)
{
    const struct descriptor *d = is_of_files(t) ? world_fd(t->world, t->request->fd) : NULL;
    bool nothing = t->request->room + t->request->sent.length == 0;

    return d != NULL && d->other && (d->epoll == 0 || nothing);
}

bool moves_nothing(struct step *t)
{
    const struct request *q = t->request;
    bool parts = q->op == OP_readv || q->op == OP_writev;
    bool wrong = parts && (q->part_count < 0 || q->part_count > IOV_MAX);
    bool nothing = q->room + q->sent.length == 0;

    if (!parts || (t->verdict.barred && !wrong)) /* the count is looked at first */
        return false;
    rests_on(t, CLAUSE_IOV_ORDER, q->part_count > 1);
    shall_fail(t, wrong, EINVAL, CLAUSE_PARTS_COUNT);
    may_fail(t, q->part_count == 0 && !t->world->profile->no_parts_are_nothing, EINVAL,
             CLAUSE_PARTS_COUNT);
    shall_fail(t, q->bad == BAD_HEADER && q->part_count > 0, EFAULT, CLAUSE_FAULT);
    if (!t->verdict.barred && !(nothing && t->world->profile->no_parts_are_nothing))
        return false;
    if (!step_failed(t))
        returns(t, 0, CLAUSE_RECV_ZERO);
    return true;
}

void check_pending(struct step *t, const struct sock *s, enum clause clause)
{
    shall_fail(t, s->error != 0, s->error, clause);
}

void clear_pending(struct step *t, const struct sock *s, enum clause clause)
{
    if (t->prediction.clause == clause)
        sock_edit(t->world, s)->error = 0;
}

/* The lowest number, from one on, that is not open as far as the world knows. */
static int lowest_free(const struct world *w, int from)
{
    while (world_fd(w, from) != NULL)
        from++;
    return from;
}

/* Numbers that ordinarily are passed over; a call that waited has had its own since it began. */
static unsigned ordinarily_taken(const struct step *t)
{
    bool asks = t->decider->kind == DECIDER_ORDINARY && t->resumes == 0;

    return asks ? block_numbers_taken(t) : 0;
}

/*
 * A new descriptor is the lowest that is free. Other parts of the process may hold numbers that the
 * world does not know of, so what a call has closed is the least that is certainly free.
 */
static int64_t decide_fd(struct step *t, int from, enum clause clause)
{
    const struct world *w = t->world;
    int64_t fd = lowest_free(w, from);
    int64_t most = FDS_MAX - 1;
    unsigned taken = block_numbers_taken(t);

    for (uint32_t i = (uint32_t)from; i < w->fd_count; i++)
        if (w->fds[i].freed && taken-- == 0) {
            most = i;
            break;
        }
    for (unsigned i = 0; i < ordinarily_taken(t); i++)
        fd = lowest_free(w, (int)fd + 1);
    if (t->decider->kind == DECIDER_WITNESS)
        fd = decide_value(t, clause, t->decider->seen->result, from, most, fd);
    return world_fd(w, (int)fd) == NULL ? fd : most;
}

void opens_copy(struct step *t, struct descriptor what, int from, enum clause clause)
{
    int64_t fd = decide_fd(t, from, clause);
    int64_t seen = t->decider->kind == DECIDER_WITNESS ? t->decider->seen->result : 0;

    if (seen >= FDS_MAX && lowest_free(t->world, from) >= FDS_MAX) { /* no world knows so many */
        returns(t, seen, clause);
        leads_beyond(t, true);
        return;
    }
    if (world_open(t->world, (int)fd, what))
        returns(t, fd, clause);
    else
        fails(t, EMFILE, CLAUSE_FD_MANY);
}

void opens(struct step *t, uint16_t sock, bool close_on_exec)
{
    struct descriptor what = {.sock = (uint16_t)(sock + 1), .close_on_exec = close_on_exec};

    opens_copy(t, what, 0, CLAUSE_FD_LOWEST);
}
