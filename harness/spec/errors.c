/* errors: see errors.h. */
#include "spec/errors.h"

#include <errno.h>

#include "spec/connection.h"
#include "spec/late.h"
#include "spec/messages.h"
#include "spec/option.h"
#include "spec/queue.h"

bool errors_are_queued(const struct world *w, const struct sock *s, const struct endpoint *to)
{
    return option_is_on(w, world_index(w, s),
                        endpoint_is_v4(to) ? OPT_IP_RECVERR : OPT_IPV6_RECVERR);
}

void errors_local(struct step *t, const struct sock *s, const struct endpoint *to)
{
    uint16_t datagram;

    if (t->prediction.error != EMSGSIZE || !errors_are_queued(t->world, s, to) ||
        decide_case(t, CLAUSE_ERRQUEUE, 2) == 0)
        return;
    datagram = queue_datagram(t, NO_PIECE, (struct payload){0});
    if (datagram == NO_PIECE)
        return;
    piece_edit(t->world, datagram)->local = true;
    queue_error(t, s, datagram);
}

bool errors_are_certain(const struct world *w, const struct sock *s)
{
    return s->errors != NO_PIECE && !(s->flying & FLYING_UNREACHABLE) &&
           !w->pieces[s->errors].droppable;
}

void errors_forget(struct step *t, const struct sock *s)
{
    sock_edit(t->world, s)->errors = NO_PIECE;
}

/* What there may have been no room for. */
static void drop_some(struct step *t, const struct sock *s)
{
    while (s->errors != NO_PIECE && t->world->pieces[s->errors].droppable &&
           decide_case(t, CLAUSE_DATAGRAM_UNRELIABLE, 2) == 1)
        sock_edit(t->world, s)->errors = queue_after(t->world, s->errors);
}

/* What is pending once an error has been taken from the queue: the next there, if any. */
static void settle_pending(struct step *t, const struct sock *s, bool was_local)
{
    const struct piece *next = s->errors == NO_PIECE ? NULL : &t->world->pieces[s->errors];

    if (!t->world->profile->error_queue_settles_pending &&
        decide_case(t, CLAUSE_ERROR_PENDING, 2) == 1)
        return;
    if (next != NULL && !next->local)
        sock_edit(t->world, s)->error = ECONNREFUSED;
    else if (!was_local)
        sock_edit(t->world, s)->error = 0;
}

enum { QUOTED_LEAST = 500 };

/* What did not fill the room was all there was. */
static void show_error_message(struct step *t, const struct sock *s, const struct piece *piece,
                               uint32_t length)
{
    uint32_t most = t->prediction.length < t->request->room ? t->prediction.length : length;
    uint32_t least = most < QUOTED_LEAST ? most : QUOTED_LEAST;

    message_error(t, s, piece, t->world->profile->error_quotes_much ? least : 0, most);
}

/* How much of a refused datagram comes back: as much as the error message quoted. */
static void show_refused(struct step *t, const struct sock *s, uint16_t datagram)
{
    const struct request *q = t->request;
    const struct piece *piece = &t->world->pieces[datagram];
    uint32_t length = queue_length(t->world, piece);
    uint32_t most = length < q->room ? length : q->room;
    uint32_t least = most < QUOTED_LEAST ? most : QUOTED_LEAST;

    if (!t->world->profile->error_quotes_much)
        least = 0;
    t->prediction.piece = datagram;
    t->prediction.offset = 0;
    t->prediction.length = (uint32_t)decide_amount(t, CLAUSE_ERRQUEUE_CONTENT, least, most);
    if (!piece->local && !q->name_null && (q->op == OP_recvfrom || q->op == OP_recvmsg))
        returns_name(t, &piece->from, s->family);
    returns(t, t->prediction.length, CLAUSE_ERRQUEUE_CONTENT);
    if (q->op == OP_recvmsg)
        show_error_message(t, s, piece, length);
    if (applies(t, CLAUSE_FAULT, q->bad == BAD_DATA && most > 0)) {
        t->prediction.length = 0;
        fails(t, EFAULT, CLAUSE_FAULT);
    }
}

void errors_receive(struct step *t, const struct sock *s)
{
    bool stream = s->type == SOCK_STREAM;
    uint16_t first;

    arrivals(t, s);
    may_fail(t, stream && !t->world->profile->error_queue_settles_pending, EOPNOTSUPP,
             CLAUSE_ERRQUEUE_STREAM);
    may_fail(t, stream && !t->world->profile->error_queue_settles_pending, EINVAL,
             CLAUSE_ERRQUEUE_STREAM);
    drop_some(t, s);
    shall_fail(t, s->errors == NO_PIECE, EAGAIN, CLAUSE_ERRQUEUE);
    may_fail(t, s->flying & FLYING_UNREACHABLE, EAGAIN, CLAUSE_DATAGRAM_UNREACHABLE);
    if (step_failed(t))
        return;
    if (s->errors == NO_PIECE) { /* only Linux documents that it fails */
        returns_anything(t, CLAUSE_ERRQUEUE);
        leads_beyond(t, true);
        return;
    }
    first = s->errors;
    sock_stirs(t->world, s); /* another one becomes pending */
    show_refused(t, s, first);
    if (t->world->slow)
        late_told_of(t, first);
    sock_edit(t->world, s)->errors = queue_after(t->world, first);
    drop_some(t, s);
    settle_pending(t, s, t->world->pieces[first].local);
}
