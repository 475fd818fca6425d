/* oracle: see oracle.h. */
#include "oracle/oracle.h"

#include <string.h>

#include "oracle/gone.h"
#include "spec/connection.h"

void oracle_init(struct oracle *o, const struct profile *profile, int settle_ms)
{
    memset(&o->coverage, 0, sizeof o->coverage);
    for (unsigned i = 0; i < 2 * WORLDS_MAX; i++) {
        struct world *w = &o->storage[i];

        world_reset(w); /* most of them are never used, and need no memory */
        w->profile = profile;
        w->slow = false;
        w->keeps_time_wait = true;
        w->settle_ms = settle_ms;
        w->undo = &o->undo;
    }
    for (unsigned i = 0; i < WORLDS_MAX; i++) {
        o->worlds[i] = &o->storage[i];
        o->spare[i] = &o->storage[WORLDS_MAX + i];
    }
    oracle_begin(o);
}

void oracle_without_time_wait(struct oracle *o)
{
    for (unsigned i = 0; i < 2 * WORLDS_MAX; i++)
        o->storage[i].keeps_time_wait = false;
}

void oracle_is_slow(struct oracle *o)
{
    for (unsigned i = 0; i < 2 * WORLDS_MAX; i++)
        o->storage[i].slow = true;
}

void oracle_begin(struct oracle *o)
{
    o->world_count = 1;
    o->inconclusive = false;
    o->allowed_count = 0;
    world_commit(o->worlds[0]);
    world_reset(o->worlds[0]);
}

void oracle_knows_other(struct oracle *o, int fd)
{
    for (unsigned i = 0; i < o->world_count; i++) {
        world_open_other(o->worlds[i], fd);
        world_commit(o->worlds[i]);
    }
}

const struct world *oracle_world(const struct oracle *o)
{
    return o->worlds[0];
}

/* Looking for the ways in which a call can have gone in one world. */
struct search {
    struct oracle *oracle;
    struct decider decider;
    struct step step;
};

static void search_start(struct search *s, struct oracle *o, struct world *w,
                         const struct request *request, const struct outcome *outcome)
{
    s->oracle = o;
    s->decider.kind = DECIDER_WITNESS;
    s->decider.seen = outcome;
    s->decider.overflow = false;
    s->decider.count = 0;
    s->decider.scripted = 0;
    s->step.world = w;
    s->step.request = request;
    s->step.decider = &s->decider;
    s->step.coverage = &o->coverage;
}

static bool runs_as_seen(struct search *s)
{
    spec_step(&s->step);
    if (!spec_matches(&s->step, s->decider.seen))
        return false;
    applies(&s->step, s->step.prediction.clause, true);
    return true;
}

static uint64_t living_hash(const struct world *w)
{
    bool gone[SOCKS_MAX];

    gone_find(w, gone);
    return world_hash_but(w, gone);
}

/* What a world is once everything under way has arrived. */
static uint64_t settled_hash(struct search *s, struct world *w)
{
    struct world *searched = s->step.world;
    uint32_t mark = world_mark(w);
    uint64_t hash;

    s->step.world = w;
    spec_settle(&s->step);
    hash = w->slow ? living_hash(w) : world_hash(w);
    world_undo_to(w, mark);
    s->step.world = searched;
    return hash;
}

/* Whether of an interest in one world epoll may report, and need not, what it may in the other. */
static bool asks_for_less(const struct interest *a, const struct interest *b)
{
    return a->least <= b->least && a->most >= b->most && a->turns_least <= b->turns_least &&
           a->turns_most >= b->turns_most && a->ended <= b->ended &&
           (a->passed == 0 || a->passed == b->passed);
}

/* What is on its way or will be: the last acknowledgement follows a FIN. */
static unsigned coming(const struct sock *s)
{
    return s->flying | (s->flying & FLYING_FIN ? FLYING_CLOSED : 0u);
}

/* Whether of each datagram as much may yet come as in another world, and of its refusals. */
static bool leaves_more_datagrams(const struct world *a, const struct world *b)
{
    for (uint32_t i = 0; i < a->piece_count && a->slow; i++) {
        unsigned all = a->pieces[i].way;
        unsigned other = b->pieces[i].way;

        if ((all & WAY_TOLD & ~other) || (other & WAY_AFOOT & ~all))
            return false;
    }
    return true;
}

static bool sock_leaves_more(const struct sock *a, const struct sock *b)
{
    return (b->flying & ~coming(a)) == 0 && a->in.arrived <= b->in.arrived;
}

/* The same over a slow network, where it is not always sure that what is under way ever comes. */
static bool slow_leaves_more(const struct world *a, const struct world *b)
{
    bool gone[SOCKS_MAX];

    gone_find(a, gone);
    for (uint32_t i = 0; i < a->sock_count; i++) {
        const struct sock *more = &a->socks[i];
        const struct sock *less = &b->socks[i];

        if (gone[i] ? !gone_keeps_more(more, less)
                    : !sock_leaves_more(more, less) ||
                          (less->flying != 0 && connection_need_not_end(b, less) &&
                           !connection_need_not_end(a, more)))
            return false;
    }
    return true;
}

/* Whether all that one world has under way, or more, is under way in another. */
static bool leaves_more_open(const struct world *a, const struct world *b)
{
    if (a->slow && !slow_leaves_more(a, b))
        return false;
    for (uint32_t i = 0; i < a->sock_count && !a->slow; i++)
        if (!sock_leaves_more(&a->socks[i], &b->socks[i]))
            return false;
    for (uint32_t i = 0; i < a->interest_count; i++)
        if (!asks_for_less(&a->interests[i], &b->interests[i]))
            return false;
    return leaves_more_datagrams(a, b);
}

/*
 * Adds a world to the possible ones. Worlds that differ only in what has arrived already become the
 * same, so the one in which less has arrived stands for both: whatever the other allows it allows.
 */
static void keep(struct search *s, unsigned *count)
{
    struct oracle *o = s->oracle;
    uint64_t hash;

    if (*count == 0) { /* mostly no other comes, and it need not be hashed */
        world_copy(o->spare[(*count)++], s->step.world);
        o->hashed = false;
        return;
    }
    if (!o->hashed)
        o->hashes[0] = settled_hash(s, o->spare[0]);
    o->hashed = true;
    hash = settled_hash(s, s->step.world);
    for (unsigned i = 0; i < *count; i++) {
        if (o->hashes[i] != hash)
            continue;
        if (leaves_more_open(o->spare[i], s->step.world))
            return;
        if (leaves_more_open(s->step.world, o->spare[i])) {
            world_copy(o->spare[i], s->step.world);
            return;
        }
    }
    if (*count == WORLDS_MAX) {
        o->inconclusive = true;
        return;
    }
    o->hashes[*count] = hash;
    world_copy(o->spare[(*count)++], s->step.world);
}

/*
 * Whether the world as it is now is the only one possible after the call. One that leads beyond
 * what the specification follows, by choice, is not known to be.
 */
static bool is_only(const struct search *s, unsigned kept)
{
    const struct oracle *o = s->oracle;

    return o->world_count == 1 && kept == 0 && decider_is_last(&s->decider) &&
           (s->decider.count == 0 || !(o->inconclusive || s->decider.overflow));
}

/*
 * Follows every alternative of a call in one world and keeps the worlds in which it went so. In the
 * usual case there is one such world: then it stays where it is, and true is returned.
 */
static bool follow(struct search *s, unsigned *count)
{
    struct oracle *o = s->oracle;
    unsigned runs = 0;

    do {
        bool seen = runs_as_seen(s);

        o->inconclusive =
            o->inconclusive || s->step.world->full || (seen && s->step.prediction.beyond);
        if (seen) {
            o->clause = s->step.prediction.clause;
            if (is_only(s, *count)) {
                world_commit(s->step.world);
                return true;
            }
            keep(s, count);
        }
        world_undo(s->step.world);
        if (++runs == ALTERNATIVES_MAX)
            s->decider.overflow = true;
    } while (!s->decider.overflow && decider_next(&s->decider));
    if (s->decider.overflow)
        o->inconclusive = true;
    return false;
}

static bool same_events(const struct outcome *a, const struct outcome *b)
{
    for (unsigned i = 0; i < POLL_ENTRIES_MAX; i++)
        if (a->events[i].events != b->events[i].events ||
            a->events[i].data.u64 != b->events[i].data.u64)
            return false;
    return a->result < 0 || memcmp(a->fds, b->fds, sizeof a->fds) == 0;
}

static bool same_bytes(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
    return a_size == b_size && (a_size == 0 || memcmp(a, b, a_size) == 0);
}

static bool same_messages(const struct outcome *a, const struct outcome *b)
{
    for (unsigned i = 0; i < PARTS_MAX; i++) {
        const struct message *x = &a->messages[i];
        const struct message *y = &b->messages[i];

        if (x->length != y->length || x->flags != y->flags ||
            !same_bytes(x->data, x->data_size, y->data, y->data_size) ||
            !same_bytes(x->control, x->control_size, y->control, y->control_size) ||
            x->address_length != y->address_length ||
            memcmp(&x->address, &y->address, sizeof x->address) != 0)
            return false;
    }
    return true;
}

bool oracle_same_outcome(const struct outcome *a, const struct outcome *b)
{
    return a->kind == b->kind && a->result == b->result && a->error == b->error &&
           a->has_value == b->has_value && (!a->has_value || a->value == b->value) &&
           same_bytes(a->data, a->data_size, b->data, b->data_size) &&
           a->message_flags == b->message_flags &&
           same_bytes(a->control, a->control_size, b->control, b->control_size) &&
           same_messages(a, b) && a->address_length == b->address_length &&
           memcmp(&a->address, &b->address, sizeof a->address) == 0 && same_events(a, b);
}

static void keep_bytes(const uint8_t **data, size_t *size, uint8_t *room, size_t most)
{
    if (*size > most)
        *size = most;
    if (*size > 0)
        memcpy(room, *data, *size);
    *data = room;
}

/* Copies what an outcome points to, or the beginning of it. */
static void keep_outcome(struct allowed *one, bool many)
{
    struct outcome *o = &one->outcome;

    if (!many) {
        keep_bytes(&o->data, &o->data_size, one->bytes[0], ALLOWED_BYTES_MAX);
        keep_bytes(&o->control, &o->control_size, one->control[0], ALLOWED_CONTROL_MAX);
        return;
    }
    for (unsigned i = 0; i < PARTS_MAX; i++) {
        struct message *m = &o->messages[i];

        keep_bytes(&m->data, &m->data_size, one->bytes[i], ALLOWED_BYTES_MAX);
        keep_bytes(&m->control, &m->control_size, one->control[i], ALLOWED_CONTROL_MAX);
    }
}

/* Adds what the step predicts to what would have been allowed, once. */
static void allow(struct search *s)
{
    struct oracle *o = s->oracle;
    struct allowed *one = &o->allowed[o->allowed_count];

    if (o->allowed_count == ALLOWED_MAX || !spec_is_founded(&s->step))
        return;
    spec_outcome(&s->step, &one->outcome, o->bytes);
    one->clause = s->step.prediction.clause;
    keep_outcome(one, call_many(s->step.request->op));
    for (unsigned i = 0; i < o->allowed_count; i++)
        if (o->allowed[i].clause == one->clause &&
            oracle_same_outcome(&o->allowed[i].outcome, &one->outcome))
            return;
    o->allowed_count++;
}

static void allow_all(struct search *s)
{
    struct prediction *p = &s->step.prediction;
    unsigned runs = 0;

    do {
        spec_step(&s->step);
        allow(s);
        for (unsigned i = 0; i < s->step.verdict.count; i++) {
            const struct reason *reason = &s->step.verdict.reasons[i];

            *p = (struct prediction){.kind = OUTCOME_RETURNED,
                                     .result = -1,
                                     .error = reason->error,
                                     .clause = (enum clause)reason->clause,
                                     .piece = NO_PIECE};
            allow(s);
        }
        world_undo(s->step.world);
    } while (++runs < ALLOWED_MAX && decider_next(&s->decider));
}

void oracle_list_allowed(struct oracle *o, const struct request *request,
                         const struct outcome *outcome)
{
    struct search s;

    o->allowed_count = 0;
    for (unsigned i = 0; i < o->world_count; i++) {
        search_start(&s, o, o->worlds[i], request, outcome);
        allow_all(&s);
    }
}

/* What would have been allowed; and the first possible world goes on as if it had happened. */
static void deviate(struct oracle *o, const struct request *request, const struct outcome *outcome)
{
    struct search s;

    oracle_list_allowed(o, request, outcome);
    search_start(&s, o, o->worlds[0], request, outcome);
    spec_step(&s.step);
    world_commit(o->worlds[0]);
    o->world_count = 1;
}

static void swap_worlds(struct oracle *o, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct world *w = o->worlds[i];

        o->worlds[i] = o->spare[i];
        o->spare[i] = w;
    }
    o->world_count = count;
}

bool oracle_must_end(struct oracle *o, unsigned actor)
{
    struct world *w = o->worlds[0];
    const struct request request = {
        .act = ACT_RESUME, .actor = (uint8_t)actor, .waited_ms = w->settle_ms};
    struct search s;
    bool ends;

    if (o->inconclusive || !w->actors[actor - 1].under_way)
        return false;
    search_start(&s, o, w, &request, NULL);
    s.decider.kind = DECIDER_ORDINARY;
    spec_step(&s.step);
    ends = s.step.prediction.kind == OUTCOME_RETURNED;
    world_undo(w);
    return ends;
}

enum judgement oracle_judge(struct oracle *o, const struct request *request,
                            const struct outcome *outcome)
{
    unsigned count = 0;

    if (o->inconclusive || !spec_knows(request)) {
        o->inconclusive = true;
        return JUDGEMENT_INCONCLUSIVE;
    }
    for (unsigned i = 0; i < o->world_count && !o->inconclusive; i++) {
        struct search s;

        search_start(&s, o, o->worlds[i], request, outcome);
        if (follow(&s, &count))
            return JUDGEMENT_CONFORMS;
    }
    if (o->inconclusive)
        return JUDGEMENT_INCONCLUSIVE;
    if (count > 0) {
        swap_worlds(o, count);
        return JUDGEMENT_CONFORMS;
    }
    deviate(o, request, outcome);
    return JUDGEMENT_DEVIATES;
}
