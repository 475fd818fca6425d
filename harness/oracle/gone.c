/* gone: see gone.h. */
#include "oracle/gone.h"

void gone_find(const struct world *w, bool gone[SOCKS_MAX])
{
    bool found = true;

    for (uint32_t i = 0; i < w->sock_count; i++)
        gone[i] = w->socks[i].type == SOCK_STREAM && w->socks[i].descriptors == 0 &&
                  w->socks[i].listener == NO_SOCK;
    while (found) { /* a peer, and a peer's peer */
        found = false;
        for (uint32_t i = 0; i < w->sock_count; i++) {
            uint16_t peer = w->socks[i].peer;

            if (gone[i] || peer == NO_SOCK || !gone[peer])
                continue;
            gone[peer] = false;
            found = true;
        }
    }
}

/* Whether it has a name that a bind may meet: see ports_conflict. */
static bool has_name(const struct sock *s)
{
    return s->bound || (s->state == SOCK_ENDED && s->fin_sent && !s->was_reset);
}

static bool may_be_connected(const struct sock *s)
{
    return s->state == SOCK_CONNECTED || s->state == SOCK_CONNECTING;
}

/* Whether no other connection may have its port: see name_may_get. */
static bool has_port_alone(const struct sock *s)
{
    return s->bound && (s->state == SOCK_IDLE || s->state == SOCK_LISTENING || s->port_given);
}

static bool same_name(const struct sock *a, const struct sock *b)
{
    return endpoint_equal(&a->local, &b->local) && a->family == b->family &&
           a->v6only == b->v6only && a->reuse_address == b->reuse_address &&
           a->reuse_port == b->reuse_port && a->reuse_odd == b->reuse_odd;
}

bool gone_keeps_more(const struct sock *more, const struct sock *less)
{
    bool odd = less->peer != NO_SOCK || less->has_failed;

    if (has_port_alone(more) != has_port_alone(less))
        return false;
    if (may_be_connected(less) &&
        (!may_be_connected(more) || more->peer != less->peer ||
         more->remote_kept != less->remote_kept || !endpoint_equal(&more->remote, &less->remote)))
        return false;
    return !has_name(less) || (has_name(more) && same_name(more, less) &&
                               (!odd || more->peer != NO_SOCK || more->has_failed));
}
