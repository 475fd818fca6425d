/* readiness: the calls that wait until descriptors are ready. */
#include <string.h>
#include <sys/select.h>

#include "stacks/calls.h"

/* A time as the stack is given it: the drill's own, or as long as may be waited. */
struct limit {
    bool endless; /* the drill waits for ever */
    int ms;
};

static struct limit limit_of(const struct executor *e, bool endless, int timeout_ms)
{
    int most = e->wait_ms < e->wait_left_ms ? e->wait_ms : e->wait_left_ms;

    return (struct limit){endless, endless || timeout_ms > most ? most : timeout_ms};
}

static struct timespec limit_time(struct limit limit)
{
    return (struct timespec){.tv_sec = limit.ms / 1000,
                             .tv_nsec = (long)(limit.ms % 1000) * 1000000};
}

/* What came of waiting: nothing within the time, or what the call returned. */
static void settle(struct executor *e, struct outcome *o, struct limit limit, int result)
{
    outcome_returned(o, result);
    if (result != 0)
        return;
    e->wait_left_ms -= limit.ms > 0 ? limit.ms : 0;
    if (limit.endless)
        outcome_unfinished(o, -1);
}

void make_poll(struct executor *e, const struct request *r, struct outcome *o)
{
    struct limit limit = limit_of(e, r->timeout_ms < 0, r->timeout_ms);

    memcpy(o->fds, r->fds, r->fd_count * sizeof *r->fds);
    settle(e, o, limit, e->stack->poll(given(r, BAD_DATA, o->fds), r->fd_count, limit.ms));
}

/* Here and below a time less than -1 is no time at all, which the stack is to refuse. */
void make_ppoll(struct executor *e, const struct request *r, struct outcome *o)
{
    struct limit limit = limit_of(e, r->timeout_ms == -1, r->timeout_ms);
    struct timespec time = limit_time(limit);

    memcpy(o->fds, r->fds, r->fd_count * sizeof *r->fds);
    settle(e, o, limit,
           e->stack->ppoll(given(r, BAD_DATA, o->fds), r->fd_count, given(r, BAD_TIMEOUT, &time),
                           NULL));
}

/* --- select --- */

enum { SETS = 3 };

/* The events that stand for select's sets, in the order of its arguments. */
static const short set_events[SETS] = {POLLIN, POLLOUT, POLLPRI};

/* Select's sets, and NULL for one that nothing is in. */
struct sets {
    fd_set room[SETS];
    fd_set *sets[SETS];
    int count; /* the highest descriptor and one */
};

static void sets_fill(struct sets *s, const struct request *r)
{
    memset(s, 0, sizeof *s);
    if (r->bad == BAD_DATA) {
        s->sets[0] = given(r, BAD_DATA, NULL);
        s->count = (int)r->fd_count;
        return;
    }
    for (size_t i = 0; i < r->fd_count; i++) {
        if (r->fds[i].fd >= s->count)
            s->count = r->fds[i].fd + 1;
        for (size_t set = 0; set < SETS; set++)
            if (r->fds[i].events & set_events[set]) {
                s->sets[set] = &s->room[set];
                FD_SET(r->fds[i].fd, s->sets[set]);
            }
    }
}

static void settle_sets(struct executor *e, const struct request *r, struct outcome *o,
                        const struct sets *s, struct limit limit, int result)
{
    settle(e, o, limit, result);
    memcpy(o->fds, r->fds, r->fd_count * sizeof *r->fds);
    for (size_t i = 0; i < r->fd_count && result > 0 && r->bad != BAD_DATA; i++)
        for (size_t set = 0; set < SETS; set++)
            if ((r->fds[i].events & set_events[set]) && FD_ISSET(r->fds[i].fd, s->sets[set]))
                o->fds[i].revents = (short)(o->fds[i].revents | set_events[set]);
}

void make_select(struct executor *e, const struct request *r, struct outcome *o)
{
    struct limit limit = limit_of(e, r->timeout_ms == -1, r->timeout_ms);
    struct timeval time = {.tv_sec = limit.ms / 1000, .tv_usec = (long)(limit.ms % 1000) * 1000};
    struct sets s;
    int result;

    sets_fill(&s, r);
    result = e->stack->select(s.count, s.sets[0], s.sets[1], s.sets[2], &time);
    settle_sets(e, r, o, &s, limit, result);
}

void make_pselect(struct executor *e, const struct request *r, struct outcome *o)
{
    struct limit limit = limit_of(e, r->timeout_ms == -1, r->timeout_ms);
    struct timespec time = limit_time(limit);
    struct sets s;
    int result;

    sets_fill(&s, r);
    result = e->stack->pselect(s.count, s.sets[0], s.sets[1], s.sets[2],
                               given(r, BAD_TIMEOUT, &time), NULL);
    settle_sets(e, r, o, &s, limit, result);
}

/* --- epoll --- */

void make_epoll_create1(struct executor *e, const struct request *r, struct outcome *o)
{
    int fd = e->stack->epoll_create1(r->flags);

    outcome_returned(o, fd);
    if (fd >= 0)
        executor_open(e, fd, (struct description){.nonblocking = true});
}

void make_epoll_ctl(struct executor *e, const struct request *r, struct outcome *o)
{
    struct epoll_event event = {.events = 0};

    if (r->event != NULL)
        event = *r->event;
    outcome_returned(o, e->stack->epoll_ctl(r->fd, r->command, r->other_fd,
                                            given(r, BAD_DATA, r->event != NULL ? &event : NULL)));
}

void make_epoll_wait(struct executor *e, const struct request *r, struct outcome *o)
{
    struct limit limit = limit_of(e, r->timeout_ms < 0, r->timeout_ms);

    settle(e, o, limit,
           e->stack->epoll_wait(r->fd, given(r, BAD_DATA, o->events), (int)r->value, limit.ms));
}
