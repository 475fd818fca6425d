/* generate: see generate.h. */
#include "mutate/generate.h"

#include <string.h>

#include "mutate/draw.h"
#include "mutate/weights.h"

enum { SOCKETS_WANTED = 7 };

static enum holding holding_of(const struct sock *s)
{
    static const uint8_t streams[SOCK_STATES] = {
        [SOCK_LISTENING] = HOLDS_LISTENER,  [SOCK_CONNECTING] = HOLDS_CONNECTING,
        [SOCK_CONNECTED] = HOLDS_CONNECTED, [SOCK_FAILED] = HOLDS_OVER,
        [SOCK_ENDED] = HOLDS_OVER,
    };

    if (s == NULL)
        return HOLDS_NOTHING;
    if (s->type == SOCK_DGRAM && s->in.first != NO_PIECE)
        return HOLDS_QUEUED;
    if (s->type == SOCK_DGRAM)
        return s->bound ? HOLDS_DATAGRAM : HOLDS_DATAGRAM_NEW;
    if (s->state == SOCK_LISTENING && s->queued > 0)
        return HOLDS_WAITED_FOR;
    if (s->state == SOCK_CONNECTED && s->in.written > s->in.read)
        return HOLDS_READABLE;
    if (s->state == SOCK_IDLE)
        return s->bound ? HOLDS_STREAM_BOUND : HOLDS_STREAM_NEW;
    return (enum holding)streams[s->state];
}

static void draw_socket(struct draw *d)
{
    const struct leaning *to = &d->generator->leaning;
    bool strays = to->mixed || draw_one_in(d, 6);
    struct call *call = d->call;

    call->op = OP_socket;
    call->result = draw_free_slot(d);
    call->domain = strays ? (uint8_t)draw_below(d, 2) : to->domain;
    call->type = strays ? (uint8_t)draw_one_in(d, 3) : to->type;
    call->flags = draw_one_in(d, 8) ? (uint8_t)draw_below(d, 4) : to->nonblocking;
    if (!draw_one_in(d, ODD_ONE_IN))
        return;
    call->domain = (uint8_t)draw_below(d, (unsigned)values(VALUES_DOMAIN)->count);
    call->type = (uint8_t)draw_below(d, (unsigned)values(VALUES_TYPE)->count);
    call->protocol = (uint8_t)draw_below(d, (unsigned)values(VALUES_PROTOCOL)->count);
}

/* Draws the place of a weight, each as often as it weighs. */
static unsigned draw_weighed(struct draw *d, const unsigned *weights, unsigned count)
{
    unsigned total = 0;
    unsigned drawn;
    unsigned at = 0;

    for (unsigned i = 0; i < count; i++)
        total += weights[i];
    for (drawn = draw_below(d, total); at < count && drawn >= weights[at]; at++)
        drawn -= weights[at];
    return at;
}

/* Draws one of the open variables. */
static uint8_t draw_slot(struct draw *d, const struct choice *open)
{
    unsigned weights[SLOTS_MAX];

    for (unsigned i = 0; i < open->count; i++)
        weights[i] = holding_weights[holding_of(world_sock(d->world, d->slots[open->slots[i]]))];
    return open->slots[draw_weighed(d, weights, open->count)];
}

static uint8_t draw_op(struct draw *d)
{
    const uint8_t *usual = call_weights[holding_of(d->s)];
    unsigned weights[OPS];

    if (draw_one_in(d, ODD_ONE_IN)) /* whatever the socket is */
        return odd_calls[draw_below(d, ODD_CALLS)];
    for (unsigned op = 0; op < OPS; op++)
        weights[op] = (unsigned)usual[op] * d->generator->leaning.ops[op];
    return (uint8_t)draw_weighed(d, weights, OPS);
}

/* The socket that the call names, which is another one than drawn for now and then. */
static const struct sock *named(const struct draw *d)
{
    return d->call->fd < SLOTS_MAX ? world_sock(d->world, d->slots[d->call->fd]) : NULL;
}

/*
 * Linux listeners that have tried to connect to a v4-mapped host, or were shut down before, are
 * lame, and a peer that comes while a datagram is gathered gets it: see linux.md.
 */
static bool is_lame(const struct draw *d)
{
    const struct sock *s = named(d);

    if (s == NULL)
        return false;
    if (s->type == SOCK_DGRAM)
        return s->gathered != NO_PIECE && d->call->op == OP_connect;
    return (s->mapped_before && (d->call->op == OP_listen || d->call->op == OP_connect)) ||
           (s->state == SOCK_IDLE && s->shut_write && d->call->op == OP_listen);
}

/* What no text gives a meaning: datagrams from a v4-mapped socket to the wildcard. */
static void avoid_unclear(const struct draw *d)
{
    const struct sock *s = named(d);
    struct call *call = d->call;
    struct address *a = &call->address;

    if (s == NULL || s->type != SOCK_DGRAM || call->bad != BAD_NONE ||
        (call->op != OP_connect && call->op != OP_sendto && !call_has(call->op, ARG_SENT_MESSAGE)))
        return;
    if (a->kind == HOST_DOCUMENTATION4 && s->has_remote && call->op == OP_connect)
        a->kind = HOST_LOOPBACK4; /* what is sent after that failure goes astray: linux.md */
    if (a->kind == HOST_ANY6)
        a->kind = HOST_LOOPBACK6;
}

void generate_call(struct generator *g, const struct world *w, const int slots[SLOTS_MAX],
                   struct call *call)
{
    struct draw d = {.generator = g, .world = w, .slots = slots, .call = call};
    struct choice open;

    memset(call, 0, sizeof *call);
    draw_open(&d, &open);
    if (open.count == 0 || (open.count < SOCKETS_WANTED && draw_one_in(&d, 3 + 3 * open.count))) {
        draw_socket(&d);
        return;
    }
    d.slot = draw_slot(&d, &open);
    d.s = world_sock(w, slots[d.slot]);
    if (draw_actor(&d))
        return;
    if (draw_epoll(&d)) {
        draw_undisturbed(&d);
        return;
    }
    call->op = draw_op(&d);
    if (call->op == OP_poll)
        call->op = draw_poll_kind(&d);
    draw_transfer_kind(&d);
    if (call_has(call->op, ARG_FD))
        draw_descriptor(&d);
    if (is_lame(&d))
        call->op = OP_getsockname;
    draw_arguments(&d);
    avoid_unclear(&d);
    if (draw_one_in(&d, 4 * ODD_ONE_IN))
        draw_no_memory(&d);
    draw_undisturbed(&d);
}
