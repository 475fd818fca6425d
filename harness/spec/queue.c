/* queue: see queue.h. */
#include "spec/queue.h"

#include <string.h>

struct piece *queue_append(struct step *t, const struct sock *to, struct payload bytes)
{
    struct world *w = t->world;
    uint16_t index = (uint16_t)w->piece_count;
    struct sock *edit = sock_edit(w, to);

    if (index == PIECES_MAX)
        return NULL;
    world_edit(w, &w->piece_count, sizeof w->piece_count);
    w->piece_count++;
    w->pieces[index] = (struct piece){.bytes = bytes, .next = NO_PIECE};
    if (edit->in.first == NO_PIECE) {
        edit->in.first = index;
        edit->in.offset = 0;
    } else {
        struct piece *last = &w->pieces[edit->in.last];

        world_edit(w, &last->next, sizeof last->next);
        last->next = index;
    }
    edit->in.last = index;
    return &w->pieces[index];
}

void queue_show(struct step *t, const struct sock *s, uint32_t ahead, uint32_t length)
{
    const struct world *w = t->world;
    uint16_t piece = s->in.first;
    uint64_t offset = (uint64_t)s->in.offset + ahead;

    while (piece != NO_PIECE && offset >= w->pieces[piece].bytes.length) {
        offset -= w->pieces[piece].bytes.length;
        piece = w->pieces[piece].next;
    }
    t->prediction.piece = piece;
    t->prediction.offset = (uint32_t)offset;
    t->prediction.length = length;
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

const struct piece *queue_at(const struct world *w, const struct sock *s, unsigned position)
{
    uint16_t piece = s->in.first;

    while (position-- > 0 && piece != NO_PIECE)
        piece = w->pieces[piece].next;
    return piece == NO_PIECE ? NULL : &w->pieces[piece];
}

void queue_drop(struct step *t, const struct sock *s, unsigned position)
{
    struct world *w = t->world;
    struct stream *in = &sock_edit(w, s)->in;

    while (position-- > 0) /* what was skipped has been lost */
        in->first = w->pieces[in->first].next;
    in->first = w->pieces[in->first].next;
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

/* Calls visit for each run of bytes that a prediction says the call received, until it refuses. */
static bool each_run(const struct world *w, const struct prediction *p, uint8_t *bytes,
                     bool (*visit)(const struct payload *, uint32_t, uint8_t *, uint32_t))
{
    uint16_t piece = p->piece;
    uint32_t offset = p->offset;
    uint32_t left = p->length;

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
    return each_run(w, p, (uint8_t *)(uintptr_t)bytes, piece_matches);
}

static bool piece_copy(const struct payload *p, uint32_t offset, uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        bytes[i] = p->period > 0 ? p->data[(offset + i) % p->period] : 0;
    return true;
}

void queue_copy(const struct world *w, const struct prediction *p, uint8_t *bytes)
{
    each_run(w, p, bytes, piece_copy);
}
