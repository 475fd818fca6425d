/*
 * recv: what every call that receives does, on streams and datagram sockets. Source: POSIX.1-2017
 * recv(), recvfrom(), recvmsg(), read(); recv(2); RFC 9293, 3.10.3.
 */
#include <errno.h>

#include "spec/block.h"
#include "spec/connection.h"
#include "spec/errors.h"
#include "spec/late.h"
#include "spec/messages.h"
#include "spec/name.h"
#include "spec/option.h"
#include "spec/peek.h"
#include "spec/queue.h"
#include "spec/urgent.h"

/* --- streams --- */

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The least that a call with room returns: whatever has certainly arrived. */
static int64_t certain_bytes(struct step *t, const struct sock *s, uint64_t from, int64_t room)
{
    int64_t certain = s->in.arrived > from ? (int64_t)(s->in.arrived - from) : 0;

    if (s->in.cut && applies(t, CLAUSE_RESET_FLUSHES, !t->world->profile->reset_keeps_data))
        return 0;
    certain = smaller(certain, room);
    if (certain < 1 || !applies(t, CLAUSE_RECV_AVAILABLE, true))
        return 0;
    return t->world->profile->recv_returns_all ? certain : 1;
}

static void receive_bytes(struct step *t, const struct sock *s, uint64_t from, int64_t amount)
{
    const struct request *q = t->request;
    uint64_t end = from + (uint64_t)amount;
    uint32_t gap = (uint32_t)(from - s->in.read);

    if (s->in.arrived < end)
        sock_edit(t->world, s)->in.arrived = end;
    rests_on(t, CLAUSE_RECV_AVAILABLE, true);
    queue_show(t, s, gap, (uint32_t)amount);
    if (applies(t, CLAUSE_RECV_TRUNC_DISCARDS, q->flags & MSG_TRUNC))
        t->prediction.length = 0;
    if (!applies(t, CLAUSE_RECV_PEEK, q->flags & MSG_PEEK))
        queue_take(t, s, gap + (uint32_t)amount);
    peek_move(t, s, amount);
}

/* Where in the stream the call begins. */
static uint64_t first_byte(struct step *t, const struct sock *s)
{
    uint32_t start = peek_start(t, s);
    uint64_t from = s->in.read + start;

    if (start == 0)
        return from + urgent_gap(t, s);
    return from + (s->in.mark == from + 1 && !s->oob_inline);
}

/* Whether nothing more can come, so that not even MSG_WAITALL waits. */
static bool has_ended(struct step *t, const struct sock *s)
{
    arrivals(t, s);
    return s->in.ended || s->state == SOCK_ENDED || s->error != 0 || s->shut_read;
}

/*
 * How much a call that waits is to have: with MSG_WAITALL all, otherwise as much as SO_RCVLOWAT
 * says, which only an actor's call shows.
 */
static int64_t wanted(struct step *t, const struct sock *s)
{
    const struct request *q = t->request;
    const struct setting *low =
        q->actor != 0 ? option_setting(t->world, world_index(t->world, s), OPT_SO_RCVLOWAT) : NULL;
    int least = low != NULL ? low->value : 1;

    if (q->flags & MSG_WAITALL)
        return q->room;
    return applies(t, CLAUSE_OPTION_RCVLOWAT, least > 1) ? smaller(least, q->room) : 1;
}

/*
 * MSG_WAITALL: less than was asked for only when nothing more can come, or the call peeks, or an
 * urgent byte is next.
 */
static void received(struct step *t, const struct sock *s, uint64_t end, int64_t amount)
{
    const struct request *q = t->request;
    bool waits = amount < wanted(t, s) && !must_not_wait(t, s) && s->in.mark != end + 1;
    bool peeks = q->flags & MSG_PEEK;
    bool signalled = t->resumes == RESUMES_INTERRUPTED && amount < q->room;

    if (q->flags & MSG_WAITALL) {
        rests_on(t, CLAUSE_RECV_WAITALL, !must_not_wait(t, s));
        rests_on(t, CLAUSE_RECV_WAITALL_SHORT, signalled);
    }
    if (applies(t, CLAUSE_RECV_WAITALL, waits) &&
        !applies(t, CLAUSE_RECV_WAITALL_SHORT,
                 has_ended(t, s) || (peeks && decide_case(t, CLAUSE_RECV_WAITALL_SHORT, 2) == 1)))
        blocks(t, false, amount, CLAUSE_RECV_WAITALL);
    else
        returns(t, amount, CLAUSE_STREAM_ORDER);
}

void recv_waits(struct step *t, const struct sock *s)
{
    bool returns_now = must_not_wait(t, s);

    blocks(t, returns_now, -1, returns_now ? CLAUSE_RECV_WOULD_BLOCK : CLAUSE_RECV_BLOCKS);
}

/* Nothing to read: why, and what then. */
static void nothing_to_read(struct step *t, const struct sock *s)
{
    const struct profile *p = t->world->profile;
    bool never = s->state == SOCK_IDLE || s->state == SOCK_LISTENING ||
                 (s->state == SOCK_CONNECTING && !p->connecting_transfers_wait);
    bool ended = s->in.ended || s->shut_read;
    bool reset = s->error == ECONNRESET;

    /* Neither text orders an end of file and an error that are both there. */
    if (s->error != 0 && s->state != SOCK_LISTENING &&
        (!ended || decide_case(t, CLAUSE_ERROR_PENDING, 2) == 0)) {
        fails(t, s->error, reset ? CLAUSE_RECV_RESET : CLAUSE_ERROR_PENDING);
        sock_edit(t->world, s)->error = 0;
        return;
    }
    ended |= (s->state == SOCK_ENDED || s->state == SOCK_FAILED) && p->failed_recv_is_end;
    ended |= s->shut_write && !s->shut_read && s->state == SOCK_CONNECTED &&
             !applies(t, CLAUSE_SHUTDOWN_WR_RECV, true);
    shall_fail(t, never && (!s->shut_read || s->state == SOCK_LISTENING), ENOTCONN,
               CLAUSE_RECV_NOT_CONNECTED);
    may_fail(t, (s->state == SOCK_ENDED || s->state == SOCK_FAILED) && !p->failed_recv_is_end,
             ENOTCONN, CLAUSE_RECV_NOT_CONNECTED);
    may_fail(t, s->was_reset && !p->failed_recv_is_end, ECONNRESET, CLAUSE_RECV_RESET);
    if (step_failed(t))
        return;
    if (applies(t, CLAUSE_RECV_END, ended || s->state == SOCK_ENDED || s->state == SOCK_FAILED))
        returns(t, 0, s->shut_read && !s->in.ended ? CLAUSE_SHUTDOWN_RD : CLAUSE_RECV_END);
    else
        recv_waits(t, s);
}

/* Whether the buffer is no memory, and there is something that would go there. */
static bool faults(struct step *t, const struct sock *s, uint64_t from, int64_t most)
{
    const struct request *q = t->request;

    return applies(t, CLAUSE_FAULT, q->bad == BAD_DATA && most > 0 && !(q->flags & MSG_TRUNC)) &&
           (certain_bytes(t, s, from, most) > 0 || decide_case(t, CLAUSE_RECV_SHORT, 2) == 0);
}

/* Whether the peer's end has come, or is on its way. */
static bool ends(const struct sock *s)
{
    return s->in.ended || (s->flying & FLYING_FIN);
}

/*
 * Up to where there may be something to read. On an ordinary machine that is what has arrived, and
 * what a call that waits long enough lets arrive.
 */
static uint64_t reachable(struct step *t, const struct sock *s, uint64_t from)
{
    if (s->in.arrived == s->in.written || t->decider->kind == DECIDER_WITNESS || s->in.unsent > 0)
        return s->in.written;
    if (t->request->actor == 0 && !must_not_wait(t, s) &&
        s->in.arrived < from + (uint64_t)wanted(t, s))
        settled(t, s);
    return s->in.arrived > from ? s->in.arrived : from;
}

/*
 * Whether a call that waits is not woken by what would be enough for it, because SO_RCVLOWAT is
 * more than it asks for (Linux).
 */
static bool oversleeps(const struct step *t, const struct sock *s)
{
    const struct setting *low = option_setting(t->world, world_index(t->world, s), OPT_SO_RCVLOWAT);

    return t->resumes != RESUMES_NOT && t->world->profile->low_water_delays_waking && low != NULL &&
           (uint32_t)low->value > t->request->room && /* below 0 stands for the largest */
           s->in.written - s->in.read < (uint32_t)low->value;
}

/* Whether the call waits for more than there is: what it has taken shows when it is resumed. */
static bool takes_later(struct step *t, const struct sock *s, int64_t amount)
{
    bool ordinary = t->decider->kind == DECIDER_ORDINARY;

    if (t->request->actor == 0 || amount == 0 || (!ordinary && !block_is_seen(t)))
        return false;
    return !(ordinary && must_not_wait(t, s)) && (amount < wanted(t, s) || oversleeps(t, s)) &&
           !has_ended(t, s);
}

/* Whether the call fails once it has received, so that nobody sees how much that was. */
static bool fails_afterwards(const struct request *q)
{
    return q->op == OP_recvfrom && ((int)q->name_room < 0 || q->bad == BAD_LENGTH);
}

/*
 * How much such a call takes: all, or what was sent up to the end of one of the sends. A large send
 * comes in parts, of which nothing is known: of what is only looked at there is at least a byte.
 */
static int64_t unseen_amount(struct step *t, const struct sock *s, uint64_t from, int64_t most)
{
    enum { ENDS_MAX = 16, WHOLE_MAX = 16384 };
    bool peeks = t->request->flags & MSG_PEEK;
    int64_t certain = certain_bytes(t, s, from, most);
    int64_t end = (int64_t)(s->in.read - from) - s->in.offset;
    int64_t amounts[ENDS_MAX] = {most};
    unsigned count = 1;
    uint16_t i = s->in.first;

    for (; i != NO_PIECE && count < ENDS_MAX - 2; i = t->world->pieces[i].next) {
        end += t->world->pieces[i].bytes.length;
        leads_beyond(t, end > certain && certain < most && !peeks &&
                            t->world->pieces[i].bytes.length > WHOLE_MAX);
        if (end > certain && end < most)
            amounts[count++] = end;
    }
    leads_beyond(t, i != NO_PIECE && end < most);
    if (certain < most)
        amounts[count++] = certain;
    if (certain == 0 && peeks)
        amounts[count++] = 1;
    return amounts[decide_case(t, CLAUSE_RECV_SHORT, count)];
}

static void receive_stream(struct step *t, const struct sock *s)
{
    int64_t room = t->request->room;
    int64_t most;
    int64_t amount = 0;
    uint64_t from;
    bool ended = s->in.ended;

    if (s->in.passed[0] != 0)
        urgent_passes_older(t, s);
    from = first_byte(t, s);
    most = smaller(room, urgent_limit(t, s, from, (int64_t)(reachable(t, s, from) - from)));
    if (faults(t, s, from, most)) {
        fails(t, EFAULT, CLAUSE_FAULT);
        return;
    }
    if (most > 0 && fails_afterwards(t->request))
        amount = unseen_amount(t, s, from, most);
    else if (most > 0)
        amount = decide_amount(t, CLAUSE_RECV_SHORT, certain_bytes(t, s, from, most), most);
    if (takes_later(t, s, amount))
        amount = 0;
    if (amount > 0 && (!ends(s) || applies(t, CLAUSE_RECV_BEFORE_END, true))) {
        receive_bytes(t, s, from, amount);
        received(t, s, from + (uint64_t)amount, amount);
        return;
    }
    if (room == 0 && decide_case(t, CLAUSE_RECV_ZERO, 2) == 0) {
        returns(t, 0, CLAUSE_RECV_ZERO);
        return;
    }
    urgent_pass(t, s);
    arrivals(t, s);
    if (s->in.ended && !ended && certain_bytes(t, s, from, most) > 0)
        receive_stream(t, s); /* with the end has come what was sent before it */
    else
        nothing_to_read(t, s);
}

static void recv_stream(struct step *t, const struct sock *s)
{
    if (t->request->flags & MSG_OOB)
        urgent_receive(t, s);
    else
        receive_stream(t, s);
    if (t->request->op == OP_recvfrom)
        rests_on(t, CLAUSE_RECV_ADDRESS_STREAM,
                 !t->request->name_null && t->prediction.result >= 0);
}

/* --- calls --- */

/* The name is stored when all else is done. */
static void store_name(struct step *t)
{
    const struct request *q = t->request;
    bool named = t->prediction.has_name;
    bool open = q->flags & MSG_ERRQUEUE; /* what an error that no host told has for a name */
    bool faults =
        ((named || open) && q->bad == BAD_ADDRESS && q->name_room > 0) || q->bad == BAD_LENGTH;

    name_room_is_negative(t);
    if (t->prediction.result < 0 || !applies(t, CLAUSE_FAULT, faults) ||
        (!named && decide_case(t, CLAUSE_FAULT, 2) == 1))
        return;
    t->prediction.length = 0;
    fails(t, EFAULT, CLAUSE_FAULT);
}

void step_receiving(struct step *t)
{
    const struct sock *s = check_sock(t, t->request->fd);

    if (uses_other(t)) {
        returns_anything(t, CLAUSE_FD_OTHER);
        return;
    }
    if (s == NULL) {
        step_failed(t);
        return;
    }
    if (moves_nothing(t) || message_is_wrong(t))
        return;
    if (t->request->flags & MSG_ERRQUEUE) {
        errors_receive(t, s);
        store_name(t);
        return;
    }
    if (applies(t, CLAUSE_RECV_ZERO,
                (t->request->op == OP_read || t->request->op == OP_readv) && t->request->room == 0))
        returns(t, 0, CLAUSE_RECV_ZERO);
    else if (s->type == SOCK_STREAM)
        recv_stream(t, s);
    else
        recv_datagram(t, s);
    if (t->request->op == OP_read || t->request->op == OP_readv)
        rests_on(t, CLAUSE_READ_IS_RECV, true);
    if (t->request->op == OP_recvmsg && !t->prediction.has_message)
        message_stream(t, s);
    store_name(t);
}

void step_recv(struct step *t)
{
    step_receiving(t);
}

void step_recvfrom(struct step *t)
{
    step_receiving(t);
}

void step_read(struct step *t)
{
    step_receiving(t);
}

void step_readv(struct step *t)
{
    step_receiving(t);
}
