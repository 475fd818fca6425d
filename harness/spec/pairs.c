/* pairs: see pairs.h. */
#include "spec/pairs.h"

#include "spec/connection.h"
#include "spec/late.h"

/* Whether b's two addresses are those that a would connect from and to. */
static bool has_pair(const struct world *w, const struct sock *a, const struct sock *b,
                     const struct endpoint *to)
{
    struct endpoint remote =
        b->peer == NO_SOCK || b->remote_kept ? b->remote : w->socks[b->peer].local;

    return b->type == SOCK_STREAM && b != a && a->bound && a->port_known &&
           b->local.port == a->local.port && endpoint_equal(&remote, to) &&
           (endpoint_is_any(&a->local) || endpoint_same_host(&a->local, &b->local));
}

static bool same_pair(const struct world *w, const struct sock *a, const struct sock *b,
                      const struct endpoint *to)
{
    return (b->state == SOCK_CONNECTED || b->state == SOCK_CONNECTING) && has_pair(w, a, b, to);
}

bool pairs_were_used(const struct world *w, const struct sock *s, const struct endpoint *to)
{
    for (uint32_t i = 0; i < w->sock_count; i++) {
        const struct sock *other = &w->socks[i];

        if (other->fin_sent && !other->was_reset && has_pair(w, s, other, to))
            return true;
    }
    return false;
}

/* Whether a socket without a host would connect from another's: no text says which it is given. */
static bool same_host_for_sure(const struct sock *a, const struct sock *b,
                               const struct endpoint *to)
{
    struct endpoint any = endpoint_any(endpoint_is_v4(to) ? AF_INET : AF_INET6, 0);
    struct endpoint usual = destination(a, any);

    return !endpoint_is_any(&a->local) || endpoint_same_host(&usual, &b->local);
}

/* A connection is over with a reset, and without TIME-WAIT with the second FIN. */
static bool is_on_its_end(const struct sock *s)
{
    bool ends = s->in.ended || (s->flying & FLYING_FIN);

    return (s->flying & FLYING_RESET) || (s->fin_sent && ends);
}

/* Whether a listener's queue was full for a connection: then there need not be one. */
static bool found_no_room(const struct world *w, const struct sock *s)
{
    const struct sock *peer = connection_peer(w, s);

    return s->listener != NO_SOCK && peer != NULL && peer->stalled;
}

enum conflict pairs_in_use(struct step *t, const struct sock *s, const struct endpoint *to)
{
    bool half_open = late_syn_is_left(t->world, to, &s->local);
    enum conflict worst = half_open ? CONFLICT_POSSIBLE : CONFLICT_NONE;

    for (unsigned i = 0; i < t->world->sock_count; i++) {
        const struct sock *other = &t->world->socks[i];

        if (!same_pair(t->world, s, other, to))
            continue;
        leads_beyond(t, found_no_room(t->world, other)); /* their SYNs may cross */
        if (other->state == SOCK_CONNECTED && !is_on_its_end(other) &&
            !found_no_room(t->world, other) &&
            (other->descriptors > 0 || other->listener != NO_SOCK) &&
            same_host_for_sure(s, other, to))
            return CONFLICT_CERTAIN;
        worst = CONFLICT_POSSIBLE;
    }
    return worst;
}

bool pairs_cross(const struct world *w, const struct sock *s, const struct endpoint *to)
{
    for (uint32_t i = 0; i < w->sock_count; i++)
        if (same_pair(w, s, &w->socks[i], to) && found_no_room(w, &w->socks[i]))
            return true;
    return false;
}

bool pairs_meet_again(const struct world *w, const struct sock *s, const struct endpoint *to)
{
    for (uint32_t i = 0; i < w->sock_count; i++) {
        const struct sock *other = &w->socks[i];

        if (other != s && other->type == SOCK_STREAM && other->state == SOCK_CONNECTING &&
            other->stalled && (other->flying & FLYING_REFUSED) && s->bound && s->port_known &&
            other->remote.port == s->local.port && other->local.port == to->port &&
            endpoint_same_host(&other->local, to))
            return true;
    }
    return false;
}
