/*
 * timers: timerfd by the clock of code under test. Each timer is an eventfd of the system's, into
 * which its expirations are written as soon as the clock has passed their time; so whatever looks
 * at the system's descriptors looks at timers too. Source: timerfd_create(2), eventfd(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "stacks/model.h"

enum { TIMERS_MAX = 64 };

static struct timer {
    bool open;
    int fd; /* one of its descriptors */
    clockid_t clock;
    int64_t due_us; /* since the run began, TIME_NEVER when it is not set */
    int64_t interval_us;
} timers[TIMERS_MAX];

/* The timer behind each of the system's descriptors, plus 1; 0 for none. */
static uint8_t timer_of[NUMBERS];
unsigned timers_open;

bool timer_is(int fd)
{
    return interpose_inside && timers_open > 0 && fd >= 0 && fd < NUMBERS && timer_of[fd] != 0;
}

static struct timer *timer_behind(int fd)
{
    return &timers[timer_of[fd] - 1];
}

/* --- descriptors --- */

/* A timer whose descriptor is closed lives on by another, if it has one. */
static void forget(int fd)
{
    uint8_t which = timer_of[fd];
    struct timer *timer = timer_behind(fd);

    timer_of[fd] = 0;
    if (timer->fd != fd)
        return;
    for (int other = 0; other < NUMBERS; other++)
        if (timer_of[other] == which) {
            timer->fd = other;
            return;
        }
    timer->open = false;
    timers_open--;
}

void timers_closed(int first, int last)
{
    for (int fd = first; fd <= last && fd < NUMBERS && timers_open > 0; fd++)
        if (timer_of[fd] != 0)
            forget(fd);
}

void timers_copied(int fd, int copy)
{
    if (copy < 0 || copy >= NUMBERS || copy == fd)
        return;
    if (timer_of[copy] != 0)
        forget(copy);
    if (timer_is(fd))
        timer_of[copy] = timer_of[fd];
}

void timers_reset(void)
{
    for (int fd = 0; fd < NUMBERS && timers_open > 0; fd++)
        if (timer_of[fd] != 0) {
            forget(fd);
            real()->close(fd);
        }
}

/* --- time --- */

int64_t timers_due(void)
{
    int64_t due = TIME_NEVER;

    for (unsigned i = 0; i < TIMERS_MAX && timers_open > 0; i++)
        if (timers[i].open && timers[i].due_us < due)
            due = timers[i].due_us;
    return due;
}

static void fire(struct timer *timer)
{
    int64_t late = clock_us() - timer->due_us;
    uint64_t times = 1;

    if (timer->interval_us > 0) {
        times += (uint64_t)(late / timer->interval_us);
        timer->due_us += (int64_t)times * timer->interval_us;
    } else {
        timer->due_us = TIME_NEVER;
    }
    if (real()->write(timer->fd, &times, sizeof times) < 0)
        interpose_says("timerfd", "its expirations are more than an eventfd counts");
}

void timers_fire(void)
{
    for (unsigned i = 0; i < TIMERS_MAX && timers_open > 0; i++)
        if (timers[i].open && timers[i].due_us <= clock_us())
            fire(&timers[i]);
}

bool timers_await(int fd)
{
    struct model_wait wait = {.limit_us = -1, .restarts = true};
    struct pollfd readable = {.fd = fd, .events = POLLIN};

    if (!timer_is(fd) || (real()->fcntl(fd, F_GETFL) & O_NONBLOCK))
        return true;
    while (real()->poll(&readable, 1, 0) == 0 && model_waits(&wait))
        continue;
    return model_or_interrupted(0, &wait) == 0;
}

/* --- calls --- */

static bool is_clock(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME ||
           clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM;
}

static int open_timer(struct timer *timer, clockid_t clock, int flags)
{
    int fd = eventfd(0, flags); /* whose flags are the same ones */

    if (fd < 0)
        return -1;
    if (fd >= NUMBERS) {
        real()->close(fd);
        errno = EMFILE;
        return -1;
    }
    *timer = (struct timer){.open = true, .fd = fd, .clock = clock, .due_us = TIME_NEVER};
    timer_of[fd] = (uint8_t)(timer - timers + 1);
    timers_open++;
    return fd;
}

INTERPOSED(int, timerfd_create, (int clock, int flags))
{
    if (!interpose_inside)
        return real()->timerfd_create(clock, flags);
    if (!is_clock(clock) || (flags & ~(TFD_CLOEXEC | TFD_NONBLOCK))) {
        errno = EINVAL;
        return -1;
    }
    for (unsigned i = 0; i < TIMERS_MAX; i++)
        if (!timers[i].open)
            return open_timer(&timers[i], clock, flags);
    errno = EMFILE;
    return -1;
}

static void tell(const struct timer *timer, struct itimerspec *value)
{
    int64_t left = timer->due_us - clock_us();

    memory_written(value, sizeof *value);
    value->it_interval = time_of_us(timer->interval_us);
    value->it_value = time_of_us(timer->due_us == TIME_NEVER ? 0 : left > 0 ? left : 1);
}

static bool is_set(const struct itimerspec *value)
{
    return value->it_value.tv_sec != 0 || value->it_value.tv_nsec != 0;
}

static void set(struct timer *timer, int flags, const struct itimerspec *value)
{
    struct pollfd unread = {.fd = timer->fd, .events = POLLIN};
    int64_t since = flags & TFD_TIMER_ABSTIME ? -clock_base_us(timer->clock) : clock_us();
    uint64_t forgotten;

    if (real()->poll(&unread, 1, 0) > 0)
        real()->read(timer->fd, &forgotten, sizeof forgotten);
    timer->interval_us = time_us(&value->it_interval);
    timer->due_us = is_set(value) ? since + time_us(&value->it_value) : TIME_NEVER;
    timers_fire();
}

INTERPOSED(int, timerfd_settime,
           (int fd, int flags, const struct itimerspec *value, struct itimerspec *old))
{
    if (!timer_is(fd)) /* the system says what is wrong with it */
        return real()->timerfd_settime(fd, flags, value, old);
    memory_read(value, sizeof *value);
    if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) ||
        time_is_none(&value->it_value) || time_is_none(&value->it_interval)) {
        errno = EINVAL;
        return -1;
    }
    if (old != NULL)
        tell(timer_behind(fd), old);
    set(timer_behind(fd), flags, value);
    return 0;
}

INTERPOSED(int, timerfd_gettime, (int fd, struct itimerspec *value))
{
    if (!timer_is(fd))
        return real()->timerfd_gettime(fd, value);
    tell(timer_behind(fd), value);
    return 0;
}

/* A timer's read waits by the clock of code under test. */
INTERPOSED(ssize_t, read, (int fd, void *data, size_t size))
{
    if (!number_emulated(fd))
        return timers_await(fd) ? real()->read(fd, data, size) : -1;
    memory_written(data, size);
    return sockdrill_stack_model.read(number_model(fd), data, size);
}

INTERPOSED(ssize_t, readv, (int fd, const struct iovec *parts, int count))
{
    if (!number_emulated(fd))
        return timers_await(fd) ? real()->readv(fd, parts, count) : -1;
    memory_parts_written(parts, count);
    return sockdrill_stack_model.readv(number_model(fd), parts, count);
}
