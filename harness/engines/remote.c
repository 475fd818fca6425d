/* remote: see remote.h. */
#include "engines/remote.h"

#include <pthread.h>
#include <sockdrill/target.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "stacks/executor.h"
#include "stacks/isolation.h"

enum {
    TICK_MS = 2,         /* how often the watcher looks */
    PATIENCE_MS = 2000,  /* how long a server may take before its connection is reset */
    DRAIN_READS_MAX = 64 /* at a time: a server may send faster than this reads */
};

/* The connection that the watcher looks after; fd is -1 between runs. */
static struct {
    pthread_mutex_t lock;
    int fd;
    unsigned ticks;
    int64_t since_ms;
} watched = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1};

static void drain(int fd)
{
    char buffer[1 << 16];

    for (int reads = 0; reads < DRAIN_READS_MAX; reads++)
        if (recv(fd, buffer, sizeof buffer, MSG_DONTWAIT) <= 0)
            break;
}

/* Wakes a server that waits for a peer which does nothing: reset, as a dying peer would. */
static void reset(int fd)
{
    struct sockaddr unspecified = {.sa_family = AF_UNSPEC};

    (void)connect(fd, &unspecified, sizeof unspecified);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the watcher does for one connection at each tick, from its second on. */
static void attend(void)
{
    if (watched.ticks++ == 0) {
        watched.since_ms = now_ms();
        return;
    }
    drain(watched.fd);
    if (now_ms() - watched.since_ms >= PATIENCE_MS)
        reset(watched.fd);
}

/*
 * The remote's slow hand: it takes what the server sends only after a while, so that a run which
 * ends by itself costs no switch of threads.
 */
static void *watch(void *unused)
{
    const struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};

    for (;;) {
        nanosleep(&tick, NULL);
        pthread_mutex_lock(&watched.lock);
        if (watched.fd >= 0)
            attend();
        pthread_mutex_unlock(&watched.lock);
    }
    return unused;
}

/* Set by the run, not at start: a fork server's children have no threads of their parent. */
static void watch_start(void)
{
    static bool started;
    pthread_t thread;

    if (started)
        return;
    started = true;
    if (pthread_create(&thread, NULL, watch, NULL) != 0) {
        fprintf(stderr, "sockdrill: cannot start the remote's thread\n");
        exit(1);
    }
    pthread_detach(thread);
}

static void watch_set(int fd)
{
    pthread_mutex_lock(&watched.lock);
    watched.fd = fd;
    watched.ticks = 0;
    pthread_mutex_unlock(&watched.lock);
}

/* A drill always has the same, in whatever form. */
int remote_family(const struct drill *drill)
{
    uint32_t sum = drill->call_count;

    for (uint32_t i = 0; i < drill->call_count; i++)
        sum += drill->calls[i].data_size;
    return sum % 2 == 0 ? AF_INET : AF_INET6;
}

void remote_serve(int (*server)(int), const uint8_t *data, size_t size)
{
    static struct drill drill;
    static struct executor executor;
    struct stat before;
    struct stat after;
    int fds[2];
    unsigned connection;
    int remote;

    watch_start();
    drill_decode(&drill, data, size, &drill_rules_remote);
    if (sockdrill_pair(remote_family(&drill), SOCK_STREAM | SOCK_CLOEXEC, fds) != 0) {
        fprintf(stderr, "sockdrill: no loopback connection: %m\n");
        exit(1);
    }
    executor_init(&executor, &sockdrill_stack_kernel);
    executor.loopback_only = !isolation_entered();
    executor_begin(&executor);
    connection = executor_adopt(&executor, SLOT_REMOTE, fds[0]);
    executor_run(&executor, &drill);
    /* The drill may have closed the remote: then there is nothing left to watch. */
    remote = executor_holder(&executor, connection);
    if (remote >= 0) {
        shutdown(remote, SHUT_WR);
        watch_set(remote);
    }
    fstat(fds[1], &before);
    server(fds[1]);
    watch_set(-1);
    executor_end(&executor);
    /* The server may have closed its end, and the number may be another file's by now. */
    if (fstat(fds[1], &after) == 0 && after.st_ino == before.st_ino &&
        after.st_dev == before.st_dev)
        close(fds[1]);
}
