/* ready: the calls that wait until descriptors are ready, emulated ones among others. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "interpose/interpose.h"
#include "stacks/model.h"

/* --- poll --- */

/* How many members of a set are emulated, how many others there are, and of these are timers. */
struct kinds {
    nfds_t emulated;
    nfds_t others;
    nfds_t timers;
};

static struct kinds kinds_of(const struct pollfd *fds, nfds_t count)
{
    struct kinds kinds = {0};

    for (nfds_t i = 0; i < count; i++)
        if (number_emulated(fds[i].fd)) {
            kinds.emulated++;
        } else {
            kinds.others += fds[i].fd >= 0;
            kinds.timers += timer_is(fds[i].fd);
        }
    return kinds;
}

/* A set as the model, or the system, is asked: without the other kind's members. */
static void ask(struct pollfd *asked, const struct pollfd *fds, nfds_t count, bool emulated)
{
    for (nfds_t i = 0; i < count; i++) {
        bool is_emulated = number_emulated(fds[i].fd);

        asked[i] = fds[i];
        asked[i].revents = 0;
        if (is_emulated != emulated)
            asked[i].fd = -1;
        else if (is_emulated)
            asked[i].fd = number_model(fds[i].fd);
    }
}

/* Looks at the system's members of a set, which does not wait. */
static int look_at_others(struct pollfd *fds, nfds_t count)
{
    struct pollfd asked[NUMBERS];
    int ready;

    ask(asked, fds, count, false);
    ready = real()->poll(asked, count, 0);
    for (nfds_t i = 0; i < count && ready > 0; i++)
        if (!number_emulated(fds[i].fd))
            fds[i].revents = asked[i].revents;
    return ready;
}

/* Looks at a set's emulated members, for so long. */
static int look_at_emulated(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct pollfd asked[NUMBERS];
    int ready;

    ask(asked, fds, count, true);
    ready = sockdrill_stack_model.poll(asked, count, timeout_ms);
    for (nfds_t i = 0; i < count && ready >= 0; i++)
        if (number_emulated(fds[i].fd))
            fds[i].revents = asked[i].revents;
    return ready;
}

/* Both kinds by turns, until one is ready or the time is over. */
static int look_at_both(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct model_wait wait = {.limit_us = timeout_ms < 0 ? -1 : (int64_t)timeout_ms * 1000};

    for (;;) {
        int others = look_at_others(fds, count);
        int emulated = others < 0 ? -1 : look_at_emulated(fds, count, 0);

        if (others < 0 || emulated < 0)
            return -1;
        if (others + emulated > 0 || timeout_ms == 0 || !model_waits(&wait))
            return model_or_interrupted(others + emulated, &wait);
    }
}

static int poll_emulated(struct pollfd *fds, nfds_t count, int timeout_ms, struct kinds kinds)
{
    memory_written(fds, count * sizeof *fds);
    if (count > NUMBERS) {
        errno = EINVAL;
        return -1;
    }
    for (nfds_t i = 0; i < count; i++)
        fds[i].revents = 0;
    return kinds.others > 0 ? look_at_both(fds, count, timeout_ms)
                            : look_at_emulated(fds, count, timeout_ms);
}

/* Who only sleeps waits with an emulated set too, which is empty: time is virtual. */
static bool is_emulated(struct kinds kinds)
{
    return interpose_inside && (kinds.emulated > 0 || kinds.timers > 0 || kinds.others == 0);
}

INTERPOSED(int, poll, (struct pollfd * fds, nfds_t count, int timeout_ms))
{
    struct kinds kinds = kinds_of(fds, interpose_inside ? count : 0);

    if (!is_emulated(kinds))
        return real()->poll(fds, count, timeout_ms);
    return poll_emulated(fds, count, timeout_ms, kinds);
}

int time_ms(const struct timespec *time)
{
    enum { MS = 1000, NS_PER_MS = 1000000 };

    if (time == NULL)
        return -1;
    if (time->tv_sec >= INT_MAX / MS)
        return INT_MAX;
    return (int)(time->tv_sec * MS + (time->tv_nsec + NS_PER_MS - 1) / NS_PER_MS);
}

bool time_is_none(const struct timespec *time)
{
    return time != NULL && (time->tv_sec < 0 || time->tv_nsec < 0 || time->tv_nsec > 999999999);
}

INTERPOSED(int, ppoll,
           (struct pollfd * fds, nfds_t count, const struct timespec *timeout,
            const sigset_t *mask))
{
    struct kinds kinds = kinds_of(fds, interpose_inside ? count : 0);
    struct mask during;
    int ready;

    if (!is_emulated(kinds))
        return real()->ppoll(fds, count, timeout, mask);
    if (time_is_none(timeout)) {
        errno = EINVAL;
        return -1;
    }
    if (mask_begin(&during, mask))
        return -1;
    ready = poll_emulated(fds, count, time_ms(timeout), kinds);
    mask_end(&during);
    return ready;
}

/* --- select --- */

enum { SETS = 3 };

/* A call of select as the model gets it: its numbers for those of the caller. */
struct selection {
    fd_set room[SETS];
    fd_set *sets[SETS];
    int count;
    struct kinds kinds;
};

static void select_member(struct selection *s, int fd, size_t set)
{
    if (!number_emulated(fd)) {
        s->kinds.others++;
        s->kinds.timers += timer_is(fd);
        return;
    }
    s->kinds.emulated++;
    FD_SET(number_model(fd), &s->room[set]);
    if (number_model(fd) >= s->count)
        s->count = number_model(fd) + 1;
}

static void select_ask(struct selection *s, int count, fd_set *const sets[SETS])
{
    memset(s, 0, sizeof *s);
    for (size_t set = 0; set < SETS; set++) {
        s->sets[set] = sets[set] != NULL ? &s->room[set] : NULL;
        for (int fd = 0; fd < count && fd < FD_SETSIZE && sets[set] != NULL; fd++)
            if (FD_ISSET(fd, sets[set]))
                select_member(s, fd, set);
    }
}

static void select_tell(const struct selection *s, int count, fd_set *const sets[SETS])
{
    for (size_t set = 0; set < SETS; set++)
        for (int fd = 0; fd < count && fd < FD_SETSIZE && sets[set] != NULL; fd++)
            if (FD_ISSET(fd, sets[set]) && !FD_ISSET(number_model(fd), &s->room[set]))
                FD_CLR(fd, sets[set]);
}

static const short set_events[SETS] = {POLLIN, POLLOUT, POLLPRI};
static const short set_shows[SETS] = {POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI};

/* Sets as poll has them, a member for each descriptor. */
static nfds_t list_members(int count, fd_set *const sets[SETS], struct pollfd *fds)
{
    nfds_t members = 0;

    for (int fd = 0; fd < count && fd < FD_SETSIZE; fd++) {
        short events = 0;

        for (size_t set = 0; set < SETS; set++)
            if (sets[set] != NULL && FD_ISSET(fd, sets[set]))
                events = (short)(events | set_events[set]);
        if (events != 0)
            fds[members++] = (struct pollfd){.fd = fd, .events = events};
    }
    return members;
}

/* Leaves in the sets what is ready, and returns how many that are. */
static int show_members(const struct pollfd *fds, nfds_t count, fd_set *const sets[SETS])
{
    int shown = 0;

    for (nfds_t i = 0; i < count; i++)
        for (size_t set = 0; set < SETS; set++)
            if (sets[set] == NULL || !(fds[i].events & set_events[set]))
                continue;
            else if (fds[i].revents & set_shows[set])
                shown++;
            else
                FD_CLR(fds[i].fd, sets[set]);
    return shown;
}

static bool has_no_file(const struct pollfd *fds, nfds_t count)
{
    for (nfds_t i = 0; i < count; i++)
        if (fds[i].revents & POLLNVAL)
            return true;
    return false;
}

/* Both kinds are looked at as poll does. */
static int select_both(int count, fd_set *const sets[SETS], const struct timespec *timeout,
                       struct kinds kinds)
{
    struct pollfd fds[FD_SETSIZE];
    nfds_t members = list_members(count, sets, fds);
    int ready;

    if (time_is_none(timeout)) {
        errno = EINVAL;
        return -1;
    }
    ready = poll_emulated(fds, members, time_ms(timeout), kinds);
    if (ready > 0 && has_no_file(fds, members)) {
        errno = EBADF;
        return -1;
    }
    return ready < 0 ? -1 : show_members(fds, members, sets);
}

/* What select does inside: 1 when the system is to do it instead. */
static int select_emulated(int count, fd_set *const sets[SETS], const struct timespec *timeout,
                           int *result)
{
    struct selection s;

    if (!interpose_inside)
        return 1;
    select_ask(&s, count, sets);
    if (!is_emulated(s.kinds))
        return 1;
    if (s.kinds.others > 0) {
        *result = select_both(count, sets, timeout, s.kinds);
        return 0;
    }
    *result =
        sockdrill_stack_model.pselect(s.count, s.sets[0], s.sets[1], s.sets[2], timeout, NULL);
    if (*result >= 0)
        select_tell(&s, count, sets);
    return 0;
}

INTERPOSED(int, select,
           (int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
            struct timeval *timeout))
{
    fd_set *const sets[SETS] = {readable, writable, exceptional};
    struct timespec time = {.tv_sec = 0};
    int result;

    if (timeout != NULL)
        time = (struct timespec){timeout->tv_sec, timeout->tv_usec * 1000};
    if (select_emulated(count, sets, timeout != NULL ? &time : NULL, &result))
        return real()->select(count, readable, writable, exceptional, timeout);
    return result;
}

INTERPOSED(int, pselect,
           (int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
            const struct timespec *timeout, const sigset_t *mask))
{
    fd_set *const sets[SETS] = {readable, writable, exceptional};
    struct mask during;
    int result;

    if (mask_begin(&during, interpose_inside ? mask : NULL))
        return -1;
    if (select_emulated(count, sets, timeout, &result))
        result = real()->pselect(count, readable, writable, exceptional, timeout, mask);
    mask_end(&during);
    return result;
}
