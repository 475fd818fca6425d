/* generate: see generate.h. */
#include "mutate/generate.h"

#include <string.h>

#include "mutate/weights.h"
#include "spec/option.h"

enum { SOCKETS_WANTED = 7, ODD_ONE_IN = 24 };

/* --- drawing --- */

/* splitmix64, by Sebastiano Vigna, in the public domain. */
static uint64_t next_random(struct generator *g)
{
    uint64_t z = (g->random += 0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static unsigned below(struct generator *g, unsigned bound)
{
    return (unsigned)((next_random(g) >> 32) * bound >> 32);
}

static bool one_in(struct generator *g, unsigned count)
{
    return below(g, count) == 0;
}

void generate_init(struct generator *g, uint64_t seed)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    g->random = 0;
    for (unsigned i = 0; i < PATTERN_BYTES; i++)
        g->pattern[i] = (uint8_t)letters[next_random(g) >> 58];
    g->random = seed;
    generate_begin(g);
}

void generate_begin(struct generator *g)
{
    g->sent = 0;
}

/* --- what is there --- */

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

struct choice {
    unsigned count;
    uint8_t slots[SLOTS_MAX];
};

static void open_slots(const struct world *w, const int *slots, struct choice *out)
{
    out->count = 0;
    for (unsigned i = 0; i < SLOTS_MAX; i++)
        if (world_sock(w, slots[i]) != NULL)
            out->slots[out->count++] = (uint8_t)i;
}

/* Variables whose name is worth sending to from a socket. */
static void targets(const struct world *w, const int *slots, const struct sock *from,
                    struct choice *out)
{
    out->count = 0;
    for (unsigned i = 0; i < SLOTS_MAX; i++) {
        const struct sock *s = world_sock(w, slots[i]);

        if (s == NULL || s == from || s->type != from->type || s->family != from->family)
            continue;
        if (s->type == SOCK_DGRAM ? s->bound : s->state == SOCK_LISTENING)
            out->slots[out->count++] = (uint8_t)i;
    }
}

static uint8_t free_slot(struct generator *g, const struct world *w, const int *slots)
{
    for (unsigned i = 0; i < SLOTS_MAX; i++)
        if (world_sock(w, slots[i]) == NULL)
            return (uint8_t)i;
    return (uint8_t)below(g, SLOTS_MAX);
}

/* --- arguments --- */

static void draw_host(struct generator *g, const struct sock *s, struct address *a)
{
    static const uint8_t v4[] = {HOST_LOOPBACK4, HOST_LOOPBACK4, HOST_ANY4, HOST_LOOPBACK4_OTHER};
    static const uint8_t v6[] = {HOST_LOOPBACK6, HOST_LOOPBACK6, HOST_ANY6, HOST_MAPPED};

    a->kind = s->family == AF_INET ? v4[below(g, sizeof v4)] : v6[below(g, sizeof v6)];
    if (one_in(g, ODD_ONE_IN))
        a->kind = (uint8_t)below(g, HOSTS);
    a->port = (uint8_t)below(g, PORTS_FIXED);
    if (one_in(g, 4 * ODD_ONE_IN))
        a->length = (uint8_t)below(g, LENGTHS);
}

static void draw_target(struct generator *g, const struct world *w, const int *slots,
                        const struct sock *s, struct address *a)
{
    struct choice to;

    targets(w, slots, s, &to);
    if (to.count > 0 && !one_in(g, 12)) {
        a->kind = ADDRESS_NAME;
        a->slot = to.slots[below(g, to.count)];
        return;
    }
    if (one_in(g, 12)) {
        a->kind = ADDRESS_UNSPEC;
        return;
    }
    draw_host(g, s, a);
}

static void draw_data(struct generator *g, struct call *call)
{
    static const uint16_t sizes[] = {0, 1, 2, 5, 16, 100, 1000, 4000};
    uint32_t size = sizes[below(g, sizeof sizes / sizeof sizes[0])];

    if (size > PATTERN_BYTES - g->sent)
        g->sent = 0;
    call->data = g->pattern + g->sent;
    call->data_size = size;
    g->sent += size;
    if (size > 0 && call->op != OP_write && one_in(g, 3 * ODD_ONE_IN))
        call->number = below(g, 2) ? 70000 : 200000;
}

static uint32_t draw_room(struct generator *g)
{
    static const uint32_t rooms[] = {1, 3, 16, 64, 1000, 4096, 65536, 65536};

    if (one_in(g, 2 * ODD_ONE_IN))
        return 0;
    return rooms[below(g, sizeof rooms / sizeof rooms[0])];
}

static uint8_t draw_flags(struct generator *g, enum flag_set set, unsigned usual, unsigned one)
{
    uint8_t bits = (uint8_t)usual;

    if (one_in(g, one))
        bits |= (uint8_t)(1u << below(g, (unsigned)flags(set)->count));
    return bits;
}

/* Options whose effect on other calls the specification does not follow: drawn at their default. */
static bool is_unfollowed(uint8_t option)
{
    return option == OPT_TCP_QUICKACK || option == OPT_TCP_DEFER_ACCEPT ||
           option == OPT_IP_BIND_ADDRESS_NO_PORT;
}

static uint32_t draw_option_value(struct generator *g)
{
    static const uint32_t edges[] = {3, 6, 7, 100, 127, 128, 255, 256, (uint32_t)-1, INT32_MAX};

    if (one_in(g, 4))
        return below(g, 70000);
    return one_in(g, 4) ? edges[below(g, sizeof edges / sizeof edges[0])] : below(g, 3);
}

static void draw_option(struct generator *g, struct call *call)
{
    enum { FAVOURED = 4 };
    static const uint8_t favoured[2][FAVOURED] = {
        {OPT_SO_ERROR, OPT_SO_ERROR, OPT_SO_ACCEPTCONN, OPT_SO_LINGER},
        {OPT_SO_REUSEADDR, OPT_SO_REUSEPORT, OPT_SO_OOBINLINE, OPT_SO_LINGER},
    };
    size_t count;

    options(&count);
    call->choice = (uint8_t)below(g, (unsigned)count);
    if (one_in(g, 3)) /* what other calls depend on */
        call->choice = favoured[call->op == OP_setsockopt][below(g, FAVOURED)];
    if (call->op == OP_setsockopt)
        call->number = draw_option_value(g);
    if (call->op == OP_setsockopt && is_unfollowed(call->choice))
        call->number = call->choice == OPT_TCP_QUICKACK;
    if (call->op == OP_getsockopt && one_in(g, ODD_ONE_IN))
        call->number = 1 + below(g, 20);
}

static void draw_poll(struct generator *g, const struct world *w, const int *slots,
                      struct call *call, uint8_t slot)
{
    struct choice open;

    open_slots(w, slots, &open);
    call->entry_count = (uint8_t)(1 + below(g, POLL_ENTRIES_MAX));
    for (unsigned i = 0; i < call->entry_count; i++) {
        call->entries[i].fd = i == 0 ? slot : open.slots[below(g, open.count)];
        call->entries[i].events = (uint8_t)below(g, 1u << flags(FLAGS_POLL)->count);
    }
    call->number = 0;
}

static void draw_descriptor(struct generator *g, const struct world *w, const int *slots,
                            struct call *call, uint8_t slot)
{
    call->fd = slot;
    if (one_in(g, 2 * ODD_ONE_IN))
        call->fd = (uint8_t)below(g, FD_REFS_END);
    if (call_creates(call))
        call->result = free_slot(g, w, slots);
}

static void draw_fcntl(struct generator *g, const struct world *w, const int *slots,
                       struct call *call)
{
    static const uint32_t least[] = {0, 0, 3, 10, 100, 1000, (uint32_t)-1, INT32_MAX};

    call->choice = (uint8_t)below(g, one_in(g, 3) ? (unsigned)values(VALUES_FCNTL)->count : 2);
    if (call_creates(call)) {
        call->result = free_slot(g, w, slots);
        call->number = least[below(g, sizeof least / sizeof least[0])];
    } else {
        call->flags = (uint8_t)!one_in(g, 3);
    }
}

static void draw_arguments(struct generator *g, const struct world *w, const int *slots,
                           struct call *call, const struct sock *s)
{
    switch ((enum op)call->op) {
    case OP_bind:
        draw_host(g, s, &call->address);
        break;
    case OP_connect:
        draw_target(g, w, slots, s, &call->address);
        break;
    case OP_listen:
        call->number = one_in(g, 8) ? (uint32_t)-1 : below(g, 4);
        break;
    case OP_send:
    case OP_write:
        draw_data(g, call);
        break;
    case OP_sendto:
        draw_data(g, call);
        draw_target(g, w, slots, s, &call->address);
        break;
    case OP_recv:
    case OP_recvfrom:
    case OP_read:
        call->number = draw_room(g);
        break;
    case OP_shutdown:
        call->choice = (uint8_t)(one_in(g, ODD_ONE_IN) ? 3 : below(g, 3));
        break;
    case OP_getsockopt:
    case OP_setsockopt:
        draw_option(g, call);
        break;
    case OP_fcntl:
        draw_fcntl(g, w, slots, call);
        break;
    case OP_ioctl:
        call->choice = (uint8_t)below(g, (unsigned)values(VALUES_IOCTL)->count);
        call->number = call->choice == 1 ? !one_in(g, 3) : 0;
        break;
    case OP_dup2:
        call->other_fd = (uint8_t)below(g, one_in(g, ODD_ONE_IN) ? FD_NOT_SOCKET : SLOTS_MAX);
        break;
    default:
        break;
    }
    if (call_has(call->op, ARG_SEND_FLAGS))
        call->flags = draw_flags(g, FLAGS_SEND, 1, ODD_ONE_IN);
    if (call_has(call->op, ARG_SEND_FLAGS) && call->number > 0)
        call->flags |= 2; /* MSG_DONTWAIT: a blocking one would wait for ever */
    if (call->op == OP_sendto && s->has_remote) /* Linux then sends later ones astray: linux.md */
        call->flags &= (uint8_t) ~(1u << 3);    /* MSG_MORE */
    if (call_has(call->op, ARG_RECV_FLAGS))
        call->flags = draw_flags(g, FLAGS_RECV, one_in(g, 2), 8);
    if (call->op == OP_accept4)
        call->flags = (uint8_t)below(g, 4);
    if (call_has(call->op, ARG_NAME_LENGTH) && one_in(g, ODD_ONE_IN))
        call->address.length = (uint8_t)below(g, LENGTHS);
}

static void draw_socket(struct generator *g, const struct world *w, const int *slots,
                        struct call *call)
{
    call->op = OP_socket;
    call->result = free_slot(g, w, slots);
    call->domain = (uint8_t)below(g, 2);
    call->type = (uint8_t)one_in(g, 3);
    call->flags = (uint8_t)!one_in(g, 3);
    if (!one_in(g, ODD_ONE_IN))
        return;
    call->domain = (uint8_t)below(g, (unsigned)values(VALUES_DOMAIN)->count);
    call->type = (uint8_t)below(g, (unsigned)values(VALUES_TYPE)->count);
    call->protocol = (uint8_t)below(g, (unsigned)values(VALUES_PROTOCOL)->count);
}

static uint8_t draw_op(struct generator *g, enum holding holding)
{
    unsigned total = 0;
    unsigned drawn;
    uint8_t op = 0;

    for (unsigned i = 0; i < OPS; i++)
        total += call_weights[holding][i];
    for (drawn = below(g, total); drawn >= call_weights[holding][op]; op++)
        drawn -= call_weights[holding][op];
    return op;
}

/* Linux listeners that have tried to connect to a v4-mapped host are lame: see linux.md. */
static bool is_lame(const struct world *w, const int *slots, const struct call *call)
{
    const struct sock *s = call->fd < SLOTS_MAX ? world_sock(w, slots[call->fd]) : NULL;

    return s != NULL && s->mapped_before && (call->op == OP_listen || call->op == OP_connect);
}

/* What no text gives a meaning: datagrams to port 0, or from a v4-mapped socket to the wildcard. */
static void avoid_unclear(const struct world *w, const int *slots, struct call *call)
{
    const struct sock *s = call->fd < SLOTS_MAX ? world_sock(w, slots[call->fd]) : NULL;
    struct address *a = &call->address;

    if (s == NULL || s->type != SOCK_DGRAM || (call->op != OP_connect && call->op != OP_sendto))
        return;
    if (a->kind == ADDRESS_NAME) {
        const struct sock *to = world_sock(w, slots[a->slot]);

        if (to == NULL || !to->bound)
            *a = (struct address){.kind = HOST_LOOPBACK4, .port = 1};
    }
    if (a->kind >= HOSTS)
        return;
    if (a->kind == HOST_ANY6)
        a->kind = HOST_LOOPBACK6;
    if (a->port == PORT_ZERO && call->op == OP_connect)
        a->port = 1;
}

void generate_call(struct generator *g, const struct world *w, const int slots[SLOTS_MAX],
                   struct call *call)
{
    struct choice open;
    const struct sock *s;
    uint8_t slot;

    memset(call, 0, sizeof *call);
    open_slots(w, slots, &open);
    if (open.count == 0 || (open.count < SOCKETS_WANTED && one_in(g, 3 + 3 * open.count))) {
        draw_socket(g, w, slots, call);
        return;
    }
    slot = open.slots[below(g, open.count)];
    s = world_sock(w, slots[slot]);
    call->op = draw_op(g, holding_of(s));
    if (call->op == OP_poll) {
        draw_poll(g, w, slots, call, slot);
        return;
    }
    draw_descriptor(g, w, slots, call, slot);
    if (is_lame(w, slots, call))
        call->op = OP_getsockname;
    draw_arguments(g, w, slots, call, s);
    avoid_unclear(w, slots, call);
}
