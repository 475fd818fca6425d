/* names: getsockname and getpeername. Source: POSIX.1-2017 getsockname(), getpeername(). */
#include <errno.h>

#include "spec/connection.h"
#include "spec/name.h"

static void check_room(struct step *t)
{
    const struct request *q = t->request;

    shall_fail(t, (int)q->name_room < 0, EINVAL, CLAUSE_NAME_LENGTH_NEGATIVE);
    shall_fail(t, (q->bad == BAD_ADDRESS && q->name_room > 0) || q->bad == BAD_LENGTH, EFAULT,
               CLAUSE_FAULT);
}

void step_getsockname(struct step *t)
{
    const struct sock *s = check_sock(t, t->request->fd);
    struct endpoint name;

    if (s != NULL) {
        check_room(t);
        may_fail(t, (s->shut_read || s->shut_write) && !t->world->profile->shut_socket_has_peer,
                 EINVAL, CLAUSE_NAME_SHUT_DOWN);
    }
    if (!step_passes(t, s))
        return;
    arrivals(t, s);
    name = name_local(t, s);
    returns_name(t, &name, s->family);
    returns(t, 0, CLAUSE_NAME_BOUND);
}

static void check_peer(struct step *t, const struct sock *s)
{
    const struct profile *p = t->world->profile;
    bool stream = s->type == SOCK_STREAM;
    bool has = stream ? s->state == SOCK_CONNECTED : s->has_remote && s->remote.port != 0;
    bool shut = s->shut_read || s->shut_write;
    /* What meets a SYN has a peer before its handshake is over. */
    bool meets = t->world->slow && connection_is_simultaneous(t->world, s);

    may_fail(t, meets, ENOTCONN, CLAUSE_PEER_NOT_CONNECTED);
    shall_fail(t, !has && !meets, ENOTCONN, CLAUSE_PEER_NOT_CONNECTED);
    shall_fail(t, s->shut_read && s->shut_write && !p->shut_socket_has_peer, EINVAL,
               CLAUSE_PEER_SHUT_DOWN);
    may_fail(t, shut && !p->shut_socket_has_peer, EINVAL, CLAUSE_PEER_SHUT_DOWN);
}

void step_getpeername(struct step *t)
{
    const struct sock *s = check_sock(t, t->request->fd);
    struct endpoint name;

    if (s != NULL) {
        arrivals(t, s);
        check_room(t);
        check_peer(t, s);
    }
    if (!step_passes(t, s))
        return;
    name = name_remote(t, s);
    returns_name(t, &name, s->family);
    returns(t, 0, CLAUSE_PEER_NAME);
}
