/* trace: how a trace is written. See trace.h. */
#include "drill/trace.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "drill/text.h"

static void print_text(FILE *out, const char *key, const char *text)
{
    fprintf(out, " %s ", key);
    drill_print_bytes(out, (const uint8_t *)text, strlen(text));
}

void trace_print_header(FILE *out, const struct trace_header *header)
{
    fprintf(out, "trace %d", TRACE_VERSION);
    print_text(out, "stack", header->stack);
    print_text(out, "profile", header->profile);
    fprintf(out, " settle %d ports %d%s\n", header->settle_ms, header->ports,
            header->slow ? " slow" : "");
}

/* Whether a host and a port are all that a name says. */
static bool is_plain(const struct outcome *o, struct text_host *host)
{
    struct sockaddr_storage again;

    memset(&again, 0, sizeof again);
    if (!text_host_of_raw(host, (const uint8_t *)&o->address, o->address_length))
        return false;
    text_host_write(host, (uint8_t *)&again);
    return memcmp(&again, &o->address, sizeof again) == 0;
}

static void print_name(FILE *out, const struct outcome *o)
{
    const uint8_t *bytes = (const uint8_t *)&o->address;
    size_t size = sizeof o->address;
    struct text_host host;
    char text[INET6_ADDRSTRLEN];

    if (is_plain(o, &host)) {
        inet_ntop(host.family, host.bytes, text, sizeof text);
        fprintf(out, host.family == AF_INET ? " @ %s:%u" : " @ [%s]:%u", text, host.port);
        return;
    }
    while (size > 0 && bytes[size - 1] == 0)
        size--;
    fprintf(out, " @ raw(%u, ", (unsigned)o->address_length);
    drill_print_bytes(out, bytes, size);
    fputc(')', out);
}

/* The events of each member, in the order of the set. */
static void print_events(FILE *out, const struct outcome *o, unsigned count)
{
    const struct value_table *table = flags(FLAGS_POLL);

    fputs(" [", out);
    for (unsigned i = 0; i < count; i++) {
        unsigned bits = 0;

        for (unsigned b = 0; b < table->count; b++)
            if (o->fds[i].revents & table->entries[b].value)
                bits |= 1u << b;
        fputs(i > 0 ? ", " : "", out);
        flags_print(out, FLAGS_POLL, bits);
    }
    fputc(']', out);
}

/* What no drill could have added, or asked for, is told as numbers. */
static void print_event(FILE *out, const struct epoll_event *event, const struct drill_notes *notes)
{
    const struct value_table *table = flags(FLAGS_EPOLL_READY);
    unsigned known = 0;
    unsigned bits = 0;

    for (unsigned b = 0; b < table->count; b++)
        if (event->events & (unsigned)table->entries[b].value) {
            known |= (unsigned)table->entries[b].value;
            bits |= 1u << b;
        }
    if (known != event->events || event->data.u64 >= FD_REFS_END) {
        fprintf(out, "raw(%u, %u, %u)", (uint32_t)(event->data.u64 >> 32),
                (uint32_t)event->data.u64, event->events);
        return;
    }
    fputc('{', out);
    drill_print_fd(out, (unsigned)event->data.u64, notes);
    fputs(", ", out);
    flags_print(out, FLAGS_EPOLL_READY, bits);
    fputc('}', out);
}

static void print_reported(FILE *out, const struct outcome *o, const struct drill_notes *notes)
{
    fputs(" [", out);
    for (int64_t i = 0; i < o->result && i < POLL_ENTRIES_MAX; i++) {
        fputs(i > 0 ? ", " : "", out);
        print_event(out, &o->events[i], notes);
    }
    fputc(']', out);
}

/* What recvmsg tells beside data and name: as bytes, for all of it counts when it is judged. */
static void print_message_rest(FILE *out, int message_flags, const uint8_t *control, size_t size)
{
    if (message_flags != 0)
        fprintf(out, " flags %d", message_flags);
    if (size == 0)
        return;
    fputs(" control ", out);
    drill_print_bytes(out, control, size);
}

static void print_many(FILE *out, const struct outcome *o)
{
    for (int64_t i = 0; i < o->result && i < PARTS_MAX; i++) {
        const struct message *m = &o->messages[i];
        const struct outcome named = {.address = m->address, .address_length = m->address_length};

        fprintf(out, " {%u", m->length);
        if (m->data_size > 0) {
            fputc(' ', out);
            drill_print_bytes(out, m->data, m->data_size);
        }
        if (m->address_length > 0)
            print_name(out, &named);
        print_message_rest(out, m->flags, m->control, m->control_size);
        fputc('}', out);
    }
}

static void print_content(FILE *out, enum op op, unsigned entries, const struct outcome *o,
                          const struct drill_notes *notes)
{
    bool set = call_has(op, ARG_POLL_SET) || call_has(op, ARG_SELECT_SET);
    int value;

    if (o->has_value) {
        fprintf(out, " [%d]", o->value);
    } else if (set && o->result > 0) {
        print_events(out, o, entries);
    } else if (op == OP_epoll_wait && o->result > 0) {
        print_reported(out, o, notes);
    } else if (op == OP_getsockopt && o->data_size == sizeof value) {
        memcpy(&value, o->data, sizeof value);
        fprintf(out, " [%d]", value);
    } else if (o->data_size > 0) {
        fputc(' ', out);
        drill_print_bytes(out, o->data, o->data_size);
    }
    if (o->address_length > 0)
        print_name(out, o);
    if (call_many(op))
        print_many(out, o);
    else
        print_message_rest(out, o->message_flags, o->control, o->control_size);
}

static void print_result(FILE *out, enum op op, unsigned entries, const struct outcome *o,
                         const struct drill_notes *notes)
{
    const char *name = errno_name(o->error);

    if (o->kind == OUTCOME_UNFINISHED && o->result < 0) {
        fputs(" " TEXT_UNFINISHED, out);
        return;
    }
    fprintf(out, " %" PRId64, o->result);
    if (o->result < 0 && name != NULL)
        fprintf(out, " %s", name);
    else if (o->result < 0)
        fprintf(out, " errno %d", o->error);
    print_content(out, op, entries, o, notes);
    if (o->kind == OUTCOME_UNFINISHED)
        fputs(" " TEXT_UNFINISHED, out);
}

static void print_outcome(FILE *out, enum op op, unsigned entries, const struct outcome *o,
                          const struct drill_notes *notes)
{
    fputs(" ->", out);
    if (o->kind == OUTCOME_REFUSED)
        fputs(" refused", out);
    else if (o->kind == OUTCOME_UNSUPPORTED)
        fputs(" unsupported", out);
    else if (o->kind == OUTCOME_BUSY)
        fputs(" busy", out);
    else
        print_result(out, op, entries, o, notes);
    if (o->took_us > 0)
        fprintf(out, " took %u", o->took_us);
}

void trace_print_call(FILE *out, const struct call *call, const struct outcome *o, int waited_ms,
                      const struct drill_notes *notes)
{
    drill_print_call(out, call, notes);
    print_outcome(out, (enum op)call->op, call->entry_count, o, notes);
    if (waited_ms >= 0)
        fprintf(out, " waited %d", waited_ms);
    fputc('\n', out);
}

void trace_print_resumed(FILE *out, const struct call *call, const struct outcome *o,
                         const struct drill_notes *notes)
{
    fputs("? ", out);
    trace_print_call(out, call, o, -1, notes);
}

void trace_print_asked(FILE *out, enum op op, int fd, const struct outcome *o)
{
    fprintf(out, "? %s(%d)", call_info(op)->name, fd);
    print_outcome(out, op, 0, o, NULL);
    fputc('\n', out);
}

void trace_print_not_socket(FILE *out, int fd)
{
    fprintf(out, "not_socket -> %d\n", fd);
}

void trace_print_end(FILE *out, uint32_t lines)
{
    fprintf(out, "end %u\n", lines);
}
