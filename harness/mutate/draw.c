/* draw: see draw.h. */
#include "mutate/draw.h"

/* --- chance --- */

/* splitmix64, by Sebastiano Vigna, in the public domain. */
static uint64_t next_random(struct generator *g)
{
    uint64_t z = (g->random += 0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

unsigned draw_below(struct draw *d, unsigned bound)
{
    return (unsigned)((next_random(d->generator) >> 32) * bound >> 32);
}

bool draw_one_in(struct draw *d, unsigned count)
{
    return draw_below(d, count) == 0;
}

uint32_t draw_of(struct draw *d, const uint32_t *numbers, size_t count)
{
    return numbers[draw_below(d, (unsigned)count)];
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

void draw_open(const struct draw *d, struct choice *out)
{
    out->count = 0;
    for (unsigned i = 0; i < SLOTS_MAX; i++)
        if (world_sock(d->world, d->slots[i]) != NULL)
            out->slots[out->count++] = (uint8_t)i;
}

void draw_targets(const struct draw *d, struct choice *out)
{
    out->count = 0;
    for (unsigned i = 0; i < SLOTS_MAX; i++) {
        const struct sock *s = world_sock(d->world, d->slots[i]);

        if (s == NULL || s == d->s || s->type != d->s->type || s->family != d->s->family)
            continue;
        if (s->type == SOCK_DGRAM ? s->bound : s->state == SOCK_LISTENING)
            out->slots[out->count++] = (uint8_t)i;
    }
}

uint8_t draw_free_slot(struct draw *d)
{
    for (unsigned i = 0; i < SLOTS_MAX; i++)
        if (world_fd(d->world, d->slots[i]) == NULL)
            return (uint8_t)i;
    return (uint8_t)draw_below(d, SLOTS_MAX);
}
