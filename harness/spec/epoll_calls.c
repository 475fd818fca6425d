/*
 * epoll_calls: epoll_create1, epoll_ctl and epoll_wait. Source: epoll_create(2), epoll_ctl(2),
 * epoll_wait(2), epoll(7).
 */
#include <errno.h>

#include "spec/epoll.h"

void step_epoll_create1(struct step *t)
{
    int flags = t->request->flags;
    uint16_t epoll;

    shall_fail(t, flags & ~EPOLL_CLOEXEC, EINVAL, CLAUSE_EPOLL_CREATE_FLAGS);
    if (step_failed(t))
        return;
    epoll = world_new_epoll(t->world);
    if (epoll == NO_EPOLL) {
        fails(t, EMFILE, CLAUSE_FD_MANY);
        return;
    }
    opens_copy(t,
               (struct descriptor){.epoll = (uint16_t)(epoll + 1),
                                   .other = true,
                                   .close_on_exec =
                                       applies(t, CLAUSE_EPOLL_CLOEXEC, flags & EPOLL_CLOEXEC)},
               0, CLAUSE_FD_LOWEST);
}

/* What both other calls say of their instance; NO_EPOLL when nothing else can be said. */
static uint16_t check_epoll(struct step *t)
{
    const struct descriptor *d = check_open(t, t->request->fd);
    uint16_t epoll = world_epoll(t->world, t->request->fd);

    shall_fail(t, d != NULL && epoll == NO_EPOLL, EINVAL, CLAUSE_EPOLL_INSTANCE);
    return epoll;
}

/* --- epoll_ctl --- */

/* EPOLLEXCLUSIVE is for sockets, for adding them, and for few events. */
static void check_exclusive(struct step *t, const struct interest *i, bool nested)
{
    const struct request *q = t->request;
    unsigned beside = EPOLLEXCLUSIVE | EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLET;
    unsigned events = q->event != NULL && q->bad == BAD_NONE ? q->event->events : 0;
    bool exclusive = (events & EPOLLEXCLUSIVE) != 0;
    bool modifies = q->command == EPOLL_CTL_MOD;

    shall_fail(t, exclusive && (modifies || nested || (events & ~beside)), EINVAL,
               CLAUSE_EPOLL_EXCLUSIVE_ADD);
    shall_fail(t, modifies && i != NULL && (i->events & EPOLLEXCLUSIVE), EINVAL,
               CLAUSE_EPOLL_EXCLUSIVE_ADD);
}

/* Instances may watch each other, but not in a circle, nor too deep. */
static void check_nesting(struct step *t, uint16_t epoll, uint16_t inner)
{
    enum { DEPTH_MAX = 5 };
    const struct world *w = t->world;
    bool self = inner == epoll;
    bool circle = !self && inner != NO_EPOLL && epoll_watches(w, inner, epoll);
    bool deep = !self && inner != NO_EPOLL && !circle &&
                epoll_depth(w, inner, true) + epoll_depth(w, epoll, false) > DEPTH_MAX;

    shall_fail(t, self, EINVAL, CLAUSE_EPOLL_SELF);
    shall_fail(t, (circle || deep) && t->request->command == EPOLL_CTL_ADD, ELOOP,
               CLAUSE_EPOLL_LOOP);
}

/* Returns the interest that there is, or NULL. */
static const struct interest *check_member(struct step *t, uint16_t epoll)
{
    const struct request *q = t->request;
    const struct descriptor *d = check_open(t, q->other_fd);
    const struct interest *i;
    int command = q->command;

    shall_fail(t, d != NULL && d->other && d->epoll == 0, EPERM, CLAUSE_EPOLL_UNABLE);
    if (d == NULL || epoll == NO_EPOLL)
        return NULL;
    i = epoll_find(t->world, epoll, q->other_fd);
    check_nesting(t, epoll, d->epoll != 0 ? (uint16_t)(d->epoll - 1) : NO_EPOLL);
    check_exclusive(t, i, d->epoll != 0);
    shall_fail(t, command == EPOLL_CTL_ADD && i != NULL, EEXIST, CLAUSE_EPOLL_EXISTS);
    shall_fail(t, (command == EPOLL_CTL_MOD || command == EPOLL_CTL_DEL) && i == NULL, ENOENT,
               CLAUSE_EPOLL_ABSENT);
    return i;
}

/* A free entry, or NULL when the world is full. */
static const struct interest *free_entry(struct world *w)
{
    for (uint32_t k = 0; k < w->interest_count; k++)
        if (w->interests[k].epoll == 0)
            return &w->interests[k];
    if (w->interest_count == INTERESTS_MAX) {
        world_is_full(w);
        return NULL;
    }
    world_edit(w, &w->interest_count, sizeof w->interest_count);
    return &w->interests[w->interest_count++];
}

/* Watches a descriptor, or watches it otherwise: either way it is looked at anew. */
static void watch(struct step *t, const struct interest *i, uint16_t epoll)
{
    const struct request *q = t->request;
    const struct descriptor *d = world_fd(t->world, q->other_fd);
    struct interest *edit = world_edit(t->world, i, sizeof *i);

    *edit = (struct interest){.data = q->event->data.u64,
                              .events = q->event->events,
                              .fd = q->other_fd,
                              .epoll = (uint16_t)(epoll + 1),
                              .sock = d->sock != 0 ? (uint16_t)(d->sock - 1) : NO_SOCK,
                              .inner = d->epoll,
                              .fresh = true};
    if (d->sock != 0)
        edit->quiets = t->world->socks[d->sock - 1].quiets;
}

void step_epoll_ctl(struct step *t)
{
    const struct request *q = t->request;
    bool known =
        q->command == EPOLL_CTL_ADD || q->command == EPOLL_CTL_MOD || q->command == EPOLL_CTL_DEL;
    uint16_t epoll = check_epoll(t);
    const struct interest *i = check_member(t, epoll);

    shall_fail(t, !known, EINVAL, CLAUSE_EPOLL_COMMAND);
    shall_fail(t, q->bad == BAD_DATA && q->command != EPOLL_CTL_DEL, EFAULT, CLAUSE_FAULT);
    if (step_failed(t))
        return;
    if (applies(t, CLAUSE_EPOLL_ADD, q->command == EPOLL_CTL_ADD))
        i = free_entry(t->world);
    if (i == NULL) {
        fails(t, ENOSPC, CLAUSE_FD_MANY);
        return;
    }
    if (applies(t, CLAUSE_EPOLL_DELETE, q->command == EPOLL_CTL_DEL)) {
        *(struct interest *)world_edit(t->world, i, sizeof *i) = (struct interest){0};
        returns(t, 0, CLAUSE_EPOLL_DELETE);
        return;
    }
    applies(t, CLAUSE_EPOLL_MODIFY, q->command == EPOLL_CTL_MOD);
    watch(t, i, epoll);
    returns(t, 0, q->command == EPOLL_CTL_ADD ? CLAUSE_EPOLL_ADD : CLAUSE_EPOLL_MODIFY);
}

/* --- epoll_wait --- */

/* A wait: what each interest of the instance has to report, in the order of the world's. */
struct waiting {
    uint16_t epoll;
    int64_t most;  /* events that there is room for */
    int64_t given; /* events that are reported */
    struct report reports[INTERESTS_MAX];
    bool reported[INTERESTS_MAX];
};

static void look(struct step *t, struct waiting *v, bool waited)
{
    const struct world *w = t->world;

    for (uint32_t k = 0; k < w->interest_count; k++) {
        v->reports[k] = (struct report){.must = false};
        v->reported[k] = false;
        if (w->interests[k].epoll == v->epoll + 1)
            report_of(t, &w->interests[k], waited, &v->reports[k]);
    }
}

static unsigned events_of(struct step *t, const struct interest *i, const struct report *r,
                          unsigned seen)
{
    if (i->inner != 0)
        return r->ready.must | (r->ready.may & EPOLLIN);
    return ready_decide(t, &t->world->socks[i->sock], &r->ready, seen, ~0u);
}

static void give(struct step *t, struct waiting *v, uint32_t k, unsigned seen)
{
    const struct interest *i = &t->world->interests[k];
    unsigned events = events_of(t, i, &v->reports[k], seen);
    struct epoll_event *event = &t->prediction.events[v->given];

    if (v->given == POLL_ENTRIES_MAX)
        return;
    event->events = events;
    event->data.u64 = applies(t, CLAUSE_EPOLL_DATA, true) ? i->data : 0;
    v->reported[k] = true;
    v->given++;
    report_given(t, i, events);
}

/*
 * Which interest an event that was seen is of. The data tell, unless several have the same: then it
 * may be of any.
 */
static uint32_t interest_of(struct step *t, const struct waiting *v, const struct epoll_event *seen)
{
    const struct world *w = t->world;
    uint32_t found[INTERESTS_MAX];
    uint32_t count = 0;

    for (uint32_t k = 0; k < w->interest_count; k++)
        if (v->reports[k].may && !v->reported[k] && w->interests[k].data == seen->data.u64)
            found[count++] = k;
    if (count == 0)
        return INTERESTS_MAX;
    return count == 1 ? found[0] : found[decide_case(t, CLAUSE_EPOLL_DATA, count)];
}

static void give_seen(struct step *t, struct waiting *v)
{
    const struct outcome *seen = t->decider->seen;

    for (int64_t n = 0; n < seen->result && n < v->most; n++) {
        uint32_t k = interest_of(t, v, &seen->events[n]);

        if (k < INTERESTS_MAX)
            give(t, v, k, seen->events[n].events);
    }
}

/*
 * Instances give each their turn: who was certainly ready in a wait that had no room for it comes
 * before whoever was reported in that one or since. Returns whether another one's turn is it.
 */
static bool overtakes(const struct world *w, const struct waiting *v, uint32_t passed)
{
    uint16_t since = w->interests[passed].passed;

    for (uint32_t k = 0; k < w->interest_count && since != 0; k++)
        if (v->reported[k] && w->interests[k].served >= since)
            return true;
    return false;
}

/* The round since which an interest has waited for its turn. */
static uint16_t waits_since(struct step *t, const struct waiting *v, uint32_t k, uint16_t round)
{
    const struct interest *i = &t->world->interests[k];
    bool passed = v->given == v->most && !v->reported[k] && v->reports[k].must;

    if (!applies(t, CLAUSE_EPOLL_FAIR, passed))
        return 0;
    return i->passed != 0 ? i->passed : round;
}

/* What has no room waits for the next round. */
static void end_round(struct step *t, const struct waiting *v)
{
    const struct world *w = t->world;
    bool full = v->given == v->most;
    uint16_t round = (uint16_t)(w->epolls[v->epoll].rounds + 1);
    struct epoll *epoll;

    for (uint32_t k = 0; k < w->interest_count; k++) {
        const struct interest *i = &w->interests[k];
        uint16_t served = full && v->reported[k] ? round : i->served;
        struct interest *edit;
        uint16_t passed;

        if (i->epoll != v->epoll + 1)
            continue;
        passed = waits_since(t, v, k, round);
        if (i->passed == passed && i->served == served)
            continue;
        edit = world_edit(t->world, i, sizeof *i);
        edit->passed = passed;
        edit->served = served;
    }
    if (!full)
        return;
    epoll = world_edit(t->world, &w->epolls[v->epoll], sizeof *epoll);
    epoll->rounds = round;
}

/* What must be reported and is not: what there is room for, and whose turn it was. */
static void give_due(struct step *t, struct waiting *v)
{
    const struct world *w = t->world;

    for (uint32_t k = 0; k < w->interest_count; k++) {
        if (!v->reports[k].must || v->reported[k])
            continue;
        if (v->given < v->most)
            give(t, v, k, 0);
        else if (overtakes(w, v, k))
            t->prediction.events[v->given - 1].data.u64 = w->interests[k].data;
    }
}

/* Of those that may be reported the one that has waited longest for its turn, or INTERESTS_MAX. */
static uint32_t whose_turn(const struct world *w, const struct waiting *v)
{
    uint32_t first = INTERESTS_MAX;
    uint16_t least = 0;

    for (uint32_t k = 0; k < w->interest_count; k++) {
        uint16_t since = (uint16_t)(w->interests[k].passed - 1); /* who never waited comes last */

        if (!v->reports[k].may || v->reported[k] || (first < INTERESTS_MAX && since >= least))
            continue;
        first = k;
        least = since;
    }
    return first;
}

/* Where nobody was watching, who has waited longest comes first. */
static void give_ordinary(struct step *t, struct waiting *v)
{
    int64_t room = v->most < POLL_ENTRIES_MAX ? v->most : POLL_ENTRIES_MAX;
    uint32_t first;

    while (v->given < room && (first = whose_turn(t->world, v)) < INTERESTS_MAX)
        give(t, v, first, 0);
    for (uint32_t k = 0; k < t->world->interest_count; k++)
        if (t->world->interests[k].epoll == v->epoll + 1 && !v->reports[k].may)
            report_none(t, &t->world->interests[k]);
}

static void wait_on(struct step *t, uint16_t epoll)
{
    struct waiting v = {.epoll = epoll, .most = t->request->value};

    look(t, &v, ready_waited(t));
    if (t->request->bad == BAD_DATA) {
        bool certain = false;
        bool possible = false;

        for (uint32_t k = 0; k < t->world->interest_count; k++) {
            certain |= v.reports[k].must;
            possible |= v.reports[k].may;
        }
        shall_fail(t, certain, EFAULT, CLAUSE_FAULT);
        may_fail(t, possible, EFAULT, CLAUSE_FAULT);
        if (!step_failed(t))
            ready_nothing(t, t->request->timeout_ms < 0, CLAUSE_EPOLL_TIMEOUT);
        return;
    }
    if (t->decider->kind == DECIDER_WITNESS)
        give_seen(t, &v);
    else
        give_ordinary(t, &v);
    if (v.given == 0 && ready_waits(t)) {
        look(t, &v, true);
        give_ordinary(t, &v);
    }
    give_due(t, &v);
    end_round(t, &v);
    if (v.given == 0)
        ready_nothing(t, t->request->timeout_ms < 0, CLAUSE_EPOLL_TIMEOUT);
    else
        returns(t, v.given, CLAUSE_EPOLL_COUNT);
}

void step_epoll_wait(struct step *t)
{
    uint16_t epoll = check_epoll(t);

    shall_fail(t, t->request->value <= 0, EINVAL, CLAUSE_EPOLL_ROOM);
    if (epoll == NO_EPOLL)
        may_fail(t, t->request->bad == BAD_DATA, EFAULT, CLAUSE_FAULT);
    if (!step_failed(t) && epoll != NO_EPOLL)
        wait_on(t, epoll);
}
