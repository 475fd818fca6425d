/*
 * worker: see worker.h. That a thread is blocked shows in /proc/thread-self/syscall, which tells
 * the system call in which a thread waits (proc_pid_syscall(5)); where it cannot be read, a call
 * that is not done after a while counts as blocked.
 */
#include "stacks/worker.h"
#include "stacks/isolation.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "stacks/calls.h"

enum { STATE_FD_MIN = 512, PAUSE_US = 20, BLIND_US = 20000, SETTLE_MS = 2000, CANCEL_MS = 2000 };

enum job { JOB_NONE, JOB_GIVEN, JOB_DONE };

struct worker {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum job job; /* under the lock, as all that follows until it is done */
    struct request request;
    struct outcome outcome;
    struct executor executor; /* only of this thread's call */
    pthread_t thread;
    pid_t tid;
    int state_fd;      /* /proc/self/task/TID/syscall, or -1 */
    atomic_bool calls; /* begun with the stack's; before, it may wait for other things */
};

static struct worker *workers[WORKERS];
static pid_t owner; /* a child of fork has none of its parent's threads */
static atomic_uint signals_caught;

static int64_t time_us(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static int64_t clock_us(void)
{
    return time_us(CLOCK_MONOTONIC);
}

static void caught(int signal)
{
    (void)signal;
    atomic_fetch_add(&signals_caught, 1);
}

/* --- the thread --- */

/*
 * A call's time may be limited by the software clock, which goes by jiffies: time(7). That clock
 * leaps where a virtual processor had stood still, and with it a short time is over early.
 */
static void make(struct worker *w)
{
    int64_t start;
    int64_t software_start;
    int64_t took;
    int64_t software_took;

    isolation_follow();
    software_start = time_us(CLOCK_MONOTONIC_COARSE);
    start = clock_us();
    atomic_store(&w->calls, true);
    calls_make(&w->executor, &w->request, &w->outcome);
    took = clock_us() - start;
    software_took = time_us(CLOCK_MONOTONIC_COARSE) - software_start;
    w->outcome.took_us = (uint32_t)(took > software_took ? took : software_took);
}

static void *work(void *context)
{
    struct worker *w = context;

    pthread_mutex_lock(&w->lock);
    w->tid = (pid_t)syscall(SYS_gettid);
    pthread_cond_broadcast(&w->changed);
    for (;;) {
        while (w->job != JOB_GIVEN)
            pthread_cond_wait(&w->changed, &w->lock);
        pthread_mutex_unlock(&w->lock);
        make(w);
        pthread_mutex_lock(&w->lock);
        w->job = JOB_DONE;
        pthread_cond_broadcast(&w->changed);
    }
    return NULL;
}

/* Every signal but the one for it goes to the other threads. */
static bool start_thread(struct worker *w)
{
    pthread_condattr_t monotonic;
    sigset_t all;
    sigset_t before;
    bool started;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&w->lock, NULL);
    sigfillset(&all);
    sigdelset(&all, SIGUSR1);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(&w->thread, NULL, work, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!started)
        return false;
    pthread_detach(w->thread);
    pthread_mutex_lock(&w->lock);
    while (w->tid == 0)
        pthread_cond_wait(&w->changed, &w->lock);
    pthread_mutex_unlock(&w->lock);
    return true;
}

/* High up, so that it does not take a number that a drill expects. */
static int open_state(pid_t tid)
{
    char path[64];
    int low;
    int high;

    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", (int)tid);
    low = open(path, O_RDONLY | O_CLOEXEC);
    if (low < 0)
        return -1;
    high = fcntl(low, F_DUPFD_CLOEXEC, STATE_FD_MIN);
    close(low);
    return high;
}

struct worker *worker_of(unsigned index)
{
    if (owner != getpid()) {
        memset(workers, 0, sizeof workers);
        owner = getpid();
    }
    if (workers[index] == NULL) {
        struct worker *w = calloc(1, sizeof *w);

        if (w == NULL)
            return NULL;
        w->state_fd = -1;
        if (!start_thread(w)) {
            free(w);
            return NULL;
        }
        workers[index] = w;
    }
    if (workers[index]->state_fd < 0)
        workers[index]->state_fd = open_state(workers[index]->tid);
    return workers[index];
}

void worker_rest(struct worker *w)
{
    if (w->state_fd >= 0)
        close(w->state_fd);
    w->state_fd = -1;
}

/* --- a call --- */

/* Makes what points into one executor's room point into another's, which has the same bytes. */
#define MOVE(pointer)                                                                              \
    do {                                                                                           \
        if ((const uint8_t *)(pointer) >= from && (const uint8_t *)(pointer) < from + size)        \
            (pointer) = (void *)(to + ((const uint8_t *)(pointer)-from));                          \
    } while (0)

static void move_room(struct worker *w, const struct executor *e)
{
    const uint8_t *from = (const uint8_t *)&e->room;
    uint8_t *to = (uint8_t *)&w->executor.room;
    size_t size = sizeof e->room;

    w->executor.room = e->room;
    MOVE(w->request.address.data);
    MOVE(w->request.optval.data);
    MOVE(w->request.control.data);
    MOVE(w->request.fds);
    MOVE(w->request.event);
}

/* For the thread's executor the descriptor never waits: so it makes one attempt, and that blocks.
 */
static void prepare(struct worker *w, struct executor *e)
{
    const struct open_fd *open = executor_find(e, w->request.fd);
    struct description description = {.nonblocking = true};

    if (open != NULL)
        description.stream = e->descriptions[open->description].stream;
    w->executor.stack = e->stack;
    w->executor.loopback_only = e->loopback_only;
    w->executor.wait_ms = w->executor.drill_wait_ms = INT_MAX;
    executor_begin(&w->executor);
    if (open != NULL)
        executor_open(&w->executor, w->request.fd, description);
    (void)given(&w->request, (enum bad_pointer)w->request.bad, NULL); /* mapped by one thread */
}

void worker_begin(struct worker *w, struct executor *e, const struct request *request)
{
    pthread_mutex_lock(&w->lock);
    w->request = *request;
    move_room(w, e);
    prepare(w, e);
    atomic_store(&w->calls, false);
    w->job = JOB_GIVEN;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

static bool is_done(struct worker *w)
{
    bool done;

    pthread_mutex_lock(&w->lock);
    done = w->job == JOB_DONE;
    pthread_mutex_unlock(&w->lock);
    return done;
}

/*
 * Whether the thread waits in a call of the stack: not for its next call, or a lock, which is a
 * futex.
 */
static bool is_blocked(const struct worker *w, int64_t since_us)
{
    char text[64];
    ssize_t size;
    char *end;
    long number;

    if (!atomic_load(&w->calls))
        return false;
    if (w->state_fd < 0)
        return clock_us() - since_us > BLIND_US;
    size = pread(w->state_fd, text, sizeof text - 1, 0);
    if (size <= 0)
        return clock_us() - since_us > BLIND_US;
    text[size] = '\0';
    number = strtol(text, &end, 10);
    return end != text && number >= 0 && number != SYS_futex;
}

static void pause_us(int us)
{
    const struct timespec time = {.tv_nsec = us * 1000L};

    nanosleep(&time, NULL);
}

bool worker_settled(struct worker *w)
{
    int64_t start = clock_us();

    while (!is_done(w)) {
        if (is_blocked(w, start) || clock_us() - start > SETTLE_MS * 1000L)
            return is_done(w);
        pause_us(PAUSE_US);
    }
    return true;
}

bool worker_wait(struct worker *w, int ms)
{
    int64_t until_us = clock_us() + (int64_t)ms * 1000;
    const struct timespec until = {.tv_sec = until_us / 1000000,
                                   .tv_nsec = until_us % 1000000 * 1000};
    int waited = 0;
    bool done;

    pthread_mutex_lock(&w->lock);
    while (w->job != JOB_DONE && waited == 0)
        waited = pthread_cond_timedwait(&w->changed, &w->lock, &until);
    done = w->job == JOB_DONE;
    pthread_mutex_unlock(&w->lock);
    return done;
}

const struct outcome *worker_outcome(const struct worker *w)
{
    return &w->outcome;
}

void worker_signal(struct worker *w, bool restarts)
{
    const struct sigaction action = {.sa_handler = caught, .sa_flags = restarts ? SA_RESTART : 0};
    unsigned before = atomic_load(&signals_caught);
    int64_t start = clock_us();
    struct sigaction saved;

    sigaction(SIGUSR1, &action, &saved);
    pthread_kill(w->thread, SIGUSR1);
    while (atomic_load(&signals_caught) == before && clock_us() - start < SETTLE_MS * 1000L)
        pause_us(PAUSE_US);
    sigaction(SIGUSR1, &saved, NULL);
}

/* Once may be too early: the thread may be on its way into the call. */
void worker_cancel(struct worker *w)
{
    int64_t start = clock_us();

    while (!is_done(w)) {
        worker_signal(w, false);
        if (worker_wait(w, 1))
            return;
        if (clock_us() - start > CANCEL_MS * 1000L) {
            fprintf(stderr, "sockdrill: a call that blocks cannot be interrupted: %s\n",
                    call_info(w->request.op)->name);
            abort();
        }
    }
}
