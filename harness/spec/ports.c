/* ports: see ports.h. */
#include "spec/ports.h"

#include <errno.h>

/* Whether a socket that is bound to a wildcard receives over IPv4. */
static bool any_takes_v4(struct step *t, const struct sock *s, const struct endpoint *local)
{
    return endpoint_is_v4(local) || !applies(t, CLAUSE_V6ONLY_PORT, s->v6only);
}

/* Whether two local addresses can mean the same host. */
static bool hosts_overlap(struct step *t, const struct sock *a, const struct endpoint *a_local,
                          const struct sock *b)
{
    const struct endpoint *b_local = &b->local;

    if (endpoint_is_any(a_local) && endpoint_is_any(b_local))
        return (any_takes_v4(t, a, a_local) && any_takes_v4(t, b, b_local)) ||
               (!endpoint_is_v4(a_local) && !endpoint_is_v4(b_local));
    if ((endpoint_is_any(a_local) || endpoint_is_any(b_local)) &&
        !applies(t, CLAUSE_BIND_WILDCARD, true))
        return false;
    if (endpoint_is_any(a_local))
        return sock_takes_host(
            &(struct sock){.family = a->family, .v6only = a->v6only, .local = *a_local}, b_local);
    if (endpoint_is_any(b_local))
        return sock_takes_host(b, a_local);
    return endpoint_same_host(a_local, b_local);
}

/* Linux holds an IPv4 wildcard to overlap every IPv6 host of a socket that takes both families. */
static bool families_overlap(const struct sock *a, const struct endpoint *a_local,
                             const struct sock *b)
{
    if (a->family == b->family)
        return false;
    return a->family == AF_INET ? endpoint_is_any(a_local) && !b->v6only
                                : endpoint_is_any(&b->local) && !a->v6only;
}

/* socket(7), SO_REUSEADDR and SO_REUSEPORT. */
static bool may_share(struct step *t, const struct sock *a, const struct sock *b)
{
    if (applies(t, CLAUSE_BIND_REUSEPORT, a->reuse_port && b->reuse_port))
        return true;
    return applies(t, CLAUSE_BIND_REUSEADDR_BOTH, a->reuse_address && b->reuse_address) &&
           !applies(t, CLAUSE_BIND_REUSEADDR_LISTENER, b->state == SOCK_LISTENING);
}

/* A connection that has ended, and may be left in TIME-WAIT: RFC 9293, 3.6.1. */
static bool is_left(const struct sock *s)
{
    return s->type == SOCK_STREAM && s->state == SOCK_ENDED && s->fin_sent && !s->was_reset;
}

/* A connection that may have ended by now, and given its port back. */
static bool may_be_over(const struct sock *s)
{
    return (s->flying & (FLYING_RESET | FLYING_CLOSED | FLYING_REFUSED)) ||
           ((s->flying & FLYING_FIN) && s->fin_sent);
}

/* Whoever closed first stays in TIME-WAIT, or waits for the other end's FIN. */
static bool is_kept(const struct world *w, const struct sock *s)
{
    return w->keeps_time_wait && s->type == SOCK_STREAM && s->fin_sent && s->closed_first &&
           !s->was_reset && s->peer != NO_SOCK && !w->socks[s->peer].was_reset;
}

/* Its other end was dissolved, which it may have learnt before it got to TIME-WAIT, or after. */
static bool is_left_by_one(const struct world *w, const struct sock *s)
{
    return w->keeps_time_wait && s->fin_sent && !s->was_reset;
}

/* Whether what a socket's own connection has left may hold the port that it is to get again. */
static bool holds_own(const struct world *w, const struct sock *s, const struct endpoint *local)
{
    return w->keeps_time_wait && is_left(s) && s->local.port == local->port;
}

/* Likewise where that socket has been bound anew: the other end still knows the port. */
static bool has_known(const struct world *w, const struct sock *s, const struct endpoint *local)
{
    return w->keeps_time_wait && s->type == SOCK_STREAM && s->fin_sent && s->peer != NO_SOCK &&
           s->remote.port == local->port && !endpoint_equal(&w->socks[s->peer].local, &s->remote);
}

/* Linux looks no further than the first that shares, which need not be the one that matters. */
static enum conflict hidden_conflict(const struct sock *s, const struct endpoint *local)
{
    bool stream = s->type == SOCK_STREAM;
    bool first = stream ? s->family == AF_INET6 && endpoint_is_any(local) : s->family == AF_INET;

    return first ? CONFLICT_POSSIBLE : CONFLICT_USUAL;
}

enum conflict ports_conflict(struct step *t, const struct sock *s, const struct endpoint *local)
{
    const struct world *w = t->world;
    enum conflict worst = CONFLICT_NONE;
    bool shared = false;

    for (unsigned i = 0; i < w->sock_count; i++) {
        const struct sock *other = &w->socks[i];

        if (worst == CONFLICT_NONE &&
            ((other == s && holds_own(w, s, local)) || has_known(w, other, local)))
            worst = CONFLICT_POSSIBLE;
        if (other == s || other->type != s->type || (!other->bound && !is_left(other)) ||
            other->local.port != local->port || other->listener != NO_SOCK)
            continue;
        if (families_overlap(s, local, other) && worst == CONFLICT_NONE)
            worst = CONFLICT_USUAL;
        if (other->left_waiting && worst == CONFLICT_NONE)
            worst = CONFLICT_POSSIBLE;
        if (!hosts_overlap(t, s, local, other))
            continue;
        if (may_share(t, s, other)) { /* what was allowed after bind need not count */
            if ((s->reuse_odd || other->reuse_odd) && worst == CONFLICT_NONE)
                worst = CONFLICT_POSSIBLE;
            shared |= s->reuse_port && other->reuse_port;
            continue;
        }
        if (other->descriptors > 0 && other->bound && !other->has_failed && !other->reuse_odd &&
            !s->reuse_odd && !may_be_over(other))
            worst = CONFLICT_CERTAIN;
        if (worst == CONFLICT_CERTAIN)
            continue;
        if (is_kept(w, other))
            worst = CONFLICT_USUAL;
        else if (worst == CONFLICT_NONE &&
                 (other->descriptors > 0 ||
                  (other->type == SOCK_STREAM &&
                   (other->peer != NO_SOCK || other->has_failed || is_left_by_one(w, other)))))
            worst = CONFLICT_POSSIBLE;
    }
    return worst == CONFLICT_CERTAIN && shared && w->profile->sharing_hides_conflicts
               ? hidden_conflict(s, local)
               : worst;
}

bool sock_takes_host(const struct sock *s, const struct endpoint *to)
{
    if (!endpoint_is_any(&s->local))
        return endpoint_same_host(&s->local, to);
    if (s->family == AF_INET || endpoint_is_v4(&s->local))
        return endpoint_is_v4(to);
    return !s->v6only || !endpoint_is_v4(to);
}

/* Whether a socket that is bound there receives for this host, and why. */
static bool receives_for(struct step *t, const struct sock *s, const struct endpoint *to)
{
    bool any = endpoint_is_any(&s->local);
    bool over_v4 = any && endpoint_is_v4(to) && !endpoint_is_v4(&s->local);

    if (over_v4 &&
        (applies(t, CLAUSE_V6ONLY, s->v6only) || !applies(t, CLAUSE_MAPPED_WILDCARD_BOTH, true)))
        return false;
    return (over_v4 || sock_takes_host(s, to)) && (!any || applies(t, CLAUSE_BIND_WILDCARD, true));
}

bool is_remote(const struct sock *s, const struct endpoint *from)
{
    return endpoint_same_host(&s->remote, from) &&
           (s->remote.port == 0 || s->remote.port == from->port);
}

/* How closely a socket fits; 0 for not at all. The closest wins. */
static unsigned fit(struct step *t, const struct sock *s, const struct endpoint *from,
                    const struct endpoint *to)
{
    unsigned score = 1;

    if (!s->bound || s->local.port != to->port || to->port == 0 || s->descriptors == 0 ||
        !receives_for(t, s, to))
        return 0;
    if (from != NULL && s->has_remote) {
        if (applies(t, CLAUSE_DATAGRAM_FILTER, !is_remote(s, from)))
            return 0;
        score += s->remote.port == 0 ? 7 : 8;
    } else if (from != NULL && s->filters && !endpoint_is_v4(from) &&
               !endpoint_same_host(&s->remote, from)) {
        return 0;
    }
    if (!endpoint_is_any(&s->local))
        score += 4;
    if ((s->family == AF_INET) == endpoint_is_v4(to))
        score += 2;
    return score;
}

static void receivers_add(struct receivers *out, unsigned *best, unsigned score, unsigned sock)
{
    if (score == 0 || score < *best)
        return;
    if (score > *best)
        out->count = 0;
    *best = score;
    if (out->count < RECEIVERS_MAX)
        out->socks[out->count++] = (uint16_t)sock;
}

void ports_listeners(struct step *t, const struct endpoint *to, struct receivers *out)
{
    const struct world *w = t->world;
    unsigned best = 0;

    out->count = 0;
    for (unsigned i = 0; i < w->sock_count; i++)
        if (w->socks[i].type == SOCK_STREAM && w->socks[i].state == SOCK_LISTENING)
            receivers_add(out, &best, fit(t, &w->socks[i], NULL, to), i);
}

/* Of a group any member may be served, whatever peers they have: socket(7), SO_REUSEPORT. */
static void add_group(struct step *t, const struct endpoint *from, const struct endpoint *to,
                      struct receivers *out)
{
    const struct world *w = t->world;
    const struct sock *best = out->count > 0 ? &w->socks[out->socks[0]] : NULL;

    if (best == NULL || !best->reuse_port)
        return;
    for (unsigned i = 0; i < w->sock_count && out->count < RECEIVERS_MAX; i++) {
        const struct sock *s = &w->socks[i];
        bool counted = false;

        for (unsigned j = 0; j < out->count; j++)
            counted = counted || out->socks[j] == i;
        if (!counted && s->type == SOCK_DGRAM && s->reuse_port && s->family == best->family &&
            endpoint_equal(&s->local, &best->local) && fit(t, s, from, to) > 0)
            out->socks[out->count++] = (uint16_t)i;
    }
}

void ports_datagrams(struct step *t, const struct endpoint *from, const struct endpoint *to,
                     struct receivers *out)
{
    const struct world *w = t->world;
    unsigned best = 0;

    out->count = 0;
    for (unsigned i = 0; i < w->sock_count; i++)
        if (w->socks[i].type == SOCK_DGRAM)
            receivers_add(out, &best, fit(t, &w->socks[i], from, to), i);
    add_group(t, from, to, out);
}

struct endpoint destination(const struct sock *s, struct endpoint to)
{
    bool v4 = endpoint_is_v4(&to);

    if (!endpoint_is_any(&to))
        return to;
    if (v4 && s->host_given && endpoint_is_one(&s->local) && endpoint_is_v4(&s->local)) {
        to.low = s->local.low;
        return to;
    }
    if (!v4 && endpoint_is_v4(&s->local))
        return endpoint_v4(htonl(INADDR_LOOPBACK), to.port);
    to.low = v4 ? htonl(INADDR_LOOPBACK) : htonl(1);
    return to;
}

void check_available(struct step *t, const struct sock *s, const struct endpoint *local)
{
    bool broadcast = endpoint_is_broadcast(local) && t->world->profile->broadcast_is_wildcard;
    bool v4_loopback = endpoint_is_v4(local) && endpoint_is_loopback(local);
    bool here = endpoint_is_any(local) || (endpoint_is_loopback(local) && !v4_loopback) ||
                applies(t, CLAUSE_BIND_LOOPBACK_NET, v4_loopback) ||
                applies(t, CLAUSE_BIND_BROADCAST, broadcast);
    bool scopeless = endpoint_is_link_local(local) && local->scope == 0;

    leads_beyond(t, local->scope != 0); /* which interface it is */
    may_fail(t, scopeless, EINVAL, CLAUSE_BIND_SCOPE);
    may_fail(t, endpoint_is_link_local(local), ENODEV, CLAUSE_BIND_SCOPE);
    shall_fail(t, !here && !endpoint_is_multicast(local), EADDRNOTAVAIL, CLAUSE_BIND_NOT_AVAILABLE);
    may_fail(t, !here && endpoint_is_multicast(local), EADDRNOTAVAIL, CLAUSE_BIND_NOT_AVAILABLE);
    may_fail(t, !here && endpoint_is_multicast(local) && s->type == SOCK_STREAM, EINVAL,
             CLAUSE_ERROR_OTHER); /* no connection has a group at an end */
}
