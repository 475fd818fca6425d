/*
 * option_set: setsockopt. Source: POSIX.1-2017 setsockopt(), XSH 2.10.16; socket(7), tcp(7), ip(7);
 * RFC 3542.
 */
#include <errno.h>
#include <string.h>
#include <sys/time.h>

#include "spec/connection.h"
#include "spec/errors.h"
#include "spec/option.h"

/* The value as an int. IP options may also be one byte (ip(7)). */
static bool passed_int(const struct request *q, int *value)
{
    if (q->optval.size >= sizeof *value) {
        memcpy(value, q->optval.data, sizeof *value);
        return true;
    }
    if (q->level != IPPROTO_IP)
        return false;
    *value = q->optval.size > 0 ? q->optval.data[0] : 0;
    return true;
}

/* Linux takes what is too short for an int for 0, but for most options it looks before. */
static bool takes_any_size(const struct profile *p, unsigned option)
{
    return option == OPT_IPV6_DONTFRAG && p->dontfrag_has_any_size;
}

/* What the socket itself must know of an option. */
static void apply_flag(struct world *w, const struct sock *s, unsigned option, bool on)
{
    struct sock *edit = sock_edit(w, s);

    switch (option) {
    case OPT_SO_REUSEADDR:
        edit->reuse_odd |= s->bound && edit->reuse_address != on;
        edit->reuse_address = on;
        break;
    case OPT_SO_REUSEPORT:
        edit->reuse_odd |= s->bound && edit->reuse_port != on;
        edit->reuse_port = on;
        break;
    case OPT_SO_OOBINLINE:
        edit->oob_inline = on;
        edit->quiets++;
        break;
    case OPT_IPV6_V6ONLY:
        edit->v6only = on;
        break;
    case OPT_TCP_CORK:
        edit->corked = on;
        break;
    default:
        break;
    }
}

void option_become(struct world *w, const struct sock *s, enum option option, int value)
{
    apply_flag(w, s, option, value != 0);
    option_store(w, world_index(w, s), option, value, SETTING_SET);
}

/* The errors that single options have besides. */
static void check_special(struct step *t, const struct sock *s, unsigned option, int value)
{
    const struct profile *p = t->world->profile;

    bool privileged = value < 0 || value > option_rules[OPT_SO_PRIORITY].most;

    usually_fails(t, option == OPT_SO_PRIORITY && privileged, EPERM, CLAUSE_OPTION_PRIORITY);
    may_fail(t, option == OPT_SO_PRIORITY && !privileged, EPERM, CLAUSE_OPTION_PRIORITY);
    may_fail(t, option == OPT_SO_RCVLOWAT && !p->low_water_is_settable, ENOPROTOOPT,
             CLAUSE_OPTION_RCVLOWAT_SET);
    may_fail(t, option == OPT_SO_PEEK_OFF, EOPNOTSUPP, CLAUSE_OPTION_PEEK_OFF);
    may_fail(t, option == OPT_IPV6_V6ONLY && s->bound, EINVAL, CLAUSE_ERROR_OTHER);
    may_fail(t, option_rules[option].clause == CLAUSE_OPTION_TCP_NODELAY, ENOPROTOOPT,
             CLAUSE_OPTION_TCP_NODELAY);
    may_fail(t, !p->options_outlive_connect && s->state == SOCK_CONNECTED, EISCONN,
             CLAUSE_OPTION_CONNECTED);
}

/* The range that an option's values must be in. */
static bool check_range(struct step *t, unsigned option, int value)
{
    const struct option_rule *rule = &option_rules[option];
    bool linux_most = option == OPT_TCP_SYNCNT && t->world->profile->syn_count_is_seven_bits;
    int most = linux_most ? INT8_MAX : rule->most;
    bool default_ttl = option == OPT_IP_TTL && value == -1;
    bool outside = !default_ttl && (value < rule->least || value > most);
    bool open =
        rule->kind == KIND_KEPT || (rule->bounds_open && !t->world->profile->options_are_bounded);

    shall_fail(t, outside && !open, EINVAL, rule->clause);
    may_fail(t, outside && open, EINVAL, rule->clause);
    return !outside;
}

/* TCP sets the bits of congestion notification itself; -1 and what is no byte stand for others. */
static enum setting_state kept_byte(const struct step *t, const struct sock *s, int *value)
{
    enum { ECN_BITS = 3 };

    if (*value < 0 || *value > UINT8_MAX)
        return SETTING_OPEN;
    if (s->type != SOCK_STREAM || (*value & ECN_BITS) == 0)
        return SETTING_SET;
    *value &= ~ECN_BITS;
    return t->world->profile->tcp_owns_ecn_bits ? SETTING_SET : SETTING_OPEN;
}

/* How much is known of a value that was set. */
static enum setting_state kept(const struct step *t, const struct sock *s, unsigned option,
                               int *value, bool inside)
{
    switch ((enum option_kind)option_rules[option].kind) {
    case KIND_FLAG:
        *value = *value != 0;
        return SETTING_SET;
    case KIND_BUFFER:
    case KIND_LOW_WATER:
        return SETTING_ASKED;
    case KIND_OPEN:
        return SETTING_OPEN;
    default:
        break;
    }
    if (option == OPT_IP_TOS || option == OPT_IPV6_TCLASS)
        return kept_byte(t, s, value);
    if ((option == OPT_IPV6_UNICAST_HOPS || option == OPT_IP_TTL) && *value < 0)
        return SETTING_OPEN;
    return inside ? SETTING_SET : SETTING_OPEN;
}

/* TCP_DEFER_ACCEPT also holds for connections whose handshake is not over. */
static void defer_waiting(struct step *t, const struct sock *listener)
{
    const struct world *w = t->world;

    for (uint16_t i = listener->queue; i != NO_SOCK; i = w->socks[i].next) {
        arrivals(t, &w->socks[i]);
        if (w->socks[i].flying & FLYING_QUEUED)
            sock_edit(t->world, &w->socks[i])->held |= HELD_DATA;
    }
}

/* Its handshake may be held back from now on as well, if it is not over. */
static void hold_own(struct step *t, const struct sock *s)
{
    const struct sock *child = connection_peer(t->world, s);

    if (s->type == SOCK_STREAM && s->state == SOCK_CONNECTING && child != NULL && child != s)
        sock_edit(t->world, child)->held |= HELD_ACK;
}

/* What setting one option does to others. */
static void apply_to_others(struct step *t, const struct sock *s, unsigned option, int value)
{
    unsigned other = option == OPT_SO_TIMESTAMP ? OPT_SO_TIMESTAMPNS : OPT_SO_TIMESTAMP;
    uint16_t index = world_index(t->world, s);

    if (option == OPT_SO_SNDBUF || option == OPT_SO_RCVLOWAT)
        sock_stirs(t->world, s);
    if (option == OPT_SO_TIMESTAMP || option == OPT_SO_TIMESTAMPNS) {
        if (applies(t, CLAUSE_OPTION_TIMESTAMPS,
                    value != 0 || t->world->profile->timestamps_are_one))
            option_store(t->world, index, other, 0, SETTING_SET);
    } else if (option == OPT_IP_RECVERR || option == OPT_IPV6_RECVERR) {
        if (value == 0)
            errors_forget(t, s);
    } else if (option == OPT_TCP_DEFER_ACCEPT && value > 0) {
        defer_waiting(t, s);
        hold_own(t, s);
    } else if (option == OPT_TCP_QUICKACK && (value & 1) == 0) {
        hold_own(t, s);
    } else if (option == (value != 0 ? OPT_TCP_NODELAY : OPT_TCP_CORK)) {
        connection_flush(t, s); /* tcp(7) */
    } else if (option == OPT_IP_TOS) {
        option_store(t->world, index, OPT_SO_PRIORITY, 0, SETTING_OPEN); /* ip(7) */
    }
}

/* tcp(7) says that TCP has a least and a most of its own; 0 stands for none. */
static bool is_odd_segment(const struct world *w, int size)
{
    enum { LEAST = 88, MOST = 32767 };

    return w->profile->options_are_bounded && size != 0 && (size < LEAST || size > MOST);
}

static void set_int(struct step *t, const struct sock *s, unsigned option)
{
    const struct option_rule *rule = &option_rules[option];
    enum setting_state state;
    bool inside = true;
    int value = 0;
    bool fits;

    fits = passed_int(t->request, &value) || takes_any_size(t->world->profile, option);
    shall_fail(t, !fits, EINVAL, CLAUSE_OPTION_SIZE_SET);
    may_fail(t, t->request->optval.size < sizeof value, EINVAL, CLAUSE_OPTION_SIZE_SET);
    if (rule->kind == KIND_RANGE || rule->kind == KIND_KEPT)
        inside = check_range(t, option, value);
    may_fail(t, rule->kind == KIND_OPEN, EINVAL, rule->clause);
    usually_fails(t, option == OPT_TCP_MAXSEG && is_odd_segment(t->world, value), EINVAL,
                  rule->clause);
    check_special(t, s, option, value);
    if (step_failed(t))
        return;
    state = kept(t, s, option, &value, inside);
    if (rule->kind == KIND_FLAG)
        apply_flag(t->world, s, option, value != 0);
    apply_to_others(t, s, option, value);
    option_store(t->world, world_index(t->world, s), option, value, state);
    rests_on(t, CLAUSE_OPTION_KEPT, t->request->level == SOL_SOCKET);
    returns(t, 0, rule->clause);
}

static void set_linger(struct step *t, const struct sock *s)
{
    struct linger linger = {0};
    bool fits = t->request->optval.size >= sizeof linger;

    shall_fail(t, !fits, EINVAL, CLAUSE_OPTION_SIZE_SET);
    if (step_failed(t))
        return;
    memcpy(&linger, t->request->optval.data, sizeof linger);
    sock_edit(t->world, s)->linger = linger.l_onoff != 0;
    if (linger.l_onoff != 0)
        sock_edit(t->world, s)->linger_s = linger.l_linger;
    option_store(t->world, world_index(t->world, s), OPT_SO_LINGER, linger.l_linger, SETTING_SET);
    rests_on(t, CLAUSE_OPTION_KEPT, true);
    returns(t, 0, CLAUSE_OPTION_LINGER);
}

static void set_time(struct step *t, const struct sock *s, unsigned option)
{
    enum { KNOWN_S = 2000, LARGEST_S = 1000000 };
    struct timeval time = {0};
    bool fits = t->request->optval.size >= sizeof time;
    bool odd;

    shall_fail(t, !fits, EINVAL, CLAUSE_OPTION_SIZE_SET);
    if (fits)
        memcpy(&time, t->request->optval.data, sizeof time);
    odd = time.tv_sec < 0 || time.tv_sec > LARGEST_S;
    shall_fail(t, time.tv_usec < 0 || time.tv_usec >= OPTION_US_IN_S, EDOM,
               CLAUSE_OPTION_TIMEOUT_RANGE);
    may_fail(t, odd, EDOM, CLAUSE_OPTION_TIMEOUT_RANGE);
    if (step_failed(t))
        return;
    if (odd || time.tv_sec > KNOWN_S)
        option_store(t->world, world_index(t->world, s), option, 0, SETTING_OPEN);
    else
        option_store(t->world, world_index(t->world, s), option,
                     (int)(time.tv_sec * OPTION_US_IN_S + time.tv_usec), SETTING_ASKED);
    returns(t, 0, option_rules[option].clause);
}

/* A string or a structure: which of them a system knows is its own affair. */
static void set_bytes(struct step *t, unsigned option)
{
    may_fail(t, true, EINVAL, option_rules[option].clause);
    may_fail(t, true, ENOENT, CLAUSE_ERROR_OTHER);
    may_fail(t, true, EPERM, option_rules[option].clause);
    may_fail(t, true, ENOPROTOOPT, CLAUSE_OPTION_UNKNOWN);
    if (!step_failed(t))
        returns(t, 0, option_rules[option].clause);
}

static void set_shown(struct step *t)
{
    bool kept = t->decider->kind != DECIDER_WITNESS;

    may_fail(t, true, ENOPROTOOPT, CLAUSE_OPTION_READ_ONLY);
    may_fail(t, true, EINVAL, CLAUSE_OPTION_READ_ONLY);
    if (kept)
        fails(t, ENOPROTOOPT, CLAUSE_OPTION_READ_ONLY);
    else if (!step_failed(t))
        returns(t, 0, CLAUSE_OPTION_READ_ONLY);
}

static bool is_only_read(unsigned option)
{
    return option_rules[option].kind == KIND_SHOWN || option_rules[option].kind == KIND_PATH;
}

/* How long an option's value is at least. */
static size_t least_size(unsigned option)
{
    if (option_rules[option].kind == KIND_TIME)
        return sizeof(struct timeval);
    return option_rules[option].kind == KIND_LINGER ? sizeof(struct linger) : sizeof(int);
}

/*
 * Connections whose handshake is not over yet may inherit what their listener is set to now, or
 * what it was before.
 */
static void inherit_late(struct step *t, const struct sock *s, unsigned option)
{
    struct world *w = t->world;
    const struct setting *set = option_setting(w, world_index(w, s), option);
    uint8_t kind = option_rules[option].kind;

    for (uint16_t i = s->queue; i != NO_SOCK && set != NULL; i = w->socks[i].next) {
        const struct sock *child = &w->socks[i];
        int value = set->value;

        if (!(child->flying & FLYING_QUEUED))
            continue;
        if (kind != KIND_FLAG && kind != KIND_LINGER) {
            option_store(w, i, option, value, SETTING_OPEN);
        } else if (decide_case(t, CLAUSE_ACCEPT_OPTIONS, 2) == 1) {
            option_store(w, i, option, value, SETTING_SET);
            if (kind == KIND_FLAG)
                apply_flag(w, child, option, value != 0);
            sock_edit(w, child)->linger = s->linger;
            sock_edit(w, child)->linger_s = s->linger_s;
        }
    }
}

void step_setsockopt(struct step *t)
{
    const struct request *q = t->request;
    const struct sock *s = check_sock(t, q->fd);
    unsigned option = option_find(q->level, q->option);
    uint8_t kind = KIND_UNKNOWN;

    if (s != NULL) {
        check_level(t, s, option);
        shall_fail(t, q->bad == BAD_DATA && q->optval.size > 0, EFAULT, CLAUSE_FAULT);
        may_fail(t, q->bad == BAD_DATA && q->optval.size < least_size(option), EINVAL,
                 CLAUSE_OPTION_SIZE_SET);
        may_fail(t, q->bad == BAD_DATA && is_only_read(option), ENOPROTOOPT,
                 CLAUSE_OPTION_READ_ONLY);
    }
    if (s != NULL && !t->verdict.barred) {
        kind = option_rules[option].kind;
        /* What else is wrong may be told as well: XSH 2.3 leaves the order of errors open. */
        shall_fail(t, (s->shut_read || s->shut_write) && !t->world->profile->shut_socket_has_peer,
                   EINVAL, CLAUSE_OPTION_SET_SHUT_DOWN);
    }
    if (kind == KIND_UNKNOWN)
        step_failed(t);
    else if (kind == KIND_LINGER)
        set_linger(t, s);
    else if (kind == KIND_TIME)
        set_time(t, s, option);
    else if (kind == KIND_BYTES)
        set_bytes(t, option);
    else if (kind == KIND_SHOWN || kind == KIND_PATH)
        set_shown(t);
    else
        set_int(t, s, option);
    if (t->world->slow && kind != KIND_UNKNOWN && t->prediction.result == 0 &&
        s->state == SOCK_LISTENING)
        inherit_late(t, s, option);
}
