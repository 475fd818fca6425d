/* world: see world.h. */
#include "spec/world.h"

#include <string.h>

/* Before each saved run of bytes in the undo's log. */
struct saved {
    uint32_t at; /* offset in the world */
    uint32_t size;
};

void world_init(struct world *w, const struct profile *profile)
{
    memset(w, 0, sizeof *w);
    w->profile = profile;
    w->keeps_time_wait = true;
}

void world_reset(struct world *w)
{
    memset(w->fds, 0, w->fd_count * sizeof w->fds[0]);
    memset(w->socks, 0, w->sock_count * sizeof w->socks[0]);
    w->fd_count = 0;
    w->sock_count = 0;
    w->piece_count = 0;
    w->full = false;
    w->late_count = 0;
    w->left_count = 0;
    w->setting_count = 0;
    memset(w->epolls, 0, w->epoll_count * sizeof w->epolls[0]);
    w->epoll_count = 0;
    w->interest_count = 0;
    if (w->blocked_count > 0)
        memset(w->actors, 0, sizeof w->actors);
    w->blocked_count = 0;
}

void world_copy(struct world *to, const struct world *from)
{
    struct undo *undo = to->undo;

    if (to->blocked_count > 0 || from->blocked_count > 0)
        memcpy(to->actors, from->actors, sizeof to->actors);
    if (to->fd_count > from->fd_count)
        memset(to->fds + from->fd_count, 0, (to->fd_count - from->fd_count) * sizeof to->fds[0]);
    if (to->sock_count > from->sock_count)
        memset(to->socks + from->sock_count, 0,
               (to->sock_count - from->sock_count) * sizeof to->socks[0]);
    if (to->epoll_count > from->epoll_count)
        memset(to->epolls + from->epoll_count, 0,
               (to->epoll_count - from->epoll_count) * sizeof to->epolls[0]);
    memcpy(to, from, offsetof(struct world, actors));
    memcpy(to->fds, from->fds, from->fd_count * sizeof from->fds[0]);
    memcpy(to->socks, from->socks, from->sock_count * sizeof from->socks[0]);
    memcpy(to->settings, from->settings, from->setting_count * sizeof from->settings[0]);
    memcpy(to->pieces, from->pieces, from->piece_count * sizeof from->pieces[0]);
    memcpy(to->epolls, from->epolls, from->epoll_count * sizeof from->epolls[0]);
    memcpy(to->interests, from->interests, from->interest_count * sizeof from->interests[0]);
    memcpy(to->left, from->left, from->left_count * sizeof from->left[0]);
    to->undo = undo;
}

#define HASH_SEED 0xcbf29ce484222325

static inline uint64_t hash_word(uint64_t hash, const uint8_t *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    return hash ^ hash >> 29;
}

/* Several words at once, as a processor can: one after another each would wait for the last. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    enum { WORD = sizeof(uint64_t), LANES = 4 };
    uint64_t lanes[LANES] = {hash, 1, 2, 3};
    const uint8_t *at = bytes;

    for (; size >= sizeof lanes; size -= sizeof lanes)
        for (unsigned i = 0; i < LANES; i++, at += WORD)
            lanes[i] = hash_word(lanes[i], at);
    hash = lanes[0];
    for (unsigned i = 1; i < LANES; i++)
        hash = hash_word(hash, (const uint8_t *)&lanes[i]);
    for (; size >= WORD; size -= WORD, at += WORD)
        hash = hash_word(hash, at);
    for (; size > 0; size--)
        hash = (hash ^ *at++) * 0x100000001b3;
    return hash;
}

/* What had come by the last report is left out: it differs where only arrivals do. */
static uint64_t hash_interest(uint64_t hash, const struct interest *interest)
{
    struct interest same = *interest;

    same.least = 0;
    same.most = 0;
    same.turns_least = 0;
    same.turns_most = 0;
    same.passed = 0;
    same.ended = false;
    return hash_bytes(hash, &same, sizeof same);
}

/* All but sockets and their options. */
static uint64_t hash_rest(uint64_t hash, const struct world *w)
{
    hash = hash_bytes(hash, w->fds, w->fd_count * sizeof w->fds[0]);
    hash = hash_bytes(hash, w->epolls, w->epoll_count * sizeof w->epolls[0]);
    if (w->blocked_count > 0)
        hash = hash_bytes(hash, w->actors, sizeof w->actors);
    for (uint32_t i = 0; i < w->interest_count; i++)
        hash = hash_interest(hash, &w->interests[i]);
    if (w->left_count > 0)
        hash = hash_bytes(hash, w->left, w->left_count * sizeof w->left[0]);
    return hash_bytes(hash, w->pieces, w->piece_count * sizeof w->pieces[0]);
}

uint64_t world_hash(const struct world *w)
{
    uint64_t hash = HASH_SEED;

    hash = hash_bytes(hash, w->socks, w->sock_count * sizeof w->socks[0]);
    hash = hash_bytes(hash, w->settings, w->setting_count * sizeof w->settings[0]);
    return hash_rest(hash, w);
}

uint64_t world_hash_but(const struct world *w, const bool *gone)
{
    uint64_t hash = HASH_SEED ^ w->sock_count;

    for (uint32_t i = 0; i < w->sock_count; i++)
        if (!gone[i])
            hash = hash_bytes(hash, &w->socks[i], sizeof w->socks[i]);
    for (uint32_t i = 0; i < w->setting_count; i++)
        if (w->settings[i].sock != NO_SOCK && !gone[w->settings[i].sock])
            hash = hash_bytes(hash, &w->settings[i], sizeof w->settings[i]);
    return hash_rest(hash, w);
}

void world_save(struct world *w, const void *place, uint32_t size)
{
    struct undo *undo = w->undo;
    struct saved saved = {(uint32_t)((const uint8_t *)place - (const uint8_t *)w), size};

    if (undo->used + size + sizeof saved > UNDO_BYTES_MAX)
        __builtin_trap(); /* a call that changes so much is not the specification's */
    memcpy(undo->log + undo->used, place, size);
    memcpy(undo->log + undo->used + size, &saved, sizeof saved);
    undo->used += size + (uint32_t)sizeof saved;
}

void world_is_full(struct world *w)
{
    *(bool *)world_edit(w, &w->full, sizeof w->full) = true;
}

/* Once a turn is enough. */
void sock_save(struct world *w, const struct sock *s)
{
    uint32_t *saved = &w->undo->saved[world_index(w, s)];

    if (*saved == w->undo->turn + 1)
        return;
    *saved = w->undo->turn + 1;
    world_save(w, s, sizeof *s);
}

void world_undo_to(struct world *w, uint32_t mark)
{
    struct undo *undo = w->undo;

    undo->turn++;
    while (undo->used > mark) {
        struct saved saved;

        undo->used -= (uint32_t)sizeof saved;
        memcpy(&saved, undo->log + undo->used, sizeof saved);
        undo->used -= saved.size;
        memcpy((uint8_t *)w + saved.at, undo->log + undo->used, saved.size);
    }
}

void world_undo(struct world *w)
{
    world_undo_to(w, 0);
}

void world_commit(struct world *w)
{
    w->undo->used = 0;
    w->undo->turn++;
}

static struct descriptor *fd_edit(struct world *w, int fd)
{
    if ((uint32_t)fd >= w->fd_count) {
        world_edit(w, &w->fd_count, sizeof w->fd_count);
        w->fd_count = (uint32_t)fd + 1;
    }
    return world_edit(w, &w->fds[fd], sizeof w->fds[fd]);
}

static struct epoll *epoll_edit(struct world *w, uint16_t epoll)
{
    return world_edit(w, &w->epolls[epoll], sizeof w->epolls[epoll]);
}

bool world_open(struct world *w, int fd, struct descriptor what)
{
    if ((uint32_t)fd >= FDS_MAX)
        return false;
    *fd_edit(w, fd) = what;
    if (what.sock != 0)
        sock_edit(w, &w->socks[what.sock - 1])->descriptors++;
    if (what.epoll != 0)
        epoll_edit(w, (uint16_t)(what.epoll - 1))->descriptors++;
    return true;
}

void world_open_other(struct world *w, int fd)
{
    const struct descriptor *d = world_fd(w, fd);

    if ((uint32_t)fd < FDS_MAX && (d == NULL || !d->other))
        *fd_edit(w, fd) = (struct descriptor){.other = true, .exec_unknown = true};
}

void world_close(struct world *w, int fd)
{
    struct descriptor *d = fd_edit(w, fd);

    if (d->sock != 0)
        sock_edit(w, &w->socks[d->sock - 1])->descriptors--;
    if (d->epoll != 0)
        epoll_edit(w, (uint16_t)(d->epoll - 1))->descriptors--;
    *d = (struct descriptor){.freed = true};
}

void world_renew_sock(struct world *w, uint16_t sock, int family, int type)
{
    struct sock *s = sock_edit(w, &w->socks[sock]);

    *s = (struct sock){.family = (uint8_t)family,
                       .type = (uint8_t)type,
                       .peer = NO_SOCK,
                       .listener = NO_SOCK,
                       .next = NO_SOCK,
                       .queue = NO_SOCK,
                       .gathered = NO_PIECE,
                       .errors = NO_PIECE,
                       .strays = NO_PIECE,
                       .slot = NO_SOCK,
                       .local = endpoint_any(family, 0),
                       .remote = endpoint_any(family, 0),
                       .in = {.first = NO_PIECE, .last = NO_PIECE}};
}

uint16_t world_new_sock(struct world *w, int family, int type)
{
    if (w->sock_count == SOCKS_MAX) {
        world_is_full(w);
        return NO_SOCK;
    }
    world_renew_sock(w, (uint16_t)w->sock_count, family, type);
    world_edit(w, &w->sock_count, sizeof w->sock_count);
    return (uint16_t)w->sock_count++;
}

uint16_t world_new_epoll(struct world *w)
{
    uint16_t epoll = 0;

    while (epoll < w->epoll_count && w->epolls[epoll].descriptors > 0)
        epoll++;
    if (epoll == EPOLLS_MAX) {
        world_is_full(w);
        return NO_EPOLL;
    }
    if (epoll == w->epoll_count) {
        world_edit(w, &w->epoll_count, sizeof w->epoll_count);
        w->epoll_count++;
    }
    *epoll_edit(w, epoll) = (struct epoll){0};
    return epoll;
}

void sock_become(struct world *w, const struct sock *s, enum sock_state state)
{
#define FROM(from) (1u << SOCK_##from)
    static const uint8_t legal[SOCK_STATES] = {
        [SOCK_IDLE] = FROM(IDLE) | FROM(LISTENING) | FROM(CONNECTING) | FROM(CONNECTED) |
                      FROM(FAILED) | FROM(ENDED),
        [SOCK_LISTENING] = FROM(IDLE) | FROM(LISTENING),
        [SOCK_CONNECTING] = FROM(IDLE) | FROM(FAILED),
        [SOCK_CONNECTED] = FROM(CONNECTING) | FROM(IDLE),
        [SOCK_FAILED] = FROM(CONNECTING),
        [SOCK_ENDED] = FROM(CONNECTED) | FROM(CONNECTING),
    };
#undef FROM

    if (!(legal[state] >> s->state & 1))
        __builtin_trap();
    sock_edit(w, s)->state = (uint8_t)state;
}
