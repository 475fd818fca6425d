/*
 * epoll: see epoll.h. An edge is whatever comes to a socket: what has come between two reports is a
 * range, for nobody can see when. An event is due when something has certainly come, and may be
 * there when something may have; so edges never split a world.
 */
#include "spec/epoll.h"

#include "spec/late.h"

#include "spec/connection.h"
#include "spec/option.h"

enum { ASKED_FOR = EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP, ALWAYS = EPOLLERR | EPOLLHUP };

_Static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT && EPOLLPRI == POLLPRI &&
                   EPOLLRDHUP == POLLRDHUP && EPOLLERR == POLLERR && EPOLLHUP == POLLHUP,
               "epoll's events are poll's");

static struct interest *interest_edit(struct world *w, const struct interest *i)
{
    return world_edit(w, i, sizeof *i);
}

/* --- what has come to a socket --- */

/*
 * Changes of its state that may have come: those that are on their way among them. The last
 * acknowledgement is none, for it brings nothing that has not been told.
 */
static uint16_t turns_most(const struct world *w, const struct sock *s, unsigned flying)
{
    unsigned coming = flying & ~(unsigned)FLYING_CLOSED;
    unsigned most = s->turns + (unsigned)__builtin_popcount(coming);

    for (uint16_t child = s->queue; s->state == SOCK_LISTENING && child != NO_SOCK;
         child = w->socks[child].next) {
        const struct sock *peer = connection_peer(w, &w->socks[child]);

        most += (w->socks[child].flying & FLYING_QUEUED) || (peer != NULL && peer->stalled);
    }
    return (uint16_t)most;
}

/* How much of what it has sent is read; how much it has sent. Only streams wait for room. */
static uint64_t fetched(const struct world *w, const struct sock *s)
{
    const struct sock *peer = connection_peer(w, s);

    return s->type == SOCK_STREAM && peer != NULL ? peer->in.read : 0;
}

static uint64_t sent(const struct world *w, const struct sock *s)
{
    const struct sock *peer = connection_peer(w, s);

    return s->type == SOCK_STREAM && peer != NULL ? peer->in.written : 0;
}

/*
 * Whether something has certainly come since the last report that the report would be of. Less than
 * SO_RCVLOWAT need not be worth an edge: socket(7).
 */
static bool has_edge(const struct world *w, const struct interest *i, const struct sock *s,
                     unsigned events)
{
    bool data = s->in.arrived > i->most && !option_is_set(w, i->sock, OPT_SO_RCVLOWAT);
    bool turn = s->turns > i->turns_most;
    unsigned fresh = events & ~i->reported;

    return (data && (events & EPOLLIN)) || (data && (fresh & EPOLLPRI)) ||
           (turn && (events & ~(unsigned)EPOLLOUT)) || (turn && fresh != 0);
}

/* Whether something may have come since: own calls that take or give room, too. */
static bool may_have_edge(const struct world *w, const struct interest *i, const struct sock *s)
{
    bool room = (i->events & EPOLLOUT) && sent(w, s) > i->fetched;
    bool acknowledged =
        (s->fin_sent && s->state == SOCK_CONNECTED) || (s->state == SOCK_ENDED && !i->ended);

    return (w->slow && late_gives_room(w, s)) || s->in.written > i->least ||
           turns_most(w, s, s->flying) > i->turns_least || s->stirs != i->stirs ||
           s->quiets != i->quiets || room || acknowledged;
}

/* --- what is to be reported --- */

/* Whether another interest in the same socket is exclusive too: one of them may go without. */
static bool is_shared(const struct world *w, const struct interest *i)
{
    for (uint32_t k = 0; k < w->interest_count; k++) {
        const struct interest *other = &w->interests[k];

        if (other != i && other->epoll != 0 && other->sock == i->sock &&
            (other->events & EPOLLEXCLUSIVE))
            return true;
    }
    return false;
}

bool epoll_sure_to_come(const struct world *w, const struct sock *s)
{
    enum { BYTES_SURE = 4096 };

    if (option_is_set(w, world_index(w, s), OPT_SO_RCVBUF))
        return false;
    if (s->type == SOCK_STREAM)
        return s->in.written - s->in.read <= BYTES_SURE;
    for (uint16_t i = s->in.first; i != NO_PIECE; i = w->pieces[i].next)
        if (w->pieces[i].droppable)
            return false;
    return true;
}

/* Whether Linux looks at it: it was ready when it was last looked at, or something came since. */
static bool is_listed(const struct world *w, const struct interest *i, const struct sock *s)
{
    return i->reported != 0 || has_edge(w, i, s, ASKED_FOR | ALWAYS);
}

static void report_sock(struct step *t, const struct interest *i, bool waited, struct report *r)
{
    const struct sock *s = &t->world->socks[i->sock];
    unsigned always = applies(t, CLAUSE_EPOLL_ALWAYS, true) ? ALWAYS : 0;
    unsigned asked = (i->events & ASKED_FOR) | always;
    bool edge = (i->events & EPOLLET) != 0;
    bool quiet = s->quiets == i->quiets;

    ready_of(t, s, waited && (!edge || epoll_sure_to_come(t->world, s)), &r->ready);
    r->ready.must &= asked;
    r->ready.may &= asked;
    r->must = applies(t, CLAUSE_EPOLL_LEVEL, r->ready.must != 0);
    r->may = r->ready.may != 0;
    if (!quiet && (edge || t->world->profile->epoll_waits_for_edges))
        r->must = false;
    if (!quiet && !edge && t->decider->kind == DECIDER_ORDINARY)
        r->may = r->may && (is_listed(t->world, i, s) || !t->world->profile->epoll_waits_for_edges);
    if (!applies(t, CLAUSE_EPOLL_EDGE, edge) || i->fresh)
        return;
    r->must = r->must && has_edge(t->world, i, s, r->ready.must);
    r->may = r->may && may_have_edge(t->world, i, s);
}

static void ready_within(struct step *t, uint16_t epoll, bool waited, unsigned depth,
                         struct ready *ready);

/* What an instance reports again of one that it watches is not said. */
static void report_inner(struct step *t, const struct interest *i, bool waited, unsigned depth,
                         struct report *r)
{
    ready_within(t, (uint16_t)(i->inner - 1), waited, depth + 1, &r->ready);
    r->ready.must &= i->events;
    r->ready.may &= i->events;
    r->may = r->ready.may != 0;
    r->must = r->ready.must != 0 && (i->fresh || !(i->events & EPOLLET));
}

static void report_at(struct step *t, const struct interest *i, bool waited, unsigned depth,
                      struct report *r)
{
    *r = (struct report){.must = false};
    if (applies(t, CLAUSE_EPOLL_ONESHOT, i->disabled))
        return;
    if (i->inner != 0)
        report_inner(t, i, waited, depth, r);
    else
        report_sock(t, i, waited, r);
    if (applies(t, CLAUSE_EPOLL_EXCLUSIVE, i->events & EPOLLEXCLUSIVE) && is_shared(t->world, i))
        r->must = false;
}

void report_of(struct step *t, const struct interest *i, bool waited, struct report *r)
{
    report_at(t, i, waited, 0, r);
}

enum { NESTED_MAX = 5 }; /* what epoll_ctl(2) lets be nested */

static void ready_within(struct step *t, uint16_t epoll, bool waited, unsigned depth,
                         struct ready *ready)
{
    const struct world *w = t->world;
    struct report report;

    *ready = (struct ready){0};
    for (uint32_t k = 0; k < w->interest_count && depth <= NESTED_MAX; k++) {
        if (w->interests[k].epoll != epoll + 1)
            continue;
        report_at(t, &w->interests[k], waited, depth, &report);
        if (applies(t, CLAUSE_EPOLL_NESTED, report.may))
            ready->may |= EPOLLIN;
        if (report.must)
            ready->must |= EPOLLIN;
    }
}

void epoll_ready(struct step *t, uint16_t epoll, bool waited, struct ready *ready)
{
    ready_within(t, epoll, waited, 0, ready);
}

/* What was on its way and would have shown, had it come, has not. */
static unsigned not_come(const struct interest *i, unsigned events)
{
    unsigned unseen = 0;

    if ((i->events & EPOLLIN) && !(events & EPOLLIN))
        unseen |= FLYING_FIN | FLYING_RESET;
    if ((i->events & EPOLLOUT) && !(events & EPOLLOUT))
        unseen |= FLYING_ESTABLISHED;
    return unseen;
}

/* Whether nothing can have been there to read, since it would have shown. */
static bool was_empty(const struct step *t, const struct interest *i, const struct sock *s,
                      unsigned events)
{
    return (i->events & EPOLLIN) && !(events & EPOLLIN) && s->in.mark == 0 &&
           !option_is_set(t->world, i->sock, OPT_SO_RCVLOWAT);
}

void report_given(struct step *t, const struct interest *i, unsigned events)
{
    const struct world *w = t->world;
    struct interest *edit;
    const struct sock *s;

    if (!(i->events & (EPOLLET | EPOLLONESHOT)) && !i->fresh &&
        t->decider->kind != DECIDER_ORDINARY &&
        (i->inner != 0 || w->socks[i->sock].quiets == i->quiets))
        return;
    edit = interest_edit(t->world, i);
    edit->fresh = false;
    edit->disabled = (i->events & EPOLLONESHOT) != 0;
    edit->reported = (uint16_t)events;
    if (i->inner != 0)
        return;
    s = &w->socks[i->sock];
    edit->least = s->in.arrived;
    edit->most =
        was_empty(t, i, s, events) && s->in.arrived <= s->in.read ? s->in.arrived : s->in.written;
    edit->turns_least = s->turns;
    edit->turns_most = turns_most(w, s, s->flying & ~not_come(i, events));
    edit->ended = s->state == SOCK_ENDED;
    edit->stirs = s->stirs;
    edit->quiets = s->quiets;
    edit->fetched = fetched(w, s);
}

void report_none(struct step *t, const struct interest *i)
{
    const struct sock *s = i->inner == 0 ? &t->world->socks[i->sock] : NULL;
    struct interest *edit;

    if (s == NULL || i->disabled)
        return;
    edit = interest_edit(t->world, i);
    edit->reported = 0;
    edit->most = s->in.arrived;
    edit->turns_most = s->turns;
}

/* --- what is watched --- */

const struct interest *epoll_find(const struct world *w, uint16_t epoll, int fd)
{
    const struct descriptor *d = world_fd(w, fd);

    for (uint32_t k = 0; k < w->interest_count && d != NULL; k++) {
        const struct interest *i = &w->interests[k];

        if (i->epoll == epoll + 1 && i->fd == fd && i->inner == d->epoll &&
            (d->sock == 0 ? i->sock == NO_SOCK : i->sock == d->sock - 1))
            return i;
    }
    return NULL;
}

void epoll_forget_sock(struct step *t, const struct sock *s)
{
    const struct world *w = t->world;

    for (uint32_t k = 0; k < w->interest_count; k++)
        if (w->interests[k].epoll != 0 && w->interests[k].sock == world_index(w, s) &&
            applies(t, CLAUSE_EPOLL_CLOSE, true))
            *interest_edit(t->world, &w->interests[k]) = (struct interest){0};
}

void epoll_forget(struct step *t, uint16_t epoll)
{
    const struct world *w = t->world;

    for (uint32_t k = 0; k < w->interest_count; k++)
        if (w->interests[k].epoll == epoll + 1 ||
            (w->interests[k].epoll != 0 && w->interests[k].inner == epoll + 1))
            *interest_edit(t->world, &w->interests[k]) = (struct interest){0};
}

unsigned epoll_depth(const struct world *w, uint16_t epoll, bool down)
{
    unsigned most = 0;

    for (uint32_t k = 0; k < w->interest_count; k++) {
        const struct interest *i = &w->interests[k];
        uint16_t here = down ? i->epoll : i->inner;
        uint16_t next = down ? i->inner : i->epoll;
        unsigned depth;

        if (i->epoll == 0 || i->inner == 0 || here != epoll + 1)
            continue;
        depth = epoll_depth(w, (uint16_t)(next - 1), down);
        most = depth > most ? depth : most;
    }
    return most + 1;
}

bool epoll_watches(const struct world *w, uint16_t epoll, uint16_t other)
{
    if (epoll == other)
        return true;
    for (uint32_t k = 0; k < w->interest_count; k++)
        if (w->interests[k].epoll == epoll + 1 && w->interests[k].inner != 0 &&
            epoll_watches(w, (uint16_t)(w->interests[k].inner - 1), other))
            return true;
    return false;
}
