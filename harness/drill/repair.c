/* repair: see repair.h. */
#include "drill/repair.h"

#include <string.h>

#define STATE(state) (1u << SLOT_##state)

enum {
    ANY_STATE = STATE(FRESH) | STATE(BOUND) | STATE(LISTENING) | STATE(CONNECTED),
    STREAM = 1, /* bits of the types that suit */
    DATAGRAM = 2,
    ANY_TYPE = 3,
};

/* What each kind of want accepts. */
static const struct {
    uint8_t states;
    uint8_t types;
} suits[WANTS_KINDS] = {
    [WANTS_OPEN] = {ANY_STATE | STATE(EPOLL), ANY_TYPE},
    [WANTS_ANY] = {ANY_STATE, ANY_TYPE},
    [WANTS_FRESH] = {STATE(FRESH), ANY_TYPE},
    [WANTS_STREAM_BOUND] = {STATE(BOUND), STREAM},
    [WANTS_UNCONNECTED] = {STATE(FRESH) | STATE(BOUND), ANY_TYPE},
    [WANTS_LISTENING] = {STATE(LISTENING), STREAM},
    [WANTS_CONNECTED] = {STATE(CONNECTED), ANY_TYPE},
    [WANTS_DATAGRAM] = {ANY_STATE, DATAGRAM},
    [WANTS_EPOLL] = {STATE(EPOLL), ANY_TYPE},
};

static unsigned type_bit(const struct slot *slot)
{
    return values(VALUES_TYPE)->entries[slot->type].value == SOCK_DGRAM ? DATAGRAM : STREAM;
}

static bool slot_suits(const struct slot *slot, unsigned states, unsigned types)
{
    return (states >> slot->state & 1) && (types & type_bit(slot));
}

static void open_remove(struct repair *repair, unsigned slot)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < repair->open_count; i++)
        if (repair->newest[i] != slot)
            repair->newest[kept++] = repair->newest[i];
    repair->open_count = (uint8_t)kept;
    repair->slots[slot].state = SLOT_EMPTY;
}

static void open_add(struct repair *repair, unsigned slot, struct slot content)
{
    open_remove(repair, slot);
    memmove(repair->newest + 1, repair->newest, repair->open_count);
    repair->newest[0] = (uint8_t)slot;
    repair->open_count++;
    repair->slots[slot] = content;
}

void repair_start(struct repair *repair, const struct drill_rules *rules)
{
    repair->open_count = 0;
    memset(repair->slots, 0, sizeof repair->slots);
    if (rules->remote)
        open_add(repair, SLOT_REMOTE, (struct slot){.state = SLOT_CONNECTED});
}

void repair_candidates(const struct repair *repair, enum wants wants, struct candidates *out)
{
    out->count = 0;
    for (unsigned i = 0; i < repair->open_count; i++) {
        unsigned slot = repair->newest[i];

        if (slot_suits(&repair->slots[slot], suits[wants].states, suits[wants].types))
            out->slots[out->count++] = (uint8_t)slot;
    }
    if (out->count > 0)
        return;
    memcpy(out->slots, repair->newest, repair->open_count);
    out->count = repair->open_count;
    if (out->count == 0)
        out->slots[out->count++] = 0;
}

void repair_targets(const struct repair *repair, unsigned fd, struct candidates *out)
{
    static const struct slot fallback = {.state = SLOT_FRESH};
    const struct slot *from = fd < SLOTS_MAX ? &repair->slots[fd] : &fallback;
    bool datagram = type_bit(from) == DATAGRAM;
    unsigned states = datagram ? STATE(BOUND) | STATE(CONNECTED) : STATE(LISTENING);

    out->count = 0;
    for (unsigned i = 0; i < repair->open_count; i++) {
        unsigned slot = repair->newest[i];

        if (slot != fd && slot_suits(&repair->slots[slot], states, type_bit(from)))
            out->slots[out->count++] = (uint8_t)slot;
    }
}

enum host repair_loopback(const struct repair *repair, unsigned fd)
{
    unsigned domain = fd < SLOTS_MAX ? repair->slots[fd].domain : 0;

    return values(VALUES_DOMAIN)->entries[domain].value == AF_INET6 ? HOST_LOOPBACK6
                                                                    : HOST_LOOPBACK4;
}

bool repair_connected(const struct repair *repair, unsigned fd)
{
    return fd < SLOTS_MAX && repair->slots[fd].state == SLOT_CONNECTED;
}

unsigned repair_free_slot(const struct repair *repair)
{
    for (unsigned i = 0; i < SLOTS_MAX; i++)
        if (repair->slots[i].state == SLOT_EMPTY)
            return i;
    return 0;
}

/* The state in which a successful call leaves its own descriptor. */
static enum slot_state state_after(const struct call *call, enum slot_state before)
{
    switch ((enum op)call->op) {
    case OP_bind:
        return before == SLOT_FRESH ? SLOT_BOUND : before;
    case OP_listen:
        return SLOT_LISTENING;
    case OP_connect:
        return call->address.kind == ADDRESS_UNSPEC ? SLOT_FRESH : SLOT_CONNECTED;
    default:
        return before;
    }
}

static struct slot slot_created(const struct repair *repair, const struct call *call)
{
    struct slot created = {.state = SLOT_FRESH, .domain = call->domain, .type = call->type};

    if (call->op == OP_socket)
        return created;
    if (call->op == OP_epoll_create1)
        return (struct slot){.state = SLOT_EPOLL};
    if (call->fd < SLOTS_MAX)
        created = repair->slots[call->fd];
    if (call->op != OP_dup && call->op != OP_fcntl)
        created.state = SLOT_CONNECTED;
    return created;
}

static bool is_open(const struct repair *repair, unsigned fd)
{
    return fd < SLOTS_MAX && repair->slots[fd].state != SLOT_EMPTY;
}

/* The other variable's number describes the same socket from now on. */
static void follow_dup2(struct repair *repair, const struct call *call)
{
    if (is_open(repair, call->other_fd))
        open_add(repair, call->other_fd, repair->slots[call->fd]);
}

void repair_follow(struct repair *repair, const struct call *call)
{
    if (call->bad != BAD_NONE)
        return; /* it fails */
    if (call_creates(call)) {
        struct slot created = slot_created(repair, call);

        if (created.state != SLOT_EMPTY)
            open_add(repair, call->result, created);
        return;
    }
    if (!call_has(call->op, ARG_FD) || !is_open(repair, call->fd))
        return;
    if (call->op == OP_close)
        open_remove(repair, call->fd);
    else if (call->op == OP_dup2)
        follow_dup2(repair, call);
    else
        repair->slots[call->fd].state = (uint8_t)state_after(call, repair->slots[call->fd].state);
}
