/* generate_ready: draws the calls that ask what is ready. */
#include "mutate/draw.h"

uint8_t draw_poll_kind(struct draw *d)
{
    static const uint8_t kinds[] = {OP_poll, OP_poll, OP_ppoll, OP_select, OP_pselect};

    return kinds[draw_below(d, sizeof kinds)];
}

/* A time: none, or one that is no time, where a call has such. Others would only wait. */
static uint32_t draw_time(struct draw *d)
{
    bool counts = d->call->op == OP_poll || d->call->op == OP_epoll_wait;

    return !counts && draw_one_in(d, 4 * ODD_ONE_IN) ? (uint32_t)-2 : 0;
}

void draw_set(struct draw *d)
{
    struct call *call = d->call;
    unsigned events =
        call_has(call->op, ARG_SELECT_SET) ? SELECT_ALL + 1 : 1u << flags(FLAGS_POLL)->count;
    struct choice open;

    draw_open(d, &open);
    call->entry_count = (uint8_t)(1 + draw_below(d, POLL_ENTRIES_MAX));
    for (unsigned i = 0; i < call->entry_count; i++) {
        call->entries[i].fd = i == 0 ? d->slot : open.slots[draw_below(d, open.count)];
        call->entries[i].events = (uint8_t)draw_below(d, events);
    }
    if (draw_one_in(d, 2 * ODD_ONE_IN))
        call->entries[call->entry_count - 1].fd = (uint8_t)draw_below(d, FD_REFS_END);
    call->number = draw_time(d);
}

/* --- epoll --- */

/* The variables that hold instances of epoll. */
static void draw_instances(const struct draw *d, struct choice *out)
{
    out->count = 0;
    for (unsigned i = 0; i < SLOTS_MAX; i++)
        if (world_epoll(d->world, d->slots[i]) != NO_EPOLL)
            out->slots[out->count++] = (uint8_t)i;
}

static bool is_watched(const struct draw *d, uint8_t instance, uint8_t member)
{
    uint16_t epoll = world_epoll(d->world, d->slots[instance]);

    for (uint32_t i = 0; i < d->world->interest_count; i++)
        if (d->world->interests[i].epoll == epoll + 1 &&
            d->world->interests[i].fd == d->slots[member])
            return true;
    return false;
}

/* Bits of the flags in flags.def's order: EPOLLIN, OUT, PRI, RDHUP, ET, ONESHOT, EXCLUSIVE. */
static uint8_t draw_events(struct draw *d)
{
    static const uint8_t one_in[] = {0, 3, 6, 3, 2, 6, 2 * ODD_ONE_IN};
    unsigned bits = !draw_one_in(d, 4);

    for (unsigned i = 1; i < sizeof one_in; i++)
        bits |= (unsigned)draw_one_in(d, one_in[i]) << i;
    if ((bits >> 6 & 1) && !draw_one_in(d, 4)) /* EPOLLEXCLUSIVE, with what goes with it */
        bits &= ~(4u | 8u | 32u);
    return (uint8_t)bits;
}

static void draw_control(struct draw *d, const struct choice *instances)
{
    enum { ADD, MODIFY, DELETE, INVALID };
    static const uint8_t watched[] = {MODIFY, MODIFY, MODIFY, DELETE, DELETE, ADD};
    struct call *call = d->call;
    bool known;

    call->op = OP_epoll_ctl;
    call->other_fd = d->slot;
    if (draw_one_in(d, ODD_ONE_IN / 2))
        call->other_fd = instances->slots[draw_below(d, instances->count)];
    if (draw_one_in(d, 2 * ODD_ONE_IN))
        call->other_fd = (uint8_t)draw_below(d, FD_REFS_END);
    known = call->other_fd < SLOTS_MAX && is_watched(d, call->fd, call->other_fd);
    call->choice = known ? watched[draw_below(d, sizeof watched)] : ADD;
    if (draw_one_in(d, ODD_ONE_IN))
        call->choice = (uint8_t)draw_below(d, INVALID + 1);
    if (call->choice != DELETE)
        call->flags = draw_events(d);
}

static void draw_wait(struct draw *d)
{
    enum { ROOMS_VALID = 4 };

    d->call->op = OP_epoll_wait;
    if (draw_one_in(d, 3))
        d->call->choice = (uint8_t)draw_below(d, ROOMS_VALID);
    if (draw_one_in(d, 4 * ODD_ONE_IN))
        d->call->choice = (uint8_t)draw_below(d, EVENT_ROOMS);
}

/* What is seldom done with an instance: as with any descriptor, or what only sockets know. */
static void draw_odd(struct draw *d)
{
    static const uint8_t ops[] = {OP_close, OP_close, OP_dup, OP_getsockname, OP_listen, OP_dup};
    struct call *call = d->call;

    call->op = ops[draw_below(d, sizeof ops)];
    if (call->op == OP_dup)
        call->result = draw_free_slot(d);
}

static void draw_create(struct draw *d)
{
    d->call->op = OP_epoll_create1;
    d->call->result = draw_free_slot(d);
    d->call->flags = (uint8_t)(draw_one_in(d, 3) | draw_one_in(d, 2 * ODD_ONE_IN) << 1);
}

bool draw_epoll(struct draw *d)
{
    enum { INSTANCES_WANTED = 2 };
    struct choice instances;
    unsigned drawn;

    draw_instances(d, &instances);
    if (!draw_one_in(d, instances.count == 0 ? 12 : 5))
        return false;
    if (instances.count == 0 || (instances.count < INSTANCES_WANTED && draw_one_in(d, 12))) {
        draw_create(d);
        return true;
    }
    d->call->fd = instances.slots[draw_below(d, instances.count)];
    drawn = draw_below(d, 2 * ODD_ONE_IN);
    if (drawn == 0)
        draw_odd(d);
    else if (drawn < ODD_ONE_IN)
        draw_wait(d);
    else
        draw_control(d, &instances);
    if (draw_one_in(d, 4 * ODD_ONE_IN) && call_has(d->call->op, ARG_FD))
        d->call->fd = (uint8_t)draw_below(d, FD_REFS_END);
    return true;
}
