/* connect: begins a connection, or sets a default destination. Source: POSIX.1-2017 connect(). */
#include <errno.h>

#include "spec/address.h"
#include "spec/block.h"
#include "spec/connection.h"
#include "spec/datagram.h"
#include "spec/late.h"
#include "spec/name.h"
#include "spec/option.h"
#include "spec/pairs.h"
#include "spec/peek.h"
#include "spec/ports.h"
#include "spec/queue.h"

/* --- streams --- */

static void check_state(struct step *t, const struct sock *s)
{
    const struct profile *p = t->world->profile;

    shall_fail(t, s->state == SOCK_CONNECTING, EALREADY, CLAUSE_CONNECT_ALREADY);
    may_fail(t, s->state == SOCK_CONNECTING && s->reported, EISCONN, CLAUSE_CONNECT_IS_CONNECTED);
    may_fail(t, s->state == SOCK_CONNECTING && s->reported, EINVAL, CLAUSE_CONNECT_FAILED);
    shall_fail(t, (s->state == SOCK_CONNECTED || s->state == SOCK_ENDED) && !s->disconnecting,
               EISCONN, CLAUSE_CONNECT_IS_CONNECTED);
    shall_fail(t, s->state == SOCK_LISTENING, EOPNOTSUPP, CLAUSE_CONNECT_LISTENING);
    usually_fails(t, s->state == SOCK_LISTENING, EISCONN, CLAUSE_ERROR_OTHER);
    may_fail(t, s->state == SOCK_LISTENING && !p->listener_is_connected, EINVAL,
             CLAUSE_ERROR_OTHER);
    may_fail(t, s->has_failed && !p->connect_reports_attempt, ECONNABORTED, CLAUSE_CONNECT_FAILED);
    may_fail(t, s->has_failed && !p->connect_reports_attempt, EINVAL, CLAUSE_CONNECT_FAILED);
    shall_fail(t, s->disconnecting, EINVAL, CLAUSE_CONNECT_FAILED);
}

static void check_stream(struct step *t, const struct sock *s, const struct endpoint *to)
{
    enum conflict used;

    check_state(t, s);
    if (s->state != SOCK_IDLE)
        return;
    check_reachable(t, s, to);
    used = pairs_in_use(t, s, to);
    leads_beyond(t, !t->world->slow && pairs_meet_again(t->world, s, to));
    shall_fail(t, used == CONFLICT_CERTAIN, EADDRINUSE, CLAUSE_CONNECT_IN_USE);
    may_fail(t, used == CONFLICT_POSSIBLE, EADDRINUSE, CLAUSE_CONNECT_IN_USE);
    usually_fails(t, used == CONFLICT_CERTAIN, EADDRNOTAVAIL, CLAUSE_CONNECT_IN_USE);
    may_fail(t, used == CONFLICT_POSSIBLE, EADDRNOTAVAIL, CLAUSE_CONNECT_IN_USE);
    may_fail(t, to->port == 0, EADDRNOTAVAIL, CLAUSE_CONNECT_NOT_AVAILABLE);
}

/* tcp(7): either end may hold back the segment that ends the handshake. */
static uint8_t held_by(const struct world *w, const struct sock *s, const struct sock *listener)
{
    const struct setting *acks = option_setting(w, world_index(w, s), OPT_TCP_QUICKACK);
    bool delays = acks != NULL && (acks->value & 1) == 0;
    uint8_t held = 0;

    if (delays || option_int(w, s, OPT_TCP_DEFER_ACCEPT) > 0)
        held |= HELD_ACK;
    if (option_int(w, listener, OPT_TCP_DEFER_ACCEPT) > 0)
        held |= HELD_DATA;
    return held;
}

/* The socket with which the listener's side begins; it inherits the listener's options. */
static uint16_t new_child(struct step *t, const struct sock *s, const struct sock *listener,
                          const struct endpoint *to)
{
    struct world *w = t->world;
    uint16_t child = w->slow ? late_slot(w, s, listener->family)
                             : world_new_sock(w, listener->family, SOCK_STREAM);
    struct sock *edit;

    if (child == NO_SOCK)
        return NO_SOCK;
    edit = &w->socks[child];
    edit->state = SOCK_CONNECTED;
    edit->bound = edit->port_known = edit->host_known = edit->reported = true;
    edit->local = *to;
    edit->listener = world_index(w, listener);
    edit->mapped_before = listener->family == AF_INET6 && endpoint_is_v4(to);
    leads_beyond(t, listener->mapped_before && !endpoint_is_v4(to) &&
                        w->profile->mapped_attempt_deafens); /* what it sends may never come */
    edit->held = held_by(w, s, listener);
    if (pairs_were_used(w, s, to))
        edit->held |= HELD_ACK;
    edit->peer = world_index(w, s);
    connection_inherit(t, edit);
    return child;
}

static void await_accept(struct world *w, const struct sock *listener, uint16_t child)
{
    const struct sock *last;

    sock_edit(w, listener)->queued++;
    if (listener->queue == NO_SOCK) {
        sock_edit(w, listener)->queue = child;
        return;
    }
    for (last = &w->socks[listener->queue]; last->next != NO_SOCK;)
        last = &w->socks[last->next];
    sock_edit(w, last)->next = child;
}

/* RFC 9293, 3.5: a socket that connects to its own address meets its own SYN. */
static bool is_own(const struct sock *s, const struct endpoint *to)
{
    return s->port_known && endpoint_equal(&s->local, to);
}

/* Of one that cannot write no text says whether it meets itself before its FIN does. */
static void meet_itself(struct step *t, const struct sock *s)
{
    bool aborts =
        s->shut_write && !(t->world->slow && decide_case(t, CLAUSE_CONNECT_SIMULTANEOUS, 2) == 1);

    sock_edit(t->world, s)->has_failed = sock_edit(t->world, s)->left_waiting = true;
    sock_edit(t->world, s)->peer = world_index(t->world, s);
    fly(t, s, aborts ? FLYING_ABORTED : FLYING_ESTABLISHED);
}

/* Whether the port that the stack has chosen, and nobody knows yet, is the very one it is to reach.
 */
static bool has_drawn_own(struct step *t, const struct sock *s, const struct endpoint *to)
{
    struct sock *edit;

    if (t->decider->kind != DECIDER_WITNESS || !s->bound || s->port_known ||
        !name_may_get(t, s, to->port) || decide_case(t, CLAUSE_CONNECT_SIMULTANEOUS, 2) == 0)
        return false;
    edit = sock_edit(t->world, s);
    edit->local.port = to->port;
    edit->port_known = true;
    return true;
}

/* Where the queue is full the last step of a handshake is lost, whenever it comes. */
static void crowd(struct step *t, const struct sock *listener, const struct sock *child)
{
    if (t->world->slow || (child->held & HELD_ACK)) {
        sock_edit(t->world, child)->held |= HELD_ACK;
        sock_edit(t->world, child)->flying |= FLYING_QUEUED;
    }
    for (uint16_t i = listener->queue; i != NO_SOCK; i = t->world->socks[i].next)
        if (t->world->socks[i].held & HELD_ACK)
            sock_edit(t->world, &t->world->socks[i])->held |= HELD_AGAIN;
}

void connect_meets(struct step *t, const struct sock *s, const struct endpoint *to)
{
    struct receivers found;
    const struct sock *listener;
    uint16_t child;

    ports_listeners(t, to, &found);
    if (found.count == 0 || late_refuses(t, s)) {
        if (has_drawn_own(t, s, to))
            meet_itself(t, s);
        else if (pairs_cross(t->world, s, to) ||
                 (!t->world->slow && pairs_meet_again(t->world, s, to) &&
                  decide_case(t, CLAUSE_CONNECT_SIMULTANEOUS, 2) == 1))
            fly(t, s, FLYING_ESTABLISHED);
        else
            fly(t, s, FLYING_REFUSED);
        return;
    }
    listener = &t->world->socks[found.socks[decide_case(t, CLAUSE_BIND_REUSEPORT, found.count)]];
    if (applies(t, CLAUSE_LISTEN_BACKLOG_FULL, connection_queue_is_full(t, listener)))
        sock_edit(t->world, s)->stalled = true;
    child = new_child(t, s, listener, to);
    if (child == NO_SOCK)
        return;
    sock_edit(t->world, s)->peer = child;
    await_accept(t->world, listener, child);
    if (s->stalled) {
        crowd(t, listener, &t->world->socks[child]);
        leads_beyond(t, listener->shut_write); /* when its connections end shows in their order */
        sock_edit(t->world, s)->flying |= FLYING_ESTABLISHED;
        return;
    }
    fly(t, s, FLYING_ESTABLISHED);
    fly(t, &t->world->socks[child], FLYING_QUEUED);
    block_may_end(t, s, listener);
    if (!connection_is_deferred(&t->world->socks[child]))
        connection_shown(t, &t->world->socks[child]);
}

static void begin(struct step *t, const struct sock *s, const struct endpoint *to)
{
    if (applies(t, CLAUSE_CONNECT_BINDS, !s->bound))
        name_auto(t, s);
    name_connect(t, s, to);
    sock_edit(t->world, s)->remote = *to;
    sock_edit(t->world, s)->reported = false;
    sock_edit(t->world, s)->met = false;
    sock_edit(t->world, s)->error = 0;
    sock_edit(t->world, s)->stalled =
        s->mapped_before && !endpoint_is_v4(to) && t->world->profile->mapped_attempt_deafens;
    sock_edit(t->world, s)->mapped_before |= s->family == AF_INET6 && endpoint_is_v4(to);
    sock_become(t->world, s, SOCK_CONNECTING);
    if (t->world->slow)
        late_attempt(t, s);
    if (applies(t, CLAUSE_CONNECT_SIMULTANEOUS, is_own(s, to)))
        meet_itself(t, s);
    else
        connect_meets(t, s, to);
}

static void forget_failure(struct step *t, const struct sock *s)
{
    connection_forget_peer(t, s);
    sock_stirs(t->world, s);
    sock_is_quiet(t->world, s); /* what is counted of it begins anew */
    sock_become(t->world, s, SOCK_IDLE);
    sock_edit(t->world, s)->error = 0;
    sock_edit(t->world, s)->flying = 0;
    sock_edit(t->world, s)->was_reset = false;
    sock_edit(t->world, s)->shut_read = false;
    sock_edit(t->world, s)->shut_write = false;
    sock_edit(t->world, s)->fin_sent = false;
    sock_edit(t->world, s)->disconnecting = false;
    sock_edit(t->world, s)->in = (struct stream){.first = NO_PIECE, .last = NO_PIECE};
    name_dissolve(t, s);
    peek_forget(t, s);
}

static void report_failure(struct step *t, const struct sock *s)
{
    int error = s->error;

    sock_edit(t->world, s)->has_failed = true;
    forget_failure(t, s);
    if (error == 0)
        fails(t, ECONNABORTED, CLAUSE_CONNECT_FAILED);
    else
        fails(t, error, CLAUSE_CONNECT_REFUSED);
}

/* A connection attempt as it stands when the call looks. */
static void report(struct step *t, const struct sock *s)
{
    if (s->state == SOCK_CONNECTED) {
        sock_edit(t->world, s)->reported = true;
        returns(t, 0, CLAUSE_CONNECT_ESTABLISHES);
    } else if (s->state == SOCK_FAILED || s->state == SOCK_ENDED) {
        report_failure(t, s);
    } else {
        waits(t, CLAUSE_CONNECT_ESTABLISHES);
    }
}

/* An attempt that another connect has begun; when its time is over this is as one that does not
 * wait: socket(7). */
static void report_again(struct step *t, const struct sock *s)
{
    t->verdict = (struct verdict){.count = 0}; /* the address is not looked at */
    if (s->state == SOCK_CONNECTING && (s->nonblocking || s->disconnecting)) {
        check_state(t, s);
        step_failed(t);
        return;
    }
    report(t, s);
    if (t->prediction.kind != OUTCOME_UNFINISHED)
        return;
    if (block_times_out(t, s))
        fails(t, EALREADY, CLAUSE_CONNECT_TIMED_OUT);
    else
        waits(t, CLAUSE_CONNECT_ALREADY);
}

void connect_resumed(struct step *t, const struct sock *s)
{
    arrivals(t, s);
    report(t, s);
}

static void connect_new(struct step *t, const struct sock *s, const struct endpoint *to)
{
    begin(t, s, to);
    if (s->nonblocking && decide_case(t, CLAUSE_CONNECT_AT_ONCE, 2) == 0) {
        fails(t, EINPROGRESS, CLAUSE_CONNECT_IN_PROGRESS);
        return;
    }
    arrivals(t, s);
    report(t, s);
    if (s->nonblocking && t->prediction.kind == OUTCOME_UNFINISHED)
        fails(t, EINPROGRESS, CLAUSE_CONNECT_IN_PROGRESS);
    else if (t->prediction.kind == OUTCOME_UNFINISHED && block_times_out(t, s))
        fails(t, EINPROGRESS, CLAUSE_CONNECT_TIMED_OUT);
}

/* connect(2): a later call tells how a non-blocking connect ended. */
static bool reports_attempt(const struct step *t, const struct sock *s)
{
    return t->world->profile->connect_reports_attempt && !s->reported && !s->disconnecting &&
           (s->state == SOCK_CONNECTED || s->state == SOCK_FAILED || s->state == SOCK_ENDED);
}

static void connect_stream(struct step *t, const struct sock *s, struct endpoint to)
{
    to = destination(s, to);
    check_stream(t, s, &to);
    if (!step_failed(t))
        connect_new(t, s, &to);
    else if (s->state == SOCK_IDLE && s->bound && endpoint_is_any(&s->local) && to.port != 0 &&
             decide_case(t, CLAUSE_CONNECT_FAILED, 2) == 1)
        name_connect(t, s, &to); /* Linux keeps the host that it would have come from */
}

static void disconnect_stream(struct step *t, const struct sock *s)
{
    uint16_t error;
    bool had_port;
    bool lost;

    if (s->state == SOCK_LISTENING)
        connection_unlisten(t, s, false);
    if (t->world->slow)
        late_leave(t, s);
    error = s->error;
    had_port =
        s->state == SOCK_CONNECTED || s->state == SOCK_CONNECTING || s->state == SOCK_LISTENING;
    lost = s->state == SOCK_CONNECTED || s->state == SOCK_CONNECTING;
    if (t->world->keeps_time_wait && s->fin_sent && !s->was_reset &&
        (s->in.ended || (s->flying & FLYING_FIN)))
        sock_edit(t->world, s)->left_waiting = true;
    if (s->state == SOCK_CONNECTED)
        connection_reset(t, s);
    if (s->state == SOCK_CONNECTING)
        connection_abandon(t, s);
    forget_failure(t, s);
    if (had_port)
        name_release(t, s);
    if (t->world->profile->dissolving_leaves_error)
        sock_edit(t->world, s)->error = lost ? ECONNRESET : error;
    returns(t, 0, CLAUSE_CONNECT_UNSPEC_STREAM);
}

/* --- datagrams --- */

static void connect_datagram(struct step *t, const struct sock *s, struct endpoint to)
{
    to = destination(s, to);
    check_reachable(t, s, &to);
    sock_edit(t->world, s)->strays = NO_PIECE;
    if (step_failed(t)) {
        name_after_failure(t, s);
        sock_edit(t->world, s)->has_failed = s->has_remote;
        return;
    }
    sock_edit(t->world, s)->has_failed = false;
    if (applies(t, CLAUSE_CONNECT_BINDS, !s->bound))
        name_auto(t, s);
    name_connect(t, s, &to);
    datagram_gets_peer(t, s, &to);
    sock_edit(t->world, s)->remote = to;
    sock_edit(t->world, s)->has_remote = true;
    returns(t, 0, CLAUSE_CONNECT_PEER);
}

static void disconnect(struct step *t, const struct sock *s)
{
    may_fail(t, !t->world->profile->unspec_dissolves, EAFNOSUPPORT, CLAUSE_CONNECT_FAMILY);
    if (step_failed(t))
        return;
    if (s->type == SOCK_STREAM) {
        disconnect_stream(t, s);
        return;
    }
    datagram_loses_peer(t, s);
    name_dissolve(t, s);
    returns(t, 0, CLAUSE_CONNECT_UNSPEC_DISSOLVES);
}

/* A connect that only tells how an earlier one goes does not look at the address (Linux). */
static bool is_ignored(const struct step *t, const struct sock *s)
{
    const struct request *q = t->request;

    return s->type == SOCK_STREAM && t->world->profile->connect_reports_attempt &&
           (reports_attempt(t, s) || s->state == SOCK_CONNECTING) && q->bad == BAD_NONE &&
           q->address.size >= sizeof(sa_family_t) &&
           q->address.size <= sizeof(struct sockaddr_storage);
}

/* An address that is wrong: what is wrong with the socket may be told as well. */
static void connect_badly(struct step *t, const struct sock *s)
{
    if (s != NULL && s->type == SOCK_STREAM)
        check_state(t, s);
    step_failed(t);
    if (s != NULL && s->type == SOCK_DGRAM && t->request->bad == BAD_NONE &&
        t->request->address.size >= sizeof(sa_family_t) &&
        t->request->address.size <= sizeof(struct sockaddr_storage))
        name_after_failure(t, s);
}

void step_connect(struct step *t)
{
    const struct sock *s = check_sock(t, t->request->fd);
    struct endpoint to = {0};
    enum address_found found = ADDRESS_BAD;

    if (s != NULL) {
        if (s->type == SOCK_STREAM)
            arrivals(t, s);
        found = check_address(t, s, ADDRESS_CONNECT, &to);
    }
    if (found == ADDRESS_DISSOLVE)
        disconnect(t, s);
    else if (s != NULL && is_ignored(t, s))
        report_again(t, s);
    else if (found == ADDRESS_GOOD && s->type == SOCK_STREAM)
        connect_stream(t, s, to);
    else if (found == ADDRESS_GOOD)
        connect_datagram(t, s, to);
    else
        connect_badly(t, s);
    if (found == ADDRESS_GOOD) /* an attempt that fails may keep the interface, too */
        leads_beyond(t, to.scope != 0);
}
