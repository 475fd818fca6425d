/*
 * close: gives a descriptor up, and with the last one the socket. Source: POSIX.1-2024 close();
 * RFC 9293, 3.10.4; RFC 1122, 4.2.2.13; socket(7), SO_LINGER.
 */
#include <errno.h>

#include "spec/connection.h"

/* Data that nobody will read is answered with a reset (RFC 1122, 4.2.2.13, a SHOULD). */
static bool loses_data(struct step *t, const struct sock *s)
{
    uint64_t least = s->in.arrived - s->in.read;
    uint64_t most = s->in.written - s->in.read;

    if (least > 0 && t->world->profile->unread_data_resets)
        return true;
    return most > 0 && decide_case(t, CLAUSE_CLOSE_UNREAD, 2) == 0;
}

static void close_connected(struct step *t, const struct sock *s)
{
    bool abort = applies(t, CLAUSE_CLOSE_LINGER_ZERO, s->linger && s->linger_s == 0);

    if (abort || loses_data(t, s))
        connection_reset(t, s);
    else if (!s->shut_write)
        connection_end(t, s);
}

static void close_stream(struct step *t, const struct sock *s)
{
    arrivals(t, s);
    switch ((enum sock_state)s->state) {
    case SOCK_LISTENING:
        connection_unlisten(t, s);
        break;
    case SOCK_CONNECTING:
        connection_abandon(t, s);
        break;
    case SOCK_CONNECTED:
        close_connected(t, s);
        break;
    default:
        break;
    }
}

void step_close(struct step *t)
{
    const struct descriptor *d = world_fd(t->world, t->request->fd);
    const struct sock *s = world_sock(t->world, t->request->fd);

    shall_fail(t, d == NULL, EBADF, CLAUSE_FD_OPEN);
    if (step_failed(t))
        return;
    if (s != NULL && s->descriptors == 1 && s->type == SOCK_STREAM)
        close_stream(t, s);
    world_close(t->world, t->request->fd);
    returns(t, 0, CLAUSE_CLOSE_FREES);
}
