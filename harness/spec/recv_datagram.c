/*
 * recv_datagram: receiving a datagram, or peeking at one. Source: POSIX.1-2017 recv(), recvfrom();
 * recv(2), udp(7).
 */
#include <errno.h>

#include "spec/connection.h"
#include "spec/late.h"
#include "spec/messages.h"
#include "spec/name.h"
#include "spec/option.h"
#include "spec/peek.h"
#include "spec/queue.h"

static void show_sender(struct step *t, const struct sock *s, const struct piece *piece)
{
    struct endpoint from = piece->from;
    bool shows = t->request->op == OP_recvfrom || t->request->op == OP_recvmsg;

    if (piece->source_open || !applies(t, CLAUSE_DATAGRAM_SOURCE, !t->request->name_null && shows))
        return;
    if (from.port == 0)
        from.port = name_local(t, &t->world->socks[piece->sender]).port;
    returns_name(t, &from, s->family);
}

/* What stands before it has not come here and will not. */
static void take_late(struct step *t, const struct sock *s, unsigned position)
{
    const struct world *w = t->world;

    for (unsigned i = 0; i < position; i++)
        late_passed(t, (uint16_t)(queue_at(w, s, i) - w->pieces));
    late_taken(t, (uint16_t)(queue_at(w, s, position) - w->pieces));
}

static void take_datagram(struct step *t, const struct sock *s, unsigned position)
{
    if (t->world->slow)
        take_late(t, s, position);
    queue_drop(t, s, position);
    sock_edit(t->world, s)->in.read += position + 1;
    if (s->in.arrived < s->in.read)
        sock_edit(t->world, s)->in.arrived = s->in.read;
}

/* Whether a datagram is lost for which the buffer was no memory stands in no text. */
static void receive_nowhere(struct step *t, const struct sock *s, unsigned position)
{
    fails(t, EFAULT, CLAUSE_FAULT);
    if (!(t->request->flags & MSG_PEEK) && decide_case(t, CLAUSE_FAULT, 2) == 0)
        take_datagram(t, s, position);
}

static void receive_datagram(struct step *t, const struct sock *s, unsigned position,
                             uint32_t start)
{
    const struct request *q = t->request;
    const struct piece *piece = queue_at(t->world, s, position);
    uint32_t length = queue_length(t->world, piece);
    uint32_t shown = length - start < q->room ? length - start : q->room;

    if (applies(t, CLAUSE_FAULT, q->bad == BAD_DATA && shown > 0)) {
        receive_nowhere(t, s, position);
        return;
    }
    queue_show_datagram(t, piece, start, shown);
    show_sender(t, s, piece);
    if (applies(t, CLAUSE_DATAGRAM_REAL_LENGTH, q->flags & MSG_TRUNC))
        returns(t, length, CLAUSE_DATAGRAM_REAL_LENGTH);
    else
        returns(t, shown, length == 0 ? CLAUSE_DATAGRAM_EMPTY : CLAUSE_DATAGRAM_WHOLE);
    if ((q->flags & MSG_WAITALL) && shown < q->room && !must_not_wait(t, s) &&
        !applies(t, CLAUSE_DATAGRAM_WAITALL, true))
        blocks(t, false, shown, CLAUSE_RECV_WAITALL);
    if (q->op == OP_recvmsg)
        message_datagram(t, s, piece, length, start);
    peek_move(t, s, t->prediction.result);
    if (applies(t, CLAUSE_RECV_PEEK, q->flags & MSG_PEEK))
        return;
    if (shown < length - start && !applies(t, CLAUSE_DATAGRAM_EXCESS, true))
        return;
    take_datagram(t, s, position);
}

/*
 * Which datagram comes: the first, or one behind it when those before may have been dropped.
 * Returns false when none has arrived.
 */
static bool next_datagram(struct step *t, const struct sock *s, unsigned *position)
{
    unsigned droppable = 0;
    const struct piece *piece;
    unsigned candidates;
    unsigned chosen;

    while ((piece = queue_at(t->world, s, droppable)) != NULL && piece->droppable)
        droppable++;
    candidates = droppable + (piece != NULL);
    if (candidates == 0)
        return false;
    /* One that has certainly arrived is there to be read. */
    chosen = decide_case(t, CLAUSE_DATAGRAM_UNRELIABLE,
                         candidates + (s->in.arrived == s->in.read || piece == NULL));
    if (chosen == candidates)
        return false;
    *position = chosen;
    return true;
}

/*
 * Moves on to the datagram in which a peek begins, and to the byte there. Returns false when there
 * is none.
 */
static bool peeked_datagram(struct step *t, const struct sock *s, unsigned *position,
                            uint32_t *start)
{
    const struct piece *piece = queue_at(t->world, s, *position);
    bool moves = (t->request->flags & MSG_PEEK) && option_int(t->world, s, OPT_SO_PEEK_OFF) >= 0;

    *start = peek_start(t, s);
    for (; piece != NULL; piece = queue_at(t->world, s, ++*position)) {
        uint32_t length = queue_length(t->world, piece);

        /* Whether an empty one that has been peeked at is passed over is not said. */
        if (*start < length || !moves ||
            (*start == 0 && decide_case(t, CLAUSE_OPTION_PEEK_OFF, 2) == 0))
            break;
        *start -= length;
    }
    if (piece == NULL)
        return false;
    return *position == 0 || s->in.arrived > s->in.read + *position ||
           decide_case(t, CLAUSE_DATAGRAM_UNRELIABLE, 2) == 0;
}

static void nothing_queued(struct step *t, const struct sock *s)
{
    if (applies(t, CLAUSE_SHUTDOWN_RD, s->shut_read && !must_not_wait(t, s)))
        returns(t, 0, CLAUSE_SHUTDOWN_RD);
    else
        recv_waits(t, s);
}

void recv_datagram(struct step *t, const struct sock *s)
{
    unsigned position;
    uint32_t start;

    arrivals(t, s);
    if (s->error != 0 && (s->in.first == NO_PIECE || t->world->profile->datagram_errors_first ||
                          decide_case(t, CLAUSE_ERROR_PENDING, 2) == 0)) {
        fails(t, s->error, CLAUSE_ERROR_PENDING);
        sock_edit(t->world, s)->error = 0;
        return;
    }
    shall_fail(t, (t->request->flags & MSG_OOB) && !t->world->profile->datagrams_ignore_oob,
               EOPNOTSUPP, CLAUSE_RECV_FLAGS);
    if (step_failed(t))
        return;
    if (next_datagram(t, s, &position) && peeked_datagram(t, s, &position, &start))
        receive_datagram(t, s, position, start);
    else
        nothing_queued(t, s);
}
