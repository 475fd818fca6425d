/* model_ready: the part of the model's table that waits until descriptors are ready. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "stacks/model_calls.h"

int model_ms(const struct timespec *time)
{
    enum { NONE = -1, INVALID = -2, MS = 1000, NS = 1000000, SECOND = MS * NS };

    if (time == NULL)
        return NONE;
    if (time->tv_sec < 0 || time->tv_nsec < 0 || time->tv_nsec >= SECOND)
        return INVALID;
    if (time->tv_sec > INT_MAX / MS - 1)
        return INT_MAX;
    return (int)(time->tv_sec * MS + (time->tv_nsec + NS - 1) / NS);
}

/* One look at a set that is no larger than a request's. */
static int look_once(enum op op, struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct request r = model_request(op, -1);
    int64_t result;

    r.fds = fds;
    r.fd_count = (uint32_t)count;
    r.timeout_ms = timeout_ms;
    result = model_make(&r);
    for (nfds_t i = 0; i < count && result >= 0; i++)
        fds[i].revents = model_prediction()->ready[i];
    return (int)result;
}

/* A larger set is looked at in parts, which is the same: nothing happens between them. */
static int look_in_parts(enum op op, struct pollfd *fds, nfds_t count)
{
    int ready = 0;

    for (nfds_t at = 0; at < count; at += POLL_ENTRIES_MAX) {
        nfds_t part = count - at < POLL_ENTRIES_MAX ? count - at : POLL_ENTRIES_MAX;
        int result = look_once(op, fds + at, part, 0);

        if (result < 0)
            return -1;
        ready += result;
    }
    return ready;
}

static int look(enum op op, struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct model_wait wait = {.limit_us = timeout_ms < 0 ? -1 : (int64_t)timeout_ms * 1000};
    bool no_time = timeout_ms < -1 && op != OP_poll;
    int ready;

    if (count <= POLL_ENTRIES_MAX || no_time)
        return look_once(op, fds, count < POLL_ENTRIES_MAX ? count : POLL_ENTRIES_MAX, timeout_ms);
    do {
        model_is_part = true;
        ready = look_in_parts(op, fds, count);
        model_looked(ready);
    } while (ready == 0 && timeout_ms != 0 && model_waits(&wait));
    return model_or_interrupted(ready, &wait);
}

int model_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    return look(OP_poll, fds, count, timeout_ms);
}

/* A mask lets no signal in that the model knows of. */
int model_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                const sigset_t *mask)
{
    (void)mask;
    return look(OP_ppoll, fds, count, model_ms(timeout));
}

enum { SETS = 3 };
static const short set_events[SETS] = {POLLIN, POLLOUT, POLLPRI};

/* Lists the members of select's sets. */
static nfds_t list_sets(int count, fd_set *const sets[SETS], struct pollfd *fds)
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

static void unlist_sets(const struct pollfd *fds, nfds_t count, fd_set *const sets[SETS])
{
    for (size_t set = 0; set < SETS; set++)
        if (sets[set] != NULL)
            FD_ZERO(sets[set]);
    for (nfds_t i = 0; i < count; i++)
        for (size_t set = 0; set < SETS; set++)
            if (fds[i].revents & set_events[set])
                FD_SET(fds[i].fd, sets[set]);
}

static int look_in_sets(enum op op, int count, fd_set *const sets[SETS], int timeout_ms)
{
    struct pollfd fds[FD_SETSIZE];
    nfds_t members = list_sets(count, sets, fds);
    int result;

    result = look(op, fds, members, timeout_ms);
    if (result >= 0)
        unlist_sets(fds, members, sets);
    return result;
}

int model_select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                 struct timeval *timeout)
{
    fd_set *const sets[SETS] = {readable, writable, exceptional};
    struct timespec time = {.tv_sec = 0};

    if (timeout != NULL)
        time = (struct timespec){timeout->tv_sec, timeout->tv_usec * 1000};
    return look_in_sets(OP_select, count, sets, model_ms(timeout != NULL ? &time : NULL));
}

int model_pselect(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                  const struct timespec *timeout, const sigset_t *mask)
{
    fd_set *const sets[SETS] = {readable, writable, exceptional};

    (void)mask;
    return look_in_sets(OP_pselect, count, sets, model_ms(timeout));
}

int model_epoll_create1(int flags)
{
    struct request r = model_request(OP_epoll_create1, -1);

    r.flags = flags;
    return (int)model_make(&r);
}

int model_epoll_ctl(int instance, int command, int fd, struct epoll_event *event)
{
    struct request r = model_request(OP_epoll_ctl, instance);

    r.command = command;
    r.other_fd = fd;
    r.event = event;
    return (int)model_make(&r);
}

int model_epoll_wait(int instance, struct epoll_event *events, int count, int timeout_ms)
{
    struct request r = model_request(OP_epoll_wait, instance);
    int64_t result;

    r.value = count < POLL_ENTRIES_MAX ? count : POLL_ENTRIES_MAX;
    r.timeout_ms = timeout_ms;
    result = model_make(&r);
    if (result > 0)
        memcpy(events, model_prediction()->events, (size_t)result * sizeof *events);
    return (int)result;
}
