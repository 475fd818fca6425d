/*
 * ioctl: FIONBIO, FIONREAD, SIOCATMARK and SIOCOUTQ. Source: tcp(7), udp(7), ioctl(2); POSIX.1-2017
 * sockatmark(), whose question SIOCATMARK asks.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "spec/connection.h"
#include "spec/queue.h"
#include "spec/urgent.h"

static int64_t seen_value(const struct step *t)
{
    return t->decider->kind == DECIDER_WITNESS ? t->decider->seen->value : 0;
}

static void shows_value(struct step *t, int64_t value)
{
    t->prediction.has_value = true;
    t->prediction.value = (int)value;
}

/* How much a read would find: at least what has arrived, at most what is on its way. */
static void readable(struct step *t, const struct sock *s)
{
    bool stream = s->type == SOCK_STREAM;
    enum clause clause = stream ? CLAUSE_IOCTL_READABLE : CLAUSE_IOCTL_READABLE_DATAGRAM;
    int64_t seen = seen_value(t);
    int64_t least = (int64_t)(s->in.arrived - s->in.read);
    int64_t most = (int64_t)(s->in.written - s->in.read);
    int64_t usual;

    if (!stream) {
        const struct piece *first = queue_at(t->world, s, 0);

        most = first == NULL ? 0 : queue_length(t->world, first);
        least = least > 0 && first != NULL && !first->droppable ? most : 0;
        for (unsigned i = 1; first != NULL && first->droppable; i++) {
            first = queue_at(t->world, s, i); /* those before it may have been dropped */
            if (first != NULL && queue_length(t->world, first) == seen)
                most = seen;
        }
    }
    usual = stream ? least : most;
    if (stream && s->in.mark > s->in.read && !s->oob_inline)
        least = 0; /* whether bytes behind the mark count is not said */
    shall_fail(t, s->state == SOCK_LISTENING, EINVAL, CLAUSE_IOCTL_LISTENING);
    if (step_failed(t))
        return;
    shows_value(t, decide_value(t, clause, seen, least, most, usual));
    if (stream && t->prediction.value > least)
        sock_edit(t->world, s)->in.arrived = s->in.read + (uint64_t)t->prediction.value;
    returns(t, 0, clause);
}

/* FIONBIO does what F_SETFL does with O_NONBLOCK, where there is one: it stands in no text. */
static void set_nonblocking(struct step *t, const struct sock *s)
{
    bool may = !t->world->profile->has_fionbio;

    may_fail(t, may, ENOTTY, CLAUSE_ERROR_OTHER);
    may_fail(t, may, EINVAL, CLAUSE_ERROR_OTHER);
    if (step_failed(t))
        return;
    sock_edit(t->world, s)->nonblocking = t->request->value != 0;
    returns(t, 0, CLAUSE_FCNTL_STATUS);
}

/* Whether all before the mark has been read. Of what has not arrived the mark may be known. */
static void at_mark(struct step *t, const struct sock *s)
{
    bool lost = s->in.mark_lost && s->in.read == s->in.written;
    bool at = urgent_is_next(s) || lost;
    bool certain = urgent_is_next(s) && s->in.arrived >= s->in.mark;

    shall_fail(t, s->type != SOCK_STREAM && t->world->profile->datagrams_have_no_mark, ENOTTY,
               CLAUSE_IOCTL_KIND);
    may_fail(t, s->type != SOCK_STREAM, ENOTTY, CLAUSE_IOCTL_KIND);
    may_fail(t, s->type != SOCK_STREAM && t->request->bad == BAD_DATA, EFAULT, CLAUSE_FAULT);
    if (step_failed(t))
        return;
    shows_value(
        t, decide_value(t, CLAUSE_URGENT_AT_MARK, seen_value(t), certain, at, urgent_is_next(s)));
    returns(t, 0, CLAUSE_URGENT_AT_MARK);
}

/*
 * The most that can wait in the send queue: what has not been acknowledged, however long ago it was
 * sent, and where the system counts it a FIN. Of what goes to a peer that is gone the world keeps
 * no count.
 */
static int64_t unsent_most(const struct step *t, const struct sock *s)
{
    const struct sock *peer = connection_peer(t->world, s);

    if (s->type == SOCK_STREAM && s->state == SOCK_IDLE)
        return t->world->profile->unsent_is_stale ? INT32_MAX : 0;
    if (s->state == SOCK_CONNECTING)
        return 0;
    if (s->type == SOCK_DGRAM || peer == NULL || peer->state != SOCK_CONNECTED || s->fin_sent ||
        peer->shut_read || (peer->descriptors == 0 && peer->listener == NO_SOCK))
        return INT32_MAX;
    return (int64_t)peer->in.written;
}

static void unsent(struct step *t, const struct sock *s)
{
    int64_t most;

    arrivals(t, s);
    most = unsent_most(t, s);
    shall_fail(t, s->state == SOCK_LISTENING, EINVAL, CLAUSE_IOCTL_LISTENING);
    if (step_failed(t))
        return;
    shows_value(t, decide_value(t, CLAUSE_IOCTL_UNSENT, seen_value(t), 0, most, 0));
    returns(t, 0, CLAUSE_IOCTL_UNSENT);
}

void step_ioctl(struct step *t)
{
    const struct request *q = t->request;
    const struct descriptor *d = check_open(t, q->fd);
    const struct sock *s = world_sock(t->world, q->fd);

    shall_fail(t, s != NULL && q->bad == BAD_DATA && q->command == (int)FIONBIO, EFAULT,
               CLAUSE_FAULT);
    if (step_failed(t))
        return;
    if (d->other) {
        returns_anything(t, CLAUSE_FD_OTHER);
    } else if (q->command == (int)FIONBIO) {
        set_nonblocking(t, s);
    } else if (q->command == (int)FIONREAD) {
        readable(t, s);
    } else if (q->command == (int)SIOCATMARK) {
        at_mark(t, s);
    } else {
        unsent(t, s);
    }
    if (!t->prediction.any && t->prediction.result >= 0 &&
        applies(t, CLAUSE_FAULT, q->bad == BAD_DATA))
        fails(t, EFAULT, CLAUSE_FAULT); /* the value is stored when all else is done */
}
