/* draw_arguments: see draw.h. */
#include <string.h>

#include "mutate/draw.h"
#include "spec/option.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* --- addresses --- */

void draw_host(struct draw *d, struct address *a)
{
    static const uint8_t v4[] = {HOST_LOOPBACK4, HOST_LOOPBACK4, HOST_ANY4, HOST_LOOPBACK4_OTHER};
    static const uint8_t v6[] = {HOST_LOOPBACK6, HOST_LOOPBACK6, HOST_ANY6, HOST_MAPPED};

    a->kind = d->s->family == AF_INET ? v4[draw_below(d, sizeof v4)] : v6[draw_below(d, sizeof v6)];
    if (draw_one_in(d, ODD_ONE_IN))
        a->kind = (uint8_t)draw_below(d, HOSTS);
    a->port = (uint8_t)draw_below(d, PORTS_FIXED);
    if (d->generator->leaning.keeps_ports) /* few, so that they collide */
        a->port = (uint8_t)(1 + draw_below(d, 2));
    if (draw_one_in(d, 4 * ODD_ONE_IN))
        a->length = (uint8_t)draw_below(d, LENGTHS);
}

void draw_target(struct draw *d, struct address *a)
{
    struct choice to;

    draw_targets(d, &to);
    if (to.count > 0 && !draw_one_in(d, 12)) {
        a->kind = ADDRESS_NAME;
        a->slot = to.slots[draw_below(d, to.count)];
        return;
    }
    if (draw_one_in(d, 12)) {
        a->kind = ADDRESS_UNSPEC;
        return;
    }
    draw_host(d, a);
}

static void draw_bound(struct draw *d)
{
    draw_host(d, &d->call->address);
}

static void draw_peer(struct draw *d)
{
    draw_target(d, &d->call->address);
}

/* --- data --- */

const uint8_t *draw_payload(struct draw *d, uint32_t size)
{
    struct generator *g = d->generator;

    if (size > PATTERN_BYTES - g->sent)
        g->sent = 0;
    g->sent += size;
    return g->pattern + g->sent - size;
}

/* Linux holds the end of what is corked back for longer where its window was full. */
static bool is_corked(const struct draw *d)
{
    return d->s->type == SOCK_STREAM &&
           option_is_on(d->world, world_index(d->world, d->s), OPT_TCP_CORK);
}

void draw_data(struct draw *d)
{
    static const uint32_t sizes[] = {0, 1, 2, 5, 16, 100, 1000, 4000};
    struct call *call = d->call;

    call->data_size = draw_of(d, sizes, COUNT(sizes));
    call->data = draw_payload(d, call->data_size);
    if (call->data_size > 0 && (call->op != OP_write || d->s->nonblocking) && !is_corked(d) &&
        draw_one_in(d, d->generator->leaning.fills ? 4 : 2 * ODD_ONE_IN))
        call->number = draw_below(d, 2) ? 70000 : 200000;
}

static void draw_data_to(struct draw *d)
{
    draw_data(d);
    draw_peer(d);
}

uint32_t draw_room(struct draw *d)
{
    static const uint32_t rooms[] = {1, 3, 16, 64, 1000, 4096, 65536, 65536};

    return draw_one_in(d, 2 * ODD_ONE_IN) ? 0 : draw_of(d, rooms, COUNT(rooms));
}

static void draw_length(struct draw *d)
{
    d->call->number = draw_room(d);
}

uint8_t draw_flags(struct draw *d, enum flag_set set, unsigned usual, unsigned one_in,
                   uint8_t favoured)
{
    uint8_t bits = (uint8_t)usual;

    if (draw_one_in(d, 3))
        bits |= favoured;
    if (draw_one_in(d, one_in))
        bits |= (uint8_t)(1u << draw_below(d, (unsigned)flags(set)->count));
    return bits;
}

/* --- small ones --- */

static void draw_backlog(struct draw *d)
{
    d->call->number = draw_one_in(d, 8) ? (uint32_t)-1 : draw_below(d, 4);
}

static void draw_how(struct draw *d)
{
    d->call->choice = (uint8_t)(draw_one_in(d, ODD_ONE_IN) ? 3 : draw_below(d, 3));
}

static void draw_fcntl(struct draw *d)
{
    static const uint32_t least[] = {0, 0, 3, 10, 100, 1000, (uint32_t)-1, INT32_MAX};
    struct call *call = d->call;

    call->choice =
        (uint8_t)draw_below(d, draw_one_in(d, 3) ? (unsigned)values(VALUES_FCNTL)->count : 2);
    if (call_creates(call)) {
        call->result = draw_free_slot(d);
        call->number = draw_of(d, least, COUNT(least));
    } else {
        call->flags = (uint8_t)!draw_one_in(d, 3);
    }
}

static void draw_ioctl(struct draw *d)
{
    struct call *call = d->call;

    call->choice = (uint8_t)draw_below(d, (unsigned)values(VALUES_IOCTL)->count);
    call->number = call->choice == 1 ? !draw_one_in(d, 3) : 0;
}

static void draw_other(struct draw *d)
{
    d->call->other_fd =
        (uint8_t)draw_below(d, draw_one_in(d, ODD_ONE_IN) ? FD_NOT_SOCKET : SLOTS_MAX);
}

static void draw_accept_flags(struct draw *d)
{
    d->call->flags = (uint8_t)draw_below(d, 4);
}

/* --- all of them --- */

void draw_descriptor(struct draw *d)
{
    d->call->fd = d->slot;
    if (draw_one_in(d, 2 * ODD_ONE_IN))
        d->call->fd = (uint8_t)draw_below(d, FD_REFS_END);
    if (call_creates(d->call))
        d->call->result = draw_free_slot(d);
}

/* The socket that the call names, which now and then is another than it was drawn for. */
static const struct sock *named_sock(const struct draw *d)
{
    const struct sock *s =
        d->call->fd < SLOTS_MAX ? world_sock(d->world, d->slots[d->call->fd]) : NULL;

    return s != NULL ? s : d->s;
}

/*
 * An urgent byte behind more than the peer has room for: Linux tells of the mark long before, and
 * what that does to reads the specification does not follow.
 */
static bool is_far_behind(const struct draw *d)
{
    const struct sock *s = named_sock(d);
    const struct sock *peer =
        s->type == SOCK_STREAM && s->peer != NO_SOCK ? &d->world->socks[s->peer] : NULL;

    return peer != NULL && peer->in.written - peer->in.read > 20000;
}

/* Whether a call that sends says whereto, or from where. */
static bool draws_way(const struct call *call)
{
    return call->op == OP_sendto ||
           (call_has(call->op, ARG_SENT_MESSAGE) &&
            (call->address.kind != ADDRESS_NONE || call->control_count > 0));
}

/* Of a call that fails nobody sees how much it has taken of what may have come. */
static bool takes_unseen(const struct draw *d)
{
    const struct sock *s = named_sock(d);

    return d->call->op == OP_recvfrom && s->type == SOCK_STREAM &&
           s->in.written - s->in.read > 16384;
}

/* Flags and the room for a name, which many calls have. */
static void draw_common(struct draw *d)
{
    const struct leaning *to = &d->generator->leaning;
    struct call *call = d->call;

    if (call_has(call->op, ARG_SEND_FLAGS))
        call->flags = draw_flags(d, FLAGS_SEND, 1, ODD_ONE_IN, to->send_flag);
    if (call_has(call->op, ARG_SEND_FLAGS) && (call->number > 0 || is_far_behind(d)))
        call->flags &= (uint8_t) ~(1u << 2); /* MSG_OOB */
    if (call_has(call->op, ARG_SEND_FLAGS) && call->number > 0)
        call->flags |= 2; /* MSG_DONTWAIT: a blocking one would wait for ever */
    if (draws_way(call) && named_sock(d)->has_remote) /* Linux sends later ones astray: linux.md */
        call->flags &= (uint8_t) ~(1u << 3);          /* MSG_MORE */
    if (call_has(call->op, ARG_RECV_FLAGS))
        call->flags = draw_flags(d, FLAGS_RECV, draw_one_in(d, 2), ODD_ONE_IN, to->recv_flag);
    if (call_has(call->op, ARG_RECVMSG_FLAGS))
        call->flags = draw_flags(d, FLAGS_RECVMSG, draw_one_in(d, 2), ODD_ONE_IN, to->recv_flag);
    if (call->op == OP_recvmmsg)             /* no executor that never waits can: see spec.c */
        call->flags &= (uint8_t) ~(1u << 2); /* MSG_WAITALL */
    if (call_has(call->op, ARG_NAME_LENGTH) && draw_one_in(d, ODD_ONE_IN) && !takes_unseen(d))
        call->address.length = (uint8_t)draw_below(d, LENGTHS);
}

void draw_arguments(struct draw *d)
{
    static void (*const parts[OPS])(struct draw *) = {
        [OP_bind] = draw_bound,
        [OP_connect] = draw_peer,
        [OP_listen] = draw_backlog,
        [OP_send] = draw_data,
        [OP_write] = draw_data,
        [OP_sendto] = draw_data_to,
        [OP_recv] = draw_length,
        [OP_recvfrom] = draw_length,
        [OP_read] = draw_length,
        [OP_shutdown] = draw_how,
        [OP_getsockopt] = draw_options,
        [OP_setsockopt] = draw_options,
        [OP_fcntl] = draw_fcntl,
        [OP_ioctl] = draw_ioctl,
        [OP_dup2] = draw_other,
        [OP_accept4] = draw_accept_flags,
        [OP_poll] = draw_set,
        [OP_ppoll] = draw_set,
        [OP_select] = draw_set,
        [OP_pselect] = draw_set,
        [OP_readv] = draw_parts_in,
        [OP_writev] = draw_parts_out,
        [OP_sendmsg] = draw_sent_message,
        [OP_sendmmsg] = draw_sent_message,
        [OP_recvmsg] = draw_received_message,
        [OP_recvmmsg] = draw_received_message,
    };

    if (parts[d->call->op] != NULL)
        parts[d->call->op](d);
    draw_common(d);
}

/* --- bad pointers --- */

/* Which of a call's pointers may be bad: those of which it is specified what comes of it. */
static bool takes_bad(enum op op, enum bad_pointer pointer)
{
    enum { DATA = 1 << BAD_DATA, ADDRESS = 1 << BAD_ADDRESS, LENGTH = 1 << BAD_LENGTH };
    static const uint8_t taken[OPS] = {
        [OP_bind] = ADDRESS,
        [OP_connect] = ADDRESS,
        [OP_send] = DATA,
        [OP_sendto] = DATA | ADDRESS,
        [OP_write] = DATA,
        [OP_getsockname] = ADDRESS | LENGTH,
        [OP_getpeername] = ADDRESS | LENGTH,
        [OP_setsockopt] = DATA,
        [OP_getsockopt] = DATA | LENGTH,
        [OP_poll] = DATA,
    };

    return taken[op] >> pointer & 1;
}

void draw_no_memory(struct draw *d)
{
    static const uint8_t pointers[] = {BAD_DATA, BAD_ADDRESS, BAD_LENGTH};
    struct call *call = d->call;
    uint8_t bad = pointers[draw_below(d, sizeof pointers)];

    if (!takes_bad(call->op, bad))
        return;
    if (call->op == OP_getsockopt && call->choice == OPT_SO_ERROR)
        return; /* fails on Linux, and the error is gone: linux.md */
    call->bad = bad;
    if (bad == BAD_ADDRESS)
        call->address = (struct address){.length = call->address.length};
    if (bad == BAD_LENGTH)
        call->address.length = LENGTH_NATURAL;
    if (bad == BAD_DATA && call_sends(call->op))
        call->number = call->number > 0 ? call->number : call->data_size;
    if (bad == BAD_DATA && (call_sends(call->op) || call->op == OP_setsockopt)) {
        call->data = NULL;
        call->data_size = 0;
    }
    if (bad == BAD_DATA && call->op == OP_setsockopt) {
        call->raw_value = false;
        call->number = 0;
    }
    memset(call->entries, 0, sizeof call->entries);
}
