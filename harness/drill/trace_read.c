/* trace_read: how a trace is read, strictly. See trace.h. */
#include <string.h>

#include "drill/text.h"
#include "drill/trace.h"

static bool read_number(struct scan *s, int *number, int least, int most, const char *what)
{
    int64_t value;

    if (!scan_number(s, &value, least, most, what))
        return false;
    *number = (int)value;
    return true;
}

/* --- the first line --- */

static bool read_text(struct scan *s, const char *key, char text[TRACE_NAME_MAX])
{
    size_t size;

    if (!scan_accept_word(s, key))
        return scan_fail(s, key);
    if (!scan_string(s, (uint8_t *)text, TRACE_NAME_MAX - 1, &size))
        return false;
    text[size] = '\0';
    return true;
}

bool trace_read_start(struct trace_reader *r, struct drill_error *error, const char *text,
                      size_t size)
{
    struct scan *s = &r->parser.scan;
    int version;

    memset(r->notes.names, 0, sizeof r->notes.names);
    r->notes.uses_remote = false;
    r->notes.uses_actors = false;
    r->notes.text_used = 0;
    r->lines = 0;
    r->ended = false;
    r->parser = (struct parser){.drill = &r->drill, .notes = &r->notes};
    scan_start(s, text, size, error);
    if (!scan_accept_word(s, "trace"))
        return scan_fail(s, "a trace, which begins with \"trace 1\"");
    if (!read_number(s, &version, TRACE_VERSION, TRACE_VERSION, "a trace's version") ||
        !read_text(s, "stack", r->header.stack) || !read_text(s, "profile", r->header.profile))
        return false;
    if (!scan_accept_word(s, "settle"))
        return scan_fail(s, "settle");
    if (!read_number(s, &r->header.settle_ms, 0, 60000, "how many ms everything takes to arrive"))
        return false;
    r->header.ports = PORT_BASE;
    if (scan_accept_word(s, "ports") &&
        !read_number(s, &r->header.ports, 0, UINT16_MAX - PORTS_FIXED, "where ports begin"))
        return false;
    r->header.slow = scan_accept_word(s, "slow");
    return scan_line_end(s) || scan_fail(s, "the end of the line");
}

/* --- outcomes --- */

static bool read_error(struct scan *s, struct outcome *o)
{
    struct word word;

    if (scan_accept_word(s, "errno"))
        return read_number(s, &o->error, 0, INT16_MAX, "an error's number");
    if (!scan_peek_word(s, &word) || (o->error = errno_number(word.text, word.size)) == 0)
        return scan_fail(s, "an error's name, such as EAGAIN");
    s->next += word.size;
    return true;
}

static bool read_events(struct parser *p, struct outcome *o, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint8_t bits;

        if ((i > 0 && !scan_expect(&p->scan, ',')) || !parse_flags(p, FLAGS_POLL, &bits))
            return false;
        o->fds[i].revents = (short)flags_value(FLAGS_POLL, bits);
    }
    return true;
}

/* Reads the halves of an event's data, and its events. */
static bool read_raw_event(struct scan *s, struct epoll_event *event)
{
    int64_t numbers[3];

    for (unsigned i = 0; i < 3; i++)
        if (!scan_expect(s, i == 0 ? '(' : ',') ||
            !scan_number(s, &numbers[i], 0, UINT32_MAX, "an event's data and bits"))
            return false;
    event->data.u64 = (uint64_t)numbers[0] << 32 | (uint64_t)numbers[1];
    event->events = (uint32_t)numbers[2];
    return scan_expect(s, ')');
}

static bool read_event(struct parser *p, struct epoll_event *event)
{
    uint8_t fd;
    uint8_t bits;

    if (scan_accept_word(&p->scan, "raw"))
        return read_raw_event(&p->scan, event);
    if (!scan_expect(&p->scan, '{') || !parse_fd_ref(p, &fd) || !scan_expect(&p->scan, ',') ||
        !parse_flags(p, FLAGS_EPOLL_READY, &bits))
        return false;
    event->data.u64 = fd;
    event->events = (uint32_t)flags_value(FLAGS_EPOLL_READY, bits);
    return scan_expect(&p->scan, '}');
}

/* As many events as the call says that there are, which no call says of more than it has room for.
 */
static bool read_reported(struct parser *p, struct outcome *o)
{
    for (int64_t i = 0; i < o->result && i < POLL_ENTRIES_MAX; i++)
        if ((i > 0 && !scan_expect(&p->scan, ',')) || !read_event(p, &o->events[i]))
            return false;
    return scan_expect(&p->scan, ']');
}

static bool read_bracketed(struct trace_reader *r, struct trace_line *line, unsigned entries)
{
    struct outcome *o = &line->outcome;
    struct scan *s = &r->parser.scan;
    int value;

    if (line->op == OP_epoll_wait)
        return read_reported(&r->parser, o);
    if (call_has(line->op, ARG_POLL_SET) || call_has(line->op, ARG_SELECT_SET))
        return read_events(&r->parser, o, entries) && scan_expect(s, ']');
    if (!read_number(s, &value, INT32_MIN, INT32_MAX, "a value"))
        return false;
    if (line->op == OP_getsockopt) {
        memcpy(r->data, &value, sizeof value);
        o->data = r->data;
        o->data_size = sizeof value;
    } else {
        o->has_value = true;
        o->value = value;
    }
    return scan_expect(s, ']');
}

static bool read_raw_name(struct scan *s, struct outcome *o)
{
    int length;
    size_t size;

    if (!scan_expect(s, '(') || !read_number(s, &length, 1, INT32_MAX, "a name's length") ||
        !scan_expect(s, ',') || !scan_string(s, (uint8_t *)&o->address, sizeof o->address, &size))
        return false;
    o->address_length = (socklen_t)length;
    return scan_expect(s, ')');
}

/* A host and a port as they are written everywhere. */
static bool read_name(struct scan *s, struct outcome *o)
{
    static const char what[] = "a name: 127.0.0.1:80, [::1]:80 or raw(length, \"bytes\")";
    struct text_host host;
    const char *start;
    size_t size = 0;
    int port;
    bool v6;

    if (scan_accept_word(s, "raw"))
        return read_raw_name(s, o);
    v6 = scan_accept(s, '[');
    start = s->next;
    while (start + size < s->end && strchr(v6 ? "]\n" : ":\n", start[size]) == NULL)
        size++;
    if (!text_host_parse(&host, v6 ? AF_INET6 : AF_INET, start, size))
        return scan_fail_at(s, start, "expected %s", what);
    s->next += size;
    if ((v6 && !scan_expect(s, ']')) || !scan_expect(s, ':') ||
        !read_number(s, &port, 0, UINT16_MAX, "a port"))
        return false;
    host.port = (uint16_t)port;
    o->address_length = text_host_write(&host, (uint8_t *)&o->address);
    return true;
}

/* What recvmsg tells beside data and name; control has room for CONTROL_BYTES_MAX. */
static bool read_message_rest(struct scan *s, int *message_flags, uint8_t *control, size_t *size)
{
    if (scan_accept_word(s, "flags") &&
        !read_number(s, message_flags, INT32_MIN, INT32_MAX, "a message's flags"))
        return false;
    return !scan_accept_word(s, "control") || scan_string(s, control, CONTROL_BYTES_MAX, size);
}

static bool read_one_of_many(struct trace_reader *r, struct message *m, size_t *used,
                             uint8_t *control)
{
    struct scan *s = &r->parser.scan;
    struct outcome named = {.address_length = 0};
    int64_t length;

    if (!scan_expect(s, '{') || !scan_number(s, &length, 0, UINT32_MAX, "a message's length"))
        return false;
    *m = (struct message){.length = (uint32_t)length, .data = r->data + *used, .control = control};
    scan_blank(s);
    if (s->next < s->end && *s->next == '"' &&
        !scan_string(s, r->data + *used, sizeof r->data - *used, &m->data_size))
        return false;
    *used += m->data_size;
    if (scan_accept(s, '@') && !read_name(s, &named))
        return false;
    m->address = named.address;
    m->address_length = named.address_length;
    return read_message_rest(s, &m->flags, control, &m->control_size) && scan_expect(s, '}');
}

static bool read_many(struct trace_reader *r, struct outcome *o)
{
    size_t used = 0;

    for (int64_t i = 0; i < o->result && i < PARTS_MAX; i++)
        if (!read_one_of_many(r, &o->messages[i], &used, r->controls[i]))
            return false;
    return true;
}

static bool read_content(struct trace_reader *r, struct trace_line *line, unsigned entries)
{
    struct scan *s = &r->parser.scan;
    struct outcome *o = &line->outcome;

    if (scan_accept(s, '[') && !read_bracketed(r, line, entries))
        return false;
    scan_blank(s);
    if (s->next < s->end && *s->next == '"') {
        if (!scan_string(s, r->data, sizeof r->data, &o->data_size))
            return false;
        o->data = r->data;
    }
    if (scan_accept(s, '@') && !read_name(s, o))
        return false;
    if (call_many(line->op))
        return read_many(r, o);
    o->control = r->controls[0];
    return read_message_rest(s, &o->message_flags, r->controls[0], &o->control_size);
}

static bool read_result(struct trace_reader *r, struct trace_line *line, unsigned entries)
{
    struct scan *s = &r->parser.scan;
    struct outcome *o = &line->outcome;

    if (scan_accept_text(s, TEXT_UNFINISHED)) {
        o->kind = OUTCOME_UNFINISHED;
        o->result = -1;
        return true;
    }
    if (!scan_number(s, &o->result, INT32_MIN, INT32_MAX, "an outcome") ||
        (o->result < 0 && !read_error(s, o)) || !read_content(r, line, entries))
        return false;
    if (scan_accept_text(s, TEXT_UNFINISHED))
        o->kind = OUTCOME_UNFINISHED;
    return true;
}

/* Reads what stands behind a call. */
static bool read_outcome(struct trace_reader *r, struct trace_line *line, unsigned entries)
{
    struct scan *s = &r->parser.scan;
    int took_us;

    if (!scan_accept_text(s, "->"))
        return scan_fail(s, "\"->\" and what the call came to");
    memset(&line->outcome, 0, sizeof line->outcome);
    line->outcome.data = r->data;
    if (scan_accept_word(s, "refused"))
        line->outcome.kind = OUTCOME_REFUSED;
    else if (scan_accept_word(s, "unsupported"))
        line->outcome.kind = OUTCOME_UNSUPPORTED;
    else if (scan_accept_word(s, "busy"))
        line->outcome.kind = OUTCOME_BUSY;
    else if (!read_result(r, line, entries))
        return false;
    if (!scan_accept_word(s, "took"))
        return true;
    if (!read_number(s, &took_us, 1, 60000000, "how many microseconds the call took"))
        return false;
    line->outcome.took_us = (uint32_t)took_us;
    return true;
}

/* --- lines --- */

static bool read_asked(struct trace_reader *r, struct trace_line *line)
{
    struct scan *s = &r->parser.scan;

    line->kind = TRACE_ASKED;
    if (scan_accept_word(s, "getsockname"))
        line->op = OP_getsockname;
    else if (scan_accept_word(s, "getpeername"))
        line->op = OP_getpeername;
    else
        return scan_fail(s, "getsockname or getpeername");
    return scan_expect(s, '(') &&
           read_number(s, &line->fd, INT32_MIN, INT32_MAX, "a descriptor's number") &&
           scan_expect(s, ')') && read_outcome(r, line, 0);
}

static bool read_not_socket(struct trace_reader *r, struct trace_line *line)
{
    struct scan *s = &r->parser.scan;

    line->kind = TRACE_NOT_SOCKET;
    if (!scan_accept_text(s, "->"))
        return scan_fail(s, "\"->\" and the descriptor's number");
    return read_number(s, &line->fd, 0, INT32_MAX, "a descriptor's number");
}

static bool read_end(struct trace_reader *r, struct trace_line *line)
{
    struct scan *s = &r->parser.scan;
    const char *place = s->next;
    int lines;

    line->kind = TRACE_END;
    if (!read_number(s, &lines, 0, INT32_MAX, "how many lines the trace has"))
        return false;
    if ((uint32_t)lines != r->lines)
        return scan_fail_at(s, place, "the trace had %d lines when it was recorded, and has %u",
                            lines, r->lines);
    r->ended = true;
    return true;
}

static bool read_call(struct trace_reader *r, struct trace_line *line)
{
    struct parser *p = &r->parser;
    struct scan *s = &p->scan;

    line->kind = TRACE_CALL;
    p->drill->call_count = 0;
    p->call = &p->drill->calls[0];
    memset(p->call, 0, sizeof *p->call);
    if (!parse_call(p))
        return false;
    line->call = p->call;
    line->op = (enum op)p->call->op;
    if (!read_outcome(r, line, p->call->entry_count))
        return false;
    if (!scan_accept_word(s, "waited"))
        return true;
    if (!call_waits_for_events(line->op) && line->call->act != ACT_RESUME)
        return scan_fail(s, "the end of the line: only poll and its like wait so");
    return read_number(s, &line->waited_ms, 0, 60000, "how many ms the call was given");
}

/* An actor's call that ended before the drill asks for it. */
static bool read_resumed(struct trace_reader *r, struct trace_line *line)
{
    const char *place = r->parser.scan.next;

    if (!read_call(r, line))
        return false;
    line->kind = TRACE_RESUMED;
    return line->call->act == ACT_RESUME ||
           scan_fail_at(&r->parser.scan, place, "expected what an actor resumes");
}

/* Whether it is the trace's end; a variable may be called so too. */
static bool accept_end(struct scan *s)
{
    const char *place = s->next;

    if (!scan_accept_word(s, "end"))
        return false;
    if (!scan_accept(s, '='))
        return true;
    s->next = place;
    return false;
}

static bool read_any(struct trace_reader *r, struct trace_line *line)
{
    struct scan *s = &r->parser.scan;
    struct word word;

    if (scan_accept(s, '?'))
        return scan_peek_word(s, &word) && word.size == 1 ? read_resumed(r, line)
                                                          : read_asked(r, line);
    if (scan_accept_word(s, text_fd_names[FD_NOT_SOCKET - SLOTS_MAX]))
        return read_not_socket(r, line);
    if (accept_end(s))
        return read_end(r, line);
    return read_call(r, line);
}

bool trace_read_line(struct trace_reader *r, struct trace_line *line)
{
    struct scan *s = &r->parser.scan;
    const char *start;

    do {
        if (s->next == s->end)
            return scan_fail_at(s, s->next,
                                "the trace is cut off: its last line, \"end\", is missing; record "
                                "it again");
        start = s->next;
        line->number = s->line;
    } while (scan_line_end(s));
    line->text = start;
    line->waited_ms = -1;
    line->call = NULL;
    if (!read_any(r, line))
        return false;
    line->size = (size_t)(s->next - start);
    r->lines += line->kind != TRACE_END;
    if (!scan_line_end(s))
        return scan_fail(s, "the end of the line");
    if (!r->ended)
        return true;
    while (s->next < s->end)
        if (!scan_line_end(s))
            return scan_fail(s, "nothing after the trace's end");
    return true;
}
