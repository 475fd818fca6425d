/* shutdown: ends one or both directions. Source: POSIX.1-2017 shutdown(); shutdown(2). */
#include <errno.h>

#include "spec/connection.h"
#include "spec/late.h"
#include "spec/name.h"
#include "spec/peek.h"

static void shut(struct step *t, const struct sock *s, int how)
{
    sock_stirs(t->world, s);
    if (how != SHUT_WR)
        sock_edit(t->world, s)->shut_read = true;
    sock_edit(t->world, s)->reported |= s->state == SOCK_CONNECTED;
    if (how == SHUT_RD)
        return;
    if (s->type == SOCK_STREAM && s->state == SOCK_CONNECTED)
        connection_end(t, s);
    sock_edit(t->world, s)->shut_write = true;
}

static void shut_connected(struct step *t, const struct sock *s, int how)
{
    shut(t, s, how);
    if (s->type == SOCK_STREAM && s->state == SOCK_CONNECTED && s->shut_read && s->shut_write)
        connection_shut_both(t, s);
}

static void shut_anyway(struct step *t, const struct sock *s, int how)
{
    shut(t, s, how);
    if (s->state == SOCK_FAILED || (s->state == SOCK_ENDED && !s->reported))
        sock_edit(t->world, s)->disconnecting = true;
}

static void become_idle(struct step *t, const struct sock *s)
{
    sock_stirs(t->world, s);
    sock_become(t->world, s, SOCK_IDLE);
    sock_edit(t->world, s)->shut_read = false;
    sock_edit(t->world, s)->shut_write = false;
    name_dissolve(t, s);
    peek_forget(t, s);
    name_release(t, s);
}

/* A socket that listens or connects is not connected; some systems make it idle instead. */
static void abandon(struct step *t, const struct sock *s, int how)
{
    if (s->state == SOCK_LISTENING) {
        if (how != SHUT_WR) {
            connection_unlisten(t, s, false);
            become_idle(t, s);
        }
    } else {
        if (t->world->slow)
            late_leave(t, s);
        connection_abandon(t, s);
        become_idle(t, s);
        sock_edit(t->world, s)->error = ECONNRESET;
    }
    returns(t, 0, CLAUSE_SHUTDOWN_NOT_CONNECTED);
}

/*
 * Whether a socket has met a SYN, and its handshake is not over: it has a peer by then, and no text
 * calls that a connection or denies it. A further connect need not find one, either.
 */
static bool meets(struct step *t, const struct sock *s)
{
    unsigned met = t->world->slow && connection_is_simultaneous(t->world, s)
                       ? decide_case(t, CLAUSE_CONNECT_SIMULTANEOUS, 3)
                       : 0;

    if (met == 0)
        return false;
    sock_edit(t->world, s)->reported = met == 1;
    sock_edit(t->world, s)->disconnecting = met == 2;
    return true;
}

void step_shutdown(struct step *t)
{
    const struct sock *s = check_sock(t, t->request->fd);
    int how = t->request->command;
    bool valid = how == SHUT_RD || how == SHUT_WR || how == SHUT_RDWR;
    bool waiting = false;

    if (s != NULL) {
        arrivals(t, s);
        waiting = (s->state == SOCK_LISTENING || s->state == SOCK_CONNECTING) &&
                  t->world->profile->shutdown_abandons;
        shall_fail(t, !valid, EINVAL, CLAUSE_SHUTDOWN_HOW);
        shall_fail(t, !sock_is_connected(s) && !waiting, ENOTCONN, CLAUSE_SHUTDOWN_NOT_CONNECTED);
    }
    if (!step_passes(t, s)) {
        if (s != NULL && valid && t->world->profile->failed_shutdown_shuts)
            shut_anyway(t, s, how);
        return;
    }
    if (waiting && meets(t, s)) {
        shut(t, s, how);
        returns(t, 0, CLAUSE_SHUTDOWN_WR);
        return;
    }
    if (waiting) {
        abandon(t, s, how);
        return;
    }
    shut_connected(t, s, how);
    returns(t, 0, how == SHUT_RD ? CLAUSE_SHUTDOWN_RD : CLAUSE_SHUTDOWN_WR);
}
