/*
 * close: gives a descriptor up, and with the last one the socket. Source: POSIX.1-2017 close();
 * RFC 9293, 3.10.4; RFC 1122, 4.2.2.13; socket(7), SO_LINGER.
 */
#include "spec/block.h"
#include "spec/connection.h"
#include "spec/epoll.h"
#include "spec/late.h"

static void close_stream(struct step *t, const struct sock *s)
{
    arrivals(t, s);
    if (t->world->slow)
        late_leave(t, s);
    switch ((enum sock_state)s->state) {
    case SOCK_LISTENING:
        if (applies(t, CLAUSE_CLOSE_LISTENER, true))
            connection_unlisten(t, s, true);
        break;
    case SOCK_CONNECTING:
        connection_abandon(t, s);
        break;
    case SOCK_CONNECTED:
        connection_close(t, s);
        break;
    default:
        break;
    }
}

void closes(struct step *t, int fd)
{
    const struct world *w = t->world;
    const struct sock *s = world_sock(w, fd);
    uint16_t epoll = world_epoll(w, fd);

    if (s != NULL && applies(t, CLAUSE_CLOSE_LAST, s->descriptors == 1) && s->type == SOCK_STREAM)
        close_stream(t, s);
    if (s != NULL && s->descriptors == 1)
        epoll_forget_sock(t, s);
    if (epoll != NO_EPOLL && w->epolls[epoll].descriptors == 1)
        epoll_forget(t, epoll);
    world_close(t->world, fd);
    if (w->blocked_count > 0)
        block_closes(t->world, fd);
}

void sock_released(struct step *t, const struct sock *s)
{
    if (s->descriptors == 1 && s->type == SOCK_STREAM)
        close_stream(t, s);
    if (s->descriptors == 1)
        epoll_forget_sock(t, s);
    sock_edit(t->world, s)->descriptors--;
}

/* What says that close need not wait: over loopback all that was sent is there, or cannot come. */
static enum clause returning(const struct sock *s)
{
    if (s == NULL || s->type != SOCK_STREAM || s->descriptors != 1 || s->state != SOCK_CONNECTED)
        return CLAUSE_CLOSE_FREES;
    return s->linger ? CLAUSE_CLOSE_LINGER : CLAUSE_CLOSE_LINGER_OFF;
}

void step_close(struct step *t)
{
    enum clause clause = returning(world_sock(t->world, t->request->fd));

    check_open(t, t->request->fd);
    if (step_failed(t))
        return;
    closes(t, t->request->fd);
    rests_on(t, CLAUSE_CLOSE_FREES, true);
    returns(t, 0, clause);
}
