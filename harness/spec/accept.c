/* accept: takes a connection from a listener's queue. Source: POSIX.1-2017 accept(), accept4(). */
#include <errno.h>

#include "spec/connection.h"
#include "spec/name.h"

static void accept_check(struct step *t, const struct sock *s)
{
    shall_fail(t, s->type != SOCK_STREAM, EOPNOTSUPP, CLAUSE_ACCEPT_STREAM_ONLY);
    shall_fail(t, s->type == SOCK_STREAM && s->state != SOCK_LISTENING, EINVAL,
               CLAUSE_ACCEPT_NOT_LISTENING);
}

/* Where in the queue accept begins: at the connection that has waited longest. */
static uint16_t longest_waiting(struct step *t, const struct sock *s)
{
    uint16_t second = s->queue == NO_SOCK ? NO_SOCK : t->world->socks[s->queue].next;

    if (second == NO_SOCK || applies(t, CLAUSE_ACCEPT_QUEUE_ORDER, true))
        return s->queue;
    return second;
}

/* The connection that is accepted: the first that has arrived, or NULL. */
static const struct sock *first_waiting(struct step *t, const struct sock *s)
{
    for (uint16_t child = longest_waiting(t, s); child != NO_SOCK;
         child = t->world->socks[child].next) {
        const struct sock *waiting = &t->world->socks[child];
        const struct sock *peer = connection_peer(t->world, waiting);
        bool stalled = peer != NULL && peer->stalled;

        if (stalled) {
            if (decide_case(t, CLAUSE_LISTEN_BACKLOG, 2) == 0)
                continue;
            sock_edit(t->world, peer)->stalled = false;
            sock_edit(t->world, waiting)->flying |= FLYING_QUEUED;
        }
        if (!(waiting->flying & FLYING_QUEUED))
            return waiting;
        arrivals(t, waiting);
        if (!(waiting->flying & FLYING_QUEUED))
            return waiting;
        return NULL;
    }
    return NULL;
}

static void accept_effect(struct step *t, const struct sock *s)
{
    const struct sock *child = first_waiting(t, s);
    struct endpoint name;
    bool nonblocking = t->request->flags & SOCK_NONBLOCK;
    bool on_exec = t->request->flags & SOCK_CLOEXEC;

    /* Whether the connection is lost with it no text says. */
    if (applies(t, CLAUSE_NAME_LENGTH_NEGATIVE, child != NULL && (int)t->request->name_room < 0)) {
        connection_unqueue(t->world, child);
        if (child->state == SOCK_CONNECTED)
            connection_close(t, child);
        fails(t, EINVAL, CLAUSE_NAME_LENGTH_NEGATIVE);
        return;
    }
    if (!applies(t, CLAUSE_ACCEPT_NEW, child != NULL)) {
        blocks(t, s->nonblocking, -1, CLAUSE_ACCEPT_EMPTY);
        return;
    }
    connection_unqueue(t->world, child);
    if (child->was_reset && !t->world->profile->reset_is_accepted &&
        decide_case(t, CLAUSE_ACCEPT_ABORTED, 2) == 1) {
        fails(t, ECONNABORTED, CLAUSE_ACCEPT_ABORTED);
        return;
    }
    sock_edit(t->world, child)->nonblocking =
        applies(t, CLAUSE_ACCEPT4_FLAGS, nonblocking) ||
        (s->nonblocking && !applies(t, CLAUSE_ACCEPT_FLAGS, true));
    opens(t, world_index(t->world, child), applies(t, CLAUSE_ACCEPT4_FLAGS, on_exec));
    name = name_remote(t, child);
    if (applies(t, CLAUSE_ACCEPT_ADDRESS, !t->request->name_null))
        returns_name(t, &name, child->family);
}

static void step_accepting(struct step *t)
{
    const struct sock *s = check_sock(t, t->request->fd);

    if (s != NULL)
        accept_check(t, s);
    if (!step_failed(t) && s != NULL)
        accept_effect(t, s);
}

void step_accept(struct step *t)
{
    step_accepting(t);
}

void step_accept4(struct step *t)
{
    step_accepting(t);
}
