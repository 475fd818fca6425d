/* urgent: see urgent.h. */
#include "spec/urgent.h"

#include <errno.h>

#include "spec/connection.h"
#include "spec/queue.h"

bool urgent_is_next(const struct sock *s)
{
    return s->in.mark != 0 && s->in.read + 1 == s->in.mark;
}

void urgent_skip(struct step *t, const struct sock *s)
{
    if (!applies(t, CLAUSE_URGENT_APART, urgent_is_next(s) && !s->oob_inline))
        return;
    if (s->in.arrived < s->in.mark)
        return; /* not known to be there: whatever comes next will show */
    queue_take(t, s, 1);
}

int64_t urgent_limit(const struct sock *s, int64_t amount)
{
    int64_t ahead = (int64_t)s->in.mark - 1 - (int64_t)s->in.read;

    return ahead > 0 && ahead < amount ? ahead : amount;
}

bool urgent_is_pending(const struct sock *s)
{
    return s->in.mark != 0 && !s->in.mark_read && !s->oob_inline && s->in.read < s->in.mark;
}

/* Shows the urgent byte, which stands somewhere behind what is read next. */
static void show_urgent(struct step *t, const struct sock *s)
{
    const struct world *w = t->world;
    uint64_t ahead = s->in.mark - 1 - s->in.read + s->in.offset;
    uint16_t piece = s->in.first;

    while (piece != NO_PIECE && ahead >= w->pieces[piece].bytes.length) {
        ahead -= w->pieces[piece].bytes.length;
        piece = w->pieces[piece].next;
    }
    t->prediction.piece = piece;
    t->prediction.offset = (uint32_t)ahead;
    t->prediction.length = 1;
}

void urgent_receive(struct step *t, const struct sock *s)
{
    arrivals(t, s);
    shall_fail(t, s->state == SOCK_IDLE || s->state == SOCK_LISTENING, ENOTCONN,
               CLAUSE_RECV_NOT_CONNECTED);
    may_fail(t, s->state == SOCK_IDLE || s->state == SOCK_LISTENING, EINVAL, CLAUSE_URGENT_NONE);
    shall_fail(t, s->state != SOCK_IDLE && !urgent_is_pending(s), EINVAL, CLAUSE_URGENT_NONE);
    may_fail(t, s->in.arrived < s->in.mark || s->in.mark == 0, EAGAIN, CLAUSE_URGENT_NONE);
    may_fail(t, s->in.arrived < s->in.mark, EINVAL, CLAUSE_URGENT_NONE);
    check_pending(t, s, CLAUSE_ERROR_PENDING);
    if (step_failed(t)) {
        clear_pending(t, s, CLAUSE_ERROR_PENDING);
        return;
    }
    if (t->request->room > 0)
        show_urgent(t, s);
    if (!(t->request->flags & MSG_PEEK))
        sock_edit(t->world, s)->in.mark_read = true;
    returns(t, t->request->room > 0, CLAUSE_URGENT_BYTE);
}
