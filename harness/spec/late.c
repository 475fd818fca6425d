/* late: see late.h; SYNs stand in late_syn.c. */
#include "spec/late.h"

#include <errno.h>

#include "spec/connection.h"
#include "spec/datagram.h"
#include "spec/errors.h"
#include "spec/option.h"
#include "spec/queue.h"

/* --- datagrams --- */

/* The next piece, from one on, with which the same datagram waits for a socket; or NO_PIECE. */
static uint16_t next_copy(const struct world *w, uint16_t origin, uint32_t from)
{
    for (uint32_t i = from; i < w->piece_count; i++)
        if (w->pieces[i].origin == origin && w->pieces[i].receiver != NO_SOCK)
            return (uint16_t)i;
    return NO_PIECE;
}

static bool waits_for(const struct world *w, uint16_t origin, uint16_t receiver)
{
    for (uint32_t i = origin; (i = next_copy(w, origin, i)) != NO_PIECE; i++)
        if (w->pieces[i].receiver == receiver)
            return true;
    return false;
}

static void way_is(struct world *w, uint16_t origin, unsigned way)
{
    if (w->pieces[origin].way != way)
        piece_edit(w, origin)->way = (uint8_t)way;
}

/* Stands among the others in a receiver's queue in the order in which they were sent. */
static void wait_for(struct step *t, uint16_t datagram, uint16_t receiver)
{
    struct world *w = t->world;
    const struct sock *s = &w->socks[receiver];
    uint16_t order = w->pieces[datagram].order;
    uint16_t before = NO_PIECE;
    uint16_t after = s->in.first;
    uint16_t last = datagram;

    for (; after != NO_PIECE && w->pieces[after].order < order; after = queue_after(w, after))
        before = after;
    if (after == NO_PIECE) {
        queue_put(t, s, datagram);
    } else {
        while (w->pieces[last].goes_on)
            last = w->pieces[last].next;
        piece_edit(w, last)->next = after;
        queue_link(t, s, before, datagram);
    }
    piece_edit(w, datagram)->receiver = receiver;
    piece_edit(w, datagram)->noted = option_notes_packet(w, receiver);
    sock_edit(w, s)->in.written++;
}

/* Takes a datagram out of a queue to which it did not come. */
static void stop_waiting(struct step *t, uint16_t datagram)
{
    struct world *w = t->world;
    const struct sock *s = &w->socks[w->pieces[datagram].receiver];
    struct stream *in = &sock_edit(w, s)->in;
    uint16_t before = NO_PIECE;

    for (uint16_t i = in->first; i != datagram; i = queue_after(w, i))
        before = i;
    queue_link(t, s, before, queue_after(w, datagram));
    in->read++; /* like one that was lost */
    in->arrived += in->arrived < in->written;
    piece_edit(w, datagram)->receiver = NO_SOCK;
}

/* The datagram may come to this socket as well. */
static void add_copy(struct step *t, uint16_t origin, uint16_t receiver)
{
    uint16_t copy = origin;

    if (t->world->pieces[origin].receiver != NO_SOCK) {
        copy = queue_copy_datagram(t, origin);
        if (copy == NO_PIECE)
            return;
    }
    piece_edit(t->world, copy)->droppable = true;
    wait_for(t, copy, receiver);
}

/* Whether a refusal of the datagram stands in a socket's queue of errors. */
static bool is_queued(const struct world *w, const struct sock *s, uint16_t origin)
{
    for (uint16_t i = s->errors; i != NO_PIECE; i = queue_after(w, i))
        if (w->pieces[i].origin == origin)
            return true;
    return false;
}

static void queue_refusal(struct step *t, const struct sock *s, uint16_t origin)
{
    uint16_t copy = queue_copy_datagram(t, origin);

    if (copy == NO_PIECE)
        return;
    piece_edit(t->world, copy)->from = t->world->pieces[origin].to;
    piece_edit(t->world, copy)->droppable = true;
    queue_error(t, s, copy);
}

/* A refusal that nobody has been told of may be told to whoever has its address now. */
static void tell_sender(struct step *t, uint16_t origin)
{
    const struct world *w = t->world;
    const struct piece *d = &w->pieces[origin];

    for (unsigned i = 0; i < w->sock_count; i++) {
        const struct sock *s = &w->socks[i];

        if (!datagram_tells(w, s, &d->from, &d->to))
            continue;
        if (errors_are_queued(w, s, &d->to) && !is_queued(w, s, origin))
            queue_refusal(t, s, origin);
        if (!(s->flying & FLYING_UNREACHABLE))
            fly(t, s, FLYING_UNREACHABLE);
    }
}

static bool is_untold(const struct world *w, uint32_t piece)
{
    return (w->pieces[piece].way & (WAY_REFUSED | WAY_TOLD)) == WAY_REFUSED;
}

void late_send(struct step *t, uint16_t datagram, const struct receivers *found, bool astray)
{
    struct piece *piece = piece_edit(t->world, datagram);

    piece->origin = datagram;
    piece->order = (uint16_t)t->world->late_count;
    world_edit(t->world, &t->world->late_count, sizeof t->world->late_count);
    t->world->late_count++;
    piece->way = found->count == 0 ? WAY_AFOOT | WAY_REFUSED : WAY_AFOOT;
    piece->droppable |= astray || found->count > 1;
    if (found->count > 0)
        wait_for(t, datagram, found->socks[0]);
    else if (applies(t, CLAUSE_DATAGRAM_REFUSED, true))
        tell_sender(t, datagram);
}

/* Whether it has certainly arrived where it alone can come. */
static bool has_landed(const struct world *w, uint16_t origin)
{
    const struct piece *d = &w->pieces[origin];
    const struct sock *s;
    uint64_t ahead = 0;

    if (d->receiver == NO_SOCK || d->droppable || (d->way & WAY_REFUSED))
        return false;
    s = &w->socks[d->receiver];
    for (uint16_t i = s->in.first; i != origin; i = queue_after(w, i))
        ahead++;
    return s->in.arrived > s->in.read + ahead;
}

static void forget_notes(struct world *w, uint16_t origin)
{
    for (uint32_t i = origin; (i = next_copy(w, origin, i)) != NO_PIECE; i++)
        if (w->pieces[i].noted && !option_notes_packet(w, w->pieces[i].receiver))
            piece_edit(w, (uint16_t)i)->noted = false;
}

static void may_miss(struct world *w, uint16_t origin)
{
    for (uint32_t i = origin; (i = next_copy(w, origin, i)) != NO_PIECE; i++)
        if (!w->pieces[i].droppable)
            piece_edit(w, (uint16_t)i)->droppable = true;
}

static void follow_one(struct step *t, uint16_t origin)
{
    struct world *w = t->world;
    const struct piece *d = &w->pieces[origin];
    struct receivers found;

    if (has_landed(w, origin)) {
        way_is(w, origin, d->way & ~(unsigned)WAY_AFOOT);
        return;
    }
    forget_notes(w, origin);
    ports_datagrams(t, &d->from, &d->to, &found);
    if (d->receiver != NO_SOCK && buffer_is_small(w, &w->socks[d->receiver]))
        may_miss(w, origin);
    if (found.count == 1 && found.socks[0] == d->receiver)
        return;
    if (found.count == 0)
        way_is(w, origin, d->way | WAY_REFUSED);
    may_miss(w, origin);
    for (unsigned i = 0; i < found.count; i++)
        if (!waits_for(w, origin, found.socks[i]))
            add_copy(t, origin, found.socks[i]);
}

void late_follow(struct step *t)
{
    const struct world *w = t->world;
    uint32_t pieces = w->piece_count;

    for (uint32_t i = 0; i < pieces; i++) {
        if (w->pieces[i].way & WAY_AFOOT)
            follow_one(t, (uint16_t)i);
        if (is_untold(w, i))
            tell_sender(t, (uint16_t)i);
    }
    late_follow_syns(t);
}

/* --- what has come --- */

void late_taken(struct step *t, uint16_t datagram)
{
    struct world *w = t->world;
    uint16_t origin = w->pieces[datagram].origin;

    if (origin == NO_PIECE) /* it was sent where nothing is late */
        return;
    piece_edit(w, datagram)->receiver = NO_SOCK;
    way_is(w, origin, 0);
    for (uint32_t i = origin; (i = next_copy(w, origin, i)) != NO_PIECE; i++)
        stop_waiting(t, (uint16_t)i);
}

void late_passed(struct step *t, uint16_t datagram)
{
    struct world *w = t->world;
    uint16_t origin = w->pieces[datagram].origin;

    if (origin == NO_PIECE)
        return;
    piece_edit(w, datagram)->receiver = NO_SOCK;
    way_is(w, origin, w->pieces[origin].way & ~(unsigned)WAY_AFOOT);
}

/* Whether a socket is told of a refusal that nobody has been told of. */
static bool may_tell(const struct world *w, const struct sock *s, uint32_t piece)
{
    return is_untold(w, piece) &&
           datagram_tells(w, s, &w->pieces[piece].from, &w->pieces[piece].to);
}

void late_told(struct step *t, const struct sock *s)
{
    struct world *w = t->world;
    uint16_t chosen = NO_PIECE;

    /* Rather one that nobody can have received. */
    for (uint32_t i = 0; i < w->piece_count; i++)
        if (may_tell(w, s, i) && (chosen == NO_PIECE || next_copy(w, chosen, chosen) != NO_PIECE))
            chosen = (uint16_t)i;
    if (chosen != NO_PIECE)
        way_is(w, chosen, w->pieces[chosen].way | WAY_TOLD);
}

void late_told_of(struct step *t, uint16_t error)
{
    uint16_t origin = t->world->pieces[error].origin;

    if (origin != NO_PIECE)
        way_is(t->world, origin, t->world->pieces[origin].way | WAY_TOLD);
}

void late_settle(struct step *t, const struct sock *s)
{
    struct world *w = t->world;
    uint16_t told = 0;

    if (!(s->flying & FLYING_UNREACHABLE))
        return;
    for (uint32_t i = 0; i < w->piece_count; i++)
        if (may_tell(w, s, i)) {
            way_is(w, (uint16_t)i, w->pieces[i].way | WAY_TOLD);
            told++;
        }
    sock_edit(w, s)->flying &= (uint8_t)~FLYING_UNREACHABLE;
    sock_edit(w, s)->turns += told > 0 ? told : 1;
    sock_edit(w, s)->error = ECONNREFUSED;
}

bool late_gives_room(const struct world *w, const struct sock *s)
{
    uint16_t index = world_index(w, s);

    for (uint32_t i = 0; i < w->piece_count && s->type == SOCK_DGRAM; i++)
        if (w->pieces[i].sender == index)
            return true;
    return false;
}
