/*
 * blocked: faults of calls that wait. Each is told in faults.def. Whoever waits here is an actor's
 * thread: the descriptor is blocking when such a call begins, and the harness makes it non-blocking
 * once the call is blocked, so that what is passed on after a wait does not wait again.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "tests/faults/visit.h"

#define KERNEL sockdrill_stack_kernel

enum { MS_IN_S = 1000, US_IN_MS = 1000, LONG_S = 1000, FOR_EVER = -1 };

static bool sends(const struct visit *v)
{
    return v->out != NULL;
}

static int ready(const struct visit *v, int ms)
{
    bool room = sends(v) || v->op == OP_connect;
    struct pollfd one = {.fd = v->fd, .events = room ? POLLOUT : POLLIN};

    return poll(&one, 1, ms);
}

/* Whether a stream's attempt waits; it has begun then. */
static bool begins_to_connect(const struct visit *v, int mode)
{
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    bool waits;

    if (KERNEL.getsockopt(v->fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0 ||
        info.tcpi_state != TCP_CLOSE)
        return false;
    KERNEL.fcntl(v->fd, F_SETFL, mode | O_NONBLOCK);
    waits = visit_pass(v) < 0 && errno == EINPROGRESS;
    KERNEL.fcntl(v->fd, F_SETFL, mode);
    return waits;
}

/* Whether the call is one that will wait now, and for nothing but the first byte. */
static bool will_wait(const struct visit *v)
{
    bool accepts = v->op == OP_accept || v->op == OP_accept4;
    int mode = KERNEL.fcntl(v->fd, F_GETFL, 0);

    if (mode < 0 || (mode & O_NONBLOCK))
        return false;
    if (v->op == OP_connect)
        return begins_to_connect(v, mode);
    return (accepts || !(v->flags & (MSG_DONTWAIT | MSG_OOB | MSG_WAITALL))) && ready(v, 0) == 0;
}

/* The socket's limit. */
static int limit_ms(const struct visit *v)
{
    struct timeval limit = {0};
    socklen_t length = sizeof limit;
    int option = v->op == OP_connect ? SO_SNDTIMEO : SO_RCVTIMEO;

    if (KERNEL.getsockopt(v->fd, SOL_SOCKET, option, &limit, &length) != 0 ||
        (limit.tv_sec == 0 && limit.tv_usec == 0))
        return FOR_EVER;
    return (int)(limit.tv_sec * MS_IN_S + limit.tv_usec / US_IN_MS);
}

/* The time is over, or there was to be none. */
static int64_t not_now(const struct visit *v)
{
    return visit_fail(v->op == OP_connect ? EINPROGRESS : EAGAIN);
}

/* Waits, and then makes the call. Every signal ends it. */
static int64_t wait_and_make(struct visit *v, int ms)
{
    int found = ready(v, ms);

    if (found == 0)
        return not_now(v);
    return found < 0 ? visit_fail(EINTR) : visit_pass(v);
}

/* Until a signal comes. */
static int64_t sleep_on(void)
{
    poll(NULL, 0, FOR_EVER);
    return visit_fail(EINTR);
}

int64_t fault_blocks_not(struct visit *v)
{
    return will_wait(v) ? not_now(v) : visit_pass(v);
}

int64_t fault_never_woken(struct visit *v)
{
    return will_wait(v) ? sleep_on() : visit_pass(v);
}

int64_t fault_woken_for_nothing(struct visit *v)
{
    if (!will_wait(v))
        return visit_pass(v);
    return visit_fail(ready(v, limit_ms(v)) < 0 ? EINTR : EAGAIN);
}

int64_t fault_restart_ignored(struct visit *v)
{
    return will_wait(v) ? wait_and_make(v, limit_ms(v)) : visit_pass(v);
}

/* The second one is heard, for the harness ends a call that goes on waiting by signals. */
int64_t fault_signal_lost(struct visit *v)
{
    if (!will_wait(v))
        return visit_pass(v);
    if (ready(v, limit_ms(v)) < 0 && errno == EINTR)
        return wait_and_make(v, limit_ms(v));
    return ready(v, 0) > 0 ? visit_pass(v) : not_now(v);
}

int64_t fault_limit_ignored(struct visit *v)
{
    return will_wait(v) && limit_ms(v) > 0 ? wait_and_make(v, FOR_EVER) : visit_pass(v);
}

int64_t fault_limit_halved(struct visit *v)
{
    return will_wait(v) && limit_ms(v) > 0 ? wait_and_make(v, limit_ms(v) / 2) : visit_pass(v);
}

int64_t fault_woken_changed(struct visit *v)
{
    bool waits = will_wait(v);
    int64_t result = visit_pass(v);

    if (waits && result > 0)
        ((uint8_t *)v->in)[0] ^= 1;
    return result;
}

/* --- what is moved in parts --- */

static bool moves_parts(const struct visit *v)
{
    int mode = KERNEL.fcntl(v->fd, F_GETFL, 0);

    return mode >= 0 && !(mode & O_NONBLOCK) && !(v->flags & (MSG_DONTWAIT | MSG_OOB));
}

int64_t fault_part_lost(struct visit *v)
{
    bool parts = moves_parts(v) && (sends(v) || (v->flags & MSG_WAITALL)) && v->size > 1;
    int64_t result = visit_pass(v);

    return parts && result > 0 && (size_t)result < v->size ? visit_fail(EINTR) : result;
}

int64_t fault_sends_no_more(struct visit *v)
{
    struct visit part = *v;
    int64_t sent;

    if (!moves_parts(v))
        return visit_pass(v);
    part.flags |= MSG_DONTWAIT;
    sent = visit_pass(&part);
    if (sent == (int64_t)v->size || (sent < 0 && errno != EAGAIN))
        return sent;
    sleep_on();
    return sent > 0 ? sent : visit_fail(EINTR);
}

/* --- waiting for events --- */

/* Whether a poll without end, or one that is as good as that, finds nothing. */
static bool waits_for_ever(const struct visit *v)
{
    bool endless = v->op == OP_poll ? v->number < 0 || v->number / MS_IN_S >= LONG_S
                                    : v->time == NULL || v->time->tv_sec >= LONG_S;

    return endless && poll(v->fds, v->count, 0) == 0;
}

int64_t fault_events_never_come(struct visit *v)
{
    return waits_for_ever(v) ? sleep_on() : visit_pass(v);
}

/* As signal_lost. */
int64_t fault_events_restart(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result < 0 && errno == EINTR && waits_for_ever(v) ? visit_pass(v) : result;
}
