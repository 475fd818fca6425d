/* ancillary_send: see ancillary.h. This file has what is sent. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "drill/ancillary.h"
#include "spec/ancillary.h"
#include "spec/option.h"

enum { FIELD_MAX = 255 };

static void invalid(struct step *t, bool condition, enum clause clause)
{
    bool checked = t->world->profile->control_is_checked;

    shall_fail(t, condition && checked, EINVAL, clause);
    may_fail(t, condition && !checked, EINVAL, clause);
}

/* --- from the socket's options --- */

/* What an option says of a field. */
static int field_of(const struct step *t, const struct sock *s, enum option option)
{
    const struct setting *setting = option_setting(t->world, world_index(t->world, s), option);

    if (setting == NULL || setting->state == SETTING_SHOWN)
        return FIELD_DEFAULT;
    /* What is set and known is within the field: option_set.c. */
    return setting->state == SETTING_SET ? setting->value : FIELD_OPEN;
}

static void fields_of_socket(const struct step *t, const struct sock *s, bool v4,
                             struct packet *packet)
{
    packet->source = (struct endpoint){0};
    packet->hops = packet->traffic = FIELD_DEFAULT;
    if (t->world->setting_count == 0)
        return;
    packet->hops = field_of(t, s, v4 ? OPT_IP_TTL : OPT_IPV6_UNICAST_HOPS);
    packet->traffic = field_of(t, s, v4 ? OPT_IP_TOS : OPT_IPV6_TCLASS);
}

/* --- from ancillary data --- */

/* Reads an int; false when there is another length, which is wrong. */
static bool take_int(struct step *t, const struct ancillary *sent, enum clause clause, int *value)
{
    bool fits = sent->size == sizeof *value;

    invalid(t, !fits, clause);
    if (fits)
        memcpy(value, sent->data, sizeof *value);
    return fits;
}

/* IP_TTL and IP_TOS are in no text as ancillary data to send. */
static void take_v4_field(struct step *t, const struct ancillary *sent, int least, int *field)
{
    int value = 0;

    if (sent->type == IP_TOS && sent->size == 1)
        value = sent->data[0];
    else if (!take_int(t, sent, CLAUSE_CMSG_TTL, &value))
        return;
    invalid(t, value < least || value > FIELD_MAX, CLAUSE_CMSG_TTL);
    may_fail(t, !t->world->profile->datagram_sets_v4_fields, EINVAL, CLAUSE_ERROR_OTHER);
    *field = t->world->profile->datagram_sets_v4_fields ? value : FIELD_OPEN;
}

/* A hop limit or a traffic class: -1 is the system's default (RFC 3542, 6.3, 6.5). */
static void take_v6_field(struct step *t, const struct ancillary *sent, enum clause clause,
                          int *field)
{
    int value = 0;

    if (!take_int(t, sent, clause, &value))
        return;
    shall_fail(t, value < -1 || value > FIELD_MAX, EINVAL, clause);
    *field = value < 0 ? FIELD_OPEN : value;
}

/* Whether a source is no address of this machine, or not of the datagram's family. */
static bool is_foreign(const struct endpoint *source, bool v4)
{
    return (!endpoint_is_any(source) && !endpoint_is_loopback(source)) ||
           (!v4 && endpoint_is_v4(source));
}

static void check_source(struct step *t, bool v4, const struct packet *packet)
{
    enum clause clause = v4 ? CLAUSE_CMSG_PKTINFO : CLAUSE_CMSG_PKTINFO_IPV6;
    bool foreign = is_foreign(&packet->source, v4);

    shall_fail(t, foreign, EINVAL, clause);
    usually_fails(t, foreign && v4, ENETUNREACH, clause);
    may_fail(t, foreign && !v4, ENETUNREACH, clause);
    may_fail(t, foreign, EADDRNOTAVAIL, clause);
}

static void take_v4_source(struct step *t, const struct ancillary *sent, struct packet *packet)
{
    struct in_pktinfo info;

    invalid(t, sent->size != sizeof info, CLAUSE_CMSG_PKTINFO);
    if (sent->size < sizeof info)
        return;
    memcpy(&info, sent->data, sizeof info);
    may_fail(t, info.ipi_ifindex != 0, ENODEV, CLAUSE_CMSG_PKTINFO);
    packet->source = endpoint_v4(info.ipi_spec_dst.s_addr, 0);
}

/*
 * Of several the last holds, as nothing else is said of them; one before it may be refused. For an
 * IPv4 datagram nothing is promised (RFC 3542, 13).
 */
static void take_v6_source(struct step *t, const struct ancillary *sent, bool v4,
                           struct packet *packet)
{
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct in6_pktinfo info;
    struct endpoint source;

    invalid(t, sent->size < sizeof info, CLAUSE_CMSG_PKTINFO_IPV6);
    may_fail(t, sent->size > sizeof info, EINVAL, CLAUSE_CMSG_PKTINFO_IPV6);
    if (sent->size < sizeof info)
        return;
    memcpy(&info, sent->data, sizeof info);
    in6.sin6_addr = info.ipi6_addr;
    source = endpoint_read(&in6, sizeof in6);
    may_fail(t, v4 || is_foreign(&source, v4), EINVAL, CLAUSE_CMSG_PKTINFO_IPV6);
    if (!v4 || endpoint_is_v4(&source))
        packet->source = source;
}

static void take(struct step *t, const struct sock *s, const struct ancillary *sent, bool v4,
                 struct packet *packet)
{
    bool v6_socket = s->family == AF_INET6;
    bool known = true;

    if (v4 && sent->level == IPPROTO_IP && sent->type == IP_TTL)
        take_v4_field(t, sent, 1, &packet->hops);
    else if (v4 && sent->level == IPPROTO_IP && sent->type == IP_TOS)
        take_v4_field(t, sent, 0, &packet->traffic);
    else if (v4 && sent->level == IPPROTO_IP && sent->type == IP_PKTINFO)
        take_v4_source(t, sent, packet);
    else if (v6_socket && sent->level == IPPROTO_IPV6 && sent->type == IPV6_PKTINFO)
        take_v6_source(t, sent, v4, packet);
    else if (!v4 && sent->level == IPPROTO_IPV6 && sent->type == IPV6_HOPLIMIT)
        take_v6_field(t, sent, CLAUSE_CMSG_HOPS, &packet->hops);
    else if (!v4 && sent->level == IPPROTO_IPV6 && sent->type == IPV6_TCLASS)
        take_v6_field(t, sent, CLAUSE_CMSG_TCLASS, &packet->traffic);
    else
        known = false;
    may_fail(t, !known, EINVAL, CLAUSE_ERROR_OTHER);
}

/* What is left over has a header, but its length cannot be. */
static void check_layout(struct step *t, size_t at)
{
    const struct bytes *control = &t->request->control;
    struct cmsghdr header;

    invalid(t, at + sizeof header <= control->size, CLAUSE_CMSG_LAYOUT);
}

void ancillary_of_packet(struct step *t, const struct sock *s, const struct endpoint *to,
                         struct packet *packet)
{
    const struct bytes *control = &t->request->control;
    bool v4 = endpoint_is_v4(to);
    struct ancillary sent;
    size_t at = 0;

    fields_of_socket(t, s, v4, packet);
    if (control->size == 0)
        return;
    while (ancillary_next(&sent, &at, control->data, control->size))
        take(t, s, &sent, v4, packet);
    check_source(t, v4, packet);
    check_layout(t, at);
}

void ancillary_of_stream(struct step *t)
{
    const struct bytes *control = &t->request->control;
    struct ancillary sent;
    size_t at = 0;

    if (control->size == 0)
        return;
    while (ancillary_next(&sent, &at, control->data, control->size))
        may_fail(t, true, EINVAL, CLAUSE_CMSG_STREAM);
    check_layout(t, at);
}
