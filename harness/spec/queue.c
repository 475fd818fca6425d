/* queue: see queue.h. */
#include "spec/queue.h"

#include <string.h>

#include "spec/option.h"

/* A piece that is in no queue yet. */
static uint16_t new_piece(struct step *t, struct payload bytes)
{
    struct world *w = t->world;

    if (w->piece_count == PIECES_MAX) {
        world_is_full(w);
        return NO_PIECE;
    }
    world_edit(w, &w->piece_count, sizeof w->piece_count);
    w->pieces[w->piece_count] =
        (struct piece){.bytes = bytes, .next = NO_PIECE, .receiver = NO_SOCK, .origin = NO_PIECE};
    return (uint16_t)w->piece_count++;
}

struct piece *piece_edit(struct world *w, uint16_t piece)
{
    return world_edit(w, &w->pieces[piece], sizeof w->pieces[piece]);
}

/* The last piece of the same datagram. */
static uint16_t last_part(const struct world *w, uint16_t piece)
{
    while (w->pieces[piece].goes_on)
        piece = w->pieces[piece].next;
    return piece;
}

uint16_t queue_after(const struct world *w, uint16_t datagram)
{
    return w->pieces[last_part(w, datagram)].next;
}

uint32_t queue_length(const struct world *w, const struct piece *datagram)
{
    uint32_t length = datagram->bytes.length;

    for (; datagram->goes_on; length += datagram->bytes.length)
        datagram = &w->pieces[datagram->next];
    return length;
}

uint16_t queue_datagram(struct step *t, uint16_t begun, struct payload bytes)
{
    uint16_t piece = new_piece(t, bytes);
    struct piece *last;

    if (begun == NO_PIECE || piece == NO_PIECE)
        return piece;
    last = piece_edit(t->world, last_part(t->world, begun));
    last->goes_on = true;
    last->next = piece;
    return begun;
}

void queue_put(struct step *t, const struct sock *to, uint16_t datagram)
{
    struct stream *in = &sock_edit(t->world, to)->in;

    if (in->first == NO_PIECE) {
        in->first = datagram;
        in->offset = 0;
    } else {
        piece_edit(t->world, in->last)->next = datagram;
    }
    in->last = last_part(t->world, datagram);
}

uint16_t queue_copy_datagram(struct step *t, uint16_t datagram)
{
    struct world *w = t->world;
    uint16_t first = NO_PIECE;

    for (bool more = true; more; datagram = w->pieces[datagram].next) {
        uint16_t copy = queue_datagram(t, first, w->pieces[datagram].bytes);

        if (copy == NO_PIECE)
            return NO_PIECE;
        if (first == NO_PIECE) {
            struct piece head = w->pieces[datagram];

            head.next = NO_PIECE;
            head.receiver = NO_SOCK;
            head.goes_on = false;
            head.way = 0;
            *piece_edit(w, copy) = head;
        }
        first = copy;
        more = w->pieces[datagram].goes_on;
    }
    return first;
}

void queue_link(struct step *t, const struct sock *to, uint16_t before, uint16_t datagram)
{
    struct world *w = t->world;
    struct stream *in = &sock_edit(w, to)->in;

    if (before == NO_PIECE)
        in->first = datagram;
    else
        piece_edit(w, last_part(w, before))->next = datagram;
    if (datagram == NO_PIECE && before != NO_PIECE)
        in->last = last_part(w, before);
}

bool queue_append(struct step *t, const struct sock *to, struct payload bytes)
{
    uint16_t piece = new_piece(t, bytes);

    if (piece == NO_PIECE)
        return false;
    queue_put(t, to, piece);
    return true;
}

void queue_error(struct step *t, const struct sock *s, uint16_t datagram)
{
    uint16_t last = s->errors;

    if (last == NO_PIECE) {
        sock_edit(t->world, s)->errors = datagram;
        return;
    }
    while (queue_after(t->world, last) != NO_PIECE)
        last = queue_after(t->world, last);
    piece_edit(t->world, last_part(t->world, last))->next = datagram;
}

/* The call returns bytes that begin so far behind the beginning of a piece. */
static void show_from(struct step *t, uint16_t piece, uint64_t offset, uint32_t length)
{
    const struct world *w = t->world;

    while (piece != NO_PIECE && offset >= w->pieces[piece].bytes.length) {
        offset -= w->pieces[piece].bytes.length;
        piece = w->pieces[piece].next;
    }
    t->prediction.piece = piece;
    t->prediction.offset = (uint32_t)offset;
    t->prediction.length = length;
}

void queue_show(struct step *t, const struct sock *s, uint32_t ahead, uint32_t length)
{
    show_from(t, s->in.first, (uint64_t)s->in.offset + ahead, length);
}

void queue_show_datagram(struct step *t, const struct piece *datagram, uint32_t start,
                         uint32_t length)
{
    show_from(t, (uint16_t)(datagram - t->world->pieces), start, length);
}

void queue_take(struct step *t, const struct sock *s, uint32_t length)
{
    struct stream *in = &sock_edit(t->world, s)->in;

    in->read += length;
    in->offset += length;
    while (in->first != NO_PIECE && in->offset >= t->world->pieces[in->first].bytes.length) {
        in->offset -= t->world->pieces[in->first].bytes.length;
        in->first = t->world->pieces[in->first].next;
    }
}

void queue_cut(struct step *t, const struct sock *s, uint32_t length)
{
    struct stream *in = &sock_edit(t->world, s)->in;
    uint16_t before = in->first;

    if (length == 0 || in->first == NO_PIECE)
        return;
    in->written -= length;
    if (in->arrived > in->written)
        in->arrived = in->written;
    piece_edit(t->world, in->last)->bytes.length -= length;
    if (in->first == in->last) {
        if (in->offset == t->world->pieces[in->last].bytes.length)
            in->first = NO_PIECE;
        return;
    }
    if (t->world->pieces[in->last].bytes.length > 0)
        return;
    while (t->world->pieces[before].next != in->last)
        before = t->world->pieces[before].next;
    piece_edit(t->world, before)->next = NO_PIECE;
    in->last = before;
}

void queue_lose(struct step *t, const struct sock *s, uint64_t end)
{
    struct stream *in = &sock_edit(t->world, s)->in;
    uint64_t at = in->read - in->offset;

    for (uint16_t i = in->first; i != NO_PIECE; i = t->world->pieces[i].next) {
        at += t->world->pieces[i].bytes.length;
        if (at != end)
            continue;
        piece_edit(t->world, i)->bytes.length--;
        in->written--;
        in->arrived -= in->arrived >= end;
        return;
    }
}

const struct piece *queue_at(const struct world *w, const struct sock *s, unsigned position)
{
    uint16_t piece = s->in.first;

    while (position-- > 0 && piece != NO_PIECE)
        piece = queue_after(w, piece);
    return piece == NO_PIECE ? NULL : &w->pieces[piece];
}

void queue_drop(struct step *t, const struct sock *s, unsigned position)
{
    struct world *w = t->world;
    struct stream *in = &sock_edit(w, s)->in;

    while (position-- > 0) /* what was skipped has been lost */
        in->first = queue_after(w, in->first);
    in->first = queue_after(w, in->first);
}

/* Compares bytes with a piece's pattern from an offset on. */
static bool piece_matches(const struct payload *p, uint32_t offset, uint8_t *bytes, uint32_t length)
{
    static const uint8_t zero[1];
    const uint8_t *pattern = p->period > 0 ? p->data : zero;
    uint32_t period = p->period > 0 ? p->period : 1;

    offset %= period;
    while (length > 0) {
        uint32_t run = period - offset < length ? period - offset : length;

        if (memcmp(pattern + offset, bytes, run) != 0)
            return false;
        /* The rest repeats what has been compared, a whole period later. */
        if (run == period && length > run)
            return memcmp(bytes, bytes + period, length - period) == 0;
        bytes += run;
        length -= run;
        offset = 0;
    }
    return true;
}

/* Calls visit for each run of bytes from a place on, until it refuses. */
static bool each_run(const struct world *w, uint16_t piece, uint32_t offset, uint32_t left,
                     uint8_t *bytes,
                     bool (*visit)(const struct payload *, uint32_t, uint8_t *, uint32_t))
{
    while (left > 0 && piece != NO_PIECE) {
        const struct piece *from = &w->pieces[piece];
        uint32_t run = from->bytes.length - offset < left ? from->bytes.length - offset : left;

        if (!visit(&from->bytes, offset, bytes, run))
            return false;
        bytes += run;
        left -= run;
        offset = 0;
        piece = from->next;
    }
    return left == 0;
}

bool queue_matches(const struct world *w, const struct prediction *p, const uint8_t *bytes)
{
    return each_run(w, p->piece, p->offset, p->length, changeable(bytes), piece_matches);
}

static bool piece_copy(const struct payload *p, uint32_t offset, uint8_t *bytes, uint32_t length)
{
    if (p->period == 0)
        memset(bytes, 0, length);
    for (uint32_t at = 0; at < length && p->period > 0;) {
        uint32_t from = (offset + at) % p->period;
        uint32_t run = p->period - from < length - at ? p->period - from : length - at;

        memcpy(bytes + at, p->data + from, run);
        at += run;
    }
    return true;
}

void queue_copy(const struct world *w, const struct prediction *p, uint8_t *bytes)
{
    queue_copy_part(w, p->piece, p->offset, p->length, bytes);
}

void queue_copy_part(const struct world *w, uint16_t piece, uint32_t offset, uint32_t length,
                     uint8_t *bytes)
{
    each_run(w, piece, offset, length, bytes, piece_copy);
}

bool queue_may_fill(const struct world *w, const struct sock *s)
{
    enum { PACKET_COST = 1024, SURE_BYTES = 65536 };
    uint16_t index = world_index(w, s);
    uint64_t cost = 0;

    for (uint32_t i = 0; i < w->piece_count; i++)
        if (w->pieces[i].sender == index)
            cost += PACKET_COST + 2 * (uint64_t)w->pieces[i].bytes.length;
    return cost > 0 && (cost > SURE_BYTES || option_is_set(w, index, OPT_SO_SNDBUF));
}

uint64_t queue_certain(const struct world *w, const struct sock *s)
{
    uint64_t certain = s->in.read;

    for (uint16_t i = s->in.first; i != NO_PIECE; i = queue_after(w, i))
        certain += !w->pieces[i].droppable;
    return certain;
}
