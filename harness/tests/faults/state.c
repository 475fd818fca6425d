/* state: faults of what becomes of a socket. Each is told in faults.def. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>

#include "tests/faults/visit.h"

#define KERNEL sockdrill_stack_kernel

/* --- new descriptors --- */

int64_t fault_other_type(struct visit *v)
{
    v->type ^= SOCK_STREAM ^ SOCK_DGRAM;
    v->protocol = 0;
    return visit_pass(v);
}

int64_t fault_other_family(struct visit *v)
{
    v->domain = v->domain == AF_INET ? AF_INET6 : AF_INET;
    return visit_pass(v);
}

int64_t fault_not_lowest(struct visit *v)
{
    int low = (int)visit_pass(v);
    int high;

    if (low < 0 || !visit_creates(v))
        return low;
    high = fcntl(low, F_DUPFD, low + 1);
    KERNEL.close(low);
    return high;
}

int64_t fault_cloexec_ignored(struct visit *v)
{
    v->type &= ~SOCK_CLOEXEC;
    v->flags &= ~SOCK_CLOEXEC;
    return visit_pass(v);
}

int64_t fault_cloexec_kept(struct visit *v)
{
    int64_t fd = visit_pass(v);

    if (fd >= 0)
        fcntl((int)fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

int64_t fault_number_unheeded(struct visit *v)
{
    if (visit_creates(v))
        v->flags = 0;
    return visit_pass(v);
}

int64_t fault_keeps_replaced(struct visit *v)
{
    int other = v->other_fd;
    int kept;

    if (v->fd != other && visit_tracked(other)->kind != KIND_ANY) {
        kept = fcntl(other, F_DUPFD, 0);
        if (kept >= 0)
            visit_park(kept);
    }
    return visit_pass(v);
}

int64_t fault_replaces_nothing(struct visit *v)
{
    return visit_tracked(v->other_fd)->kind != KIND_ANY ? v->other_fd : visit_pass(v);
}

int64_t fault_shares_nothing(struct visit *v)
{
    static const int domains[KINDS] = {0, AF_INET, AF_INET6, AF_INET, AF_INET6};
    static const int types[KINDS] = {0, SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM, SOCK_DGRAM};
    enum kind kind = visit_tracked(v->fd)->kind;
    struct visit copy = *v;
    int64_t result;

    if (!visit_creates(v))
        return visit_pass(v);
    copy.fd = KERNEL.socket(domains[kind], types[kind] | SOCK_NONBLOCK, 0);
    if (copy.fd < 0 || v->op == OP_dup)
        return copy.fd;
    result = visit_pass(&copy);
    KERNEL.close(copy.fd);
    return result;
}

int64_t fault_urgent_in_band(struct visit *v)
{
    int64_t fd = visit_pass(v);
    int on = 1;

    if (fd >= 0)
        KERNEL.setsockopt((int)fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof on);
    return fd;
}

/* --- doing nothing, or the wrong half --- */

int64_t fault_ignored(struct visit *v)
{
    (void)v;
    return 0;
}

int64_t fault_how_changed(struct visit *v)
{
    if (v->number == visit_high())
        v->number = visit_low();
    return visit_pass(v);
}

/* --- bind --- */

/* A copy of the address that is bound to; NULL when it is too short for a port. */
static struct sockaddr_in6 *copied(struct visit *v)
{
    static struct sockaddr_in6 copy;

    if (v->to_length < sizeof(struct sockaddr_in) || v->to_length > sizeof copy)
        return NULL;
    memcpy(&copy, v->to, v->to_length);
    v->to = (const struct sockaddr *)&copy;
    return &copy;
}

int64_t fault_port_forgotten(struct visit *v)
{
    struct sockaddr_in6 *copy = copied(v);

    if (copy != NULL)
        copy->sin6_port = 0; /* it stands at the same place in both families' addresses */
    return visit_pass(v);
}

int64_t fault_next_port(struct visit *v)
{
    struct sockaddr_in6 *copy = copied(v);

    if (copy != NULL && copy->sin6_port != 0)
        copy->sin6_port = htons((uint16_t)(ntohs(copy->sin6_port) + 1));
    return visit_pass(v);
}

int64_t fault_wildcard(struct visit *v)
{
    struct sockaddr_in6 *copy = copied(v);
    struct sockaddr_in *copy4 = (struct sockaddr_in *)copy;

    if (copy != NULL && copy->sin6_family == AF_INET6)
        copy->sin6_addr = in6addr_any;
    else if (copy != NULL)
        copy4->sin_addr.s_addr = htonl(INADDR_ANY);
    return visit_pass(v);
}

/* --- accept --- */

int64_t fault_connection_lost(struct visit *v)
{
    int64_t fd = visit_pass(v);

    if (fd < 0 || !visit_second(v->fd))
        return fd;
    KERNEL.close((int)fd);
    return visit_pass(v);
}

/* Gives the connection away under the name of its peer. */
static int64_t given(const struct visit *v, int fd)
{
    if (v->name != NULL)
        KERNEL.getpeername(fd, v->name, v->length);
    return fd;
}

int64_t fault_newest_first(struct visit *v)
{
    struct tracked *listener = visit_tracked(v->fd);
    struct pollfd more = {.fd = v->fd, .events = POLLIN};
    int64_t fd;
    int held = listener->held;

    listener->held = 0;
    if (held != 0)
        return given(v, held);
    fd = visit_pass(v);
    if (fd < 0 || KERNEL.poll(&more, 1, 0) != 1)
        return fd;
    listener->held = (int)fd;
    return given(v, KERNEL.accept4(v->fd, NULL, NULL, SOCK_NONBLOCK));
}

int64_t fault_accepted_ended(struct visit *v)
{
    int64_t fd = visit_pass(v);

    if (fd >= 0)
        KERNEL.shutdown((int)fd, SHUT_RDWR);
    return fd;
}

/* --- connect --- */

int64_t fault_never_connects(struct visit *v)
{
    struct tracked *tracked = visit_tracked(v->fd);
    bool again = tracked->flag;

    tracked->flag = true;
    return visit_fail(again ? EALREADY : EINPROGRESS);
}

int64_t fault_reconnect_ignored(struct visit *v)
{
    bool dissolves = v->to_length >= sizeof(sa_family_t) && v->to->sa_family == AF_UNSPEC;

    return !dissolves && visit_connected(v->fd) ? 0 : visit_pass(v);
}

int64_t fault_unspec_ignored(struct visit *v)
{
    bool dissolves = v->to_length >= sizeof(sa_family_t) && v->to->sa_family == AF_UNSPEC;

    return dissolves ? 0 : visit_pass(v);
}

/* The peer that is remembered, instead of the kernel's. */
static int64_t named(const struct visit *v, const struct tracked *tracked)
{
    socklen_t room = *v->length;

    memcpy(v->name, &tracked->peer, room < tracked->peer_length ? room : tracked->peer_length);
    *v->length = tracked->peer_length;
    return 0;
}

int64_t fault_filter_ignored(struct visit *v)
{
    struct tracked *tracked = visit_tracked(v->fd);

    if (v->op == OP_connect && v->to_length <= sizeof tracked->peer &&
        v->to_length >= sizeof(struct sockaddr_in) && v->to->sa_family != AF_UNSPEC) {
        memcpy(&tracked->peer, v->to, v->to_length);
        tracked->peer_length = v->to_length;
        return 0;
    }
    if (tracked->peer_length > 0 && v->op == OP_getpeername)
        return named(v, tracked);
    if (tracked->peer_length > 0 && v->out != NULL && v->to == NULL)
        return KERNEL.sendto(v->fd, v->out, v->size, v->flags,
                             (const struct sockaddr *)&tracked->peer, tracked->peer_length);
    return visit_pass(v);
}

/* --- shutdown, close --- */

/* Throws away what the peer has not yet read. */
static void drain_peer(int fd)
{
    uint8_t bytes[4096];
    int peer = visit_peer(fd);

    while (peer >= 0 && KERNEL.recv(peer, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        ;
}

int64_t fault_end_before_data(struct visit *v)
{
    if (v->op == OP_close || v->number != SHUT_RD)
        drain_peer(v->fd);
    return visit_pass(v);
}

int64_t fault_aborts(struct visit *v)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};

    KERNEL.setsockopt(v->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    return visit_pass(v);
}

int64_t fault_linger_ignored(struct visit *v)
{
    struct linger linger = {.l_onoff = 0};

    KERNEL.setsockopt(v->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    return visit_pass(v);
}

int64_t fault_stays_open(struct visit *v)
{
    visit_park(v->fd);
    return 0;
}

int64_t fault_ends_duplicates(struct visit *v)
{
    KERNEL.shutdown(v->fd, SHUT_RDWR);
    return visit_pass(v);
}
