/* name: see name.h. */
#include "spec/name.h"

#include "spec/ports.h"

enum { EPHEMERAL_MIN = 32768, EPHEMERAL_MAX = 60999, PORT_MAX = 65535 };

/*
 * An ephemeral port that is free. Each socket begins at another, so that none is given what another
 * has just left: a connection to a port that is no longer used would be one to itself.
 */
static uint16_t free_port(struct step *t, const struct sock *s)
{
    struct endpoint local = s->local;

    for (local.port = (uint16_t)(EPHEMERAL_MIN + world_index(t->world, s));
         local.port < EPHEMERAL_MAX; local.port++)
        if (ports_conflict(t, s, &local) == CONFLICT_NONE)
            break;
    return local.port;
}

void name_auto(struct step *t, const struct sock *s)
{
    struct sock *edit;

    if (s->bound)
        return;
    edit = sock_edit(t->world, s);
    edit->bound = true;
    edit->port_known = t->decider->kind == DECIDER_ORDINARY;
    if (edit->port_known)
        edit->local.port = free_port(t, s);
}

void name_after_failure(struct step *t, const struct sock *s)
{
    if (t->world->profile->failed_send_binds)
        name_auto(t, s);
    else if (!s->bound)
        sock_edit(t->world, s)->was_bound = true;
}

void name_connect(struct step *t, const struct sock *s, const struct endpoint *to)
{
    struct sock *edit = sock_edit(t->world, s);
    /* What is of the other family cannot be an end of the connection. */
    bool fits = s->type == SOCK_DGRAM || endpoint_is_v4(&edit->local) == endpoint_is_v4(to);

    if (!endpoint_is_any(&edit->local) && fits)
        return;
    edit->host_known = t->decider->kind == DECIDER_ORDINARY;
    edit->local.high = 0;
    edit->local.prefix = to->prefix;
    edit->local.low = endpoint_is_v4(to) ? htonl(INADDR_LOOPBACK) : htonl(1);
}

/* The address in the witness's outcome, if it is one of the socket's family. */
static bool seen_name(const struct step *t, const struct sock *s, struct endpoint *name)
{
    const struct outcome *seen = t->decider->seen;

    if (t->decider->kind != DECIDER_WITNESS || seen->address_length < sizeof(struct sockaddr_in) ||
        seen->address_length > t->request->name_room || seen->address.ss_family != s->family)
        return false; /* a name that was cut shows too little */
    *name = endpoint_read(&seen->address, seen->address_length);
    return true;
}

/* Two connections may share a port as long as they differ in their peer: RFC 9293, 3.4.1. */
static bool port_is_shared(const struct world *w, const struct sock *s, uint16_t port)
{
    for (unsigned i = 0; i < w->sock_count; i++) {
        const struct sock *other = &w->socks[i];

        if (other != s && other->type == SOCK_STREAM && other->bound && other->local.port == port &&
            (other->state == SOCK_IDLE || other->state == SOCK_LISTENING || other->port_given))
            return false;
    }
    return s->type == SOCK_STREAM && s->state != SOCK_IDLE && s->state != SOCK_LISTENING;
}

bool name_may_get(struct step *t, const struct sock *s, uint16_t port)
{
    struct endpoint local = s->local;

    local.port = port;
    return port != 0 &&
           (ports_conflict(t, s, &local) != CONFLICT_CERTAIN || port_is_shared(t->world, s, port));
}

/* A socket that has lost its name may still show a port; the text leaves that open. */
static struct endpoint unbound_name(struct step *t, const struct sock *s)
{
    struct endpoint seen;

    if (applies(t, CLAUSE_NAME_UNBOUND, s->was_bound || !t->world->profile->unbound_name_is_zero) &&
        seen_name(t, s, &seen)) {
        sock_edit(t->world, s)->local = seen;
        sock_edit(t->world, s)->host_known = true;
    }
    seen = s->local;
    if (t->decider->kind == DECIDER_ORDINARY && s->type == SOCK_DGRAM)
        seen.port = 0; /* what it had is another's to take */
    return seen;
}

/* Datagrams that were sent from a port before it was known. */
static void tell_port(struct world *w, const struct sock *s, uint16_t port)
{
    uint16_t index = world_index(w, s);

    for (uint32_t i = 0; i < w->piece_count; i++) {
        struct piece *piece = &w->pieces[i];

        if (piece->sender == index && piece->from.port == 0 && s->type == SOCK_DGRAM) {
            world_edit(w, &piece->from, sizeof piece->from);
            piece->from.port = port;
        }
    }
}

struct endpoint name_local(struct step *t, const struct sock *s)
{
    struct endpoint seen;

    if (!s->bound)
        return unbound_name(t, s);
    if ((s->port_known && s->host_known) || !seen_name(t, s, &seen))
        return s->local;
    if (!s->port_known && applies(t, CLAUSE_BIND_PORT_ZERO, name_may_get(t, s, seen.port))) {
        sock_edit(t->world, s)->local.port = seen.port;
        sock_edit(t->world, s)->port_known = true;
        tell_port(t->world, s, seen.port);
    }
    if (!s->host_known && !endpoint_is_any(&s->local) &&
        applies(t, CLAUSE_CONNECT_BINDS,
                endpoint_is_loopback(&seen) &&
                    endpoint_is_v4(&seen) == endpoint_is_v4(&s->local))) {
        struct sock *edit = sock_edit(t->world, s);

        edit->local.low = seen.low;
        edit->host_known = true;
    }
    return s->local;
}

struct endpoint name_remote(struct step *t, const struct sock *s)
{
    if (s->type == SOCK_STREAM && s->peer != NO_SOCK && !s->remote_kept) {
        struct endpoint name = name_local(t, &t->world->socks[s->peer]);

        /* A dual-stack socket shows an IPv4 peer as v4-mapped, which endpoints do not tell apart.
         */
        return name;
    }
    return s->remote;
}

/* What the peer calls this socket stays, whatever name it takes next. */
static void keep_for_peer(struct world *w, const struct sock *s)
{
    struct sock *peer;

    if (s->peer == NO_SOCK || s->peer == world_index(w, s) || w->socks[s->peer].remote_kept)
        return;
    peer = sock_edit(w, &w->socks[s->peer]);
    peer->remote = s->local;
    peer->remote_kept = true;
}

void name_release(struct step *t, const struct sock *s)
{
    struct sock *edit = sock_edit(t->world, s);

    if (edit->port_given)
        return;
    edit->bound = false;
    edit->was_bound = true;
    edit->port_known = false;
    keep_for_peer(t->world, s);
}

void name_dissolve(struct step *t, const struct sock *s)
{
    struct sock *edit = sock_edit(t->world, s);

    if (s->family == AF_INET6 && t->world->profile->dissolving_keeps_filter)
        edit->filters |= s->has_remote;
    else
        edit->remote = endpoint_any(s->family, 0);
    edit->has_remote = false;
    if (!s->host_given && !endpoint_is_any(&s->local))
        edit->local = endpoint_any(s->family, s->local.port);
    edit->host_known = true;
    if (s->type == SOCK_DGRAM)
        name_release(t, s);
}
