/*
 * generate_actor: draws calls that actors make and that block, what wakes them, signals and
 * resumptions. What another thread does on a socket on which an actor is blocked has no order that
 * a text tells, so little of that is drawn.
 */
#include <string.h>

#include "mutate/draw.h"

enum { BEGINS_ONE_IN = 80, ACTS_ONE_IN = 4, LARGE_SEND = 262144, SHORT_TIME_MS = 2 };

static const struct blocked *blocked_of(const struct draw *d, unsigned actor)
{
    return &d->world->actors[actor - 1];
}

/* One of the actors that are blocked, or of those that are not; 0 when there is none. */
static uint8_t pick_actor(struct draw *d, bool blocked)
{
    uint8_t actors[ACTORS];
    unsigned count = 0;

    for (unsigned i = 1; i <= ACTORS; i++)
        if (blocked_of(d, i)->under_way == blocked)
            actors[count++] = (uint8_t)i;
    return count > 0 ? actors[draw_below(d, count)] : 0;
}

static void draw_act(struct draw *d, uint8_t actor, enum act act)
{
    *d->call = d->generator->last[actor - 1];
    d->call->act = (uint8_t)act;
    d->call->restarts = act == ACT_SIGNAL && !blocked_of(d, actor)->closed && draw_one_in(d, 2);
}

/* Something that may wake the actor: data for a stream from its peer, an end, room for a send. */
static bool draw_event(struct draw *d, const struct blocked *b)
{
    const struct sock *s = b->sock != NO_SOCK ? &d->world->socks[b->sock] : NULL;

    if (s == NULL || s->peer == NO_SOCK)
        return false;
    for (unsigned i = 0; i < SLOTS_MAX; i++) {
        if (world_sock(d->world, d->slots[i]) != &d->world->socks[s->peer])
            continue;
        d->slot = (uint8_t)i;
        d->s = &d->world->socks[s->peer];
        d->call->op = call_sends(b->op) ? OP_recv : draw_one_in(d, 6) ? OP_shutdown : OP_send;
        draw_descriptor(d);
        draw_arguments(d);
        return true;
    }
    return false;
}

static void draw_receive(struct draw *d)
{
    static const uint8_t ops[] = {OP_recv, OP_recv, OP_read, OP_recvfrom};
    enum { PEEK = 2, WAIT_ALL = 4 };

    d->call->op = ops[draw_below(d, sizeof ops)];
    d->call->number = 1 + draw_below(d, 200);
    if (d->call->op == OP_read)
        return;
    if (draw_one_in(d, 6))
        d->call->flags = PEEK;
    else if (draw_one_in(d, 4) && d->s->type == SOCK_STREAM && d->world->epoll_count == 0)
        d->call->flags = WAIT_ALL;
}

static void draw_waiting(struct draw *d)
{
    struct call *call = d->call;

    if (draw_one_in(d, 4)) {
        call->op = draw_one_in(d, 2) ? OP_poll : OP_select;
        call->entry_count = 1;
        call->entries[0].fd = d->slot;
        call->entries[0].events = 1;
        call->number = draw_one_in(d, 4) ? SHORT_TIME_MS : (uint32_t)-1;
        return;
    }
    call->fd = d->slot;
    if (d->s->state == SOCK_LISTENING) {
        call->op = draw_one_in(d, 2) ? OP_accept : OP_accept4;
        call->result = draw_free_slot(d);
    } else if (d->s->state == SOCK_CONNECTED && draw_one_in(d, 4)) {
        call->op = OP_send;
        call->flags = 1; /* MSG_NOSIGNAL */
        draw_data(d);
        call->number = call->data_size > 0 ? LARGE_SEND : 0;
    } else {
        draw_receive(d);
    }
}

static bool is_held(const struct draw *d, unsigned slot)
{
    const struct sock *s = slot < SLOTS_MAX ? world_sock(d->world, d->slots[slot]) : NULL;

    for (unsigned i = 1; i <= ACTORS && s != NULL; i++) {
        const struct blocked *b = blocked_of(d, i);

        if (b->under_way && b->sock == world_index(d->world, s))
            return true;
        for (uint32_t e = 0; e < b->fd_count && b->under_way; e++)
            if (world_sock(d->world, b->fds[e].fd) == s)
                return true;
    }
    return false;
}

static bool suits(const struct draw *d)
{
    const struct sock *s = d->s;

    if (s->nonblocking || is_held(d, d->slot))
        return false;
    return s->type == SOCK_DGRAM || s->state == SOCK_LISTENING || s->state == SOCK_CONNECTED;
}

bool draw_actor(struct draw *d)
{
    uint8_t blocked = d->world->blocked_count > 0 ? pick_actor(d, true) : 0;
    uint8_t actor;

    if (blocked != 0 && draw_one_in(d, ACTS_ONE_IN)) {
        if (draw_one_in(d, 2) && draw_event(d, blocked_of(d, blocked)))
            return true;
        draw_act(d, blocked, draw_one_in(d, 3) ? ACT_SIGNAL : ACT_RESUME);
        return true;
    }
    if (!draw_one_in(d, BEGINS_ONE_IN) || !suits(d) || (actor = pick_actor(d, false)) == 0)
        return false;
    draw_waiting(d);
    d->call->actor = actor;
    d->generator->last[actor - 1] = *d->call;
    return true;
}

/* What may be done on a socket on which an actor is blocked. */
static bool is_harmless(enum op op)
{
    return op == OP_getsockname || op == OP_getpeername || op == OP_shutdown || op == OP_dup ||
           op == OP_close;
}

static bool sends_only(const struct draw *d)
{
    const struct sock *s =
        d->call->fd < SLOTS_MAX ? world_sock(d->world, d->slots[d->call->fd]) : NULL;

    if (!call_sends(d->call->op) || call_many(d->call->op) || s == NULL)
        return false;
    for (unsigned i = 1; i <= ACTORS; i++)
        if (blocked_of(d, i)->under_way && call_sends(blocked_of(d, i)->op) &&
            blocked_of(d, i)->sock == world_index(d->world, s))
            return false;
    return true;
}

void draw_undisturbed(struct draw *d)
{
    struct call *call = d->call;
    bool disturbs = false;

    if (d->world->blocked_count == 0 || call->act != ACT_CALL)
        return;
    if (call_has(call->op, ARG_FD) && is_held(d, call->fd))
        disturbs = !is_harmless(call->op) && !sends_only(d);
    if (call_has(call->op, ARG_OTHER_FD) && is_held(d, call->other_fd))
        disturbs = true;
    for (unsigned i = 0; i < call->entry_count; i++)
        disturbs |= is_held(d, call->entries[i].fd);
    if (disturbs)
        draw_act(d, pick_actor(d, true), ACT_RESUME);
}
