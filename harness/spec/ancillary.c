/* ancillary: see ancillary.h. This file has what is received. */
#include "spec/ancillary.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <linux/errqueue.h>

#include "drill/ancillary.h"
#include "spec/option.h"

/* --- what is told --- */

/* What the witness saw of that kind, or false. */
static bool seen_control(const struct step *t, int level, int type, struct ancillary *seen)
{
    const struct outcome *o = t->decider->seen;
    size_t at = 0;

    if (t->decider->kind != DECIDER_WITNESS)
        return false;
    while (ancillary_next(seen, &at, o->control, o->control_size))
        if (seen->level == level && seen->type == type)
            return true;
    return false;
}

/* Tells of a message of zeros, and returns its data. */
static uint8_t *tell(struct step *t, int level, int type, size_t size)
{
    struct shown_message *m = &t->prediction.message;
    struct shown_control *control;

    if (m->count == SHOWN_CONTROLS_MAX || size > SHOWN_CONTROL_BYTES_MAX)
        __builtin_trap(); /* there are no more kinds than that */
    control = &m->controls[m->count++];
    *control = (struct shown_control){.level = level, .type = type, .size = (uint32_t)size};
    return control->data;
}

/* Tells of a message whose data only the stack knows, or so much of it as the witness saw. */
static uint8_t *tell_seen(struct step *t, int level, int type, size_t size)
{
    uint8_t *data = tell(t, level, type, size);
    struct ancillary seen;

    if (seen_control(t, level, type, &seen) && seen.size > 0)
        memcpy(data, seen.data, seen.size < size ? seen.size : size);
    return data;
}

/* Tells of a message that may as well not come; returns NULL when it does not. */
static uint8_t *tell_maybe(struct step *t, int level, int type, size_t size)
{
    struct ancillary seen;
    bool witnesses = t->decider->kind == DECIDER_WITNESS;

    if (!witnesses || seen_control(t, level, type, &seen))
        return tell_seen(t, level, type, size);
    if (t->decider->seen->control_size + CMSG_SPACE(size) > t->request->control_room)
        t->prediction.message.open_flags |= MSG_CTRUNC;
    return NULL;
}

/* --- datagrams --- */

static bool is_on(const struct step *t, const struct sock *s, enum option option)
{
    return option_is_on(t->world, world_index(t->world, s), option);
}

static void tell_times(struct step *t, const struct sock *s)
{
    if (applies(t, CLAUSE_CMSG_TIMESTAMP, is_on(t, s, OPT_SO_TIMESTAMP)))
        tell_seen(t, SOL_SOCKET, SO_TIMESTAMP, sizeof(struct timeval));
    if (applies(t, CLAUSE_CMSG_TIMESTAMP, is_on(t, s, OPT_SO_TIMESTAMPNS)))
        tell_seen(t, SOL_SOCKET, SO_TIMESTAMPNS, sizeof(struct timespec));
}

/*
 * A field of the header, as an int or a byte. A default shows when it is first seen; no option of
 * the sender's can have changed it if none is known.
 */
static void tell_field(struct step *t, const struct piece *p, int field, enum option option,
                       int type, size_t size)
{
    size_t count;
    int level = options(&count)[option].level;
    const struct setting *setting = option_setting(t->world, p->sender, option);
    uint8_t *data = tell_seen(t, level, type, size);
    struct ancillary seen;
    uint8_t byte;
    int number = field;

    if (field == FIELD_DEFAULT && setting != NULL && setting->state == SETTING_SHOWN) {
        number = setting->value;
    } else if (field == FIELD_DEFAULT && setting == NULL && seen_control(t, level, type, &seen) &&
               seen.size == size) {
        byte = seen.data[0]; /* of an int, too: RFC 3542, 6.3 */
        number = byte;
        option_store(t->world, p->sender, option, number, SETTING_SHOWN);
    }
    if (number < 0)
        return;
    byte = (uint8_t)number;
    if (size == sizeof number)
        memcpy(data, &number, sizeof number);
    else
        *data = byte;
}

/* An interface's index is what the system says, but never 0. */
static int an_interface(int index)
{
    return index > 0 ? index : 1;
}

/* ip(7): the interface, the local address, the destination in the header. */
static void tell_v4_packet(struct step *t, const struct piece *p, bool maybe)
{
    size_t size = sizeof(struct in_pktinfo);
    struct in_pktinfo info;
    uint8_t *data = maybe ? tell_maybe(t, IPPROTO_IP, IP_PKTINFO, size)
                          : tell_seen(t, IPPROTO_IP, IP_PKTINFO, size);

    if (data == NULL)
        return;
    memcpy(&info, data, size);
    info.ipi_addr.s_addr = p->to.low;
    if (p->noted) { /* what was not asked for need not have been kept */
        info.ipi_spec_dst.s_addr = p->to.low;
        info.ipi_ifindex = an_interface(info.ipi_ifindex);
    }
    memcpy(data, &info, size);
}

static void tell_v6_packet(struct step *t, const struct piece *p, bool maybe)
{
    size_t size = sizeof(struct in6_pktinfo);
    struct in6_pktinfo info;
    uint8_t *data = maybe ? tell_maybe(t, IPPROTO_IPV6, IPV6_PKTINFO, size)
                          : tell_seen(t, IPPROTO_IPV6, IPV6_PKTINFO, size);
    uint32_t host[4];

    if (data == NULL)
        return;
    memcpy(&info, data, size);
    memcpy(host, &p->to.high, sizeof p->to.high);
    host[2] = p->to.prefix;
    host[3] = p->to.low;
    memcpy(&info.ipi6_addr, host, sizeof host);
    if (p->noted || !endpoint_is_v4(&p->to)) /* as above */
        info.ipi6_ifindex = (unsigned)an_interface((int)info.ipi6_ifindex);
    memcpy(data, &info, size);
}

/* What an IPv4 packet brings. IPv6 sockets need not have it: RFC 3542, 13. */
static void tell_v4(struct step *t, const struct sock *s, const struct piece *p)
{
    bool maybe = s->family == AF_INET6;

    if (applies(t, CLAUSE_CMSG_PKTINFO, is_on(t, s, OPT_IP_PKTINFO)))
        tell_v4_packet(t, p, maybe);
    if (applies(t, CLAUSE_CMSG_TTL, is_on(t, s, OPT_IP_RECVTTL))) {
        if (!maybe)
            tell_field(t, p, p->hops, OPT_IP_TTL, IP_TTL, sizeof(int));
        else
            tell_maybe(t, IPPROTO_IP, IP_TTL, sizeof(int));
    }
    if (applies(t, CLAUSE_CMSG_TTL, is_on(t, s, OPT_IP_RECVTOS))) {
        if (!maybe)
            tell_field(t, p, p->traffic, OPT_IP_TOS, IP_TOS, sizeof(uint8_t));
        else
            tell_maybe(t, IPPROTO_IP, IP_TOS, sizeof(uint8_t));
    }
    if (!maybe)
        return;
    if (is_on(t, s, OPT_IPV6_RECVPKTINFO))
        tell_v6_packet(t, p, true);
    if (is_on(t, s, OPT_IPV6_RECVHOPLIMIT))
        tell_maybe(t, IPPROTO_IPV6, IPV6_HOPLIMIT, sizeof(int));
    if (is_on(t, s, OPT_IPV6_RECVTCLASS))
        tell_maybe(t, IPPROTO_IPV6, IPV6_TCLASS, sizeof(int));
}

static void tell_v6(struct step *t, const struct sock *s, const struct piece *p)
{
    if (applies(t, CLAUSE_CMSG_PKTINFO_IPV6, is_on(t, s, OPT_IPV6_RECVPKTINFO)))
        tell_v6_packet(t, p, false);
    if (applies(t, CLAUSE_CMSG_HOPS, is_on(t, s, OPT_IPV6_RECVHOPLIMIT)))
        tell_field(t, p, p->hops, OPT_IPV6_UNICAST_HOPS, IPV6_HOPLIMIT, sizeof(int));
    if (applies(t, CLAUSE_CMSG_TCLASS, is_on(t, s, OPT_IPV6_RECVTCLASS)))
        tell_field(t, p, p->traffic, OPT_IPV6_TCLASS, IPV6_TCLASS, sizeof(int));
}

void ancillary_datagram(struct step *t, const struct sock *s, const struct piece *p)
{
    tell_times(t, s);
    if (endpoint_is_v4(&p->to))
        tell_v4(t, s, p);
    else
        tell_v6(t, s, p);
}

/*
 * A stream has the time of the last packet, if it was noted when that came. What TCP_INQ brings is
 * in no manual page.
 */
void ancillary_stream(struct step *t, const struct sock *s)
{
    if (applies(t, CLAUSE_CMSG_TIMESTAMP, is_on(t, s, OPT_SO_TIMESTAMP)))
        tell_maybe(t, SOL_SOCKET, SO_TIMESTAMP, sizeof(struct timeval));
    if (applies(t, CLAUSE_CMSG_TIMESTAMP, is_on(t, s, OPT_SO_TIMESTAMPNS)))
        tell_maybe(t, SOL_SOCKET, SO_TIMESTAMPNS, sizeof(struct timespec));
    if (is_on(t, s, OPT_TCP_INQ))
        tell_maybe(t, IPPROTO_TCP, TCP_INQ, sizeof(int));
}

/* --- errors --- */

/* What else is enabled and the error message's packet had (ip(7), IP_RECVERR). */
static void tell_of_error_packet(struct step *t, const struct sock *s)
{
    static const struct {
        uint8_t option;
        uint8_t size;
        int level;
        int type;
    } kinds[] = {
        {OPT_SO_TIMESTAMP, sizeof(struct timeval), SOL_SOCKET, SO_TIMESTAMP},
        {OPT_SO_TIMESTAMPNS, sizeof(struct timespec), SOL_SOCKET, SO_TIMESTAMPNS},
        {OPT_IP_PKTINFO, sizeof(struct in_pktinfo), IPPROTO_IP, IP_PKTINFO},
        {OPT_IP_RECVTTL, sizeof(int), IPPROTO_IP, IP_TTL},
        {OPT_IP_RECVTOS, sizeof(uint8_t), IPPROTO_IP, IP_TOS},
        {OPT_IPV6_RECVPKTINFO, sizeof(struct in6_pktinfo), IPPROTO_IPV6, IPV6_PKTINFO},
        {OPT_IPV6_RECVHOPLIMIT, sizeof(int), IPPROTO_IPV6, IPV6_HOPLIMIT},
        {OPT_IPV6_RECVTCLASS, sizeof(int), IPPROTO_IPV6, IPV6_TCLASS},
    };

    if (t->decider->kind != DECIDER_WITNESS)
        return;
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (is_on(t, s, (enum option)kinds[i].option))
            tell_maybe(t, kinds[i].level, kinds[i].type, kinds[i].size);
}

/* The node that the error came from is the one that the datagram went to: all is loopback. */
static void tell_offender(const struct step *t, uint8_t *data, size_t size, const struct sock *s,
                          const struct piece *error)
{
    struct sockaddr_storage shown;
    struct sockaddr_storage node;
    struct endpoint whereto = error->from;
    sa_family_t family;

    if (size <= sizeof shown)
        memset(&shown, 0, sizeof shown);
    memcpy(&shown, data, size);
    family = shown.ss_family;
    whereto.port = 0;
    endpoint_write(&whereto, s->family, &node);
    if (t->decider->kind == DECIDER_ORDINARY && !error->local) {
        memcpy(data, &node, size);
        return;
    }
    if (family == AF_UNSPEC || error->local)
        return; /* the node is not known */
    if (s->family == AF_INET)
        memcpy(data + offsetof(struct sockaddr_in, sin_addr),
               &((struct sockaddr_in *)&node)->sin_addr, sizeof(struct in_addr));
    else if (size >= sizeof(struct sockaddr_in6))
        memcpy(data + offsetof(struct sockaddr_in6, sin6_addr),
               &((struct sockaddr_in6 *)&node)->sin6_addr, sizeof(struct in6_addr));
}

static void tell_error(struct step *t, const struct sock *s, const struct piece *error)
{
    bool v4 = endpoint_is_v4(&error->from);
    bool v6 = s->family == AF_INET6;
    struct sock_extended_err e;
    size_t offender = v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    uint8_t *data = tell_seen(t, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR,
                              sizeof e + offender);

    memcpy(&e, data, sizeof e);
    e.ee_errno = error->local ? EMSGSIZE : ECONNREFUSED;
    e.ee_origin = error->local ? SO_EE_ORIGIN_LOCAL : v4 ? SO_EE_ORIGIN_ICMP : SO_EE_ORIGIN_ICMP6;
    if (!error->local) {
        e.ee_type = v4 ? ICMP_DEST_UNREACH : ICMP6_DST_UNREACH;
        e.ee_code = v4 ? ICMP_PORT_UNREACH : ICMP6_DST_UNREACH_NOPORT;
    }
    memcpy(data, &e, sizeof e);
    tell_offender(t, data + sizeof e, offender, s, error);
}

void ancillary_error(struct step *t, const struct sock *s, const struct piece *error)
{
    tell_of_error_packet(t, s);
    tell_error(t, s, error);
}

/* --- comparing, writing --- */

static const struct shown_control *find(const struct shown_message *m, const struct ancillary *got,
                                        unsigned *found)
{
    for (unsigned i = 0; i < m->count; i++)
        if (m->controls[i].level == got->level && m->controls[i].type == got->type &&
            !(*found & 1u << i)) {
            *found |= 1u << i;
            return &m->controls[i];
        }
    return NULL;
}

/*
 * The order of messages stands in no text. One is cut or missing only for want of room, and then
 * MSG_CTRUNC says so.
 */
bool ancillary_matches(const struct shown_message *m, const struct request *q,
                       const uint8_t *control, size_t size, int flags)
{
    struct ancillary got;
    unsigned found = 0;
    bool truncated = false;
    size_t at = 0;
    size_t left;

    if (q->bad == BAD_CONTROL)
        return size == 0;
    while (size > 0 && ancillary_next(&got, &at, control, size)) {
        const struct shown_control *shown = find(m, &got, &found);

        if (shown == NULL || got.size > shown->size || memcmp(got.data, shown->data, got.size) != 0)
            return false;
        truncated = truncated || got.size < shown->size;
    }
    if (at < size || (truncated && at < q->control_room))
        return false;
    left = at < q->control_room ? q->control_room - at : 0;
    for (unsigned i = 0; i < m->count; i++) {
        if (found & 1u << i)
            continue;
        if (CMSG_LEN(m->controls[i].size) <= left)
            return false;
        truncated = true;
    }
    if (m->open_flags & MSG_CTRUNC)
        return true;
    return truncated == ((flags & MSG_CTRUNC) != 0) && (!truncated || m->is_cut);
}

size_t ancillary_write(const struct shown_message *m, size_t room, uint8_t *control, int *flags)
{
    size_t at = 0;

    for (unsigned i = 0; i < m->count; i++) {
        const struct shown_control *shown = &m->controls[i];
        struct cmsghdr header = {.cmsg_level = shown->level, .cmsg_type = shown->type};
        size_t left = room - at;
        size_t space = CMSG_SPACE(shown->size);

        header.cmsg_len = CMSG_LEN(shown->size);
        if (header.cmsg_len > left)
            *flags |= MSG_CTRUNC;
        if (left < sizeof header)
            break;
        if (header.cmsg_len > left)
            header.cmsg_len = left;
        memset(control + at, 0, space < left ? space : left);
        memcpy(control + at, &header, sizeof header);
        memcpy(control + at + CMSG_LEN(0), shown->data, header.cmsg_len - CMSG_LEN(0));
        at += space < left ? space : left;
    }
    return at;
}
