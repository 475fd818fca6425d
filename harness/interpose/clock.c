/*
 * clock: the time that code under test sees. It begins at the same moment in every run, and passes
 * only while the code waits; but each look at it finds it a microsecond later, so that a loop which
 * looks until it is late enough comes to its end.
 */
#include <errno.h>
#include <stddef.h>

#include "interpose/interpose.h"
#include "stacks/model.h"

enum { US = 1000000, NS_PER_US = 1000 };

/* When a run begins: 2026-01-01 00:00 UTC, on a machine that has been up for a thousand seconds. */
enum { BEGINS_REALTIME = 1767225600, BEGINS_UPTIME = 1000 };

static int64_t passed_us;

int64_t clock_us(void)
{
    return passed_us;
}

void clock_set(int64_t us)
{
    if (us > passed_us)
        passed_us = us;
    timers_fire();
}

void clock_reset(void)
{
    passed_us = 0;
}

int64_t clock_base_us(clockid_t clock)
{
    bool since_epoch =
        clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_REALTIME_ALARM;

    return (int64_t)(since_epoch ? BEGINS_REALTIME : BEGINS_UPTIME) * US;
}

static int64_t look(clockid_t clock)
{
    clock_set(passed_us + 1);
    alarms_ring(true);
    return passed_us + clock_base_us(clock);
}

static bool is_processor_time(clockid_t clock)
{
    return clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
}

INTERPOSED(int, clock_gettime, (clockid_t clock, struct timespec *time))
{
    int64_t us;

    if (!interpose_inside || is_processor_time(clock))
        return real()->clock_gettime(clock, time);
    memory_written(time, sizeof *time);
    us = look(clock);
    *time = time_of_us(us);
    return 0;
}

INTERPOSED(int, gettimeofday, (struct timeval * time, void *zone))
{
    int64_t us;

    if (!interpose_inside || time == NULL)
        return real()->gettimeofday(time, zone);
    memory_written(time, sizeof *time);
    us = look(CLOCK_REALTIME);
    *time = (struct timeval){.tv_sec = us / US, .tv_usec = us % US};
    return 0;
}

INTERPOSED(time_t, time, (time_t * time))
{
    time_t now;

    if (!interpose_inside)
        return real()->time(time);
    now = look(CLOCK_REALTIME) / US;
    if (time != NULL)
        *time = now;
    return now;
}

/*
 * Sleeps: whatever the remote does meanwhile is done when the sleep is over. Returns how much of it
 * is left when a signal has ended it, or 0.
 */
static int64_t sleep_us(int64_t us)
{
    struct model_wait wait = {.limit_us = us};
    int64_t until = clock_us() + us;

    while (us > 0 && model_waits(&wait))
        continue;
    return wait.interrupted && until > clock_us() ? until - clock_us() : 0;
}

struct timespec time_of_us(int64_t us)
{
    return (struct timespec){.tv_sec = us / US, .tv_nsec = us % US * NS_PER_US};
}

/* What is left of a sleep, if somebody asks. */
static int tell_left(int64_t us, struct timespec *left)
{
    if (us == 0)
        return 0;
    if (left != NULL) {
        memory_written(left, sizeof *left);
        *left = time_of_us(us);
    }
    return EINTR;
}

static bool is_time(const struct timespec *time)
{
    return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < (long)US * NS_PER_US;
}

int64_t time_us(const struct timespec *time)
{
    enum { FOR_EVER_S = 1 << 30 };
    int64_t s = time->tv_sec < FOR_EVER_S ? time->tv_sec : FOR_EVER_S;

    return s * US + (time->tv_nsec + NS_PER_US - 1) / NS_PER_US;
}

INTERPOSED(int, nanosleep, (const struct timespec *rest, struct timespec *left))
{
    if (!interpose_inside)
        return real()->nanosleep(rest, left);
    memory_read(rest, sizeof *rest);
    if (!is_time(rest)) {
        errno = EINVAL;
        return -1;
    }
    if (tell_left(sleep_us(time_us(rest)), left) == 0)
        return 0;
    errno = EINTR;
    return -1;
}

INTERPOSED(int, clock_nanosleep,
           (clockid_t clock, int flags, const struct timespec *rest, struct timespec *left))
{
    int64_t us;

    if (!interpose_inside)
        return real()->clock_nanosleep(clock, flags, rest, left);
    memory_read(rest, sizeof *rest);
    if (!is_time(rest))
        return EINVAL;
    us = time_us(rest);
    if (flags & TIMER_ABSTIME)
        return tell_left(sleep_us(us - look(clock)), NULL);
    return tell_left(sleep_us(us), left);
}

INTERPOSED(int, usleep, (useconds_t us))
{
    if (!interpose_inside)
        return real()->usleep(us);
    if (sleep_us(us) == 0)
        return 0;
    errno = EINTR;
    return -1;
}

INTERPOSED(unsigned, sleep, (unsigned s))
{
    if (!interpose_inside)
        return real()->sleep(s);
    return (unsigned)((sleep_us((int64_t)s * US) + US - 1) / US);
}

INTERPOSED(int, thrd_sleep, (const struct timespec *rest, struct timespec *left))
{
    enum { INTERRUPTED = -1, FAILED = -2 };

    if (!interpose_inside)
        return real()->thrd_sleep(rest, left);
    if (nanosleep(rest, left) == 0)
        return 0;
    return errno == EINTR ? INTERRUPTED : FAILED;
}

INTERPOSED(int, timespec_get, (struct timespec * time, int base))
{
    if (!interpose_inside || base != TIME_UTC)
        return real()->timespec_get(time, base);
    return clock_gettime(CLOCK_REALTIME, time) == 0 ? base : 0;
}
