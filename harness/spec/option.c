/* option: getsockopt and setsockopt. Source: POSIX.1-2024 getsockopt(), setsockopt(); socket(7). */
#include "spec/option.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/time.h>

#include "spec/connection.h"
#include "spec/queue.h"

unsigned option_find(int level, int number)
{
    size_t count;
    const struct option_info *all = options(&count);

    for (unsigned i = 0; i < count; i++)
        if (all[i].number == number && all[i].level == level)
            return i;
    return OPTIONS;
}

static struct setting *find_setting(const struct world *w, uint16_t sock, unsigned option)
{
    for (uint32_t i = 0; i < w->setting_count; i++)
        if (w->settings[i].sock == sock && w->settings[i].option == option)
            return (struct setting *)(uintptr_t)&w->settings[i];
    return NULL;
}

bool option_is_set(const struct world *w, uint16_t sock, enum option option)
{
    const struct setting *setting = find_setting(w, sock, option);

    return setting != NULL && setting->set;
}

bool option_is_on(const struct world *w, uint16_t sock, enum option option)
{
    const struct setting *setting = find_setting(w, sock, option);

    return setting != NULL && setting->value != 0;
}

bool buffer_is_small(const struct world *w, const struct sock *s)
{
    return option_is_set(w, world_index(w, s), OPT_SO_RCVBUF);
}

static void set_value(struct world *w, uint16_t sock, unsigned option, int value, bool set)
{
    struct setting *setting = find_setting(w, sock, option);

    if (setting == NULL) {
        if (w->setting_count == SETTINGS_MAX)
            return;
        world_edit(w, &w->setting_count, sizeof w->setting_count);
        setting = &w->settings[w->setting_count++];
    }
    world_edit(w, setting, sizeof *setting);
    *setting = (struct setting){sock, (uint8_t)option, set, value};
}

void options_inherit(struct world *w, uint16_t child, uint16_t listener)
{
    for (uint32_t i = 0, count = w->setting_count; i < count; i++)
        if (w->settings[i].sock == listener && w->settings[i].set)
            set_value(w, child, w->settings[i].option, w->settings[i].value, true);
}

/* --- who has an option --- */

static void check_level(struct step *t, const struct sock *s, unsigned option)
{
    const struct request *q = t->request;
    bool stream_only = option < OPTIONS && option_rules[option].sockets == ON_STREAMS;
    bool unknown = option == OPTIONS || option_rules[option].kind == KIND_UNKNOWN;
    bool v6_on_v4 = q->level == IPPROTO_IPV6 && s->family == AF_INET;
    bool foreign = v6_on_v4 || (stream_only && s->type != SOCK_STREAM);

    shall_fail(t, unknown || foreign, ENOPROTOOPT, CLAUSE_OPTION_UNKNOWN);
    may_fail(t, unknown || foreign, EINVAL, CLAUSE_OPTION_LEVEL);
    may_fail(t, stream_only && s->type != SOCK_STREAM, EOPNOTSUPP, CLAUSE_OPTION_LEVEL);
    may_fail(t, v6_on_v4 && t->world->profile->foreign_level_is_unsupported, EOPNOTSUPP,
             CLAUSE_OPTION_LEVEL);
    may_fail(t, q->level == IPPROTO_IP && s->family == AF_INET6, ENOPROTOOPT,
             CLAUSE_OPTION_UNKNOWN);
    may_fail(t, (s->shut_read || s->shut_write) && !t->world->profile->shut_socket_has_peer, EINVAL,
             CLAUSE_OPTION_SET_SHUT_DOWN);
}

/* --- setsockopt --- */

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

static uint32_t form_size(enum option_kind kind)
{
    if (kind == KIND_LINGER)
        return sizeof(struct linger);
    return kind == KIND_TIME ? sizeof(struct timeval) : sizeof(int);
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
        break;
    case OPT_IPV6_V6ONLY:
        edit->v6only = on;
        break;
    default:
        break;
    }
}

void option_become(struct world *w, const struct sock *s, enum option option, int value)
{
    apply_flag(w, s, option, value != 0);
    set_value(w, world_index(w, s), option, value, true);
}

static void check_range(struct step *t, const struct option_rule *rule, int value, bool *allowed)
{
    bool outside = value < rule->least || value > rule->most;

    shall_fail(t, outside, EINVAL, rule->clause);
    *allowed = !outside;
}

static void set_int(struct step *t, const struct sock *s, unsigned option)
{
    const struct option_rule *rule = &option_rules[option];
    uint16_t index = world_index(t->world, s);
    bool allowed = true;
    int value = 0;

    shall_fail(t, !passed_int(t->request, &value), EINVAL, CLAUSE_OPTION_SIZE_SET);
    may_fail(t, t->request->optval.size < sizeof value, EINVAL, CLAUSE_OPTION_SIZE_SET);
    if (rule->kind == KIND_RANGE)
        check_range(t, rule, value, &allowed);
    may_fail(t, rule->kind == KIND_OPEN, EINVAL, CLAUSE_OPTION_KEPT);
    may_fail(t, rule->kind == KIND_OPEN, EISCONN, CLAUSE_OPTION_CONNECTED);
    may_fail(t, rule->kind == KIND_OPEN, ENOPROTOOPT, CLAUSE_OPTION_UNKNOWN);
    may_fail(t, rule->kind == KIND_OPEN, ENOENT, CLAUSE_ERROR_OTHER);
    may_fail(t, rule->kind == KIND_OPEN, EPERM, CLAUSE_ERROR_OTHER);
    may_fail(t, rule->kind == KIND_OPEN, ENOTCONN, CLAUSE_ERROR_OTHER);
    may_fail(t, option == OPT_IPV6_V6ONLY && s->bound, EINVAL, CLAUSE_V6ONLY);
    if (step_failed(t) || !allowed)
        return;
    if (rule->kind == KIND_FLAG) {
        value = value != 0;
        apply_flag(t->world, s, option, value);
    }
    set_value(t->world, index, option, value, true);
    returns(t, 0, CLAUSE_OPTION_KEPT);
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
    set_value(t->world, world_index(t->world, s), OPT_SO_LINGER, linger.l_linger, true);
    returns(t, 0, CLAUSE_OPTION_LINGER);
}

static void set_time(struct step *t, const struct sock *s, unsigned option)
{
    enum { MS_IN_S = 1000, US_IN_MS = 1000, US_IN_S = 1000000, LARGEST_S = 1000000 };
    struct timeval time = {0};
    bool fits = t->request->optval.size >= sizeof time;

    shall_fail(t, !fits, EINVAL, CLAUSE_OPTION_SIZE_SET);
    if (fits)
        memcpy(&time, t->request->optval.data, sizeof time);
    shall_fail(t, time.tv_usec < 0 || time.tv_usec >= US_IN_S, EDOM, CLAUSE_OPTION_TIMEOUT_RANGE);
    may_fail(t, time.tv_sec < 0 || time.tv_sec > LARGEST_S, EDOM, CLAUSE_OPTION_TIMEOUT_RANGE);
    if (step_failed(t))
        return;
    set_value(t->world, world_index(t->world, s), option,
              time.tv_sec < 0 || time.tv_sec > LARGEST_S
                  ? -1
                  : (int)(time.tv_sec * MS_IN_S + time.tv_usec / US_IN_MS),
              true);
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

void step_setsockopt(struct step *t)
{
    const struct request *q = t->request;
    const struct sock *s = check_sock(t, q->fd);
    unsigned option = option_find(q->level, q->option);
    uint8_t kind = KIND_UNKNOWN;

    if (s != NULL) {
        check_level(t, s, option);
        shall_fail(t, q->bad == BAD_DATA && q->optval.size > 0, EFAULT, CLAUSE_FAULT);
    }
    if (s != NULL && option < OPTIONS && !t->verdict.barred)
        kind = option_rules[option].kind;
    if (kind == KIND_UNKNOWN)
        step_failed(t);
    else if (kind == KIND_LINGER)
        set_linger(t, s);
    else if (kind == KIND_TIME)
        set_time(t, s, option);
    else if (kind == KIND_SHOWN)
        set_shown(t);
    else
        set_int(t, s, option);
}

/* --- getsockopt --- */

static void shows(struct step *t, const void *value, uint32_t size, enum clause clause)
{
    uint32_t room = t->request->room;

    t->prediction.option_size = room < size ? room : size;
    memcpy(t->prediction.option, value, t->prediction.option_size);
    returns(t, 0, clause);
}

/* A value that only the stack knows: whatever it shows, as long as it is as large as it should be.
 */
static void shows_seen(struct step *t, uint32_t size, enum clause clause)
{
    const struct outcome *seen = t->decider->seen;
    uint8_t value[sizeof t->prediction.option] = {0};

    applies(t, clause, true);
    if (t->decider->kind == DECIDER_WITNESS && seen->data_size <= size)
        memcpy(value, seen->data, seen->data_size);
    shows(t, value, size, clause);
}

static int shown_value(struct step *t, const struct sock *s, unsigned option)
{
    int error;

    switch (option) {
    case OPT_SO_TYPE:
        return s->type;
    case OPT_SO_DOMAIN:
        return s->family;
    case OPT_SO_PROTOCOL:
        return s->type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
    case OPT_SO_ACCEPTCONN:
        return s->state == SOCK_LISTENING;
    default:
        arrivals(t, s);
        error = s->error;
        if (error != 0)
            sock_edit(t->world, s)->error = 0;
        return error;
    }
}

/* IP options that fit into a byte are shown in one where there is no room for an int (ip(7)). */
static void shows_int(struct step *t, int value, enum clause clause)
{
    uint8_t byte = (uint8_t)value;
    bool small = t->request->level == IPPROTO_IP && t->request->room > 0 &&
                 t->request->room < sizeof value && value >= 0 && value <= UINT8_MAX;

    if (small)
        shows(t, &byte, sizeof byte, clause);
    else
        shows(t, &value, sizeof value, clause);
}

static void get_int(struct step *t, const struct sock *s, unsigned option)
{
    const struct option_rule *rule = &option_rules[option];
    const struct setting *setting = find_setting(t->world, world_index(t->world, s), option);
    const struct outcome *seen = t->decider->seen;
    int value = rule->initial;

    if (setting != NULL) {
        value = setting->value;
    } else if (!rule->has_initial && t->decider->kind == DECIDER_WITNESS &&
               seen->data_size == sizeof value) {
        memcpy(&value, seen->data, sizeof value);
        set_value(t->world, world_index(t->world, s), option, value, false);
    } else if (!rule->has_initial && t->request->room < sizeof value) {
        t->prediction.any_data = true;
        returns(t, 0, rule->clause);
        return;
    } else if (!rule->has_initial) {
        shows_seen(t, sizeof value, rule->clause);
        return;
    }
    applies(t, rule->clause, true);
    shows_int(t, value, rule->clause);
}

static void get_linger(struct step *t, const struct sock *s)
{
    struct linger linger = {s->linger, s->linger_s};

    applies(t, CLAUSE_OPTION_LINGER, true);
    shows(t, &linger, sizeof linger, CLAUSE_OPTION_LINGER);
}

/* A time-out may be rounded to the clock's resolution (POSIX.1-2017 XSH 2.10.16). */
static void get_time(struct step *t, const struct sock *s, unsigned option)
{
    enum { RESOLUTION_MS = 20, MS_IN_S = 1000, US_IN_MS = 1000 };
    const struct setting *setting = find_setting(t->world, world_index(t->world, s), option);
    const struct outcome *seen = t->decider->seen;
    int64_t wanted = setting == NULL ? 0 : setting->value;
    struct timeval time = {0};
    int64_t shown;

    if (t->decider->kind == DECIDER_WITNESS && seen->data_size == sizeof time) {
        memcpy(&time, seen->data, sizeof time);
        shown = time.tv_sec * MS_IN_S + time.tv_usec / US_IN_MS;
        if (wanted < 0 || (wanted > 0 && shown >= wanted && shown <= wanted + RESOLUTION_MS)) {
            shows_seen(t, sizeof time, CLAUSE_OPTION_TIMEOUT_ROUNDED);
            return;
        }
    }
    time = (struct timeval){wanted / MS_IN_S, wanted % MS_IN_S * US_IN_MS};
    applies(t, option_rules[option].clause, true);
    shows(t, &time, sizeof time, option_rules[option].clause);
}

static void get_value(struct step *t, const struct sock *s, unsigned option)
{
    const struct option_rule *rule = &option_rules[option];

    switch ((enum option_kind)rule->kind) {
    case KIND_SHOWN:
        applies(t, rule->clause, true);
        shows_int(t, shown_value(t, s, option), rule->clause);
        break;
    case KIND_LINGER:
        get_linger(t, s);
        break;
    case KIND_TIME:
        get_time(t, s, option);
        break;
    case KIND_OPEN:
        t->prediction.any_data = true;
        may_fail(t, true, ENOPROTOOPT, CLAUSE_OPTION_UNKNOWN);
        may_fail(t, true, ENOTCONN, CLAUSE_ERROR_OTHER);
        may_fail(t, true, EINVAL, CLAUSE_ERROR_OTHER);
        if (!step_failed(t))
            returns(t, 0, rule->clause);
        break;
    case KIND_BUFFER:
        shows_seen(t, form_size((enum option_kind)rule->kind), rule->clause);
        break;
    default:
        get_int(t, s, option);
        break;
    }
}

void step_getsockopt(struct step *t)
{
    const struct request *q = t->request;
    const struct sock *s = check_sock(t, q->fd);
    unsigned option = option_find(q->level, q->option);

    if (s != NULL) {
        check_level(t, s, option);
        shall_fail(t, q->bad == BAD_DATA || q->bad == BAD_LENGTH, EFAULT, CLAUSE_FAULT);
    }
    if (!step_failed(t))
        get_value(t, s, option);
}
