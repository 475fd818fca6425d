/* ready: faults of what poll and select report. Each is told in faults.def. */
#include <poll.h>

#include "tests/faults/visit.h"

/* How many entries report something: what poll returns. Select counts each set. */
static int64_t counted(const struct visit *v)
{
    bool selects = v->op == OP_select || v->op == OP_pselect;
    int64_t count = 0;

    for (nfds_t i = 0; i < v->count; i++)
        count += selects ? __builtin_popcount((unsigned short)v->fds[i].revents)
                         : v->fds[i].revents != 0;
    return count;
}

/* The entry of that index, if it is one of the fault's kind; or NULL. */
static struct pollfd *mine(const struct visit *v, nfds_t i)
{
    return i < v->count && v->fds[i].fd >= 0 && visit_is_mine(v->fds[i].fd) ? &v->fds[i] : NULL;
}

int64_t fault_event_missing(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (nfds_t i = 0; result > 0 && i < v->count; i++)
        if (mine(v, i) != NULL)
            v->fds[i].revents = (short)(v->fds[i].revents & ~visit_argument());
    return result > 0 ? counted(v) : result;
}

int64_t fault_event_always(struct visit *v)
{
    static const int unasked = POLLERR | POLLHUP | POLLNVAL;
    int64_t result;

    visit_hurry(v);
    result = visit_pass(v);
    for (nfds_t i = 0; result >= 0 && i < v->count; i++)
        if (mine(v, i) != NULL)
            v->fds[i].revents =
                (short)(v->fds[i].revents | (visit_argument() & (v->fds[i].events | unasked)));
    return result >= 0 ? counted(v) : result;
}

int64_t fault_event_unasked(struct visit *v)
{
    int64_t result;

    for (nfds_t i = 0; i < v->count; i++)
        if (mine(v, i) != NULL)
            v->fds[i].events = (short)(v->fds[i].events | visit_argument());
    result = visit_pass(v);
    for (nfds_t i = 0; i < v->count; i++)
        if (mine(v, i) != NULL)
            v->fds[i].events = (short)(v->fds[i].events & ~visit_argument());
    return result;
}

int64_t fault_events_swapped(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result > 0 && mine(v, 0) != NULL && mine(v, 1) != NULL) {
        short first = v->fds[0].revents;

        v->fds[0].revents = v->fds[1].revents;
        v->fds[1].revents = first;
    }
    return result;
}

int64_t fault_events_of_first(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (nfds_t i = 1; result > 0 && i < v->count; i++)
        if (mine(v, i) != NULL)
            v->fds[i].revents = 0;
    return result > 0 ? counted(v) : result;
}

int64_t fault_events_none(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (nfds_t i = 0; result > 0 && i < v->count; i++)
        if (mine(v, i) != NULL)
            v->fds[i].revents = 0;
    return result > 0 ? counted(v) : result;
}

int64_t fault_ready_more(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result > 0 ? result + 1 : result;
}

int64_t fault_ready_less(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result > 0 ? result - 1 : result;
}

int64_t fault_ready_events(struct visit *v)
{
    int64_t result = visit_pass(v);
    int64_t events = 0;

    for (nfds_t i = 0; result > 0 && i < v->count; i++)
        events += __builtin_popcount((unsigned short)v->fds[i].revents);
    return result > 0 ? events : result;
}

int64_t fault_invalid_missing(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (nfds_t i = 0; result > 0 && i < v->count; i++)
        v->fds[i].revents = (short)(v->fds[i].revents & ~POLLNVAL);
    return result > 0 ? counted(v) : result;
}

int64_t fault_negative_invalid(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (nfds_t i = 0; result >= 0 && i < v->count; i++)
        if (v->fds[i].fd < 0)
            v->fds[i].revents = POLLNVAL;
    return result >= 0 ? counted(v) : result;
}

/* --- select --- */

int64_t fault_last_forgotten(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (nfds_t i = 0; result > 0 && i < v->count; i++)
        if (mine(v, i) != NULL && v->fds[i].fd == v->highest - 1)
            v->fds[i].revents = 0;
    return result > 0 ? counted(v) : result;
}

int64_t fault_ready_entries(struct visit *v)
{
    int64_t result = visit_pass(v);
    int64_t entries = 0;

    for (nfds_t i = 0; result > 0 && i < v->count; i++)
        entries += v->fds[i].revents != 0;
    return result > 0 ? entries : result;
}
