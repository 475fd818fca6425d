/* socket: makes a socket. Source: POSIX.1-2017 socket(). */
#include <errno.h>

#include "spec/step.h"

static void socket_check(struct step *t, const struct request *q)
{
    bool inet = q->domain == AF_INET || q->domain == AF_INET6;
    bool stream = q->type == SOCK_STREAM;
    bool datagram = q->type == SOCK_DGRAM;
    bool fits = applies(t, CLAUSE_SOCKET_DEFAULT_PROTOCOL, q->protocol == 0) ||
                (stream && q->protocol == IPPROTO_TCP) || (datagram && q->protocol == IPPROTO_UDP);
    bool known = q->protocol == IPPROTO_TCP || q->protocol == IPPROTO_UDP;

    shall_fail(t, !inet, EAFNOSUPPORT, CLAUSE_SOCKET_FAMILY);
    shall_fail(t, inet && !stream && !datagram, EPROTOTYPE, CLAUSE_SOCKET_TYPE);
    usually_fails(t, inet && !stream && !datagram, ESOCKTNOSUPPORT, CLAUSE_SOCKET_TYPE_UNKNOWN);
    usually_fails(t, inet && (q->type < 0 || q->type > SOCK_PACKET), EINVAL, CLAUSE_SOCKET_INVALID);
    may_fail(t, !inet || (!stream && !datagram), EINVAL, CLAUSE_SOCKET_INVALID);
    shall_fail(t, !fits, EPROTONOSUPPORT, CLAUSE_SOCKET_PROTOCOL);
    may_fail(t, !fits && known, EPROTOTYPE, CLAUSE_SOCKET_TYPE);
    usually_fails(t, inet && !fits && (q->protocol < 0 || q->protocol >= IPPROTO_MAX), EINVAL,
                  CLAUSE_SOCKET_INVALID);
    may_fail(t, !fits && !known, EINVAL, CLAUSE_SOCKET_INVALID);
}

void step_socket(struct step *t)
{
    const struct request *q = t->request;
    bool nonblocking = q->flags & SOCK_NONBLOCK;
    bool on_exec = q->flags & SOCK_CLOEXEC;
    uint16_t sock;

    socket_check(t, q);
    if (step_failed(t))
        return;
    sock = world_new_sock(t->world, q->domain, q->type);
    if (sock != NO_SOCK)
        t->world->socks[sock].nonblocking = nonblocking ? applies(t, CLAUSE_SOCKET_NONBLOCK, true)
                                                        : !applies(t, CLAUSE_SOCKET_BLOCKING, true);
    opens(t, sock, applies(t, CLAUSE_SOCKET_CLOEXEC, on_exec));
}
