/*
 * model_memory: what has been sent and not yet received. It is copied, for the caller's buffer is
 * his own again when the call returns; one after another, and when there is no more room what is
 * still wanted moves to the other half.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "spec/queue.h"
#include "stacks/model.h"

enum {
    /* As much as all calls of a drill may send. Pages that are not touched cost nothing. */
    HALF = DRILL_CALLS_MAX * DATA_BYTES_MAX,
    PIECES_KEPT = PIECES_MAX - PARTS_MAX, /* as many as one call may make are left */
};

static uint8_t *halves[2];
static unsigned half; /* which is in use */
static size_t used;

void model_forget(void)
{
    used = 0;
}

static bool map(void)
{
    uint8_t *both;

    if (halves[0] != NULL)
        return true;
    both = mmap(NULL, 2 * (size_t)HALF, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (both == MAP_FAILED)
        return false;
    halves[0] = both;
    halves[1] = both + HALF;
    return true;
}

/* Which pieces are in a queue, and then which number each gets. */
struct moves {
    bool used[PIECES_MAX];
    uint16_t number[PIECES_MAX];
};

static void mark_pieces(const struct world *w, struct moves *m, uint16_t piece)
{
    for (; piece != NO_PIECE; piece = w->pieces[piece].next)
        m->used[piece] = true;
}

static uint16_t moved(const struct moves *m, uint16_t piece)
{
    return piece == NO_PIECE ? NO_PIECE : m->number[piece];
}

static void move_pieces(struct world *w, struct moves *m)
{
    uint16_t count = 0;

    for (uint32_t i = 0; i < w->piece_count; i++)
        if (m->used[i])
            m->number[i] = count++;
    for (uint32_t i = 0; i < w->piece_count; i++)
        if (m->used[i]) {
            w->pieces[m->number[i]] = w->pieces[i];
            w->pieces[m->number[i]].next = moved(m, w->pieces[i].next);
        }
    w->piece_count = count;
}

/*
 * Gives away the pieces that nobody will read any more. The rest get other numbers, so it is for
 * between calls, and for a world without undo: no drill sends as many as a world holds.
 */
static void compact(struct world *w)
{
    struct moves m = {.used = {false}};

    for (uint32_t i = 0; i < w->sock_count; i++) {
        mark_pieces(w, &m, w->socks[i].in.first);
        mark_pieces(w, &m, w->socks[i].gathered);
        mark_pieces(w, &m, w->socks[i].errors);
        mark_pieces(w, &m, w->socks[i].strays);
    }
    move_pieces(w, &m);
    for (uint32_t i = 0; i < w->sock_count; i++) {
        struct sock *s = &w->socks[i];

        s->in.last = s->in.first == NO_PIECE ? NO_PIECE : m.number[s->in.last];
        s->in.first = moved(&m, s->in.first);
        s->gathered = moved(&m, s->gathered);
        s->errors = moved(&m, s->errors);
        s->strays = moved(&m, s->strays);
    }
}

static void collect(void)
{
    struct world *w = model_world();

    compact(w);
    half = 1 - half;
    used = 0;
    for (uint32_t i = 0; i < w->piece_count; i++) {
        struct payload *p = &w->pieces[i].bytes;

        if (p->period == 0)
            continue;
        memcpy(halves[half] + used, p->data, p->period);
        p->data = halves[half] + used;
        used += p->period;
    }
}

static bool has_room(size_t size)
{
    return size <= HALF - used && model_world()->piece_count <= PIECES_KEPT;
}

/* When all that is kept is still wanted, whoever is to receive it has to. */
static bool make_room(size_t size)
{
    struct model_wait wait = {.limit_us = 0};

    if (!has_room(size))
        collect();
    if (!has_room(size) && model_waits(&wait))
        collect();
    return has_room(size);
}

bool model_keep(struct request *r, const struct iovec *parts, size_t count)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++)
        size += parts[i].iov_len;
    if (!map() || !make_room(size)) {
        errno = ENOBUFS;
        return false;
    }
    r->sent = (struct payload){halves[half] + used, (uint32_t)size, (uint32_t)size};
    for (size_t i = 0; i < count; i++) {
        if (parts[i].iov_len > 0)
            memcpy(halves[half] + used, parts[i].iov_base, parts[i].iov_len);
        used += parts[i].iov_len;
    }
    return true;
}
