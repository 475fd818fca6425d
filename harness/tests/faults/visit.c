/* visit: see visit.h. Decides which calls the chosen fault strikes, and follows the descriptors. */
#include "tests/faults/waits.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FDS_MAX = 1024, PARKED_MAX = 512, PARKED_MIN = 600 };

char visit_name[FAULT_NAME_MAX] = "faulty";

static struct {
    const struct mutant *mutant; /* NULL for none */
    struct tracked fds[FDS_MAX];
    unsigned open;
    unsigned count; /* for what is asked of no socket */
    int parked[PARKED_MAX];
    unsigned parked_count;
} stack;

void faults_choose(const struct mutant *mutant)
{
    stack.mutant = mutant;
    stack.count = 0;
    strcpy(visit_name, "faulty");
    if (mutant != NULL)
        mutant_name(visit_name, mutant);
}

/* --- descriptors --- */

struct tracked *visit_tracked(int fd)
{
    static struct tracked none;

    if (fd >= 0 && fd < FDS_MAX)
        return &stack.fds[fd];
    memset(&none, 0, sizeof none);
    return &none;
}

static enum kind kind_of(int domain, int type)
{
    int base = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);

    if ((domain != AF_INET && domain != AF_INET6) || (base != SOCK_STREAM && base != SOCK_DGRAM))
        return KIND_ANY;
    if (base == SOCK_STREAM)
        return domain == AF_INET ? KIND_TCP4 : KIND_TCP6;
    return domain == AF_INET ? KIND_UDP4 : KIND_UDP6;
}

static void forget(struct tracked *tracked)
{
    free(tracked->rest);
    if (tracked->held != 0)
        close(tracked->held);
    memset(tracked, 0, sizeof *tracked);
    stack.open--;
}

static void track(int fd, enum kind kind)
{
    struct tracked *tracked = visit_tracked(fd);

    if (fd < 0 || fd >= FDS_MAX)
        return;
    if (tracked->kind != KIND_ANY)
        forget(tracked); /* dup2 has put another in its place */
    tracked->kind = kind;
    stack.open += kind != KIND_ANY;
}

/* With the last socket go all that were taken away: the drill has ended. */
static void untrack(int fd)
{
    struct tracked *tracked = visit_tracked(fd);

    if (tracked->kind == KIND_ANY)
        return;
    forget(tracked);
    if (stack.open > 0)
        return;
    while (stack.parked_count > 0)
        close(stack.parked[--stack.parked_count]);
    stack.count = 0;
}

void visit_park(int fd)
{
    int high = stack.parked_count < PARKED_MAX ? fcntl(fd, F_DUPFD_CLOEXEC, PARKED_MIN) : -1;

    if (high >= 0)
        stack.parked[stack.parked_count++] = high;
    close(fd);
}

bool visit_second(int fd)
{
    unsigned *count = fd < 0 ? &stack.count : &visit_tracked(fd)->count;

    return ++*count % 2 == 0;
}

/* --- peers --- */

static bool same_port(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
    /* The port stands at the same place in both families' addresses. */
    return ((const struct sockaddr_in *)a)->sin_port == ((const struct sockaddr_in *)b)->sin_port;
}

/* Whether a socket's name is that of another one's peer. */
static bool is_peer(int fd, int other)
{
    struct sockaddr_storage name;
    struct sockaddr_storage peer;
    socklen_t name_length = sizeof name;
    socklen_t peer_length = sizeof peer;

    return sockdrill_stack_kernel.getsockname(fd, (struct sockaddr *)&name, &name_length) == 0 &&
           sockdrill_stack_kernel.getpeername(other, (struct sockaddr *)&peer, &peer_length) == 0 &&
           same_port(&name, &peer);
}

int visit_peer(int fd)
{
    for (int other = 0; other < FDS_MAX; other++)
        if (other != fd && stack.fds[other].kind == visit_tracked(fd)->kind && is_peer(fd, other) &&
            is_peer(other, fd))
            return other;
    return -1;
}

bool visit_connected(int fd)
{
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;

    return sockdrill_stack_kernel.getpeername(fd, (struct sockaddr *)&peer, &length) == 0;
}

/* --- calls --- */

bool visit_creates(const struct visit *visit)
{
    switch (visit->op) {
    case OP_socket:
    case OP_accept:
    case OP_accept4:
    case OP_dup:
    case OP_dup2:
        return true;
    case OP_fcntl:
        return visit->number == F_DUPFD || visit->number == F_DUPFD_CLOEXEC;
    default:
        return false;
    }
}

int64_t visit_fail(int error)
{
    errno = error;
    return -1;
}

int visit_argument(void)
{
    return stack.mutant->fault->argument;
}

enum kind visit_kind(void)
{
    return stack.mutant->kind;
}

int visit_high(void)
{
    return (int)((unsigned)visit_argument() >> 16);
}

int visit_low(void)
{
    return visit_argument() & 0xffff;
}

bool visit_is_mine(int fd)
{
    return visit_tracked(fd)->kind == stack.mutant->kind;
}

static bool polls_mine(const struct visit *visit)
{
    bool mine = stack.mutant->kind == KIND_ANY;

    for (nfds_t i = 0; i < visit->count; i++)
        mine |= visit_is_mine(visit->fds[i].fd);
    return mine;
}

static bool strikes(const struct visit *visit)
{
    const struct mutant *mutant = stack.mutant;

    if (mutant == NULL || (visit->op != mutant->op && !(mutant->fault->calls & FAULT_WIDE)))
        return false;
    if (visit->op == OP_socket)
        return kind_of(visit->domain, visit->type) == mutant->kind;
    if (visit->op == OP_epoll_ctl)
        return visit_is_mine(visit->other_fd);
    if (visit->op == OP_epoll_wait)
        return watches_mine(visit->fd);
    return visit->fds != NULL ? polls_mine(visit) : visit_is_mine(visit->fd);
}

/* What a call has made of the descriptors; leaves errno as it is. */
static void follow(const struct visit *visit, enum kind asked, int64_t result)
{
    int saved = errno;

    if (visit->op == OP_close && (result == 0 || errno != EBADF))
        untrack(visit->fd);
    if (visit->op == OP_socket)
        track((int)result, asked);
    else if (visit_creates(visit) && result >= 0 && result != visit->fd)
        track((int)result, visit_tracked(visit->fd)->kind);
    errno = saved;
}

int64_t visit_make(struct visit *visit)
{
    enum kind asked = kind_of(visit->domain, visit->type);
    int64_t result = strikes(visit) ? stack.mutant->fault->strike(visit) : visit_pass(visit);

    follow(visit, asked, result);
    return result;
}
