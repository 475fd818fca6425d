/* executor: see executor.h. The calls themselves stand in calls.c and transfer.c. */
#include "stacks/executor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "stacks/calls.h"

enum { NEVER_OPEN = INT_MAX };

void executor_init(struct executor *e, const struct sockdrill_stack *stack)
{
    memset(e, 0, offsetof(struct executor, buffer));
    e->stack = stack;
    e->port_base = PORT_BASE;
}

void executor_begin(struct executor *e)
{
    e->wait_left_ms = e->drill_wait_ms;
    e->lingers = false;
    e->times_out = false;
    e->not_socket = -1;
    e->open_count = 0;
    e->description_count = 0;
    for (unsigned i = 0; i < SLOTS_MAX; i++)
        e->slots[i] = -1;
}

struct open_fd *executor_find(struct executor *e, int fd)
{
    for (unsigned i = 0; i < e->open_count; i++)
        if (e->open[i].fd == fd)
            return &e->open[i];
    return NULL;
}

struct description *executor_description(struct executor *e, int fd)
{
    static _Thread_local struct description closed;
    const struct open_fd *open = executor_find(e, fd);

    closed = (struct description){.nonblocking = true};
    return open != NULL ? &e->descriptions[open->description] : &closed;
}

static void open_add(struct executor *e, int fd, unsigned description)
{
    e->open[e->open_count++] = (struct open_fd){fd, (uint8_t)description};
}

void executor_open(struct executor *e, int fd, struct description description)
{
    e->descriptions[e->description_count] = description;
    open_add(e, fd, e->description_count++);
}

void executor_duplicate(struct executor *e, int fd, int original)
{
    const struct open_fd *open = executor_find(e, original);

    if (open != NULL)
        open_add(e, fd, open->description);
}

void executor_forget(struct executor *e, int fd)
{
    struct open_fd *open = executor_find(e, fd);

    if (open != NULL)
        *open = e->open[--e->open_count];
}

/*
 * An open descriptor that is no socket, opened when a drill first names it; high up, so that it
 * does not take a number that the drill has just closed.
 */
static int not_socket(struct executor *e)
{
    int low;

    if (e->not_socket >= 0)
        return e->not_socket;
    low = open("/dev/null", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    e->not_socket = fcntl(low, F_DUPFD_CLOEXEC, NOT_SOCKET_MIN);
    close(low);
    if (e->not_socket >= 0)
        executor_open(e, e->not_socket, (struct description){.nonblocking = true});
    return e->not_socket;
}

int executor_fd(struct executor *e, unsigned ref)
{
    switch (ref) {
    case FD_NEGATIVE:
        return -1;
    case FD_HUGE:
        return NEVER_OPEN;
    case FD_NOT_SOCKET:
        return not_socket(e);
    default:
        /* A number that the drill has closed may since belong to someone else: never touch it. */
        return executor_find(e, e->slots[ref]) != NULL ? e->slots[ref] : NEVER_OPEN;
    }
}

bool executor_wait(struct executor *e, int fd, short events)
{
    struct pollfd ready = {.fd = fd, .events = events};
    int wait = e->wait_ms < e->wait_left_ms ? e->wait_ms : e->wait_left_ms;
    int saved = errno; /* what the call said is still asked for */
    bool is_ready;

    if (e->stack->poll == NULL || e->waits_left == 0)
        return false;
    e->waits_left--;
    is_ready = e->stack->poll(&ready, 1, wait) > 0;
    if (!is_ready)
        e->wait_left_ms -= wait;
    errno = saved;
    return is_ready;
}

/* Whether closing this descriptor closes what it describes, no duplicate being left. */
static bool is_last(const struct executor *e, int fd)
{
    unsigned holders = 0;
    unsigned description = EXECUTOR_FDS_MAX;

    for (unsigned i = 0; i < e->open_count; i++)
        if (e->open[i].fd == fd)
            description = e->open[i].description;
    for (unsigned i = 0; i < e->open_count; i++)
        holders += e->open[i].description == description;
    return holders == 1;
}

/* close with SO_LINGER and a time would wait for the peer: let it close in the background. */
void executor_no_linger(struct executor *e, int fd)
{
    struct linger linger = {0};
    socklen_t length = sizeof linger;

    if (!e->lingers || !is_last(e, fd) || e->stack->getsockopt == NULL ||
        e->stack->setsockopt == NULL ||
        e->stack->getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &length) != 0 ||
        linger.l_onoff == 0 || linger.l_linger == 0)
        return;
    linger.l_onoff = 0;
    e->stack->setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

void executor_unblock(struct executor *e, int fd)
{
    int on = 1;

    if (e->stack->fcntl != NULL)
        e->stack->fcntl(fd, F_SETFL, O_NONBLOCK);
    else if (e->stack->ioctl != NULL)
        e->stack->ioctl(fd, FIONBIO, &on);
}

unsigned executor_adopt(struct executor *e, unsigned slot, int fd)
{
    unsigned description = e->description_count;

    executor_unblock(e, fd);
    executor_open(e, fd, (struct description){.stream = true});
    e->slots[slot] = fd;
    return description;
}

int executor_holder(const struct executor *e, unsigned description)
{
    for (unsigned i = 0; i < e->open_count; i++)
        if (e->open[i].description == description)
            return e->open[i].fd;
    return -1;
}

/* A variable keeps what it held when the call that would assign it fails. */
static void assign(struct executor *e, const struct call *call, const struct outcome *o)
{
    if (call_creates(call) && call->act != ACT_SIGNAL && o->result >= 0 &&
        executor_find(e, (int)o->result) != NULL)
        e->slots[call->result] = (int)o->result;
}

void executor_call(struct executor *e, const struct call *call)
{
    struct request request;
    struct outcome outcome;

    request_resolve(e, call, &request);
    if (call->actor != 0)
        acts_make(e, call, &request, &outcome);
    else if (e->block_ms == 0 || !acts_timed(e, &request, &outcome))
        calls_make(e, &request, &outcome);
    assign(e, call, &outcome);
    if (e->observe != NULL)
        e->observe(e->context, call, &request, &outcome);
    if (e->reveal_names && call->act == ACT_CALL)
        executor_reveal(e, &request);
    if (e->blocked > 0)
        acts_notice(e);
}

void executor_run(struct executor *e, const struct drill *drill)
{
    for (uint32_t i = 0; i < drill->call_count; i++)
        executor_call(e, &drill->calls[i]);
}

int executor_close(struct executor *e, int fd)
{
    if (fd == e->not_socket && fd >= 0) {
        e->not_socket = -1;
        return close(fd); /* it is the process's, whatever the stack */
    }
    return e->stack->close != NULL ? e->stack->close(fd) : 0;
}

/* What a peer has not read, or a window holds back, would keep a closed connection for minutes. */
static void abort_connection(struct executor *e, int fd)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    if (executor_description(e, fd)->stream && e->stack->setsockopt != NULL)
        e->stack->setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void executor_end(struct executor *e)
{
    acts_end(e);
    while (e->open_count > 0) {
        int fd = e->open[e->open_count - 1].fd;

        if (e->abort_at_end && e->stack->reset == NULL) /* which clears up by itself */
            abort_connection(e, fd);
        else
            executor_no_linger(e, fd);
        executor_close(e, fd);
        e->open_count--;
    }
    if (e->stack->reset != NULL)
        e->stack->reset();
}

void executor_drill(struct executor *e, const struct drill *drill)
{
    executor_begin(e);
    executor_run(e, drill);
    executor_end(e);
}
