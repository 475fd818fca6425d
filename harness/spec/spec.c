/* spec: see spec.h. */
#include "spec/spec.h"

#include <string.h>

#include "spec/ancillary.h"
#include "spec/block.h"
#include "spec/connection.h"
#include "spec/late.h"
#include "spec/messages.h"
#include "spec/queue.h"

static void (*const steps[OPS])(struct step *) = {
#define X(name) [OP_##name] = step_##name,
    SPEC_CALLS(X)
#undef X
};

/*
 * What an executor that never waits cannot make as it is meant: MSG_WAITALL of the first of several
 * messages. And what is repeated from within: the second message of "ab" and "cabcabc".
 */
static bool is_beyond(const struct request *q)
{
    bool repeated = q->sent.period < q->sent.length;

    return call_many(q->op) &&
           ((q->flags & MSG_WAITALL) || (repeated && q->part_sizes[0] < q->sent.length));
}

bool spec_knows(const struct request *q)
{
    return !is_beyond(q) && (q->actor == 0 || q->act != ACT_CALL || block_knows(q));
}

void spec_step(struct step *t)
{
    t->verdict.barred = false;
    t->verdict.count = 0;
    t->verdict.usual = 0;
    t->prediction.any = false;
    t->prediction.beyond = false;
    t->prediction.any_data = false;
    t->prediction.unfounded = false;
    t->prediction.has_name = false;
    t->prediction.has_value = false;
    t->prediction.has_message = false;
    t->prediction.contradicted = false;
    t->prediction.length = 0;
    t->prediction.option_size = 0;
    t->prediction.piece = NO_PIECE;
    t->prediction.least_us = 0;
    t->resumes = RESUMES_NOT;
    if (t->request->act != ACT_CALL)
        block_act(t);
    else
        steps[t->request->op](t);
    if (t->request->act == ACT_CALL && t->request->actor != 0)
        block_began(t);
    if (t->world->slow && t->decider->kind == DECIDER_WITNESS)
        late_follow(t);
}

void spec_again(struct step *t)
{
    steps[t->request->op](t);
}

bool spec_is_founded(const struct step *t)
{
    return !t->prediction.unfounded && !clause_removed(t->prediction.clause);
}

void spec_settle(struct step *t)
{
    const struct world *w = t->world;

    for (uint32_t i = 0; i < w->sock_count; i++) {
        if (!w->slow) {
            settled(t, &w->socks[i]);
            continue;
        }
        connection_settle(t, &w->socks[i]);
        late_settle(t, &w->socks[i]);
    }
}

static bool name_matches(const struct step *t, const struct outcome *o)
{
    const struct prediction *p = &t->prediction;
    struct sockaddr_storage name;
    socklen_t size;
    socklen_t shown;

    if (!p->has_name)
        return true;
    size = endpoint_write(&p->name, p->name_family, &name);
    shown = size < t->request->name_room ? size : t->request->name_room;
    return o->address_length == size && memcmp(&name, &o->address, shown) == 0;
}

/* Of a datagram peeked at from its middle the real length tells of bytes that were not copied. */
static bool size_matches(const struct step *t, size_t size)
{
    const struct prediction *p = &t->prediction;
    int flags = MSG_PEEK | MSG_TRUNC;
    bool uncopied = (t->request->flags & flags) == flags && p->result > p->length;

    return uncopied ? size >= p->length : size == p->length;
}

static bool data_matches(const struct step *t, const struct outcome *o)
{
    const struct prediction *p = &t->prediction;

    if (p->option_size > 0)
        return o->data_size == p->option_size && memcmp(o->data, p->option, p->option_size) == 0;
    return size_matches(t, o->data_size) && (p->length == 0 || queue_matches(t->world, p, o->data));
}

static bool ready_matches(const struct step *t, const struct outcome *o)
{
    for (uint32_t i = 0; i < t->request->fd_count; i++)
        if (o->fds[i].revents != t->prediction.ready[i])
            return false;
    return true;
}

static bool events_match(const struct step *t, const struct outcome *o)
{
    const struct prediction *p = &t->prediction;

    for (int64_t i = 0; i < p->result && t->request->op == OP_epoll_wait; i++)
        if (o->events[i].events != p->events[i].events ||
            o->events[i].data.u64 != p->events[i].data.u64)
            return false;
    return true;
}

bool spec_matches(const struct step *t, const struct outcome *o)
{
    const struct prediction *p = &t->prediction;

    if (!spec_is_founded(t))
        return false;
    if (p->any)
        return true;
    if (p->contradicted)
        return false;
    if (o->took_us > 0 && o->took_us < p->least_us)
        return false;
    if (o->kind != p->kind || o->result != p->result || o->error != p->error)
        return false;
    if (p->any_data || (o->result < 0 && p->length == 0))
        return true;
    if (p->has_value && o->value != p->value)
        return false;
    if (p->has_message && !message_matches(t, o))
        return false;
    return name_matches(t, o) && data_matches(t, o) && ready_matches(t, o) && events_match(t, o);
}

static int outcome_control(const struct step *t, const struct shown_message *m, uint8_t *control,
                           size_t *size)
{
    int flags = m->flags;

    *size = ancillary_write(m, t->request->control_room, control, &flags);
    return flags;
}

/* The messages of many, their bytes and ancillary data one after another. */
static void outcome_many(const struct step *t, struct outcome *o, uint8_t *buffer)
{
    uint8_t *control = buffer + DATA_BYTES_MAX;

    for (unsigned i = 0; i < t->prediction.many_count; i++) {
        const struct moved_message *from = &t->prediction.many[i];
        struct message *m = &o->messages[i];

        *m = (struct message){.length = from->length, .data = buffer, .control = control};
        if (t->request->op == OP_sendmmsg)
            continue;
        m->data_size = from->shown;
        queue_copy_part(t->world, from->piece, from->offset, from->shown, buffer);
        m->flags = outcome_control(t, &from->message, control, &m->control_size);
        if (from->has_name)
            m->address_length = endpoint_write(&from->name, from->name_family, &m->address);
        buffer += from->shown;
        control += CONTROL_BYTES_MAX;
    }
}

void spec_outcome(const struct step *t, struct outcome *o, uint8_t *buffer)
{
    const struct prediction *p = &t->prediction;

    *o = (struct outcome){.kind = p->kind, .result = p->result, .error = p->error};
    o->data = buffer;
    o->has_value = p->has_value;
    o->value = p->value;
    if (p->has_name)
        o->address_length = endpoint_write(&p->name, p->name_family, &o->address);
    if (p->option_size > 0) {
        o->data_size = p->option_size;
        memcpy(buffer, p->option, p->option_size);
    } else {
        o->data_size = p->length;
        queue_copy(t->world, p, buffer);
    }
    o->control = buffer + DATA_BYTES_MAX;
    if (p->has_message)
        o->message_flags =
            outcome_control(t, &p->message, buffer + DATA_BYTES_MAX, &o->control_size);
    if (call_many(t->request->op) && p->result >= 0)
        outcome_many(t, o, buffer);
    for (uint32_t i = 0; i < t->request->fd_count; i++) {
        o->fds[i] = t->request->fds[i];
        o->fds[i].revents = p->ready[i];
    }
    if (t->request->op == OP_epoll_wait && p->result > 0)
        memcpy(o->events, p->events, sizeof o->events);
}
