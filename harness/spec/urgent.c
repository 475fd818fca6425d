/* urgent: see urgent.h. */
#include "spec/urgent.h"

#include <errno.h>

#include "spec/block.h"
#include "spec/connection.h"
#include "spec/queue.h"

bool urgent_is_next(const struct sock *s)
{
    return s->in.mark != 0 && s->in.read + 1 == s->in.mark;
}

uint32_t urgent_gap(struct step *t, const struct sock *s)
{
    bool next = urgent_is_next(s);
    bool in_line = next && s->oob_inline && applies(t, CLAUSE_URGENT_INLINE, true);

    return applies(t, CLAUSE_URGENT_APART, next && !in_line);
}

void urgent_pass(struct step *t, const struct sock *s)
{
    if (!urgent_is_next(s) || s->oob_inline || (t->request->flags & MSG_PEEK))
        return;
    if (s->in.arrived < s->in.mark && decide_case(t, CLAUSE_URGENT_APART, 2) == 1)
        return;
    queue_take(t, s, 1);
    if (s->in.arrived < s->in.read)
        sock_edit(t->world, s)->in.arrived = s->in.read;
}

int64_t urgent_limit(struct step *t, const struct sock *s, uint64_t from, int64_t amount)
{
    int64_t ahead = (int64_t)s->in.mark - 1 - (int64_t)from;

    return ahead > 0 && ahead < amount && applies(t, CLAUSE_URGENT_MARK, true) ? ahead : amount;
}

/* An older urgent byte becomes a normal one; if it stands next Linux may pass it over for good. */
static bool loses_older(struct step *t, const struct sock *s)
{
    bool next = urgent_is_next(s) || (s->in.mark > s->in.read && block_reads(t->world, s));

    return next && !s->oob_inline && t->world->profile->newer_urgent_loses_older &&
           decide_case(t, CLAUSE_URGENT_NEWER, 2) == 0;
}

static void pass_older(struct step *t, const struct sock *s)
{
    if (!loses_older(t, s))
        return;
    if (!urgent_is_next(s)) {
        queue_lose(t, s, s->in.mark);
        return;
    }
    queue_take(t, s, 1);
    if (s->in.arrived < s->in.read)
        sock_edit(t->world, s)->in.arrived = s->in.read;
}

/* The newer byte may not be known of yet when the older is next to be read. */
static void note_passed(struct step *t, const struct sock *s)
{
    uint64_t *passed = sock_edit(t->world, s)->in.passed;

    for (unsigned i = 0; i < PASSED_MAX; i++) {
        if (passed[i] > s->in.read)
            continue;
        passed[i] = s->in.mark;
        return;
    }
    leads_beyond(t, true); /* which of so many are lost */
}

void urgent_mark(struct step *t, const struct sock *s)
{
    struct stream *in;

    if (urgent_is_pending(s) && !applies(t, CLAUSE_URGENT_NEWER, true))
        return;
    pass_older(t, s);
    in = &sock_edit(t->world, s)->in;
    if ((t->world->slow || window_may_close(t->world, s)) && in->mark > in->read && !s->oob_inline)
        note_passed(t, s);
    in->mark = in->written;
    in->mark_read = false;
}

/* RFC 9293, 3.10.7.4 looks at the urgent pointer before it looks at the data. */
void urgent_is_lost(struct step *t, const struct sock *s)
{
    sock_edit(t->world, s)->in.mark_lost = true;
    if (s->in.mark <= s->in.read || decide_case(t, CLAUSE_URGENT_NEWER, 2) == 1)
        return;
    pass_older(t, s);
    sock_edit(t->world, s)->in.mark = 0;
}

bool urgent_is_flagged(const struct sock *s)
{
    return s->in.mark != 0 && !s->in.mark_read && s->in.read < s->in.mark;
}

bool urgent_is_pending(const struct sock *s)
{
    return urgent_is_flagged(s) && !s->oob_inline;
}

/* A reset should empty the queues (RFC 9293, 3.10.7.4), so it may leave the byte, and be told
 * later. */
static void check_error(struct step *t, const struct sock *s)
{
    bool left = s->in.cut && urgent_is_pending(s) && s->in.arrived >= s->in.mark;

    if (!left)
        check_pending(t, s, CLAUSE_ERROR_PENDING);
    else if (applies(t, CLAUSE_RESET_FLUSHES, !t->world->profile->reset_keeps_data))
        may_fail(t, s->error != 0, s->error, CLAUSE_ERROR_PENDING);
}

/* Whether a byte is lost for which the buffer was no memory stands in no text. */
static void urgent_to_nowhere(struct step *t, const struct sock *s)
{
    fails(t, EFAULT, CLAUSE_FAULT);
    if (!(t->request->flags & MSG_PEEK) && decide_case(t, CLAUSE_FAULT, 2) == 0)
        sock_edit(t->world, s)->in.mark_read = true;
}

void urgent_receive(struct step *t, const struct sock *s)
{
    bool discards;

    arrivals(t, s);
    shall_fail(t, s->state == SOCK_IDLE || s->state == SOCK_LISTENING, ENOTCONN,
               CLAUSE_RECV_NOT_CONNECTED);
    may_fail(t, s->state == SOCK_IDLE || s->state == SOCK_LISTENING, EINVAL, CLAUSE_URGENT_NONE);
    may_fail(t, s->state == SOCK_ENDED, ENOTCONN, CLAUSE_RECV_NOT_CONNECTED);
    shall_fail(t, s->state != SOCK_IDLE && !urgent_is_pending(s), EINVAL, CLAUSE_URGENT_NONE);
    may_fail(t, s->in.arrived < s->in.mark || s->in.mark == 0, EAGAIN, CLAUSE_URGENT_NONE);
    may_fail(t, s->in.arrived < s->in.mark, EINVAL, CLAUSE_URGENT_NONE);
    check_error(t, s);
    if (step_failed(t)) {
        clear_pending(t, s, CLAUSE_ERROR_PENDING);
        return;
    }
    if (s->shut_read && s->in.arrived < s->in.mark && decide_case(t, CLAUSE_SHUTDOWN_RD, 2) == 1) {
        returns(t, 0, CLAUSE_SHUTDOWN_RD);
        return;
    }
    discards = applies(t, CLAUSE_RECV_TRUNC_DISCARDS, t->request->flags & MSG_TRUNC);
    if (applies(t, CLAUSE_FAULT,
                t->request->bad == BAD_DATA && t->request->room > 0 && !discards)) {
        urgent_to_nowhere(t, s);
        return;
    }
    if (t->request->room > 0)
        queue_show(t, s, (uint32_t)(s->in.mark - 1 - s->in.read), 1);
    if (discards)
        t->prediction.length = 0;
    if (!applies(t, CLAUSE_URGENT_PEEK, t->request->flags & MSG_PEEK))
        sock_edit(t->world, s)->in.mark_read = true;
    returns(t, t->request->room > 0, CLAUSE_URGENT_BYTE);
}

static bool passed_is_next(const struct sock *s)
{
    for (unsigned i = 0; i < PASSED_MAX; i++)
        if (s->in.passed[i] == s->in.read + 1)
            return true;
    return false;
}

void urgent_passes_older(struct step *t, const struct sock *s)
{
    while (passed_is_next(s) && t->world->profile->newer_urgent_loses_older &&
           decide_case(t, CLAUSE_URGENT_NEWER, 2) == 1) {
        queue_take(t, s, 1);
        if (s->in.arrived < s->in.read)
            sock_edit(t->world, s)->in.arrived = s->in.read;
    }
}
