/* late_syn: SYNs over a slow network; see late.h. */
#include "spec/connection.h"
#include "spec/late.h"
#include "spec/option.h"

uint16_t late_slot(struct world *w, const struct sock *s, int family)
{
    if (s->slot != NO_SOCK) {
        options_forget(w, s->slot);
        world_renew_sock(w, s->slot, family, SOCK_STREAM);
    }
    return s->slot;
}

/* Whether a connection's SYN may still be under way. */
static bool syn_is_afoot(const struct world *w, const struct sock *s)
{
    const struct sock *child = connection_peer(w, s);

    if (s->type != SOCK_STREAM || s->state != SOCK_CONNECTING || s->met || child == s)
        return false;
    if (child == NULL)
        return s->flying & FLYING_REFUSED;
    return (s->flying & FLYING_ESTABLISHED) && (child->flying & FLYING_QUEUED) &&
           child->listener != NO_SOCK;
}

/* An attempt the other way may have met the SYN that is left, or meet it yet. */
static void meet_left(struct step *t, const struct sock *s)
{
    struct world *w = t->world;

    for (uint32_t i = 0; i < w->sock_count; i++) {
        const struct sock *other = &w->socks[i];

        if (other == s || other->peer != NO_SOCK || !syn_is_afoot(w, other) || !other->port_known ||
            !endpoint_equal(&other->local, &s->remote) ||
            !endpoint_equal(&other->remote, &s->local))
            continue;
        sock_edit(w, other)->stalled = true;
        if (decide_case(t, CLAUSE_CONNECT_SIMULTANEOUS, 2) == 1)
            sock_edit(w, other)->flying |= FLYING_RESET;
    }
}

void late_leave(struct step *t, const struct sock *s)
{
    struct world *w = t->world;
    struct left_syn *left;

    if (s->type != SOCK_STREAM || s->slot == NO_SOCK || s->state == SOCK_IDLE || s->reported ||
        w->left_count == LEFT_MAX)
        return;
    left = world_edit(w, &w->left[w->left_count], sizeof w->left[0]);
    world_edit(w, &w->left_count, sizeof w->left_count);
    w->left_count++;
    *left = (struct left_syn){.from = s->local, .to = s->remote};
    if (s->port_known)
        meet_left(t, s);
}

bool late_syn_is_left(const struct world *w, const struct endpoint *from, const struct endpoint *to)
{
    for (uint32_t i = 0; i < w->left_count; i++)
        if (endpoint_equal(&w->left[i].from, from) && endpoint_equal(&w->left[i].to, to))
            return true;
    return false;
}

void late_attempt(struct step *t, const struct sock *s)
{
    struct world *w = t->world;
    uint16_t slot = world_new_sock(w, s->family, SOCK_STREAM);
    bool met;

    sock_edit(w, s)->slot = slot;
    if (!s->port_known)
        return;
    met = late_syn_is_left(w, &s->remote, &s->local);
    if (met || late_syn_is_left(w, &s->local, &s->remote))
        sock_edit(w, s)->stalled = true;
    if (met && decide_case(t, CLAUSE_CONNECT_SIMULTANEOUS, 2) == 1)
        sock_edit(w, s)->flying |= FLYING_RESET;
}

bool late_refuses(struct step *t, const struct sock *s)
{
    const struct world *w = t->world;

    return w->slow && s->port_known && w->profile->left_attempt_refuses &&
           late_syn_is_left(w, &s->local, &s->remote) &&
           decide_case(t, CLAUSE_CONNECT_REFUSED, 2) == 1;
}

bool late_syn_turns(struct step *t, const struct sock *s)
{
    struct world *w = t->world;
    const struct sock *child;

    if (!w->slow || t->decider->kind != DECIDER_WITNESS || s == NULL || !syn_is_afoot(w, s))
        return false;
    if (decide_case(t, CLAUSE_DELIVERY_HANDSHAKE, 2) == 0) {
        sock_edit(w, s)->met = true;
        return false;
    }
    child = connection_peer(w, s);
    if (child != NULL) {
        connection_unqueue(w, child);
        late_slot(w, s, s->family); /* it never was */
    }
    sock_edit(w, s)->peer = NO_SOCK;
    sock_edit(w, s)->flying &= FLYING_RESET;
    sock_edit(w, s)->stalled = late_syn_is_left(w, &s->local, &s->remote);
    sock_edit(w, s)->meets_again = true;
    return true;
}

void late_backlog(struct step *t, const struct sock *listener)
{
    struct world *w = t->world;

    if (!connection_queue_is_full(t, listener))
        return;
    for (uint16_t i = listener->queue; i != NO_SOCK; i = w->socks[i].next) {
        const struct sock *peer = connection_peer(w, &w->socks[i]);

        if (peer == NULL || !syn_is_afoot(w, peer))
            continue;
        sock_edit(w, peer)->stalled = true;
        sock_edit(w, &w->socks[i])->held |= HELD_ACK;
    }
}

/* Whether a socket that begins to listen joins others, any of which may be chosen: socket(7). */
static bool joins(const struct step *t, const struct receivers *found, uint16_t listener)
{
    const struct request *q = t->request;
    const struct sock *s =
        q->op == OP_listen && q->act == ACT_CALL ? world_sock(t->world, q->fd) : NULL;

    for (unsigned i = 0; i < found->count && s != NULL; i++)
        if (found->socks[i] == world_index(t->world, s) && found->socks[i] != listener)
            return true;
    return false;
}

/* Whether somebody else listens by now than where a SYN was expected. */
static bool is_elsewhere(struct step *t, const struct sock *s)
{
    const struct sock *child = connection_peer(t->world, s);
    struct receivers found;

    ports_listeners(t, &s->remote, &found);
    if (child == NULL || joins(t, &found, child->listener))
        return found.count > 0;
    for (unsigned i = 0; i < found.count; i++)
        if (found.socks[i] == child->listener)
            return false;
    return true;
}

/* Whether two sockets connect to each other. */
static bool cross(const struct world *w, const struct sock *a, const struct sock *b)
{
    return a != b && syn_is_afoot(w, a) && syn_is_afoot(w, b) && a->peer == NO_SOCK &&
           b->peer == NO_SOCK && a->port_known && b->port_known &&
           endpoint_equal(&a->local, &b->remote) && endpoint_equal(&b->local, &a->remote);
}

/* RFC 9293, 3.5: SYNs that cross on their way make a connection. */
static void meet_each_other(struct step *t, const struct sock *a, const struct sock *b)
{
    struct world *w = t->world;

    if (decide_case(t, CLAUSE_CONNECT_SIMULTANEOUS, 2) == 0)
        return;
    sock_edit(w, a)->peer = world_index(w, b);
    sock_edit(w, b)->peer = world_index(w, a);
    sock_edit(w, a)->flying = FLYING_ESTABLISHED;
    sock_edit(w, b)->flying = FLYING_ESTABLISHED;
}

/* A socket that has just begun to connect. */
static void follow_cross(struct step *t)
{
    const struct sock *s = world_sock(t->world, t->request->fd);

    for (uint32_t i = 0; i < t->world->sock_count && s != NULL; i++)
        if (cross(t->world, s, &t->world->socks[i]))
            meet_each_other(t, s, &t->world->socks[i]);
}

static void follow_syn(struct step *t, const struct sock *s)
{
    struct endpoint to = s->remote;

    if (!s->meets_again &&
        !(syn_is_afoot(t->world, s) && is_elsewhere(t, s) && late_syn_turns(t, s)))
        return;
    sock_edit(t->world, s)->meets_again = false;
    connect_meets(t, s, &to);
}

void late_follow_syns(struct step *t)
{
    const struct world *w = t->world;
    uint32_t socks = w->sock_count;

    for (uint32_t i = 0; i < socks; i++)
        if (w->socks[i].meets_again || syn_is_afoot(w, &w->socks[i]))
            follow_syn(t, &w->socks[i]);
    if (t->request->op == OP_connect && t->request->act == ACT_CALL)
        follow_cross(t);
}
