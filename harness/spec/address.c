/* address: see address.h. */
#include "spec/address.h"

#include <errno.h>
#include <string.h>

#include "spec/option.h"

/* What each use says of an address that does not fit. */
static const struct {
    enum clause length;
    enum clause family;
} clauses[] = {
    [ADDRESS_BIND] = {CLAUSE_BIND_LENGTH, CLAUSE_BIND_FAMILY},
    [ADDRESS_CONNECT] = {CLAUSE_CONNECT_LENGTH, CLAUSE_CONNECT_FAMILY},
    [ADDRESS_SEND] = {CLAUSE_DATAGRAM_LENGTH, CLAUSE_DATAGRAM_FAMILY},
};

/* A socket address of RFC 2133 had no scope; Linux still takes one. */
enum { SIN6_SIZE_WITHOUT_SCOPE = 24 };

static sa_family_t family_of(const struct bytes *address)
{
    sa_family_t family = AF_UNSPEC;

    if (address->size >= sizeof family)
        memcpy(&family, address->data, sizeof family);
    return family;
}

bool address_is_v4(const struct bytes *address)
{
    return family_of(address) == AF_INET;
}

static bool length_fits(const struct step *t, const struct bytes *address, int family)
{
    uint32_t natural = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);

    if (family == AF_INET6 && t->world->profile->scopeless_addresses)
        natural = SIN6_SIZE_WITHOUT_SCOPE;
    return address->size >= natural && address->size <= sizeof(struct sockaddr_storage);
}

static void check_length(struct step *t, const struct bytes *address, int family,
                         enum clause clause)
{
    uint32_t natural = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);

    shall_fail(t, !length_fits(t, address, family), EINVAL, clause);
    may_fail(t, address->size > natural && !t->world->profile->roomy_addresses, EINVAL, clause);
}

/* Whether an address of this family is taken as an IPv4 one by a socket of the other. */
static bool takes_foreign(const struct step *t, const struct sock *s, int family,
                          enum address_use use)
{
    return s->family == AF_INET6 && family == AF_INET && s->type == SOCK_DGRAM &&
           use != ADDRESS_BIND && t->world->profile->v6_datagrams_take_v4;
}

/* An AF_UNSPEC destination: to IPv4 datagram sockets as AF_INET, to IPv6 ones as none. */
static bool takes_unspec_destination(const struct step *t, enum address_use use)
{
    return use == ADDRESS_SEND && t->world->profile->datagrams_take_unspec;
}

/* bind takes AF_UNSPEC with the wildcard as AF_INET, for old programs (bind(2), ip(7)). */
static bool takes_unspec(const struct step *t, const struct sock *s, const struct bytes *address,
                         enum address_use use)
{
    struct sockaddr_in in;

    if (s->family != AF_INET || use != ADDRESS_BIND || address->size < sizeof in ||
        !t->world->profile->bind_takes_unspec)
        return false;
    memcpy(&in, address->data, sizeof in);
    return in.sin_addr.s_addr == INADDR_ANY;
}

enum address_found check_address(struct step *t, const struct sock *s, enum address_use use,
                                 struct endpoint *endpoint)
{
    const struct bytes *address = &t->request->address;
    int family = s->family;
    bool unspec = false;
    bool none;
    bool fits;

    if (t->request->bad == BAD_ADDRESS) {
        shall_fail(t, address->size <= sizeof(struct sockaddr_storage), EFAULT, CLAUSE_FAULT);
        may_fail(t, true, EINVAL, clauses[use].length);
        return ADDRESS_BAD;
    }
    none = address->size >= sizeof(sa_family_t) &&
           address->size <= sizeof(struct sockaddr_storage) && family_of(address) == AF_UNSPEC;
    if (none && use == ADDRESS_CONNECT)
        return ADDRESS_DISSOLVE;
    if (none && takes_unspec_destination(t, use)) {
        if (s->family == AF_INET6)
            return ADDRESS_DISSOLVE;
        unspec = true;
    }
    if (takes_foreign(t, s, family_of(address), use))
        family = AF_INET;
    may_fail(t, family != s->family && s->v6only, EAFNOSUPPORT, CLAUSE_V6ONLY);
    check_length(t, address, family, clauses[use].length);
    fits = family_of(address) == family ||
           (family_of(address) == AF_UNSPEC && (unspec || takes_unspec(t, s, address, use)));
    shall_fail(t, address->size >= sizeof(sa_family_t) && !fits, EAFNOSUPPORT, clauses[use].family);
    usually_fails(t,
                  !fits && use == ADDRESS_SEND && s->family == AF_INET6 &&
                      t->world->profile->v6_odd_destination_is_invalid,
                  EINVAL, clauses[use].family);
    if (!fits || !length_fits(t, address, family))
        return ADDRESS_BAD;
    if (family_of(address) == AF_UNSPEC) {
        struct sockaddr_in in;

        memcpy(&in, address->data, sizeof in);
        *endpoint = endpoint_v4(in.sin_addr.s_addr, ntohs(in.sin_port));
    } else {
        *endpoint = endpoint_read(address->data, address->size);
    }
    return ADDRESS_GOOD;
}

void check_reachable(struct step *t, const struct sock *s, const struct endpoint *to)
{
    bool here = endpoint_is_loopback(to); /* the wildcard has become it: destination() */
    bool v4 = endpoint_is_v4(to);
    bool mapped = s->family == AF_INET6 && v4;
    bool v6_alone = v4 && (s->v6only || (mapped && !applies(t, CLAUSE_MAPPED_CONNECT, true)));
    enum clause no_route =
        t->request->op == OP_connect ? CLAUSE_CONNECT_NO_ROUTE : CLAUSE_DATAGRAM_NO_ROUTE;
    bool open = s->family == AF_INET6 && endpoint_is_any(&s->local) && !endpoint_is_v4(&s->local);
    bool mixed = !open && endpoint_is_v4(&s->local) != v4;

    bool broadcast = endpoint_is_broadcast(to);
    bool group = endpoint_is_multicast(to) && s->type == SOCK_DGRAM;
    bool permitted =
        option_is_on(t->world, world_index(t->world, s), OPT_SO_BROADCAST) || s->type != SOCK_DGRAM;

    shall_fail(t, broadcast && s->type == SOCK_STREAM, ENETUNREACH, CLAUSE_CONNECT_BROADCAST);
    shall_fail(t, broadcast && !permitted, EACCES, CLAUSE_DATAGRAM_BROADCAST_ERROR);
    may_fail(t, broadcast, ENETUNREACH, no_route);
    shall_fail(t, !here && !broadcast && !group, ENETUNREACH, no_route);
    usually_fails(t, group && endpoint_is_any(&s->local), ENETUNREACH, no_route);
    may_fail(t, group && !endpoint_is_any(&s->local), ENETUNREACH, no_route);
    leads_beyond(t, group || to->scope != 0); /* who is in the group, and which interface it is */
    may_fail(t, !here, EHOSTUNREACH, no_route);
    may_fail(t, !here, EADDRNOTAVAIL, CLAUSE_CONNECT_NOT_AVAILABLE);
    may_fail(t, !here, EINVAL, CLAUSE_CONNECT_NOT_AVAILABLE);
    may_fail(t, !here, EACCES, CLAUSE_CONNECT_BROADCAST);
    shall_fail(t, v6_alone, ENETUNREACH, CLAUSE_V6ONLY);
    may_fail(t, v6_alone, EADDRNOTAVAIL, CLAUSE_V6ONLY);
    may_fail(t, v6_alone, EAFNOSUPPORT, CLAUSE_V6ONLY);
    usually_fails(t, mixed && !v4 && s->type == SOCK_STREAM, EAFNOSUPPORT,
                  CLAUSE_DESTINATION_MIXED);
    may_fail(t, mixed && (v4 || s->type == SOCK_DGRAM), EAFNOSUPPORT, CLAUSE_DESTINATION_MIXED);
    may_fail(t, mixed, EINVAL, CLAUSE_DESTINATION_MIXED);
    may_fail(t, mixed, ENETUNREACH, CLAUSE_DESTINATION_MIXED);
    may_fail(t, mixed, EADDRNOTAVAIL, CLAUSE_DESTINATION_MIXED);
}
