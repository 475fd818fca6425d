/* recorder_ready: the recorder's calls that wait until descriptors are ready. */
#include <errno.h>
#include <limits.h>
#include <stddef.h>

#include "tests/support/recording.h"

int64_t recording_ms(const struct timespec *time)
{
    return time == NULL ? -1 : (int64_t)time->tv_sec * 1000 + time->tv_nsec / 1000000;
}

/* Reads a time, if there is memory. */
static int64_t read_ms(struct recorded *r, const struct timespec *time)
{
    return recording_reads(r, time, BAD_TIMEOUT) ? recording_ms(time) : 0;
}

static int answer_ready(struct recorded *r, int64_t timeout_ms)
{
    r->places[PLACE_TIMEOUT] = timeout_ms;
    if (recorder.errno_after_poll != 0)
        errno = recorder.errno_after_poll;
    return (int)recording_answer(r, 0);
}

static struct recorded *record_polled(enum op op, const struct pollfd *fds, nfds_t count)
{
    struct recorded *r = recording_add(op, 0);

    if (recording_reads(r, fds, BAD_DATA))
        recording_bytes(r, fds, count * sizeof *fds);
    r->places[PLACE_COUNT] = (int64_t)count;
    return r;
}

int record_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    return answer_ready(record_polled(OP_poll, fds, count), timeout_ms);
}

int record_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask)
{
    struct recorded *r = record_polled(OP_ppoll, fds, count);

    r->places[PLACE_FLAGS] = mask != NULL;
    return answer_ready(r, read_ms(r, timeout));
}

/* The three sets one after another; an empty one may be none at all. */
static struct recorded *record_sets(enum op op, int count, const fd_set *sets[3])
{
    static const fd_set empty;
    struct recorded *r = recording_add(op, 0);

    r->places[PLACE_COUNT] = count;
    for (int i = 0; i < 3 && recording_reads(r, sets[i], BAD_DATA); i++)
        recording_bytes(r, sets[i] != NULL ? sets[i] : &empty, sizeof empty);
    return r;
}

int record_select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                  struct timeval *timeout)
{
    const fd_set *sets[] = {readable, writable, exceptional};

    return answer_ready(record_sets(OP_select, count, sets),
                        (int64_t)timeout->tv_sec * 1000 + timeout->tv_usec / 1000);
}

int record_pselect(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                   const struct timespec *timeout, const sigset_t *mask)
{
    const fd_set *sets[] = {readable, writable, exceptional};
    struct recorded *r = record_sets(OP_pselect, count, sets);

    r->places[PLACE_FLAGS] = mask != NULL;
    return answer_ready(r, read_ms(r, timeout));
}

int record_epoll_create1(int flags)
{
    struct recorded *r = recording_add(OP_epoll_create1, 0);

    r->places[PLACE_FLAGS] = flags;
    return (int)recording_answer(r, recorder.next_fd++);
}

int record_epoll_ctl(int instance, int command, int fd, struct epoll_event *event)
{
    struct recorded *r = recording_add(OP_epoll_ctl, instance);

    r->places[PLACE_COMMAND] = command;
    r->places[PLACE_OTHER_FD] = fd;
    if (!recording_reads(r, event, BAD_DATA))
        return (int)recording_answer(r, 0);
    r->places[PLACE_EVENTS] = event != NULL ? (int64_t)event->events : -1;
    r->places[PLACE_DATA] = event != NULL ? (int64_t)event->data.u64 : -1;
    return (int)recording_answer(r, 0);
}

int record_epoll_wait(int instance, struct epoll_event *events, int count, int timeout_ms)
{
    struct recorded *r = recording_add(OP_epoll_wait, instance);

    recording_reads(r, events, BAD_DATA);
    r->places[PLACE_COUNT] = count;
    return answer_ready(r, timeout_ms);
}
