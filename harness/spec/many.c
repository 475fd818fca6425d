/*
 * many: sendmmsg and recvmmsg, which are sendmsg and recvmsg over and over. Source: sendmmsg(2),
 * recvmmsg(2).
 */
#include <errno.h>

#include "spec/connection.h"
#include "spec/messages.h"
#include "spec/option.h"
#include "spec/spec.h"

/* One message of many, as a call of its own. */
struct turn {
    const struct request *whole;
    const struct outcome *seen; /* of the whole, or NULL */
    enum decider_kind kind;     /* of the whole */
    struct request request;
    struct outcome outcome; /* what was seen of this message */
    bool stands;            /* so far all is as it was seen */
    uint32_t offset;        /* in what is sent */
};

static void turn_start(struct turn *turn, struct step *t)
{
    turn->whole = t->request;
    turn->seen = t->decider->seen;
    turn->kind = t->decider->kind;
    turn->request = *t->request;
    turn->request.op = t->request->op == OP_sendmmsg ? OP_sendmsg : OP_recvmsg;
    turn->request.part_count = 1;
    turn->stands = true;
    turn->offset = 0;
    t->prediction.many_count = 0;
    t->prediction.contradicted = false;
}

/* What the witness saw of a message; of one after the last that it failed, or waits. */
static void turn_see(struct turn *turn, unsigned i)
{
    const struct message *m = &turn->seen->messages[i];
    struct outcome *o = &turn->outcome;

    if ((int64_t)i < turn->seen->result) {
        *o = (struct outcome){.kind = OUTCOME_RETURNED,
                              .result = m->length,
                              .data = m->data,
                              .data_size = m->data_size,
                              .address = m->address,
                              .address_length = m->address_length,
                              .message_flags = m->flags,
                              .control = m->control,
                              .control_size = m->control_size};
        return;
    }
    *o = (struct outcome){.kind = turn->seen->kind, .result = -1};
    o->error = i == 0 ? turn->seen->error : ERROR_LOST;
}

/* The part of the payload that is this message's. */
static void turn_slice(struct turn *turn, unsigned i)
{
    struct payload *sent = &turn->request.sent;
    const struct payload *whole = &turn->whole->sent;

    turn->request.room = turn->request.part_sizes[0] = turn->whole->part_sizes[i];
    *sent = (struct payload){.length = turn->whole->part_sizes[i]};
    if (sent->length == 0)
        return;
    sent->data = turn->offset < whole->period ? whole->data + turn->offset : whole->data;
    sent->period = turn->offset == 0 ? whole->period : sent->length;
    turn->offset += sent->length;
}

/* Whether a wait has ended by the socket's own time-out: SO_RCVTIMEO, SO_SNDTIMEO. */
static bool timed_out(const struct turn *turn, const struct step *t)
{
    const struct sock *s = world_sock(t->world, turn->whole->fd);
    enum option option = turn->whole->op == OP_sendmmsg ? OPT_SO_SNDTIMEO : OPT_SO_RCVTIMEO;

    return turn->kind == DECIDER_WITNESS && turn->seen->kind == OUTCOME_RETURNED &&
           t->prediction.kind == OUTCOME_UNFINISHED && t->prediction.result < 0 &&
           option_setting(t->world, world_index(t->world, s), option) != NULL;
}

static bool as_seen(const struct turn *turn, const struct step *t)
{
    const struct prediction *p = &t->prediction;
    const struct outcome *o = &turn->outcome;

    if (o->result < 0 && o->error == ERROR_LOST)
        return timed_out(turn, t) ||
               (p->kind == o->kind && (p->result < 0 || p->kind == OUTCOME_UNFINISHED));
    if (turn->whole->op == OP_sendmmsg && p->kind == OUTCOME_UNFINISHED && p->result >= 0)
        return turn->seen->kind == OUTCOME_UNFINISHED && o->result == p->result;
    return spec_matches(t, o);
}

static void forget_prediction(struct step *t)
{
    t->verdict.barred = false;
    t->verdict.count = 0;
    t->verdict.usual = 0;
    t->prediction.has_name = false;
    t->prediction.has_message = false;
    t->prediction.length = 0;
    t->prediction.piece = NO_PIECE;
}

/* Carries out one message; what does not go as seen goes on ordinarily, to be told of whole. */
static void turn_make(struct turn *turn, struct step *t, unsigned i, void (*make)(struct step *))
{
    turn_slice(turn, i);
    forget_prediction(t);
    if (turn->kind == DECIDER_WITNESS && turn->stands) {
        turn_see(turn, i);
        t->decider->seen = &turn->outcome;
    } else {
        t->decider->kind = DECIDER_ORDINARY;
    }
    t->request = &turn->request;
    make(t);
    if (t->decider->kind == DECIDER_WITNESS)
        turn->stands = as_seen(turn, t);
    t->request = turn->whole;
    t->decider->seen = turn->seen;
    t->decider->kind = turn->kind;
}

static void keep_message(struct step *t)
{
    const struct prediction *p = &t->prediction;

    t->prediction.many[t->prediction.many_count++] = (struct moved_message){
        .length = (uint32_t)p->result,
        .piece = p->piece,
        .offset = p->offset,
        .shown = p->length,
        .has_name = p->has_name,
        .name_family = p->name_family,
        .name = p->name,
        .message = p->message,
    };
}

/* What the whole call comes to: how many messages, or what became of the first. */
static void turn_end(struct turn *turn, struct step *t, bool waits_on, enum clause clause)
{
    struct prediction *p = &t->prediction;
    unsigned count = p->many_count;

    if (count > 0 || turn->whole->part_count == 0) {
        forget_prediction(t);
        returns(t, count, clause);
        if (waits_on)
            p->kind = OUTCOME_UNFINISHED;
    }
    p->contradicted = !turn->stands;
}

static unsigned message_count(const struct request *q)
{
    return q->part_count < PARTS_MAX ? (unsigned)q->part_count : PARTS_MAX;
}

/* Whether nothing else can be said: the messages are no memory, or the descriptor no socket. */
static const struct sock *check_many(struct step *t)
{
    const struct sock *s = check_sock(t, t->request->fd);

    if (s != NULL)
        shall_fail(t, t->request->bad == BAD_HEADER && t->request->part_count > 0, EFAULT,
                   CLAUSE_FAULT);
    return step_failed(t) ? NULL : s;
}

/* --- sendmmsg --- */

void step_sendmmsg(struct step *t)
{
    struct turn turn;
    bool waits_on = false;

    turn_start(&turn, t);
    if (check_many(t) == NULL)
        return;
    for (unsigned i = 0; i < message_count(turn.whole); i++) {
        turn_make(&turn, t, i, step_sendmsg);
        waits_on = t->prediction.kind == OUTCOME_UNFINISHED && !(i > 0 && timed_out(&turn, t));
        if (t->prediction.result < 0)
            break;
        keep_message(t);
        if (waits_on || t->prediction.result < turn.whole->part_sizes[i])
            break; /* a stream took a part of it */
    }
    turn_end(&turn, t, waits_on, CLAUSE_SENDMMSG);
}

/* --- recvmmsg --- */

/* An error that is pending comes before what is received. */
static bool error_comes_first(struct step *t, const struct sock *s)
{
    if (t->request->flags & MSG_ERRQUEUE)
        return false;
    arrivals(t, s);
    if (s->error == 0)
        return false;
    if (!t->world->profile->many_errors_first && decide_case(t, CLAUSE_ERROR_PENDING, 2) == 1)
        return false;
    fails(t, s->error, CLAUSE_ERROR_PENDING);
    sock_edit(t->world, s)->error = 0;
    return true;
}

/*
 * An error after the first message comes with the next call, which stands in recvmmsg(2) as what is
 * expected. Where the socket is to wait, what comes meanwhile may be told instead.
 */
static void keep_error(struct step *t, const struct sock *s, int error)
{
    bool certain =
        t->world->profile->many_keeps_error && s->nonblocking && !(t->request->flags & MSG_OOB);

    if (error != EAGAIN && (certain || decide_case(t, CLAUSE_RECVMMSG, 2) == 0))
        sock_edit(t->world, s)->error = (uint16_t)error;
}

/*
 * The time is looked at when a message has come. Who never waits cannot tell an error in the queue
 * of errors, which ends no call, from one that is pending.
 */
static bool time_is_over(struct step *t, const struct sock *s, const struct turn *turn,
                         unsigned done)
{
    bool certain = turn->whole->timeout_ms == 0;
    bool possible = turn->whole->timeout_ms > 0 || (turn->whole->flags & MSG_OOB) ||
                    (s->errors != NO_PIECE && !s->nonblocking);

    if (done == 0)
        return false;
    if (applies(t, CLAUSE_RECVMMSG_TIMEOUT, certain))
        return true;
    return possible && turn->kind == DECIDER_WITNESS && turn->stands &&
           turn->seen->kind == OUTCOME_RETURNED && turn->seen->result == (int64_t)done &&
           decide_case(t, CLAUSE_RECVMMSG_TIMEOUT, 2) == 1;
}

static void receive_many(struct step *t, const struct sock *s)
{
    struct turn turn;
    bool waits_on = false;

    turn_start(&turn, t);
    turn.request.flags &= ~MSG_WAITFORONE;
    for (unsigned i = 0; i < message_count(turn.whole) && !time_is_over(t, s, &turn, i); i++) {
        if (i > 0 && applies(t, CLAUSE_RECVMMSG_WAITFORONE, turn.whole->flags & MSG_WAITFORONE))
            turn.request.flags |= MSG_DONTWAIT;
        turn_make(&turn, t, i, step_recvmsg);
        waits_on = t->prediction.kind == OUTCOME_UNFINISHED && !(i > 0 && timed_out(&turn, t));
        if (t->prediction.result < 0) {
            if (i > 0 && !waits_on && t->prediction.kind == OUTCOME_RETURNED)
                keep_error(t, s, t->prediction.error);
            break;
        }
        keep_message(t);
    }
    turn_end(&turn, t, waits_on, CLAUSE_RECVMMSG);
}

void step_recvmmsg(struct step *t)
{
    const struct request *q = t->request;
    const struct sock *s;

    t->prediction.many_count = 0;
    t->prediction.contradicted = false;
    shall_fail(t, q->timeout_ms < -1, EINVAL, CLAUSE_RECVMMSG_TIMEOUT);
    shall_fail(t, q->bad == BAD_TIMEOUT, EFAULT, CLAUSE_FAULT);
    s = check_sock(t, q->fd);
    if (!step_passes(t, s) || error_comes_first(t, s))
        return;
    shall_fail(t, q->bad == BAD_HEADER && q->part_count > 0, EFAULT, CLAUSE_FAULT);
    if (!step_failed(t))
        receive_many(t, s);
}
