/* draw_messages: see draw.h. The calls that move data in parts, with names and ancillary data. */
#include "mutate/draw.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { BAD_ONE_IN = 4 * ODD_ONE_IN };

/* --- parts --- */

/* How many parts: mostly a few, now and then none or more than there may be. */
static void draw_part_count(struct draw *d)
{
    struct call *call = d->call;

    call->part_count = (uint8_t)(1 + draw_below(d, PARTS_MAX));
    if (draw_one_in(d, 2 * ODD_ONE_IN))
        call->part_count = 0;
    else if (!call_many(call->op) && draw_one_in(d, 2 * ODD_ONE_IN))
        call->part_claim = (uint8_t)(PARTS_MOST + draw_below(d, 2));
}

/* No part, or the array of them, is memory: then there is one, which says nothing. */
static bool parts_are_bad(const struct call *call)
{
    return call->bad == BAD_DATA || call->bad == BAD_PARTS || call->bad == BAD_HEADER;
}

static void draw_bad_part(struct draw *d)
{
    struct call *call = d->call;

    call->part_count = 1;
    if (call->bad != BAD_DATA)
        return;
    if (call_sends(call->op))
        call->number = draw_below(d, 3) * 8;
    else
        call->parts[0] = draw_below(d, 3) * 8;
}

static void draw_sent_parts(struct draw *d)
{
    static const uint32_t sizes[] = {0, 1, 2, 5, 16, 100, 1000};
    struct call *call = d->call;

    if (parts_are_bad(call)) {
        draw_bad_part(d);
        return;
    }
    draw_part_count(d);
    for (unsigned i = 0; i < call->part_count; i++) {
        call->parts[i] = draw_of(d, sizes, COUNT(sizes));
        call->data_size += call->parts[i];
    }
    call->data = draw_payload(d, call->data_size);
    if (call->data_size > 0 && call_has(call->op, ARG_SEND_FLAGS) &&
        (call->part_count == 1 || !call_many(call->op)) && draw_one_in(d, 3 * ODD_ONE_IN))
        call->number = 70000;
}

static void draw_rooms(struct draw *d)
{
    static const uint32_t rooms[] = {0, 1, 3, 16, 64, 1000, 4096, 65536};
    struct call *call = d->call;

    if (parts_are_bad(call)) {
        draw_bad_part(d);
        return;
    }
    draw_part_count(d);
    for (unsigned i = 0; i < call->part_count; i++)
        call->parts[i] = draw_of(d, rooms + (call_many(call->op) ? 1 : 0), COUNT(rooms) - 1);
}

/* --- ancillary data --- */

static int draw_control_host(struct draw *d, int family)
{
    static const uint8_t usual[2][2] = {{HOST_LOOPBACK4, HOST_LOOPBACK4_OTHER},
                                        {HOST_LOOPBACK6, HOST_MAPPED}};
    unsigned host = draw_below(d, HOSTS);

    if (!draw_one_in(d, 8))
        return usual[family == AF_INET6][draw_one_in(d, 4)];
    while (hosts()[host].family != family)
        host = draw_below(d, HOSTS);
    return (int)host;
}

static int draw_control_value(struct draw *d, const struct control_info *info)
{
    static const uint32_t odd[] = {(uint32_t)-2, (uint32_t)-1, 0, 255, 256, 1000};

    if (info->form == CONTROL_HOST)
        return draw_control_host(d, info->level == IPPROTO_IPV6 ? AF_INET6 : AF_INET);
    return draw_one_in(d, 6) ? (int)draw_of(d, odd, COUNT(odd)) : (int)(1 + draw_below(d, 254));
}

static void draw_controls(struct draw *d)
{
    enum { FIRST_OF_V6 = 3, OF_A_FAMILY = 3 };
    struct call *call = d->call;
    size_t kinds;
    const struct control_info *info = controls(&kinds);
    unsigned first = d->s->family == AF_INET6 ? FIRST_OF_V6 : 0;

    if (!draw_one_in(d, 3))
        return;
    call->control_count = (uint8_t)(1 + draw_below(d, CONTROLS_MAX));
    for (unsigned i = 0; i < call->control_count; i++) {
        struct control *control = &call->controls[i];

        control->kind = (uint8_t)(first + draw_below(d, OF_A_FAMILY));
        if (draw_one_in(d, ODD_ONE_IN))
            control->kind = (uint8_t)draw_below(d, (unsigned)kinds);
        if (draw_one_in(d, ODD_ONE_IN))
            control->length = (uint8_t)draw_below(d, CONTROL_LENGTHS);
        control->value = (int16_t)draw_control_value(d, &info[control->kind]);
    }
    if (draw_one_in(d, ODD_ONE_IN))
        call->control_length = (uint8_t)draw_below(d, CONTROL_LENGTHS);
}

static void draw_control_room(struct draw *d)
{
    static const uint32_t rooms[] = {8, 16, 17, 20, 24, 28, 40, 64, 100};

    d->call->number = CONTROL_BYTES_MAX;
    if (draw_one_in(d, 4))
        d->call->number = 0;
    else if (draw_one_in(d, 4))
        d->call->number = draw_of(d, rooms, COUNT(rooms));
}

/* --- calls --- */

void draw_transfer_kind(struct draw *d)
{
    static const uint8_t kinds[OPS][2] = {
        [OP_send] = {OP_sendmsg, OP_writev},       [OP_sendto] = {OP_sendmsg, OP_sendmmsg},
        [OP_write] = {OP_writev, OP_writev},       [OP_recv] = {OP_recvmsg, OP_readv},
        [OP_recvfrom] = {OP_recvmsg, OP_recvmmsg}, [OP_read] = {OP_readv, OP_readv},
    };
    uint8_t kind = kinds[d->call->op][draw_below(d, 2)];

    if (kind != 0 && draw_one_in(d, 3)) /* 0 is socket */
        d->call->op = kind;
}

static void draw_bad_pointer(struct draw *d)
{
    unsigned pointer = 1 + draw_below(d, BAD_POINTERS - 1);

    if (draw_one_in(d, BAD_ONE_IN) && call_has_pointer(d->call->op, (enum bad_pointer)pointer))
        d->call->bad = (uint8_t)pointer;
}

void draw_parts_out(struct draw *d)
{
    draw_bad_pointer(d);
    draw_sent_parts(d);
}

void draw_parts_in(struct draw *d)
{
    draw_bad_pointer(d);
    draw_rooms(d);
}

/* A connected socket mostly needs no name. */
static void draw_name(struct draw *d)
{
    struct call *call = d->call;
    bool needed = d->s->type == SOCK_DGRAM && !d->s->has_remote;

    if (call->bad == BAD_ADDRESS) {
        call->address.length = (uint8_t)draw_below(d, LENGTHS);
        return;
    }
    call->address.kind = ADDRESS_NONE;
    if (needed ? draw_one_in(d, ODD_ONE_IN) : !draw_one_in(d, 4))
        return;
    draw_target(d, &call->address);
    if (draw_one_in(d, 2 * ODD_ONE_IN))
        call->address.length = (uint8_t)draw_below(d, LENGTHS);
}

void draw_sent_message(struct draw *d)
{
    struct call *call = d->call;

    draw_bad_pointer(d);
    if (call->bad == BAD_HEADER)
        return;
    draw_name(d);
    draw_sent_parts(d);
    if (call->bad != BAD_CONTROL)
        draw_controls(d);
}

void draw_received_message(struct draw *d)
{
    struct call *call = d->call;

    draw_bad_pointer(d);
    call->name_null = call->bad == BAD_NONE && draw_one_in(d, 6);
    if (call->op == OP_recvmmsg && call->bad != BAD_TIMEOUT)
        call->choice = (uint8_t)(draw_one_in(d, 3) ? draw_below(d, SHORT_TIMEOUTS) : 0);
    if (call->bad == BAD_HEADER)
        return;
    draw_rooms(d);
    draw_control_room(d);
    if (!call->name_null && draw_one_in(d, ODD_ONE_IN))
        call->address.length = (uint8_t)draw_below(d, LENGTHS);
}
