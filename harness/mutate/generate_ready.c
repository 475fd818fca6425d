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
