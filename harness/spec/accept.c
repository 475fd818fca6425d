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

/* Whether a connection is there to be accepted, and nothing holds it back. */
static bool is_there(const struct world *w, const struct sock *waiting)
{
    const struct sock *peer = connection_peer(w, waiting);

    return !(waiting->flying & FLYING_QUEUED) && !(peer != NULL && peer->stalled) &&
           !connection_is_deferred(waiting) && !(waiting->held & HELD_LIMBO);
}

/*
 * Whether another is accepted in place of one whose handshake may have been held back: one that has
 * spoken before it, or for which a time or a queue's length has ended what held it back as well.
 */
static bool is_passed(struct step *t, const struct sock *waiting)
{
    bool may_pass = !is_there(t->world, waiting) || waiting->next != NO_SOCK;

    return waiting->held != 0 && may_pass &&
           (decide_case(t, CLAUSE_ACCEPT_DEFERRED, 2) == 0) == connection_is_deferred(waiting);
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
        if (is_passed(t, waiting))
            continue;
        if (!(waiting->flying & FLYING_QUEUED))
            return waiting;
        arrivals(t, waiting);
        if (!(waiting->flying & FLYING_QUEUED))
            return waiting;
        return NULL;
    }
    return NULL;
}

/* A connection that was held back is one like others now. */
static void come_out(struct step *t, const struct sock *child)
{
    const struct sock *peer = connection_peer(t->world, child);

    if (!child->held)
        return;
    if ((child->held & HELD_LIMBO) && peer != NULL)
        sock_edit(t->world, peer)->flying &= (uint8_t)~FLYING_RESET;
    if ((child->held & HELD_LIMBO) || connection_is_deferred(child))
        connection_comes_out(t, child);
    sock_edit(t->world, child)->held = 0;
}

/* Whether a connection is lost with whose name the call fails no text says. */
static void lose(struct step *t, const struct sock *child)
{
    connection_unqueue(t->world, child);
    if (child->state == SOCK_CONNECTED)
        connection_close(t, child);
}

static void accept_effect(struct step *t, const struct sock *s)
{
    const struct sock *child = first_waiting(t, s);
    struct endpoint name;
    bool nonblocking = t->request->flags & SOCK_NONBLOCK;
    bool on_exec = t->request->flags & SOCK_CLOEXEC;
    bool negative = (int)t->request->name_room < 0;
    bool faults = (t->request->bad == BAD_ADDRESS && t->request->name_room > 0) ||
                  t->request->bad == BAD_LENGTH;

    if (faults && negative) /* either may be seen first */
        faults = decide_case(t, CLAUSE_ERROR_ORDER, 2) == 0;
    if (applies(t, CLAUSE_FAULT, child != NULL && faults)) {
        lose(t, child);
        fails(t, EFAULT, CLAUSE_FAULT);
        return;
    }
    if (applies(t, CLAUSE_NAME_LENGTH_NEGATIVE, child != NULL && negative)) {
        lose(t, child);
        fails(t, EINVAL, CLAUSE_NAME_LENGTH_NEGATIVE);
        return;
    }
    if (!applies(t, CLAUSE_ACCEPT_NEW, child != NULL)) {
        blocks(t, must_not_wait(t, s), -1, CLAUSE_ACCEPT_EMPTY);
        return;
    }
    come_out(t, child);
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
    if (step_passes(t, s))
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
