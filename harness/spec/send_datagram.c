/*
 * send_datagram: sending a datagram, or gathering one over several sends. Source: POSIX.1-2017
 * send(), sendto(), sendmsg(); send(2), udp(7); RFC 768.
 */
#include <errno.h>

#include "spec/address.h"
#include "spec/ancillary.h"
#include "spec/connection.h"
#include "spec/datagram.h"
#include "spec/errors.h"
#include "spec/messages.h"
#include "spec/name.h"
#include "spec/option.h"
#include "spec/ports.h"
#include "spec/queue.h"

/* The most that UDP carries: 65,535 less the headers (RFC 768, RFC 791, RFC 8200). */
enum { DATAGRAM_V4_MAX = 65507, DATAGRAM_V6_MAX = 65527 };

static bool is_too_long(struct step *t, bool v4, uint32_t length)
{
    return v4 ? applies(t, CLAUSE_DATAGRAM_MOST_IPV4, length > DATAGRAM_V4_MAX)
              : applies(t, CLAUSE_DATAGRAM_MOST_IPV6, length > DATAGRAM_V6_MAX);
}

/*
 * That no datagram goes to port 0 stands in no text. Linux lets it go to a peer's port 0, unless
 * the peer is v4-mapped.
 */
static void check_port(struct step *t, const struct sock *s, bool named, const struct endpoint *to)
{
    bool fails = t->world->profile->port_zero_is_invalid;
    bool zero = (named || s->has_remote) && to->port == 0;
    bool certain = named || (s->family == AF_INET6 && endpoint_is_v4(to));

    shall_fail(t, zero && fails && certain, EINVAL, CLAUSE_ERROR_OTHER);
    may_fail(t, zero && !fails, EINVAL, CLAUSE_ERROR_OTHER);
    may_fail(t, zero && !fails, EADDRNOTAVAIL, CLAUSE_ERROR_OTHER);
}

/*
 * A slow link may carry no larger packets than any must, so that a datagram which is not to be cut
 * is too long (RFC 791, 3.2; RFC 8200, 5; ip(7), IP_MTU_DISCOVER; RFC 3542, 11.2).
 */
static bool may_pass_link(const struct step *t, const struct sock *s, bool v4, uint32_t length)
{
    enum { LEAST_V4 = 68 - 28, LEAST_V6 = 1280 - 48 };
    const struct world *w = t->world;
    uint32_t least = v4 ? LEAST_V4 : LEAST_V6;
    bool whole = option_int(w, s, v4 ? OPT_IP_MTU_DISCOVER : OPT_IPV6_MTU_DISCOVER) >= 2 ||
                 option_is_on(w, world_index(w, s), OPT_IPV6_DONTFRAG);

    return !w->slow || !whole || length <= least;
}

static void check_datagram(struct step *t, const struct sock *s, bool named, struct endpoint to)
{
    const struct profile *p = t->world->profile;
    bool peer = s->has_remote && (named || applies(t, CLAUSE_DATAGRAM_DEFAULT_PEER, true));
    bool past = named && s->has_remote && p->connected_datagram_is_sent_anywhere &&
                applies(t, CLAUSE_DATAGRAM_OTHER_PEER_SENDS, true);

    shall_fail(t, !named && !peer, EDESTADDRREQ, CLAUSE_DATAGRAM_NO_PEER);
    may_fail(t, named && s->has_remote && !past, EISCONN, CLAUSE_SEND_ADDRESS_REFUSED);
    shall_fail(t, is_too_long(t, endpoint_is_v4(&to), t->request->sent.length), EMSGSIZE,
               CLAUSE_DATAGRAM_TOO_LONG);
    may_fail(t, !may_pass_link(t, s, endpoint_is_v4(&to), t->request->sent.length), EMSGSIZE,
             CLAUSE_DATAGRAM_TOO_LONG);
    shall_fail(t, s->shut_write, EPIPE, CLAUSE_SEND_PIPE);
    shall_fail(
        t, (t->request->flags & MSG_OOB) && (endpoint_is_v4(&to) || !p->v6_datagrams_ignore_oob),
        EOPNOTSUPP, CLAUSE_SEND_FLAGS);
    check_port(t, s, named, &to);
    if (named || s->has_remote)
        check_reachable(t, s, &to);
}

/* Whether the datagram waits for more. A system need not have MSG_MORE. */
static bool is_gathered(struct step *t)
{
    bool more = t->request->flags & MSG_MORE;

    return applies(t, CLAUSE_DATAGRAM_MORE, more) &&
           (t->world->profile->more_gathers || decide_case(t, CLAUSE_DATAGRAM_MORE, 2) == 0);
}

/* Linux keeps in one place whereto a socket's peer and a datagram that is gathered are routed. */
static void stray(struct step *t, const struct sock *s, const struct endpoint *to)
{
    uint16_t kept;

    if (s->family != AF_INET || !s->has_remote || !t->world->profile->gathering_moves_peer)
        return;
    kept = t->request->address.data == NULL ? NO_PIECE
                                            : queue_datagram(t, NO_PIECE, (struct payload){0});
    if (kept != NO_PIECE)
        piece_edit(t->world, kept)->from = *to;
    sock_edit(t->world, s)->strays = kept;
}

/* Whether a datagram failed late, once its way was known. */
static bool is_late(int error)
{
    return error == ECONNREFUSED || error == EAGAIN || error == EFAULT || error == EMSGSIZE;
}

/* Whereto a datagram goes whose destination is not given. */
static struct endpoint default_peer(struct step *t, const struct sock *s)
{
    bool astray = s->strays != NO_PIECE && !(t->request->flags & MSG_MORE) &&
                  decide_case(t, CLAUSE_DATAGRAM_DEFAULT_PEER, 2) == 0;

    return astray ? t->world->pieces[s->strays].from : s->remote;
}

/* A datagram, or a part of one that was begun with MSG_MORE. */
static void send_more(struct step *t, const struct sock *s, const struct endpoint *to,
                      const struct packet *packet)
{
    struct endpoint whereto = *to;
    bool begins = s->gathered == NO_PIECE;
    uint16_t datagram = queue_datagram(t, s->gathered, t->request->sent);
    bool goes = datagram != NO_PIECE && !is_gathered(t);

    if (datagram != NO_PIECE)
        sock_edit(t->world, s)->gathered = goes ? NO_PIECE : datagram;
    if (goes)
        datagram_send(t, s, &whereto, packet, datagram);
    else if (datagram != NO_PIECE) {
        if (begins)
            stray(t, s, &whereto);
        piece_edit(t->world, datagram)->from = whereto;
        piece_edit(t->world, datagram)->to = packet->source;
    }
    returns(t, t->request->sent.length, CLAUSE_SEND_COUNT);
}

/*
 * What more is said of a datagram that was begun: no text says whether the socket is looked at
 * again, nor what is left of the datagram when the call fails.
 */
static void gather(struct step *t, const struct sock *s)
{
    const struct request *q = t->request;
    const struct piece *begun = &t->world->pieces[s->gathered];
    struct endpoint to = begun->from;
    struct endpoint named = to;
    bool v4 = endpoint_is_v4(&to);
    struct packet packet = {FIELD_OPEN, FIELD_OPEN, begun->to};
    bool moved = s->has_remote && (!endpoint_equal(&s->remote, &to) || packet_has_source(&packet));
    uint32_t length = queue_length(t->world, begun) + q->sent.length;

    if (s->family == AF_INET6 && q->address.data != NULL && address_is_v4(&q->address))
        named = endpoint_v4(htonl(INADDR_LOOPBACK), to.port); /* and is not looked at */
    else if (s->family == AF_INET6 && q->address.data != NULL)
        check_address(t, s, ADDRESS_SEND, &named);
    named = destination(s, named);
    shall_fail(t, q->address.size > sizeof(struct sockaddr_storage), EINVAL,
               CLAUSE_DATAGRAM_LENGTH);
    may_fail(t, q->bad == BAD_ADDRESS, EFAULT, CLAUSE_FAULT);
    may_fail(t, endpoint_is_v4(&named) != v4 || named.port == 0, EINVAL, CLAUSE_ERROR_OTHER);
    may_fail(t, s->v6only, ENETUNREACH, CLAUSE_V6ONLY);
    shall_fail(t, is_too_long(t, v4, length), EMSGSIZE, CLAUSE_DATAGRAM_TOO_LONG);
    may_fail(t, !may_pass_link(t, s, v4, length), EMSGSIZE, CLAUSE_DATAGRAM_TOO_LONG);
    may_fail(t, s->shut_write, EPIPE, CLAUSE_SEND_PIPE);
    may_fail(t, q->flags & MSG_OOB, EOPNOTSUPP, CLAUSE_SEND_FLAGS);
    may_fail(t, s->error != 0, s->error, CLAUSE_ERROR_PENDING);
    may_fail(t, must_not_wait(t, s), EAGAIN, CLAUSE_SEND_WOULD_BLOCK);
    may_fail(t, q->control.size > 0, EINVAL, CLAUSE_CMSG_LAYOUT);
    if (!step_failed(t)) {
        name_auto(t, s); /* it may have lost its name since it was begun */
        /* A connect since the datagram was begun may have given it another way. */
        if (moved && decide_case(t, CLAUSE_DATAGRAM_MORE, 2) == 1) {
            to = s->remote;
            packet.source = (struct endpoint){0};
        }
        send_more(t, s, &to, &packet);
        return;
    }
    clear_pending(t, s, CLAUSE_ERROR_PENDING);
    if (q->bad == BAD_ADDRESS && q->address.size > 0)
        return; /* the socket is not looked at */
    errors_local(t, s, &to);
    name_after_failure(t, s);
    if (decide_case(t, CLAUSE_DATAGRAM_MORE, 2) == 0)
        sock_edit(t->world, s)->gathered = NO_PIECE;
}

/* Whether a call waits for what was sent before to leave, also one that fails then. */
static bool waits_for_room(struct step *t, const struct sock *s)
{
    return t->world->slow && !must_not_wait(t, s) && s->error == 0 && !s->shut_write &&
           queue_may_fill(t->world, s) && decide_case(t, CLAUSE_SEND_BLOCKS, 2) == 1;
}

void send_datagram(struct step *t, const struct sock *s)
{
    const struct request *q = t->request;
    struct endpoint to = s->remote;
    enum address_found found = ADDRESS_GOOD;
    bool named = q->address.data != NULL;
    bool wildcard = false;
    struct packet packet;

    arrivals(t, s);
    sock_stirs(t->world, s); /* room is taken, and given back */
    if (s->gathered != NO_PIECE) {
        gather(t, s);
        return;
    }
    if (named)
        found = check_address(t, s, ADDRESS_SEND, &to);
    if (found == ADDRESS_BAD) {
        may_fail(t, q->sent.length > DATAGRAM_V4_MAX, EMSGSIZE, CLAUSE_DATAGRAM_TOO_LONG);
        may_fail(t, q->flags & MSG_OOB, EOPNOTSUPP, CLAUSE_SEND_FLAGS);
        may_fail(t, s->v6only, ENETUNREACH, CLAUSE_V6ONLY);
    }
    if (found == ADDRESS_DISSOLVE) {
        named = false;
        shall_fail(t, s->has_remote && endpoint_is_v4(&to), ENETUNREACH, CLAUSE_DESTINATION_MIXED);
    }
    if (!named)
        to = default_peer(t, s);
    if (found != ADDRESS_BAD) {
        wildcard = named && endpoint_is_any(&to);
        if (named)
            to = destination(s, to);
        check_datagram(t, s, named, to);
    }
    ancillary_of_packet(t, s, &to, &packet);
    if (wildcard && packet_has_source(&packet) && endpoint_is_v4(&to)) /* this machine, whichever */
        to.low = packet.source.low;
    else if (wildcard && packet_has_none(&packet, t->world->profile))
        to.low = htonl(INADDR_LOOPBACK);
    check_pending(t, s, CLAUSE_ERROR_PENDING);
    may_fail(t, must_not_wait(t, s) && queue_may_fill(t->world, s), EAGAIN,
             CLAUSE_SEND_WOULD_BLOCK);
    if (waits_for_room(t, s)) {
        blocks(t, false, -1, CLAUSE_SEND_BLOCKS);
        return;
    }
    if (step_failed(t)) {
        clear_pending(t, s, CLAUSE_ERROR_PENDING);
        errors_local(t, s, &to);
        if (found == ADDRESS_GOOD && (q->flags & MSG_MORE) && is_late(t->prediction.error))
            stray(t, s, &to);
        if (q->address.size <= sizeof(struct sockaddr_storage) &&
            (q->bad != BAD_ADDRESS || q->address.size == 0))
            name_after_failure(t, s);
        return;
    }
    if (applies(t, CLAUSE_DATAGRAM_AUTOBIND, !s->bound))
        name_auto(t, s);
    send_more(t, s, &to, &packet);
}
