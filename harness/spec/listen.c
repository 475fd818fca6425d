/* listen: makes a socket take connections. Source: POSIX.1-2017 listen(); listen(2). */
#include <errno.h>

#include "spec/connection.h"
#include "spec/late.h"
#include "spec/name.h"
#include "spec/ports.h"

static void listen_check(struct step *t, const struct sock *s)
{
    bool idle = s->state == SOCK_IDLE || s->state == SOCK_LISTENING;
    enum conflict conflict = CONFLICT_NONE;

    shall_fail(t, s->type != SOCK_STREAM, EOPNOTSUPP, CLAUSE_LISTEN_STREAM_ONLY);
    if (s->type != SOCK_STREAM)
        return;
    shall_fail(t, !idle, EINVAL, CLAUSE_LISTEN_CONNECTED);
    may_fail(t, !s->bound, EDESTADDRREQ, CLAUSE_LISTEN_UNBOUND);
    if (s->bound && s->port_known && s->state == SOCK_IDLE) {
        conflict = ports_conflict(t, s, &s->local);
    }
    shall_fail(t, conflict == CONFLICT_CERTAIN, EADDRINUSE, CLAUSE_LISTEN_IN_USE);
    may_fail(t, conflict == CONFLICT_POSSIBLE || conflict == CONFLICT_USUAL, EADDRINUSE,
             CLAUSE_LISTEN_IN_USE);
    /* What is left of the socket's own connection holds its port. */
    may_fail(t, (s->has_failed || s->left_waiting) && s->port_given, EADDRINUSE,
             CLAUSE_CLOSE_TIME_WAIT);
}

void step_listen(struct step *t)
{
    const struct sock *s = check_sock(t, t->request->fd);

    if (s != NULL) {
        arrivals(t, s);
        listen_check(t, s);
    }
    if (!step_passes(t, s))
        return;
    if (applies(t, CLAUSE_LISTEN_UNBOUND_BINDS, !s->bound))
        name_auto(t, s);
    if (s->state != SOCK_LISTENING)
        sock_become(t->world, s, SOCK_LISTENING);
    sock_edit(t->world, s)->backlog = (int)t->request->value;
    if (t->world->slow)
        late_backlog(t, s);
    returns(t, 0, CLAUSE_LISTEN_MARKS);
}
