/*
 * watch: epoll on a mutated stack: its functions, their calls on the kernel, what it remembers of
 * who is watched, and the faults. Each fault is told in faults.def.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "tests/faults/waits.h"

#define KERNEL sockdrill_stack_kernel

enum { WATCHED_MAX = 256, ROOM_MAX = 64 };

/* What an instance watches, as epoll_ctl was told. */
struct watched {
    int epoll;
    int fd;
    enum kind kind;
    struct epoll_event event;
    unsigned told; /* how often it was reported */
    uint32_t last; /* the events of the last wait; 0 for none */
    bool used;
};

static struct watched all[WATCHED_MAX];

static struct watched *find(int epoll, int fd)
{
    for (unsigned i = 0; i < WATCHED_MAX; i++)
        if (all[i].used && all[i].epoll == epoll && all[i].fd == fd)
            return &all[i];
    return NULL;
}

/* Whom an event is of, if it is one of the fault's kind; or NULL. */
static struct watched *mine(const struct visit *v, const struct epoll_event *event)
{
    for (unsigned i = 0; i < WATCHED_MAX; i++)
        if (all[i].used && all[i].epoll == v->fd && all[i].event.data.u64 == event->data.u64 &&
            all[i].kind == visit_kind())
            return &all[i];
    return NULL;
}

bool watches_mine(int epoll)
{
    for (unsigned i = 0; i < WATCHED_MAX; i++)
        if (all[i].used && all[i].epoll == epoll && all[i].kind == visit_kind())
            return true;
    return visit_kind() == KIND_ANY;
}

/* --- the calls --- */

int faulty_epoll_create1(int flags)
{
    struct visit v = {.op = OP_epoll_create1, .fd = -1, .flags = flags};
    int fd = (int)visit_make(&v);

    for (unsigned i = 0; i < WATCHED_MAX && fd >= 0; i++)
        if (all[i].epoll == fd)
            all[i].used = false;
    return fd;
}

int64_t pass_epoll_create1(const struct visit *v)
{
    return KERNEL.epoll_create1(v->flags);
}

int faulty_epoll_ctl(int epoll, int command, int fd, struct epoll_event *event)
{
    struct epoll_event copy;
    struct visit v = {.op = OP_epoll_ctl, .fd = epoll, .other_fd = fd, .number = command};

    if (!visit_is_memory(event, event != NULL))
        return KERNEL.epoll_ctl(epoll, command, fd, event);
    if (event != NULL) {
        copy = *event;
        v.event = &copy;
    }
    return (int)visit_make(&v);
}

static struct watched *free_entry(void)
{
    for (unsigned i = 0; i < WATCHED_MAX; i++)
        if (!all[i].used)
            return &all[i];
    return &all[0];
}

static void remember(const struct visit *v)
{
    struct watched *entry = find(v->fd, v->other_fd);

    if (v->number == EPOLL_CTL_DEL) {
        if (entry != NULL)
            entry->used = false;
        return;
    }
    if (entry == NULL)
        entry = free_entry();
    *entry = (struct watched){.epoll = v->fd,
                              .fd = v->other_fd,
                              .kind = visit_tracked(v->other_fd)->kind,
                              .event = *v->event,
                              .used = true};
}

int64_t pass_epoll_ctl(const struct visit *v)
{
    int result = KERNEL.epoll_ctl(v->fd, v->number, v->other_fd, v->event);

    if (result == 0)
        remember(v);
    return result;
}

int faulty_epoll_wait(int epoll, struct epoll_event *events, int room, int timeout_ms)
{
    struct visit v = {
        .op = OP_epoll_wait, .fd = epoll, .events = events, .room = room, .number = timeout_ms};

    if (!visit_is_memory(events, room > 0))
        return KERNEL.epoll_wait(epoll, events, room, timeout_ms);
    return (int)visit_make(&v);
}

int64_t pass_epoll_wait(const struct visit *v)
{
    return KERNEL.epoll_wait(v->fd, v->events, v->room, v->number);
}

/* --- what is watched --- */

int64_t fault_watch_ignored(struct visit *v)
{
    int64_t result;

    if (v->number != visit_argument())
        return visit_pass(v);
    if (v->number == EPOLL_CTL_ADD) {
        result = visit_pass(v);
        if (result == 0)
            KERNEL.epoll_ctl(v->fd, EPOLL_CTL_DEL, v->other_fd, NULL);
        return result;
    }
    return find(v->fd, v->other_fd) != NULL ? 0 : visit_pass(v);
}

int64_t fault_flag_ignored(struct visit *v)
{
    if (v->event != NULL)
        v->event->events &= ~(uint32_t)visit_argument();
    return visit_pass(v);
}

int64_t fault_flag_added(struct visit *v)
{
    if (v->event != NULL)
        v->event->events |= (uint32_t)visit_argument();
    return visit_pass(v);
}

/* --- what is reported --- */

/* Keeps the events of which keep is true, or which are not the fault's. */
static int64_t keep(struct visit *v, int64_t result, bool (*wanted)(struct watched *))
{
    int64_t kept = 0;

    for (int64_t i = 0; i < result; i++) {
        struct watched *entry = mine(v, &v->events[i]);

        if (entry == NULL || wanted(entry))
            v->events[kept++] = v->events[i];
    }
    return result > 0 ? kept : result;
}

int64_t fault_told_missing(struct visit *v)
{
    int64_t result = visit_pass(v);
    int64_t kept = 0;

    for (int64_t i = 0; i < result; i++) {
        if (mine(v, &v->events[i]) != NULL)
            v->events[i].events &= ~(uint32_t)visit_argument();
        if (v->events[i].events != 0)
            v->events[kept++] = v->events[i];
    }
    return result > 0 ? kept : result;
}

/* The event of an entry among those reported, or NULL. */
static struct epoll_event *told(const struct visit *v, int64_t result, const struct watched *entry)
{
    for (int64_t i = 0; i < result; i++)
        if (v->events[i].data.u64 == entry->event.data.u64)
            return &v->events[i];
    return NULL;
}

int64_t fault_told_always(struct visit *v)
{
    int64_t result;

    visit_hurry(v);
    result = visit_pass(v);
    for (unsigned i = 0; i < WATCHED_MAX && result >= 0; i++) {
        uint32_t asked = all[i].event.events | EPOLLERR | EPOLLHUP;
        struct epoll_event *event = told(v, result, &all[i]);
        uint32_t bits = asked & (uint32_t)visit_argument();

        if (!all[i].used || all[i].epoll != v->fd || all[i].kind != visit_kind() || bits == 0)
            continue;
        if (event != NULL)
            event->events |= bits;
        else if (result < v->room)
            v->events[result++] = (struct epoll_event){.events = bits, .data = all[i].event.data};
    }
    return result;
}

int64_t fault_told_unasked(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (int64_t i = 0; i < result; i++)
        if (mine(v, &v->events[i]) != NULL)
            v->events[i].events |= (uint32_t)visit_argument();
    return result;
}

static bool never(struct watched *entry)
{
    (void)entry;
    return false;
}

int64_t fault_told_none(struct visit *v)
{
    return keep(v, visit_pass(v), never);
}

static bool first_edge(struct watched *entry)
{
    return !(entry->event.events & EPOLLET) || entry->told++ == 0;
}

int64_t fault_told_once(struct visit *v)
{
    return keep(v, visit_pass(v), first_edge);
}

static bool odd_edge(struct watched *entry)
{
    return !(entry->event.events & EPOLLET) || entry->told++ % 2 == 0;
}

int64_t fault_told_seldom(struct visit *v)
{
    return keep(v, visit_pass(v), odd_edge);
}

static bool is_open(struct watched *entry)
{
    return fcntl(entry->fd, F_GETFD) >= 0;
}

int64_t fault_told_if_open(struct visit *v)
{
    return keep(v, visit_pass(v), is_open);
}

/* What was reported in one wait comes again in the next, once. */
int64_t fault_told_twice(struct visit *v)
{
    int64_t result;

    visit_hurry(v);
    result = visit_pass(v);
    for (unsigned i = 0; i < WATCHED_MAX && result >= 0; i++) {
        const struct epoll_event *event = told(v, result, &all[i]);
        uint32_t last = all[i].last;

        if (!all[i].used || all[i].epoll != v->fd || all[i].kind != visit_kind() ||
            !(all[i].event.events & EPOLLET))
            continue;
        all[i].last = event != NULL ? event->events : 0;
        if (event == NULL && last != 0 && result < v->room)
            v->events[result++] = (struct epoll_event){.events = last, .data = all[i].event.data};
    }
    return result;
}

int64_t fault_told_other(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (int64_t i = 0; i < result; i++)
        if (mine(v, &v->events[i]) != NULL)
            v->events[i].data.u64 ^= 1;
    return result;
}

int64_t fault_told_swapped(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result > 1 && v->events[0].events != v->events[1].events) {
        uint32_t first = v->events[0].events;

        v->events[0].events = v->events[1].events;
        v->events[1].events = first;
    }
    return result;
}

int64_t fault_told_more(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result <= 0 || result >= v->room)
        return result;
    v->events[result] = v->events[result - 1];
    return result + 1;
}

int64_t fault_told_less(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result > 0 ? result - 1 : result;
}

/* Gives those first whose number is lowest, every time. */
int64_t fault_told_lowest(struct visit *v)
{
    struct epoll_event room[ROOM_MAX];
    int result;

    if (v->room <= 0)
        return visit_pass(v);
    result = KERNEL.epoll_wait(v->fd, room, ROOM_MAX, v->number);
    for (int i = 1; i < result; i++)
        for (int k = i; k > 0 && room[k].data.u64 < room[k - 1].data.u64; k--) {
            struct epoll_event event = room[k];

            room[k] = room[k - 1];
            room[k - 1] = event;
        }
    if (result > v->room)
        result = v->room;
    if (result > 0)
        memcpy(v->events, room, (size_t)result * sizeof *room);
    return result;
}

int64_t fault_create_cloexec_ignored(struct visit *v)
{
    v->flags &= ~EPOLL_CLOEXEC;
    return visit_pass(v);
}

int64_t fault_create_not_lowest(struct visit *v)
{
    int64_t result = visit_pass(v);
    int64_t next;

    if (result < 0)
        return result;
    next = KERNEL.fcntl((int)result, F_DUPFD, (int)result + 1);
    KERNEL.close((int)result);
    return next;
}
