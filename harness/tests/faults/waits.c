/*
 * waits: the functions of a mutated stack that wait for events, and their calls on the kernel. The
 * sets of select are put into a visit as poll's are, so that what a fault does to one it does to
 * all.
 */
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/faults/waits.h"

#define KERNEL sockdrill_stack_kernel

enum { SETS = 3 };

/* The events that stand for select's sets. */
static const short set_events[SETS] = {POLLIN, POLLOUT, POLLPRI};

bool visit_is_memory(const void *place, size_t size)
{
    uint8_t byte;
    struct iovec into = {&byte, 1};
    struct iovec from = {.iov_len = size > 0 ? 1 : 0};

    memcpy(&from.iov_base, &place, sizeof place); /* whose bytes are only read */
    return process_vm_readv(getpid(), &into, 1, &from, 1, 0) == (ssize_t)from.iov_len;
}

/* --- poll --- */

int faulty_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct visit v = {.op = OP_poll, .fd = -1, .fds = fds, .count = count, .number = timeout_ms};

    if (!visit_is_memory(fds, count))
        return KERNEL.poll(fds, count, timeout_ms);
    return (int)visit_make(&v);
}

int64_t pass_poll(const struct visit *v)
{
    return KERNEL.poll(v->fds, v->count, v->number);
}

int faulty_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time,
                 const sigset_t *mask)
{
    struct visit v = {
        .op = OP_ppoll, .fd = -1, .fds = fds, .count = count, .time = time, .mask = mask};

    if (!visit_is_memory(fds, count))
        return KERNEL.ppoll(fds, count, time, mask);
    return (int)visit_make(&v);
}

int64_t pass_ppoll(const struct visit *v)
{
    return KERNEL.ppoll(v->fds, v->count, v->time, v->mask);
}

void visit_hurry(struct visit *v)
{
    static const struct timespec none;

    v->number = 0;
    if (v->op != OP_poll && v->op != OP_epoll_wait)
        v->time = &none;
}

/* --- select --- */

/* One entry for each descriptor that is in a set. */
static nfds_t entries_of(struct pollfd fds[FD_SETSIZE], int count, fd_set *const given[SETS])
{
    nfds_t used = 0;

    for (int fd = 0; fd < count && fd < FD_SETSIZE; fd++) {
        short events = 0;

        for (unsigned i = 0; i < SETS; i++)
            if (given[i] != NULL && FD_ISSET(fd, given[i]))
                events = (short)(events | set_events[i]);
        if (events != 0)
            fds[used++] = (struct pollfd){.fd = fd, .events = events};
    }
    return used;
}

static void fill(fd_set *const sets[SETS], const struct visit *v, bool returned)
{
    for (unsigned i = 0; i < SETS; i++) {
        if (sets[i] == NULL)
            continue;
        FD_ZERO(sets[i]);
        for (nfds_t k = 0; k < v->count; k++)
            if ((returned ? v->fds[k].revents : v->fds[k].events) & set_events[i])
                FD_SET(v->fds[k].fd, sets[i]);
    }
}

/* Puts the sets into a visit, makes it, and takes them out again. */
static int visit_sets(struct visit *v, fd_set *const given[SETS])
{
    static struct pollfd fds[FD_SETSIZE];
    int64_t result;

    v->fds = fds;
    v->count = entries_of(fds, v->highest, given);
    result = visit_make(v);
    if (result >= 0)
        fill(given, v, true);
    return (int)result;
}

int faulty_select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                  struct timeval *time)
{
    fd_set *const given[SETS] = {readable, writable, exceptional};
    struct timespec fine = {0};
    struct visit v = {.op = OP_select, .fd = -1, .highest = count, .time = &fine};

    if (!visit_is_memory(readable, readable != NULL && count > 0))
        return KERNEL.select(count, readable, writable, exceptional, time);
    if (time != NULL)
        fine = (struct timespec){time->tv_sec, time->tv_usec * 1000};
    else
        v.time = NULL;
    return visit_sets(&v, given);
}

int faulty_pselect(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                   const struct timespec *time, const sigset_t *mask)
{
    fd_set *const given[SETS] = {readable, writable, exceptional};
    struct visit v = {.op = OP_pselect, .fd = -1, .highest = count, .time = time, .mask = mask};

    if (!visit_is_memory(readable, readable != NULL && count > 0))
        return KERNEL.pselect(count, readable, writable, exceptional, time, mask);
    return visit_sets(&v, given);
}

static int64_t pass_sets(const struct visit *v)
{
    fd_set room[SETS];
    fd_set *const sets[SETS] = {&room[0], &room[1], &room[2]};
    struct timeval time = {0};
    int result;

    fill(sets, v, false);
    if (v->op == OP_select && v->time != NULL)
        time = (struct timeval){v->time->tv_sec, v->time->tv_nsec / 1000};
    if (v->op == OP_select)
        result =
            KERNEL.select(v->highest, sets[0], sets[1], sets[2], v->time != NULL ? &time : NULL);
    else
        result = KERNEL.pselect(v->highest, sets[0], sets[1], sets[2], v->time, v->mask);
    for (nfds_t k = 0; k < v->count; k++)
        v->fds[k].revents = 0;
    for (nfds_t k = 0; k < v->count && result > 0; k++)
        for (unsigned i = 0; i < SETS; i++)
            if (FD_ISSET(v->fds[k].fd, sets[i]))
                v->fds[k].revents = (short)(v->fds[k].revents | set_events[i]);
    return result;
}

int64_t pass_select(const struct visit *v)
{
    return pass_sets(v);
}

int64_t pass_pselect(const struct visit *v)
{
    return pass_sets(v);
}
