/* adversary: see adversary.h. */
#include "interpose/adversary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>

#include "interpose/interpose.h"
#include "spec/option.h"
#include "stacks/model.h"

enum { NONE = ANSWERS_MAX, NOT_YET = UINT8_MAX };

static const struct sockdrill_stack *const model = &sockdrill_stack_model;
static enum answer_level highest = LEVEL_FAULTS;

static struct {
    const struct drill *drill;
    uint8_t first[ANSWER_SOCKETS][ANSWERED_KINDS]; /* the next answer, or NONE */
    uint8_t next[ANSWERS_MAX];                     /* after each in its queue */
    uint8_t sockets;                               /* that have a place in the order */
    bool busy;                                     /* calls are made for an answer */
    bool exhausted;                                /* no descriptor is to be had ... */
    int64_t exhausted_us;                          /* since then */
    int number;                                    /* of the next descriptor, or -1 */
    unsigned given;
} run;

/* What the code has been shown of each socket. */
static struct {
    uint8_t place; /* in the order, or NOT_YET */
    bool writable; /* since it last sent */
    uint64_t came; /* at least so many bytes of its stream, from the start */
} shown[SOCKS_MAX];

void adversary_level(enum answer_level level)
{
    highest = level;
}

int adversary_number(void)
{
    int number = run.number;

    run.number = -1;
    return number;
}

unsigned adversary_given(void)
{
    return run.given;
}

/* --- queues --- */

static void queue_answers(const struct drill *drill)
{
    uint8_t *last[ANSWER_SOCKETS][ANSWERED_KINDS];

    memset(run.first, NONE, sizeof run.first);
    for (unsigned s = 0; s < ANSWER_SOCKETS; s++)
        for (unsigned k = 0; k < ANSWERED_KINDS; k++)
            last[s][k] = &run.first[s][k];
    for (uint32_t i = 0; i < drill->answer_count; i++) {
        const struct answer *a = &drill->answers[i];
        enum answered call = answer_info(a->kind)->call;

        *last[a->socket][call] = (uint8_t)i;
        last[a->socket][call] = &run.next[i];
        run.next[i] = NONE;
    }
}

static const struct answer *take(unsigned socket, enum answered call)
{
    uint8_t *first;
    const struct answer *a;

    if (socket >= ANSWER_SOCKETS)
        return NULL;
    first = &run.first[socket][call];
    if (*first == NONE)
        return NULL;
    a = &run.drill->answers[*first];
    *first = run.next[*first];
    return answer_info(a->kind)->level <= highest ? a : NULL;
}

static enum answered kind_of(enum op op)
{
    if (op == OP_recvmmsg || op == OP_sendmmsg)
        return ANSWERED_KINDS;
    if (call_receives(op))
        return ANSWERED_recv;
    if (call_sends(op))
        return ANSWERED_send;
    if (call_waits_for_events(op))
        return ANSWERED_wait;
    if (op == OP_accept || op == OP_accept4)
        return ANSWERED_accept;
    return op == OP_socket ? ANSWERED_socket : op == OP_connect ? ANSWERED_connect : ANSWERED_KINDS;
}

static unsigned place_of(const struct sock *s)
{
    uint8_t *place = &shown[world_index(model_world(), s)].place;

    if (*place == NOT_YET && run.sockets < NOT_YET)
        *place = run.sockets++;
    return *place;
}

/* --- answers --- */

static enum model_course fails_with(int error)
{
    errno = error;
    return MODEL_FAILS;
}

static bool may_not_wait(const struct sock *s, const struct request *r)
{
    return s->nonblocking ||
           (call_waits_for_events((enum op)r->op) ? r->timeout_ms == 0 : (r->flags & MSG_DONTWAIT));
}

/*
 * Less than is there has arrived yet, unless the code has been shown more. What is left comes
 * later: that is another edge for epoll.
 */
static enum model_course receive_short(struct request *r, const struct sock *s, uint32_t most)
{
    enum { WHOLE = MSG_WAITALL | MSG_PEEK | MSG_OOB | MSG_TRUNC | MSG_ERRQUEUE };
    struct world *w = model_world();
    uint64_t there = s->in.written - s->in.read;
    bool delays = option_setting(w, world_index(w, s), OPT_SO_RCVLOWAT) != NULL;

    if (s->type != SOCK_STREAM || most == 0 || most >= r->room ||
        (there == 0 ? may_not_wait(s, r) : most >= there) || s->in.mark != 0 ||
        (r->flags & WHOLE) || delays || shown[world_index(w, s)].came > s->in.read + most)
        return MODEL_GOES_ON;
    r->room = most;
    sock_edit(w, s)->turns++;
    run.given++;
    return MODEL_GOES_ON;
}

/* A call that may wait sends less only when a signal comes: a fault. */
static enum model_course send_short(struct request *r, const struct sock *s, uint32_t most)
{
    if (s->type != SOCK_STREAM || s->state != SOCK_CONNECTED || most == 0 ||
        most >= r->sent.length || (r->flags & MSG_OOB) ||
        (!may_not_wait(s, r) && highest < LEVEL_FAULTS))
        return MODEL_GOES_ON;
    r->sent.length = most;
    if (r->sent.period > most)
        r->sent.period = most;
    sock_edit(model_world(), s)->turns++; /* when there is room again */
    run.given++;
    return MODEL_GOES_ON;
}

/* What was sent before has not been taken yet. */
static enum model_course send_full(const struct request *r, const struct sock *s)
{
    const struct world *w = model_world();

    if (s->type != SOCK_STREAM || s->state != SOCK_CONNECTED || s->peer == NO_SOCK ||
        w->socks[s->peer].in.written == 0 || w->socks[s->peer].shut_read || s->error != 0 ||
        s->shut_write || !may_not_wait(s, r) || shown[world_index(w, s)].writable)
        return MODEL_GOES_ON;
    sock_edit(model_world(), s)->turns++;
    run.given++;
    return fails_with(EAGAIN);
}

/* A connection that is there is aborted before it is accepted. */
static bool lose_connection(int listener)
{
    const struct linger at_once = {.l_onoff = 1};
    int fd = model->accept(listener, NULL, NULL);

    if (fd < 0)
        return false;
    model->setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    model->close(fd);
    return true;
}

static bool lose_datagram(int fd)
{
    return model->recv(fd, NULL, 0, MSG_DONTWAIT | MSG_TRUNC) >= 0;
}

static enum model_course lose(const struct request *r, const struct sock *s, int error)
{
    bool accepts = s->type == SOCK_STREAM;
    bool lost;

    if (accepts ? s->state != SOCK_LISTENING || s->queued == 0
                : s->in.first == NO_PIECE || (r->flags & (MSG_PEEK | MSG_ERRQUEUE)))
        return MODEL_GOES_ON;
    run.busy = true;
    lost = accepts ? lose_connection(r->fd) : lose_datagram(r->fd);
    run.busy = false;
    if (!lost)
        return MODEL_GOES_ON;
    run.given++;
    if (error == EAGAIN && !may_not_wait(s, r))
        return MODEL_GOES_ON; /* it waits for the next */
    return fails_with(error);
}

/* A connect that waits, interrupted: the connection is made all the same. */
static enum model_course begin_to_connect(const struct request *r, const struct sock *s)
{
    int result;
    int error;

    if (s->type != SOCK_STREAM || s->state != SOCK_IDLE || s->nonblocking)
        return MODEL_GOES_ON;
    run.busy = true;
    model->fcntl(r->fd, F_SETFL, O_NONBLOCK);
    result = model->connect(r->fd, (const struct sockaddr *)r->address.data, r->address.size);
    error = errno;
    model->fcntl(r->fd, F_SETFL, 0);
    run.busy = false;
    if (result < 0 && error != EINPROGRESS)
        return fails_with(error);
    run.given++;
    return result < 0 ? fails_with(EINTR) : MODEL_IS_DONE;
}

static enum model_course expire(const struct sock *s, int error)
{
    enum { ALL_TRIES_US = 127 * 1000000 }; /* tcp(7), tcp_syn_retries: 127 seconds */

    if (s->type != SOCK_STREAM || s->state != SOCK_IDLE || s->nonblocking)
        return MODEL_GOES_ON;
    clock_set(clock_us() + ALL_TRIES_US);
    run.given++;
    return fails_with(error);
}

/* No other text has a connect fail so, or a call on what is no listener. */
static enum model_course fail(enum answered call, const struct sock *s, int error)
{
    if ((call == ANSWERED_connect && (s->type != SOCK_STREAM || s->state != SOCK_IDLE)) ||
        (call == ANSWERED_accept && s->state != SOCK_LISTENING))
        return MODEL_GOES_ON;
    run.given++;
    return fails_with(error);
}

static enum model_course exhaust(enum answered call, const struct sock *s, int error)
{
    if (call == ANSWERED_accept && s->state != SOCK_LISTENING)
        return MODEL_GOES_ON;
    run.exhausted = true;
    run.exhausted_us = clock_us();
    run.given++;
    return fails_with(error);
}

static bool is_right_to_interrupt(enum answered call, const struct sock *s, const struct request *r)
{
    return call == ANSWERED_wait || !may_not_wait(s, r);
}

static enum model_course give(const struct answer *a, enum answered call, struct request *r,
                              const struct sock *s)
{
    const struct answer_info *info = answer_info(a->kind);

    switch (info->form) {
    case ANSWER_SHORT:
        return call == ANSWERED_recv ? receive_short(r, s, a->number) : send_short(r, s, a->number);
    case ANSWER_FULL:
        return send_full(r, s);
    case ANSWER_LOST:
        return lose(r, s, info->error);
    case ANSWER_EXHAUST:
        return exhaust(call, s, info->error);
    case ANSWER_FAIL:
        return fail(call, s, info->error);
    case ANSWER_BEGIN:
        return begin_to_connect(r, s);
    case ANSWER_EXPIRE:
        return expire(s, info->error);
    case ANSWER_NUMBER:
        run.number = a->number;
        return MODEL_GOES_ON;
    default:
        return is_right_to_interrupt(call, s, r) ? MODEL_IS_INTERRUPTED : MODEL_GOES_ON;
    }
}

/* Until the code gives a descriptor back, or waits, and others do. */
static bool is_exhausted(enum op op)
{
    run.exhausted = run.exhausted && op != OP_close && clock_us() - run.exhausted_us < 1000;
    return run.exhausted && (op == OP_socket || op == OP_accept || op == OP_accept4);
}

static enum model_course answer(struct request *r)
{
    enum op op = (enum op)r->op;
    enum answered call = kind_of(op);
    bool alone = call == ANSWERED_socket || call == ANSWERED_wait;
    const struct sock *s = world_sock(model_world(), r->fd);
    const struct answer *a;

    if (!interpose_inside || run.busy)
        return MODEL_GOES_ON;
    if (is_exhausted(op))
        return fails_with(EMFILE);
    if (call == ANSWERED_KINDS || (s == NULL && !alone))
        return MODEL_GOES_ON;
    run.number = -1;
    a = take(alone ? 0 : place_of(s), call);
    return a != NULL ? give(a, call, r, s) : MODEL_GOES_ON;
}

/* --- what the code is shown --- */

static void show_events(uint16_t sock, unsigned events)
{
    enum { OVER = POLLHUP | POLLERR | POLLRDHUP };

    if (sock == NO_SOCK)
        return;
    shown[sock].writable = shown[sock].writable || (events & POLLOUT);
    if (events & OVER)
        shown[sock].came = UINT64_MAX;
}

static void show_ready(const struct request *r)
{
    const struct world *w = model_world();
    const struct prediction *p = model_prediction();

    for (uint32_t i = 0; i < r->fd_count; i++) {
        const struct sock *s = world_sock(w, r->fds[i].fd);

        if (s != NULL)
            show_events(world_index(w, s), (unsigned short)p->ready[i]);
    }
}

/* An instance tells who watches by what he gave it. */
static void show_epoll(const struct request *r, int64_t count)
{
    const struct world *w = model_world();
    const struct prediction *p = model_prediction();
    uint16_t epoll = world_epoll(w, r->fd);

    for (int64_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < w->interest_count; k++)
            if (w->interests[k].epoll == epoll + 1 && w->interests[k].data == p->events[i].data.u64)
                show_events(w->interests[k].sock, p->events[i].events);
}

static void show_place(int64_t fd)
{
    const struct sock *s = world_sock(model_world(), (int)fd);

    if (s != NULL)
        memset(&shown[world_index(model_world(), s)], 0, sizeof *shown);
    if (s != NULL)
        shown[world_index(model_world(), s)].place =
            run.sockets < NOT_YET ? run.sockets++ : NOT_YET;
}

static void answered(const struct request *r, int64_t result)
{
    enum op op = (enum op)r->op;
    const struct sock *s = world_sock(model_world(), r->fd);
    uint16_t sock = s != NULL ? world_index(model_world(), s) : NO_SOCK;

    if (!interpose_inside || run.busy)
        return;
    if (result < 0) {
        run.number = -1;
        return;
    }
    if (op == OP_epoll_wait)
        show_epoll(r, result);
    else if (call_waits_for_events(op))
        show_ready(r);
    else if (op == OP_socket || op == OP_accept || op == OP_accept4)
        show_place(result);
    else if (s != NULL && op == OP_ioctl && r->command == FIONREAD)
        shown[sock].came = s->in.read + (uint64_t)model_prediction()->value;
    else if (s != NULL && call_receives(op) && (r->flags & MSG_PEEK))
        shown[sock].came = s->in.read + (uint64_t)result;
    else if (s != NULL && call_sends(op))
        shown[sock].writable = false;
}

void adversary_begin(const struct drill *drill)
{
    bool on = drill->answer_count > 0 && highest > LEVEL_NONE;

    model_answers = on ? answer : NULL;
    model_answered = on ? answered : NULL;
    run.number = -1;
    run.given = 0;
    if (!on)
        return;
    run.drill = drill;
    run.sockets = 0;
    run.exhausted = false;
    memset(shown, 0, sizeof shown);
    for (unsigned i = 0; i < SOCKS_MAX; i++)
        shown[i].place = NOT_YET;
    queue_answers(drill);
}

void adversary_end(void)
{
    model_answers = NULL;
    model_answered = NULL;
}
