/*
 * alarms: alarm, setitimer and timer_create by the clock of code under test. When the clock has
 * passed their time their signals are really sent, to the thread that runs, so that the program's
 * own handlers run. Sources: alarm(2), getitimer(2), timer_create(2), timer_settime(2), signal(7).
 */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "interpose/run.h"
#include "stacks/model.h"

enum { ALARMS_MAX = 33, US = 1000000 };

struct alarm {
    bool open;
    bool is_silent; /* SIGEV_NONE */
    int signal;
    int code; /* of siginfo_t */
    int overrun;
    clockid_t clock;
    union sigval value;
    int64_t due_us; /* since the run began, TIME_NEVER when it is not set */
    int64_t interval_us;
};

/* The first is the process's own, of alarm and setitimer; others are made by timer_create. */
static struct alarm alarms[ALARMS_MAX];
static unsigned used; /* none from here on has been set in this run */

static struct alarm *own(void)
{
    if (!alarms[0].open)
        alarms[0] = (struct alarm){
            .open = true, .signal = SIGALRM, .code = SI_KERNEL, .due_us = TIME_NEVER};
    used = used > 0 ? used : 1;
    return &alarms[0];
}

void alarms_reset(void)
{
    memset(alarms, 0, used * sizeof *alarms);
    used = 0;
}

/* --- signals --- */

int64_t alarms_due(void)
{
    int64_t due = TIME_NEVER;

    for (unsigned i = 0; i < used; i++)
        if (alarms[i].open && alarms[i].due_us < due)
            due = alarms[i].due_us;
    return due;
}

static bool is_ignored(int signal, const struct sigaction *action)
{
    if (action->sa_flags & SA_SIGINFO)
        return false;
    return action->sa_handler == SIG_IGN ||
           (action->sa_handler == SIG_DFL &&
            (signal == SIGCHLD || signal == SIGURG || signal == SIGWINCH || signal == SIGCONT));
}

static void send_signal(const struct alarm *alarm)
{
    siginfo_t info;

    memset(&info, 0, sizeof info);
    info.si_signo = alarm->signal;
    info.si_code = alarm->code;
    info.si_overrun = alarm->overrun;
    info.si_value = alarm->value;
    real()->syscall(SYS_rt_tgsigqueueinfo, getpid(), real()->syscall(SYS_gettid, 0, 0, 0, 0, 0, 0),
                    alarm->signal, (long)(intptr_t)&info, 0, 0);
}

/* What has no handler ends the program, and so the run. Returns whether one has run. */
static bool ring(const struct alarm *alarm, bool restarts)
{
    struct sigaction action;
    sigset_t held;

    if (alarm->is_silent || real()->sigaction(alarm->signal, NULL, &action) != 0 ||
        is_ignored(alarm->signal, &action))
        return false;
    pthread_sigmask(SIG_BLOCK, NULL, &held);
    if (sigismember(&held, alarm->signal) == 0 && !(action.sa_flags & SA_SIGINFO) &&
        action.sa_handler == SIG_DFL)
        interpose_end();
    send_signal(alarm);
    return sigismember(&held, alarm->signal) == 0 && !(restarts && (action.sa_flags & SA_RESTART));
}

static void expire(struct alarm *alarm)
{
    int64_t missed = 0;

    if (alarm->interval_us > 0) {
        missed = (clock_us() - alarm->due_us) / alarm->interval_us;
        alarm->due_us += (missed + 1) * alarm->interval_us;
    } else {
        alarm->due_us = TIME_NEVER;
    }
    alarm->overrun = missed < INT32_MAX ? (int)missed : INT32_MAX;
}

bool alarms_ring(bool restarts)
{
    bool interrupted = false;

    for (unsigned i = 0; i < used; i++)
        if (alarms[i].open && alarms[i].due_us <= clock_us()) {
            expire(&alarms[i]);
            interrupted |= ring(&alarms[i], restarts);
        }
    return interrupted;
}

/* --- waiting for signals --- */

bool mask_begin(struct mask *mask, const sigset_t *during)
{
    sigset_t pending;
    bool comes = false;

    mask->changed = during != NULL && used > 0;
    if (!mask->changed)
        return false;
    sigpending(&pending);
    for (int signal = 1; signal < NSIG; signal++)
        comes |= sigismember(&pending, signal) > 0 && sigismember(during, signal) == 0;
    pthread_sigmask(SIG_SETMASK, during, &mask->before);
    if (comes) {
        mask_end(mask);
        mask->changed = false;
        errno = EINTR;
    }
    return comes;
}

void mask_end(const struct mask *mask)
{
    int error = errno;

    if (mask->changed)
        pthread_sigmask(SIG_SETMASK, &mask->before, NULL);
    errno = error;
}

static int wait_for_signal(void)
{
    struct model_wait wait = {.limit_us = -1};

    while (model_waits(&wait))
        continue;
    errno = EINTR;
    return -1;
}

INTERPOSED(int, pause, (void))
{
    return interpose_inside ? wait_for_signal() : real()->pause();
}

INTERPOSED(int, sigsuspend, (const sigset_t *during))
{
    struct mask mask;

    if (!interpose_inside)
        return real()->sigsuspend(during);
    if (mask_begin(&mask, during))
        return -1;
    wait_for_signal();
    mask_end(&mask);
    return -1;
}

/* --- setting them --- */

static int64_t left(const struct alarm *alarm)
{
    int64_t us = alarm->due_us - clock_us();

    return alarm->due_us == TIME_NEVER ? 0 : us > 0 ? us : 1;
}

static void set(struct alarm *alarm, int64_t us, int64_t interval_us)
{
    alarm->due_us = us > 0 ? clock_us() + us : TIME_NEVER;
    alarm->interval_us = interval_us;
}

INTERPOSED(unsigned, alarm, (unsigned s))
{
    int64_t before;

    if (!interpose_inside)
        return real()->alarm(s);
    before = left(own());
    set(own(), (int64_t)s * US, 0);
    return (unsigned)((before + US - 1) / US);
}

INTERPOSED(useconds_t, ualarm, (useconds_t us, useconds_t interval))
{
    int64_t before;

    if (!interpose_inside)
        return real()->ualarm(us, interval);
    before = left(own());
    set(own(), us, interval);
    return (useconds_t)before;
}

static struct timeval timeval_of(int64_t us)
{
    return (struct timeval){.tv_sec = us / US, .tv_usec = us % US};
}

static bool is_timeval(const struct timeval *time)
{
    return time->tv_sec >= 0 && time->tv_usec >= 0 && time->tv_usec < US;
}

static int64_t us_of(const struct timeval *time)
{
    return time_us(&(struct timespec){time->tv_sec, time->tv_usec * 1000});
}

static void tell_interval(struct itimerval *value)
{
    memory_written(value, sizeof *value);
    value->it_value = timeval_of(left(own()));
    value->it_interval = timeval_of(own()->interval_us);
}

INTERPOSED(int, setitimer, (int which, const struct itimerval *value, struct itimerval *old))
{
    const struct itimerval none = {{0, 0}, {0, 0}};

    if (!interpose_inside || which != ITIMER_REAL) /* or the time of the processor */
        return real()->setitimer(which, value, old);
    if (value != NULL)
        memory_read(value, sizeof *value);
    else
        value = &none;
    if (!is_timeval(&value->it_value) || !is_timeval(&value->it_interval)) {
        errno = EINVAL;
        return -1;
    }
    if (old != NULL)
        tell_interval(old);
    set(own(), us_of(&value->it_value), us_of(&value->it_interval));
    return 0;
}

INTERPOSED(int, getitimer, (int which, struct itimerval *value))
{
    if (!interpose_inside || which != ITIMER_REAL)
        return real()->getitimer(which, value);
    tell_interval(value);
    return 0;
}

/* --- timers that code under test makes --- */

/* The alarm that a timer is, or NULL for one of the system's. */
static struct alarm *alarm_of(timer_t timer)
{
    for (unsigned i = 1; i < used && interpose_inside; i++)
        if ((void *)&alarms[i] == timer && alarms[i].open)
            return &alarms[i];
    return NULL;
}

static int make(clockid_t clock, const struct sigevent *event, timer_t *timer)
{
    unsigned i = 1;

    while (i < ALARMS_MAX && alarms[i].open)
        i++;
    if (i == ALARMS_MAX) {
        errno = EAGAIN;
        return -1;
    }
    alarms[i] = (struct alarm){
        .open = true, .signal = SIGALRM, .code = SI_TIMER, .clock = clock, .due_us = TIME_NEVER};
    alarms[i].value.sival_int = (int)i;
    if (event != NULL) {
        alarms[i].is_silent = event->sigev_notify == SIGEV_NONE;
        alarms[i].signal = event->sigev_signo;
        alarms[i].value = event->sigev_value;
    }
    used = i < used ? used : i + 1;
    *timer = (timer_t)&alarms[i];
    return 0;
}

static bool is_clock(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME;
}

INTERPOSED(int, timer_create, (clockid_t clock, struct sigevent *event, timer_t *timer))
{
    if (!interpose_inside || !is_clock(clock)) /* or the time of the processor */
        return real()->timer_create(clock, event, timer);
    if (event != NULL)
        memory_read(event, sizeof *event);
    memory_written(timer, sizeof *timer);
    if (event != NULL && event->sigev_notify == SIGEV_THREAD)
        return interpose_lacks("timer_create with SIGEV_THREAD");
    if (event != NULL && event->sigev_notify != SIGEV_NONE &&
        (event->sigev_signo <= 0 || event->sigev_signo >= NSIG)) {
        errno = EINVAL;
        return -1;
    }
    return make(clock, event, timer);
}

static void tell(const struct alarm *alarm, struct itimerspec *value)
{
    memory_written(value, sizeof *value);
    value->it_value = time_of_us(left(alarm));
    value->it_interval = time_of_us(alarm->interval_us);
}

INTERPOSED(int, timer_settime,
           (timer_t timer, int flags, const struct itimerspec *value, struct itimerspec *old))
{
    struct alarm *alarm = alarm_of(timer);
    int64_t us;

    if (alarm == NULL)
        return real()->timer_settime(timer, flags, value, old);
    memory_read(value, sizeof *value);
    if (time_is_none(&value->it_value) || time_is_none(&value->it_interval)) {
        errno = EINVAL;
        return -1;
    }
    if (old != NULL)
        tell(alarm, old);
    us = time_us(&value->it_value);
    set(alarm, us, time_us(&value->it_interval));
    if (us > 0 && (flags & TIMER_ABSTIME))
        alarm->due_us = us - clock_base_us(alarm->clock);
    alarms_ring(true);
    return 0;
}

INTERPOSED(int, timer_gettime, (timer_t timer, struct itimerspec *value))
{
    const struct alarm *alarm = alarm_of(timer);

    if (alarm == NULL)
        return real()->timer_gettime(timer, value);
    tell(alarm, value);
    return 0;
}

INTERPOSED(int, timer_getoverrun, (timer_t timer))
{
    const struct alarm *alarm = alarm_of(timer);

    return alarm != NULL ? alarm->overrun : real()->timer_getoverrun(timer);
}

INTERPOSED(int, timer_delete, (timer_t timer))
{
    struct alarm *alarm = alarm_of(timer);

    if (alarm == NULL)
        return real()->timer_delete(timer);
    alarm->open = false;
    return 0;
}
