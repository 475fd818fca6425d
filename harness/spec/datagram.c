/* datagram: see datagram.h. */
#include "spec/datagram.h"

#include <errno.h>

#include "spec/block.h"
#include "spec/connection.h"
#include "spec/errors.h"
#include "spec/late.h"
#include "spec/option.h"
#include "spec/ports.h"
#include "spec/queue.h"

/* Whether the receive buffer is sure to hold one more. */
static bool fits(const struct world *w, const struct sock *to, uint32_t length)
{
    enum { SURE_DATAGRAMS = 32, SURE_BYTES = 65536 };
    uint32_t bytes = length;
    unsigned count = 0;

    for (const struct piece *p; count < SURE_DATAGRAMS && (p = queue_at(w, to, count)) != NULL;
         count++)
        bytes += queue_length(w, p);
    return count < SURE_DATAGRAMS && (count == 0 || bytes <= SURE_BYTES) && !buffer_is_small(w, to);
}

/* Whether no text says that a socket hears its peer: one that was connected to port 0. */
static bool is_vague(const struct step *t, const struct sock *to)
{
    return to->has_remote && to->remote.port == 0 && !t->world->profile->port_zero_is_any;
}

/* Whether what goes to a peer gets lost, because a connect to another has failed since (Linux). */
static bool goes_astray(const struct step *t, const struct sock *s, const struct endpoint *to)
{
    return s->has_failed && s->family == AF_INET && endpoint_equal(to, &s->remote) &&
           t->world->profile->failed_connect_leads_astray;
}

/* Whether a socket hears of no other host than the one that it was connected to (Linux). */
static bool is_deaf_to(const struct sock *s, const struct endpoint *to)
{
    return !s->has_remote && s->filters && !endpoint_is_v4(to) &&
           !endpoint_same_host(&s->remote, to);
}

bool datagram_tells(const struct world *w, const struct sock *s, const struct endpoint *from,
                    const struct endpoint *to)
{
    return s->type == SOCK_DGRAM && s->descriptors > 0 && s->bound && s->local.port == from->port &&
           sock_takes_host(s, from) && !is_deaf_to(s, to) &&
           (s->has_remote ? is_remote(s, to)
                          : !w->profile->refusals_need_a_peer || errors_are_queued(w, s, to));
}

/*
 * The refusal of a datagram comes back to whoever has its two addresses: usually the sender, if it
 * has that peer, or has asked to be told of all errors.
 */
static void refuse(struct step *t, const struct endpoint *from, const struct endpoint *to,
                   uint16_t datagram)
{
    const struct world *w = t->world;
    struct receivers found = {.count = 0};
    const struct sock *told;

    for (unsigned i = 0; i < w->sock_count && found.count < RECEIVERS_MAX; i++)
        if (datagram_tells(w, &w->socks[i], from, to))
            found.socks[found.count++] = (uint16_t)i;
    if (!applies(t, CLAUSE_DATAGRAM_REFUSED, found.count > 0))
        return;
    told = &w->socks[found.socks[decide_case(t, CLAUSE_DATAGRAM_REFUSED, found.count)]];
    if (applies(t, CLAUSE_ERRQUEUE, errors_are_queued(w, told, to))) {
        piece_edit(t->world, datagram)->from = *to;
        piece_edit(t->world, datagram)->sender = NO_SOCK; /* whose port that is not */
        piece_edit(t->world, datagram)->droppable = !fits(w, told, 0);
        queue_error(t, told, datagram);
    }
    if ((told->flying & FLYING_UNREACHABLE) && block_reads(w, told))
        sock_edit(t->world, told)->refused_again = true;
    fly(t, told, FLYING_UNREACHABLE);
}

/* How a datagram goes to whoever receives it. */
static void pack(struct step *t, const struct packet *packet, const struct endpoint *from,
                 const struct endpoint *to, uint16_t datagram)
{
    struct piece *piece = piece_edit(t->world, datagram);

    piece->from = *from;
    piece->to = *to;
    piece->hops = packet->hops;
    piece->traffic = packet->traffic;
}

/* How its receiver finds it. */
static void address(struct step *t, const struct sock *receiver, uint16_t datagram)
{
    struct piece *piece = piece_edit(t->world, datagram);

    piece->noted = option_notes_packet(t->world, world_index(t->world, receiver));
    piece->droppable |= !fits(t->world, receiver, 0) || is_vague(t, receiver);
}

void datagram_send(struct step *t, const struct sock *s, const struct endpoint *to,
                   const struct packet *packet, uint16_t datagram)
{
    struct endpoint from = s->local;
    struct receivers found;
    const struct sock *receiver;
    bool astray = goes_astray(t, s, to);

    if (packet_has_source(packet)) {
        from.high = packet->source.high;
        from.prefix = packet->source.prefix;
        from.low = packet->source.low;
    } else if (packet_has_none(packet, t->world->profile) ||
               !endpoint_is_one(&from) || /* no source of a datagram: RFC 1122, 3.2.1.3 */
               endpoint_is_v4(&from) != endpoint_is_v4(to)) {
        from.high = 0;
        from.prefix = to->prefix;
        from.low = endpoint_is_v4(to) ? htonl(INADDR_LOOPBACK) : htonl(1);
    }
    piece_edit(t->world, datagram)->sender = world_index(t->world, s);
    ports_datagrams(t, &from, to, &found);
    if (t->world->slow && t->decider->kind == DECIDER_WITNESS) {
        pack(t, packet, &from, to, datagram);
        if (found.count > 0)
            address(t, &t->world->socks[found.socks[0]], datagram);
        late_send(t, datagram, &found, astray);
        return;
    }
    if (found.count == 0) {
        refuse(t, &from, to, datagram);
        return;
    }
    receiver = &t->world->socks[found.socks[decide_case(t, CLAUSE_BIND_REUSEPORT, found.count)]];
    if (block_may_be_over(t->world, receiver) &&
        decide_case(t, CLAUSE_CALL_OUTLIVES_CLOSE, 2) == 1) {
        refuse(t, &from, to, datagram);
        return;
    }
    queue_put(t, receiver, datagram);
    pack(t, packet, &from, to, datagram);
    address(t, receiver, datagram);
    if (astray)
        piece_edit(t->world, datagram)->droppable = true;
    sock_edit(t->world, receiver)->in.written++;
    if (t->decider->kind == DECIDER_ORDINARY)
        sock_edit(t->world, receiver)->in.arrived++;
}

/* Datagrams of others that wait already: whether they are still received is not said. */
static void queued_before(struct step *t, const struct sock *s, const struct endpoint *peer)
{
    const struct piece *piece;

    for (unsigned i = 0; (piece = queue_at(t->world, s, i)) != NULL; i++)
        if (applies(t, CLAUSE_DATAGRAM_QUEUED_BEFORE,
                    !t->world->profile->connect_keeps_queue && !endpoint_equal(&piece->from, peer)))
            piece_edit(t->world, (uint16_t)(piece - t->world->pieces))->droppable = true;
}

/* Of a datagram that is gathered for the other family no text says whether it still goes. */
static void gathered_before(struct step *t, const struct sock *s, const struct endpoint *to)
{
    if (s->gathered != NO_PIECE &&
        endpoint_is_v4(&t->world->pieces[s->gathered].from) != endpoint_is_v4(to))
        piece_edit(t->world, s->gathered)->droppable = true;
}

/* No text says either whether what was begun for another goes to the peer that is given up. */
void datagram_loses_peer(struct step *t, const struct sock *s)
{
    bool usual = s->family == AF_INET && t->world->profile->gathering_moves_peer;

    if (s->gathered != NO_PIECE && s->family == AF_INET6 &&
        !s->port_given) { /* which it may keep */
        piece_edit(t->world, s->gathered)->source_open = true;
        piece_edit(t->world, s->gathered)->droppable = true;
    }
    if (s->gathered != NO_PIECE && s->has_remote &&
        !endpoint_equal(&t->world->pieces[s->gathered].from, &s->remote) &&
        (decide_case(t, CLAUSE_DATAGRAM_MORE, 2) == 0) == usual)
        piece_edit(t->world, s->gathered)->from = s->remote;
}

void datagram_gets_peer(struct step *t, const struct sock *s, const struct endpoint *peer)
{
    queued_before(t, s, peer);
    gathered_before(t, s, peer);
}
