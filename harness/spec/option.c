/*
 * option: what is known of the values of options, and getsockopt. Source: POSIX.1-2017
 * getsockopt(), XSH 2.10.16; socket(7), tcp(7), ip(7).
 */
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

const struct setting *option_setting(const struct world *w, uint16_t sock, unsigned option)
{
    for (uint32_t i = 0; i < w->setting_count; i++)
        if (w->settings[i].sock == sock && w->settings[i].option == option)
            return &w->settings[i];
    return NULL;
}

bool option_is_set(const struct world *w, uint16_t sock, enum option option)
{
    const struct setting *setting = option_setting(w, sock, option);

    return setting != NULL && setting->state != SETTING_SHOWN;
}

bool option_is_on(const struct world *w, uint16_t sock, enum option option)
{
    const struct setting *setting = option_setting(w, sock, option);

    return setting != NULL && setting->value != 0;
}

bool option_notes_packet(const struct world *w, uint16_t sock)
{
    return option_is_on(w, sock, OPT_IP_PKTINFO) || option_is_on(w, sock, OPT_IPV6_RECVPKTINFO);
}

bool buffer_is_small(const struct world *w, const struct sock *s)
{
    return option_is_set(w, world_index(w, s), OPT_SO_RCVBUF);
}

int option_int(const struct world *w, const struct sock *s, enum option option)
{
    const struct setting *setting = option_setting(w, world_index(w, s), option);

    return setting != NULL ? setting->value : option_rules[option].initial;
}

void option_store(struct world *w, uint16_t sock, unsigned option, int value,
                  enum setting_state state)
{
    const struct setting *setting = option_setting(w, sock, option);

    if (setting == NULL) {
        if (w->setting_count == SETTINGS_MAX) {
            world_is_full(w);
            return;
        }
        world_edit(w, &w->setting_count, sizeof w->setting_count);
        setting = &w->settings[w->setting_count++];
    }
    *(struct setting *)world_edit(w, setting, sizeof *setting) =
        (struct setting){sock, (uint8_t)option, (uint8_t)state, value};
}

void options_forget(struct world *w, uint16_t sock)
{
    for (uint32_t i = 0; i < w->setting_count; i++)
        if (w->settings[i].sock == sock)
            ((struct setting *)world_edit(w, &w->settings[i], sizeof w->settings[i]))->sock =
                NO_SOCK;
}

/* tcp(7) says that many options are inherited, not which: the others show what they are. */
void options_inherit(struct world *w, uint16_t child, uint16_t listener)
{
    for (uint32_t i = 0, count = w->setting_count; i < count; i++) {
        const struct setting setting = w->settings[i];
        bool open = option_rules[setting.option].kind == KIND_KEPT;

        if (setting.sock == listener && setting.state != SETTING_SHOWN)
            option_store(w, child, setting.option, setting.value,
                         open ? SETTING_OPEN : (enum setting_state)setting.state);
    }
}

/* --- who has an option --- */

void check_level(struct step *t, const struct sock *s, unsigned option)
{
    const struct request *q = t->request;
    bool stream_only = option_rules[option].sockets == ON_STREAMS;
    bool unknown = option_rules[option].kind == KIND_UNKNOWN;
    bool v6_on_v4 = q->level == IPPROTO_IPV6 && s->family == AF_INET;
    bool foreign = v6_on_v4 || (stream_only && s->type != SOCK_STREAM);

    bool packets = option_rules[option].sockets == ON_DATAGRAMS && s->type == SOCK_STREAM &&
                   !t->world->profile->streams_take_datagram_options;

    bool extra = !option_is_posix[option] && !t->world->profile->has_every_option;

    shall_fail(t, unknown || foreign, ENOPROTOOPT, CLAUSE_OPTION_UNKNOWN);
    may_fail(t, extra, ENOPROTOOPT, CLAUSE_OPTION_UNKNOWN);
    may_fail(t, packets, ENOPROTOOPT, CLAUSE_OPTION_UNKNOWN);
    may_fail(t, packets, EINVAL, CLAUSE_OPTION_LEVEL);
    may_fail(t, unknown || foreign, EINVAL, CLAUSE_OPTION_LEVEL);
    bool gets = q->op == OP_getsockopt && s->family == AF_INET;

    usually_fails(t, gets && foreign, EOPNOTSUPP,
                  v6_on_v4 ? CLAUSE_ERROR_OTHER : CLAUSE_OPTION_LEVEL);
    may_fail(t, !gets && stream_only && s->type != SOCK_STREAM, EOPNOTSUPP, CLAUSE_OPTION_LEVEL);
    may_fail(t, !gets && v6_on_v4, EOPNOTSUPP, CLAUSE_ERROR_OTHER);
    may_fail(t, q->level == IPPROTO_IP && s->family == AF_INET6, ENOPROTOOPT,
             CLAUSE_OPTION_UNKNOWN);
}

/* --- getsockopt --- */

static void shows(struct step *t, const void *value, uint32_t size, enum clause clause)
{
    uint32_t room = t->request->room;

    rests_on(t, CLAUSE_OPTION_SIZE, room >= size);
    rests_on(t, CLAUSE_OPTION_TRUNCATED, room < size);
    t->prediction.option_size = room < size ? room : size;
    memcpy(t->prediction.option, value, t->prediction.option_size);
    returns(t, 0, clause);
}

static bool saw(const struct step *t, size_t size)
{
    return t->decider->kind == DECIDER_WITNESS && t->decider->seen->data_size == size;
}

/* A value that only the stack knows: whatever it shows, as long as it is as large as it should be.
 */
static void shows_seen(struct step *t, uint32_t size, enum clause clause)
{
    const struct outcome *seen = t->decider->seen;
    uint8_t value[sizeof t->prediction.option] = {0};

    applies(t, clause, true);
    if (t->decider->kind == DECIDER_WITNESS && seen->data_size > 0 && seen->data_size <= size)
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
        if (applies(t, CLAUSE_ERROR_PENDING, error != 0))
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

/* Whether a value may be what came of one that was asked for. */
static bool may_come_of(struct step *t, unsigned option, int asked, int shown)
{
    /* socket(7) has a least and a most, but the figures are the system's. */
    enum { LEAST_AT_MOST = 8192, MOST_AT_LEAST = 131072, RCVBUF_LEAST = 256, SNDBUF_LEAST = 2048 };
    int64_t wanted = 2 * (int64_t)asked;

    if (option_rules[option].kind == KIND_LOW_WATER)
        return shown >= 1 && (asked <= 0 || shown <= asked);
    if (!applies(t, CLAUSE_OPTION_BUFFER_DOUBLED, t->world->profile->buffers_are_doubled) ||
        asked < 0)
        return true;
    if (shown < (option == OPT_SO_RCVBUF ? RCVBUF_LEAST : SNDBUF_LEAST))
        return false;
    if (wanted < LEAST_AT_MOST)
        return shown >= wanted && shown <= LEAST_AT_MOST;
    if (wanted > MOST_AT_LEAST)
        return shown >= MOST_AT_LEAST && shown <= wanted;
    return shown == wanted;
}

/* What was asked for, or may have come of it. */
static void get_asked(struct step *t, const struct sock *s, unsigned option, int asked)
{
    const struct option_rule *rule = &option_rules[option];
    bool buffer = rule->kind == KIND_BUFFER;
    bool doubled = buffer && asked > INT32_MIN / 2 && asked < INT32_MAX / 2;
    int value = doubled ? 2 * asked : asked;
    int shown = value;

    if (saw(t, sizeof shown))
        memcpy(&shown, t->decider->seen->data, sizeof shown);
    if (t->request->room < sizeof shown) {
        shows_seen(t, sizeof value, rule->clause);
        return;
    }
    if (may_come_of(t, option, asked, shown))
        value = shown;
    if (!buffer || t->world->profile->buffers_are_doubled)
        option_store(t->world, world_index(t->world, s), option, value, SETTING_SET);
    shows(t, &value, sizeof value, rule->clause);
}

/* A value that no call has shown yet, nor a text promises. */
static void get_first(struct step *t, const struct sock *s, unsigned option)
{
    const struct option_rule *rule = &option_rules[option];
    bool was_set = option_is_set(t->world, world_index(t->world, s), (enum option)option);
    int value = 0;

    if (rule->kind == KIND_OPEN && was_set) /* ordinarily it is kept */
        value = option_setting(t->world, world_index(t->world, s), option)->value;
    if (t->request->room < sizeof value) {
        t->prediction.any_data = true;
        returns(t, 0, rule->clause);
        return;
    }
    if (saw(t, sizeof value))
        memcpy(&value, t->decider->seen->data, sizeof value);
    if (rule->kind != KIND_OPEN && rule->kind != KIND_BUFFER) /* which grow by themselves */
        option_store(t->world, world_index(t->world, s), option, value,
                     was_set ? SETTING_SET : SETTING_SHOWN);
    applies(t, rule->clause, true);
    shows_int(t, value, rule->clause);
}

static void get_int(struct step *t, const struct sock *s, unsigned option)
{
    const struct option_rule *rule = &option_rules[option];
    const struct setting *setting = option_setting(t->world, world_index(t->world, s), option);

    if (setting != NULL && setting->state == SETTING_ASKED) {
        get_asked(t, s, option, setting->value);
    } else if (setting != NULL && setting->state != SETTING_OPEN) {
        applies(t, rule->clause, true);
        shows_int(t, setting->value, rule->clause);
    } else if (setting == NULL && rule->has_initial) {
        applies(t, rule->clause, true);
        shows_int(t, rule->initial, rule->clause);
    } else {
        get_first(t, s, option);
    }
}

static void get_linger(struct step *t, const struct sock *s)
{
    enum { KNOWN_S = 1000000 };
    struct linger linger = {s->linger, s->linger_s};
    bool odd = s->linger_s < 0 || s->linger_s > KNOWN_S;

    if (odd && t->world->profile->long_linger_is_other && saw(t, sizeof linger))
        memcpy(&linger.l_linger, t->decider->seen->data + offsetof(struct linger, l_linger),
               sizeof linger.l_linger);
    applies(t, CLAUSE_OPTION_LINGER, true);
    shows(t, &linger, sizeof linger, CLAUSE_OPTION_LINGER);
}

static int64_t time_us(const struct timeval *time)
{
    return time->tv_sec * OPTION_US_IN_S + time->tv_usec;
}

/* A time-out may be rounded to the clock's resolution (POSIX.1-2017 XSH 2.10.16). */
static void get_time(struct step *t, const struct sock *s, unsigned option)
{
    enum { RESOLUTION_US = 20000 };
    uint16_t index = world_index(t->world, s);
    const struct setting *setting = option_setting(t->world, index, option);
    int64_t asked = setting == NULL ? 0 : setting->value;
    struct timeval time = {asked / OPTION_US_IN_S, asked % OPTION_US_IN_S};
    int64_t shown;

    if (setting != NULL && setting->state == SETTING_OPEN) {
        shows_seen(t, sizeof time, CLAUSE_OPTION_TIMEOUT_ROUNDED);
        return;
    }
    if (setting != NULL && setting->state == SETTING_ASKED && asked > 0) {
        if (t->request->room < sizeof time) {
            shows_seen(t, sizeof time, CLAUSE_OPTION_TIMEOUT_ROUNDED);
            return;
        }
        if (saw(t, sizeof time))
            memcpy(&time, t->decider->seen->data, sizeof time);
        shown = time_us(&time);
        if (shown < asked || shown > asked + RESOLUTION_US ||
            (shown != asked && !applies(t, CLAUSE_OPTION_TIMEOUT_ROUNDED, true)))
            time = (struct timeval){asked / OPTION_US_IN_S, asked % OPTION_US_IN_S};
        option_store(t->world, index, option, (int)time_us(&time), SETTING_SET);
    }
    applies(t, option_rules[option].clause, true);
    shows(t, &time, sizeof time, option_rules[option].clause);
}

/* A socket with a peer has a path to it. */
static void get_path(struct step *t, const struct sock *s, unsigned option)
{
    bool stream = s->type == SOCK_STREAM;
    bool has = stream ? s->state == SOCK_CONNECTED : s->has_remote;
    uint16_t index = world_index(t->world, s);
    bool forgotten = t->world->profile->options_forget_path &&
                     (option_is_set(t->world, index, OPT_SO_DONTROUTE) ||
                      option_is_set(t->world, index, OPT_IP_TOS) ||
                      option_is_set(t->world, index, OPT_IPV6_TCLASS));
    bool never = stream ? s->state == SOCK_IDLE || s->state == SOCK_LISTENING : !has;

    shall_fail(t, never, ENOTCONN, option_rules[option].clause);
    /* A connect that failed may have taken a datagram socket's path away, and left it its peer. */
    may_fail(t, !has || !stream, ENOTCONN, option_rules[option].clause);
    usually_fails(t, has && forgotten, ENOTCONN, option_rules[option].clause);
    if (!step_failed(t))
        shows_seen(t, sizeof(int), option_rules[option].clause);
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
    case KIND_PATH:
        get_path(t, s, option);
        break;
    case KIND_BYTES:
        t->prediction.any_data = true;
        returns(t, 0, rule->clause);
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
        may_fail(t, (s->shut_read || s->shut_write) && !t->world->profile->shut_socket_has_peer,
                 EINVAL, CLAUSE_OPTION_GET_SHUT_DOWN);
        shall_fail(t, (q->bad == BAD_DATA && q->room > 0) || q->bad == BAD_LENGTH, EFAULT,
                   CLAUSE_FAULT);
        may_fail(t, q->bad != BAD_NONE && option_rules[option].kind == KIND_PATH, ENOTCONN,
                 CLAUSE_OPTION_IP_MTU);
    }
    if (step_passes(t, s))
        get_value(t, s, option);
    else if (s != NULL && option == OPT_SO_ERROR && q->bad == BAD_DATA &&
             t->world->profile->failed_query_clears_error)
        shown_value(t, s, option);
}
