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

/* One in two calls are as usual, one in four is rare, and one in four is drawn again and again. */
static void lean_to_calls(struct draw *d, struct leaning *to)
{
    static const uint8_t times[] = {2, 2, 2, 2, 1, 1, 8, 8};

    for (unsigned op = 0; op < OPS; op++)
        to->ops[op] = times[draw_below(d, sizeof times)];
}

static uint8_t draw_bit(struct draw *d, enum flag_set set)
{
    return draw_one_in(d, 2) ? 0 : (uint8_t)(1u << draw_below(d, (unsigned)flags(set)->count));
}

void generate_begin(struct generator *g)
{
    struct draw d = {.generator = g};
    struct leaning *to = &g->leaning;
    size_t count;

    options(&count);
    g->sent = 0;
    lean_to_calls(&d, to);
    to->mixed = draw_one_in(&d, 4);
    to->domain = (uint8_t)draw_below(&d, 2);
    to->type = (uint8_t)draw_below(&d, 2);
    to->nonblocking = !draw_one_in(&d, 3);
    to->fills = draw_one_in(&d, 6);
    to->keeps_ports = draw_one_in(&d, 3);
    to->send_flag = draw_bit(&d, FLAGS_SEND);
    to->recv_flag = draw_bit(&d, FLAGS_RECV);
    to->option = (uint8_t)draw_below(&d, (unsigned)count);
}

/* --- what is there --- */

void draw_open(const struct draw *d, struct choice *out)
{
    out->count = 0;
    for (unsigned i = 0; i < SLOTS_MAX; i++)
        if (world_sock(d->world, d->slots[i]) != NULL)
            out->slots[out->count++] = (uint8_t)i;
}

/* A listener that is shut and full: when its connections end the specification does not follow. */
static bool is_followed(const struct sock *listener)
{
    return !(listener->shut_write && (int)listener->queued > listener->backlog);
}

void draw_targets(const struct draw *d, struct choice *out)
{
    out->count = 0;
    for (unsigned i = 0; i < SLOTS_MAX; i++) {
        const struct sock *s = world_sock(d->world, d->slots[i]);

        if (s == NULL || s == d->s || s->type != d->s->type || s->family != d->s->family)
            continue;
        if (s->type == SOCK_DGRAM ? s->bound : s->state == SOCK_LISTENING && is_followed(s))
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
