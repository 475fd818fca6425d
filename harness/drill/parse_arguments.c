/*
 * parse_arguments: each kind of argument has one function, the counterpart of the one in print.c.
 * An optional argument takes its own comma.
 */
#include "drill/parser.h"
#include "drill/text.h"

/* One pointer of a call at most: another one's place is read as if it could not be. */
bool parse_bad(struct parser *p, enum bad_pointer pointer)
{
    if (p->call->bad != BAD_NONE || p->call->name_null || !call_has_pointer(p->call->op, pointer) ||
        !scan_accept_word(&p->scan, TEXT_BAD))
        return false;
    p->call->bad = (uint8_t)pointer;
    return true;
}

bool parse_bad_length(struct parser *p)
{
    const char *start = p->scan.next;

    if (scan_accept(&p->scan, '[') && parse_bad(p, BAD_LENGTH) && scan_accept(&p->scan, ']'))
        return true;
    p->scan.next = start;
    return false;
}

static bool parse_fd(struct parser *p)
{
    return parse_fd_ref(p, &p->call->fd);
}

/* What is no socket is the process's own: a drill may not put another file in its place. */
static bool parse_other_fd(struct parser *p)
{
    const char *start;

    scan_blank(&p->scan);
    start = p->scan.next;
    if (!parse_fd_ref(p, &p->call->other_fd))
        return false;
    return p->call->op != OP_dup2 || p->call->other_fd != FD_NOT_SOCKET ||
           scan_fail_at(&p->scan, start, "dup2 does not replace not_socket");
}

/* --- values and flags --- */

static bool fail_list(struct parser *p, const struct value_table *table, const char *separator)
{
    char what[DRILL_ERROR_MAX - 64] = "";
    size_t used = 0;

    for (size_t i = 0; i < table->count && used < sizeof what; i++)
        used += (size_t)snprintf(what + used, sizeof what - used, "%s%s", i > 0 ? separator : "",
                                 table->entries[i].name);
    return scan_fail(&p->scan, what);
}

static bool parse_value(struct parser *p, enum value_list list, uint8_t *index)
{
    const struct value_table *table = values(list);
    struct word word;
    bool is_word = scan_peek_word(&p->scan, &word);

    for (uint8_t i = 0; i < table->count; i++) {
        if (is_word ? word_is(&word, table->entries[i].name)
                    : table->entries[i].name[0] == '0' && scan_accept(&p->scan, '0')) {
            p->scan.next += is_word ? word.size : 0;
            *index = i;
            return true;
        }
    }
    return fail_list(p, table, ", ");
}

static bool parse_flag(struct parser *p, const struct value_table *table, uint8_t *bits)
{
    struct word word;

    if (scan_peek_word(&p->scan, &word)) {
        for (unsigned i = 0; i < table->count; i++) {
            if (word_is(&word, table->entries[i].name)) {
                p->scan.next += word.size;
                *bits |= (uint8_t)(1u << i);
                return true;
            }
        }
    }
    return fail_list(p, table, "|");
}

bool parse_flags(struct parser *p, enum flag_set set, uint8_t *bits)
{
    *bits = 0;
    if (scan_accept(&p->scan, '0'))
        return true;
    do
        if (!parse_flag(p, flags(set), bits))
            return false;
    while (scan_accept(&p->scan, '|'));
    return true;
}

static bool parse_domain(struct parser *p)
{
    return parse_value(p, VALUES_DOMAIN, &p->call->domain);
}

static bool parse_type(struct parser *p)
{
    if (!parse_value(p, VALUES_TYPE, &p->call->type))
        return false;
    return !scan_accept(&p->scan, '|') || parse_flags(p, FLAGS_SOCKET, &p->call->flags);
}

static bool parse_protocol(struct parser *p)
{
    return parse_value(p, VALUES_PROTOCOL, &p->call->protocol);
}

static bool parse_how(struct parser *p)
{
    return parse_value(p, VALUES_HOW, &p->call->choice);
}

static bool parse_fcntl(struct parser *p)
{
    return parse_value(p, VALUES_FCNTL, &p->call->choice);
}

static bool parse_ioctl(struct parser *p)
{
    return parse_value(p, VALUES_IOCTL, &p->call->choice);
}

static bool parse_socket_flags(struct parser *p)
{
    return parse_flags(p, FLAGS_SOCKET, &p->call->flags);
}

static bool parse_send_flags(struct parser *p)
{
    return parse_flags(p, FLAGS_SEND, &p->call->flags);
}

static bool parse_recv_flags(struct parser *p)
{
    return parse_flags(p, FLAGS_RECV, &p->call->flags);
}

/* --- numbers --- */

static bool parse_number_between(struct parser *p, int64_t least, int64_t most, const char *what)
{
    int64_t number;

    if (!scan_number(&p->scan, &number, least, most, what))
        return false;
    p->call->number = (uint32_t)number;
    return true;
}

static bool parse_number(struct parser *p)
{
    if (parse_bad(p, BAD_TIMEOUT))
        return true;
    return parse_number_between(p, INT32_MIN, INT32_MAX, "a number");
}

static bool parse_length(struct parser *p)
{
    if (parse_bad(p, BAD_DATA) && !scan_expect(&p->scan, ','))
        return false;
    return parse_number_between(p, 0, DATA_BYTES_MAX, "a length");
}

/* The number from which F_DUPFD looks: a sensible one, or one of two that no system takes. */
static bool parse_least_fd(struct parser *p)
{
    static const char what[] = "a descriptor's number, -1 or 2147483647";
    const char *start;

    scan_blank(&p->scan);
    start = p->scan.next;
    if (!parse_number_between(p, -1, INT32_MAX, what))
        return false;
    if (p->call->number > DUPFD_LEAST_MAX && p->call->number < INT32_MAX)
        return scan_fail_at(&p->scan, start, "expected %s of at most %d", what, DUPFD_LEAST_MAX);
    return true;
}

static bool parse_epoll_flags(struct parser *p)
{
    return parse_flags(p, FLAGS_EPOLL_CREATE, &p->call->flags);
}

static bool parse_epoll_command(struct parser *p)
{
    return parse_value(p, VALUES_EPOLL_COMMAND, &p->call->choice);
}

static bool parse_epoll_events(struct parser *p)
{
    const char *start = p->scan.next;

    if (scan_accept(&p->scan, ',') && parse_bad(p, BAD_DATA))
        return true;
    p->scan.next = start;
    return call_command_value(p->call) != COMMAND_FLAGS ||
           (scan_expect(&p->scan, ',') && parse_flags(p, FLAGS_EPOLL, &p->call->flags));
}

static bool parse_recvmsg_flags(struct parser *p)
{
    return parse_flags(p, FLAGS_RECVMSG, &p->call->flags);
}

static bool parse_fcntl_value(struct parser *p)
{
    switch (call_command_value(p->call)) {
    case COMMAND_FLAGS:
        return scan_expect(&p->scan, ',') &&
               parse_flags(p, call_fcntl_flags(p->call), &p->call->flags);
    case COMMAND_NUMBER:
        return scan_expect(&p->scan, ',') && parse_least_fd(p);
    default:
        return true;
    }
}

/* Reads the size that is claimed for a value, if one follows. */
static bool parse_claimed_size(struct parser *p)
{
    if (!scan_accept(&p->scan, ','))
        return true;
    if (!parse_number_between(p, 0, OPTION_BYTES_MAX, "the value's length"))
        return false;
    p->call->number++;
    return true;
}

static bool parse_option_length(struct parser *p)
{
    const char *start = p->scan.next;

    if (scan_accept(&p->scan, ',')) {
        if (parse_bad_length(p))
            return true;
        if (!parse_bad(p, BAD_DATA))
            p->scan.next = start;
    }
    return parse_claimed_size(p);
}

static bool parse_bracketed_number(struct parser *p)
{
    return scan_expect(&p->scan, '[') && parse_number(p) && scan_expect(&p->scan, ']');
}

static bool parse_ioctl_value(struct parser *p)
{
    const char *start = p->scan.next;

    if (scan_accept(&p->scan, ',') && parse_bad(p, BAD_DATA))
        return true;
    p->scan.next = start;
    return call_command_value(p->call) == COMMAND_ALONE ||
           (scan_expect(&p->scan, ',') && parse_bracketed_number(p));
}

static bool parse_event_room(struct parser *p)
{
    static const char what[] = "how many events: 1 to 4, 0 or -1";
    const char *start;
    int64_t number;

    if (parse_bad(p, BAD_DATA) && !scan_expect(&p->scan, ','))
        return false;
    scan_blank(&p->scan);
    start = p->scan.next;
    if (!scan_number(&p->scan, &number, -1, INT32_MAX, what))
        return false;
    for (p->call->choice = 0; p->call->choice < EVENT_ROOMS; p->call->choice++)
        if (event_rooms[p->call->choice] == number)
            return true;
    return scan_fail_at(&p->scan, start, "expected %s", what);
}

static bool parse_optional_name_room(struct parser *p)
{
    if (!scan_accept(&p->scan, ','))
        return true;
    return parse_name_room(p) && (p->call->bad != BAD_ADDRESS || parse_name_length(p));
}

/* --- options --- */

static const struct option_info *option_of(const struct call *call)
{
    size_t count;

    return &options(&count)[call->choice];
}

static bool parse_option(struct parser *p)
{
    struct word level;
    struct word name;
    size_t count;
    const struct option_info *option = options(&count);

    if (!scan_word(&p->scan, &level))
        return scan_fail(&p->scan, "an option's level, such as SOL_SOCKET");
    if (!scan_expect(&p->scan, ','))
        return false;
    if (!scan_word(&p->scan, &name))
        return scan_fail(&p->scan, "an option, such as SO_REUSEADDR");
    for (size_t i = 0; i < count; i++) {
        if (word_is(&level, option[i].level_name) && word_is(&name, option[i].name)) {
            p->call->choice = (uint8_t)i;
            return true;
        }
    }
    return scan_fail_at(&p->scan, level.text, "unknown option %.*s, %.*s: see lists/options.def",
                        level.size > 40 ? 40 : (int)level.size, level.text,
                        name.size > 40 ? 40 : (int)name.size, name.text);
}

/* Reads "{first=N, second=N}". */
static bool parse_pair(struct parser *p, const char *first, int64_t first_most, int64_t *a,
                       const char *second, int64_t second_most, int64_t *b)
{
    return scan_expect(&p->scan, '{') &&
           (scan_accept_word(&p->scan, first) || scan_fail(&p->scan, first)) &&
           scan_expect(&p->scan, '=') && scan_number(&p->scan, a, 0, first_most, first) &&
           scan_expect(&p->scan, ',') &&
           (scan_accept_word(&p->scan, second) || scan_fail(&p->scan, second)) &&
           scan_expect(&p->scan, '=') && scan_number(&p->scan, b, 0, second_most, second) &&
           scan_expect(&p->scan, '}');
}

static bool parse_linger(struct parser *p)
{
    int64_t on;
    int64_t seconds;

    if (!parse_pair(p, "l_onoff", 1, &on, "l_linger", INT32_MAX, &seconds))
        return false;
    p->call->number = (uint32_t)(seconds << 1 | on);
    return true;
}

static bool parse_time(struct parser *p)
{
    const char *start = p->scan.next;
    int64_t seconds;
    int64_t micro;

    if (!parse_pair(p, "tv_sec", UINT32_MAX / 1000, &seconds, "tv_usec", 999999, &micro))
        return false;
    if (seconds * 1000 + micro / 1000 > UINT32_MAX)
        return scan_fail_at(&p->scan, start, "expected at most %u ms", UINT32_MAX);
    if (micro % 1000 != 0)
        return scan_fail_at(&p->scan, start, "expected tv_usec in whole milliseconds");
    p->call->number = (uint32_t)(seconds * 1000 + micro / 1000);
    return true;
}

static bool parse_option_value(struct parser *p)
{
    size_t size;

    if (parse_bad(p, BAD_DATA))
        return parse_claimed_size(p);
    scan_blank(&p->scan);
    if (p->scan.next < p->scan.end && *p->scan.next == '"') {
        p->call->raw_value = true;
        if (!parse_bytes(p, &p->call->data, OPTION_BYTES_MAX, &size))
            return false;
        p->call->data_size = (uint32_t)size;
        return true;
    }
    switch (option_of(p->call)->form) {
    case OPTION_LINGER:
        return parse_linger(p);
    case OPTION_TIME:
        return parse_time(p);
    default:
        return parse_bracketed_number(p);
    }
}

/* --- data --- */

size_t parse_room_left(const struct parser *p)
{
    return DRILL_BYTES_MAX - p->bytes_used - p->reserved;
}

bool parse_reserve(struct parser *p, size_t size)
{
    if (size > parse_room_left(p))
        return scan_fail_at(&p->scan, p->scan.next, "the drill's bytes exceed %d", DRILL_BYTES_MAX);
    p->reserved += size;
    return true;
}

bool parse_bytes(struct parser *p, const uint8_t **bytes, size_t most, size_t *size)
{
    size_t room = parse_room_left(p);

    *bytes = p->drill->bytes + p->bytes_used;
    if (!scan_string(&p->scan, p->drill->bytes + p->bytes_used, most < room ? most : room, size))
        return false;
    p->bytes_used += *size;
    return true;
}

static bool parse_data(struct parser *p)
{
    int64_t total;
    size_t size;
    bool fill;

    if (parse_bad(p, BAD_DATA))
        return scan_expect(&p->scan, ',') && parse_length(p);
    fill = scan_accept_word(&p->scan, TEXT_FILL);
    if (fill && !scan_expect(&p->scan, '('))
        return false;
    if (!parse_bytes(p, &p->call->data, DRILL_BYTES_MAX, &size))
        return false;
    p->call->data_size = (uint32_t)size;
    if (!fill)
        return true;
    if (!scan_expect(&p->scan, ',') ||
        !scan_number(&p->scan, &total, (int64_t)size, DATA_BYTES_MAX, "how many bytes to fill"))
        return false;
    p->call->number = total > (int64_t)size ? (uint32_t)total : 0;
    return scan_expect(&p->scan, ')');
}

static const struct {
    bool (*parse)(struct parser *);
    bool optional; /* takes its own comma, if it is there at all */
} parsers[ARGUMENT_KINDS] = {
    [ARG_FD] = {parse_fd, false},
    [ARG_DOMAIN] = {parse_domain, false},
    [ARG_TYPE] = {parse_type, false},
    [ARG_PROTOCOL] = {parse_protocol, false},
    [ARG_ADDRESS] = {parse_address, false},
    [ARG_NUMBER] = {parse_number, false},
    [ARG_LENGTH] = {parse_length, false},
    [ARG_DATA] = {parse_data, false},
    [ARG_SOCKET_FLAGS] = {parse_socket_flags, false},
    [ARG_SEND_FLAGS] = {parse_send_flags, false},
    [ARG_RECV_FLAGS] = {parse_recv_flags, false},
    [ARG_NAME_LENGTH] = {parse_optional_name_room, true},
    [ARG_HOW] = {parse_how, false},
    [ARG_OPTION] = {parse_option, false},
    [ARG_OPTION_VALUE] = {parse_option_value, false},
    [ARG_OPTION_LENGTH] = {parse_option_length, true},
    [ARG_FCNTL] = {parse_fcntl, false},
    [ARG_FCNTL_VALUE] = {parse_fcntl_value, true},
    [ARG_IOCTL] = {parse_ioctl, false},
    [ARG_IOCTL_VALUE] = {parse_ioctl_value, true},
    [ARG_POLL_SET] = {parse_poll_set, false},
    [ARG_OTHER_FD] = {parse_other_fd, false},
    [ARG_PARTS] = {parse_parts, false},
    [ARG_ROOMS] = {parse_rooms, false},
    [ARG_SENT_MESSAGE] = {parse_sent_message, false},
    [ARG_RECEIVED_MESSAGE] = {parse_received_message, false},
    [ARG_RECVMSG_FLAGS] = {parse_recvmsg_flags, false},
    [ARG_SHORT_TIMEOUT] = {parse_short_timeout, true},
    [ARG_SELECT_SET] = {parse_select_set, false},
    [ARG_EPOLL_FLAGS] = {parse_epoll_flags, false},
    [ARG_EPOLL_COMMAND] = {parse_epoll_command, false},
    [ARG_EPOLL_EVENTS] = {parse_epoll_events, true},
    [ARG_EVENT_ROOM] = {parse_event_room, false},
};

bool parse_arguments(struct parser *p)
{
    const struct call_info *info = call_info(p->call->op);
    bool first = true;

    for (size_t i = info->arguments[0] == ARG_NEW; i < CALL_ARGUMENTS_MAX; i++) {
        enum argument argument = info->arguments[i];

        if (argument == ARG_NONE)
            break;
        if (!first && !parsers[argument].optional && !scan_expect(&p->scan, ','))
            return false;
        if (!parsers[argument].parse(p))
            return false;
        first = false;
    }
    return true;
}
