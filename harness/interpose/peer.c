/* peer: see peer.h. */
#include "interpose/peer.h"

#include <netinet/in.h>
#include <string.h>

#include "stacks/calls.h"
#include "stacks/model.h"

static const struct sockdrill_stack *const model = &sockdrill_stack_model;

static struct {
    enum peer kind;
    int listener; /* PEER_LISTENS: the model's, or -1 */
    int hearer;   /* PEER_ANSWERS */
    unsigned adopted;
    socklen_t size;
    struct sockaddr_storage from; /* who it has last heard of, if size is not 0 */
} peer;

socklen_t peer_loopback(int family, struct sockaddr_storage *name)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};

    if (family == AF_INET)
        memcpy(name, &in, sizeof in);
    else
        memcpy(name, &in6, sizeof in6);
    return family == AF_INET ? sizeof in : sizeof in6;
}

/* A bound socket of the remote's. */
static int serve(int family, int type, struct sockaddr_storage *name, socklen_t *size)
{
    enum { BACKLOG = 16 };
    int fd = model->socket(family, type | SOCK_NONBLOCK, 0);

    *size = peer_loopback(family, name);
    model->bind(fd, (struct sockaddr *)name, *size);
    if (type == SOCK_STREAM)
        model->listen(fd, BACKLOG);
    model->getsockname(fd, (struct sockaddr *)name, size);
    return fd;
}

socklen_t peer_begin(struct executor *e, enum peer kind, int family, struct sockaddr_storage *name)
{
    socklen_t size = 0;

    peer.kind = kind;
    peer.listener = peer.hearer = -1;
    peer.adopted = 0;
    peer.size = 0;
    if (kind == PEER_LISTENS) {
        peer.listener = serve(family, SOCK_STREAM, name, &size);
    } else if (kind == PEER_ANSWERS) {
        peer.hearer = serve(family, SOCK_DGRAM, name, &size);
        executor_adopt(e, SLOT_REMOTE, peer.hearer);
    }
    return size;
}

static void peer_adopt(struct executor *e, int fd)
{
    executor_adopt(e, SLOT_REMOTE, fd);
    peer.adopted++;
}

/* --- whom the code serves --- */

static bool is_of_code(const struct executor *e, const struct sock *s)
{
    for (unsigned i = 0; i < e->open_count; i++)
        if (world_sock(model_world(), e->open[i].fd) == s)
            return false;
    return s->descriptors > 0 && s->bound;
}

static bool serves(const struct sock *s, int type)
{
    return s->type == type && (type == SOCK_STREAM ? s->state == SOCK_LISTENING : !s->has_remote);
}

/* The first socket on which the code listens, or else receives datagrams. */
static const struct sock *served(const struct executor *e)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM};
    const struct world *w = model_world();

    for (unsigned type = 0; type < 2; type++)
        for (uint32_t i = 0; i < w->sock_count; i++)
            if (serves(&w->socks[i], types[type]) && is_of_code(e, &w->socks[i]))
                return &w->socks[i];
    return NULL;
}

/* A wildcard is reached by loopback. */
static socklen_t reach(const struct sock *s, struct sockaddr_storage *name)
{
    socklen_t size = sizeof *name;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    model_name(&s->local, s->family, (struct sockaddr *)name, &size);
    memcpy(&in, name, sizeof in);
    memcpy(&in6, name, sizeof in6);
    if (s->family == AF_INET && in.sin_addr.s_addr == htonl(INADDR_ANY)) {
        in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        memcpy(name, &in, sizeof in);
    } else if (s->family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&in6.sin6_addr)) {
        in6.sin6_addr = in6addr_loopback;
        memcpy(name, &in6, sizeof in6);
    }
    return size;
}

static void call_code(struct executor *e)
{
    const struct sock *s = served(e);
    struct sockaddr_storage name;
    socklen_t size;
    int fd;

    if (s == NULL || peer.adopted == EXECUTOR_ADOPTED_MAX)
        return;
    size = reach(s, &name);
    fd = model->socket(s->family, s->type | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    model->connect(fd, (struct sockaddr *)&name, size);
    peer_adopt(e, fd);
}

/* --- who comes --- */

void peer_serve(const struct sockaddr *address, socklen_t size)
{
    enum { BACKLOG = 16 };
    int fd;

    if (peer.listener >= 0)
        return;
    fd = model->socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (model->bind(fd, address, size) == 0 && model->listen(fd, BACKLOG) == 0) {
        peer.kind = PEER_LISTENS;
        peer.listener = fd;
    } else {
        model->close(fd);
    }
}

void peer_listens(struct executor *e)
{
    int fd;

    while (peer.listener >= 0 && peer.adopted < EXECUTOR_ADOPTED_MAX &&
           (fd = model->accept(peer.listener, NULL, NULL)) >= 0)
        peer_adopt(e, fd);
}

/* The drill may close the remote, and its number be another socket's. */
static bool hears(struct executor *e)
{
    const struct sock *s = world_sock(model_world(), peer.hearer);

    return peer.hearer >= 0 && executor_find(e, peer.hearer) != NULL && s != NULL &&
           s->type == SOCK_DGRAM;
}

/* Whom the first datagram is from that has not been received. */
static void look_who(int flags)
{
    struct sockaddr_storage from;
    socklen_t size = sizeof from;

    while (model->recvfrom(peer.hearer, NULL, 0, flags, (struct sockaddr *)&from, &size) >= 0) {
        peer.from = from;
        peer.size = size;
        size = sizeof from;
        if (flags & MSG_PEEK)
            break;
    }
}

void peer_hears(struct executor *e)
{
    if (hears(e))
        look_who(MSG_DONTWAIT | MSG_TRUNC);
}

void peer_leaves(void)
{
    if (peer.listener >= 0)
        model->close(peer.listener);
    peer.listener = -1;
}

/* --- calls --- */

static bool names_remote(const struct call *call)
{
    if (call_has((enum op)call->op, ARG_FD) && call->fd == SLOT_REMOTE)
        return true;
    for (unsigned i = 0; i < call->entry_count; i++)
        if (call->entries[i].fd == SLOT_REMOTE)
            return true;
    return (call->address.kind == ADDRESS_NAME || call->address.kind == ADDRESS_PEER) &&
           call->address.slot == SLOT_REMOTE;
}

static bool remote_is_open(const struct executor *e)
{
    for (unsigned i = 0; i < e->open_count; i++)
        if (e->open[i].fd == e->slots[SLOT_REMOTE])
            return true;
    return false;
}

/* Whether a call would accept nothing. */
static bool comes_too_early(struct executor *e, const struct call *call)
{
    const struct sock *s;

    if (call->op != OP_accept && call->op != OP_accept4)
        return false;
    s = world_sock(model_world(), executor_fd(e, call->fd));
    return s != NULL && s->state == SOCK_LISTENING && s->queued == 0;
}

bool peer_is_there(struct executor *e, const struct call *call)
{
    peer_listens(e);
    if (comes_too_early(e, call))
        return false;
    if ((peer.kind != PEER_LISTENS && peer.kind != PEER_CALLS) || !names_remote(call))
        return true;
    if (peer.kind == PEER_CALLS && !remote_is_open(e))
        call_code(e);
    return remote_is_open(e);
}

/* Sent to whom it has heard of; everybody else may go on sending to it. */
void peer_call(struct executor *e, const struct call *call)
{
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    bool is_heard = names_remote(call) && hears(e);
    bool aims;

    if (is_heard)
        look_who(MSG_DONTWAIT | MSG_PEEK);
    aims = is_heard && call_sends((enum op)call->op) && peer.size > 0;
    if (aims)
        model->connect(peer.hearer, (struct sockaddr *)&peer.from, peer.size);
    executor_call(e, call);
    if (!hears(e))
        peer.hearer = -1;
    else if (aims)
        model->connect(peer.hearer, &nobody, sizeof nobody);
}
