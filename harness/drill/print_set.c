/* print_set: sets of descriptors, asked for and ready; parse_set.c reads them. */
#include "drill/printer.h"
#include "drill/text.h"

/* Writes a set that is no memory, and how many members it claims to have. */
static bool print_claimed_set(struct printer *p)
{
    if (!print_bad(p, BAD_DATA))
        return false;
    fprintf(print_next(p), "%u", p->call->entry_count);
    return true;
}

void print_poll_set(struct printer *p)
{
    const char *separator = "[";
    FILE *out;

    if (print_claimed_set(p))
        return;
    out = print_next(p);
    for (size_t i = 0; i < p->call->entry_count; i++) {
        fprintf(out, "%s{", separator);
        drill_print_fd(out, p->call->entries[i].fd, p->notes);
        fputs(", ", out);
        flags_print(out, FLAGS_POLL, p->call->entries[i].events);
        fputc('}', out);
        separator = ", ";
    }
    fputc(']', out);
}

/* Writes "rw s": in which of select's sets a descriptor is, and the descriptor. */
static void print_select_member(FILE *out, unsigned fd, unsigned sets,
                                const struct drill_notes *notes)
{
    for (unsigned i = 0; i < TEXT_SELECT_SETS; i++)
        if (sets >> i & 1)
            fputc(text_select_sets[i], out);
    fputs(sets == 0 ? "0 " : " ", out);
    drill_print_fd(out, fd, notes);
}

void print_select_set(struct printer *p)
{
    const char *separator = "[";
    FILE *out;

    if (print_claimed_set(p))
        return;
    out = print_next(p);
    for (size_t i = 0; i < p->call->entry_count; i++) {
        fputs(separator, out);
        print_select_member(out, p->call->entries[i].fd, p->call->entries[i].events, p->notes);
        separator = ", ";
    }
    fputc(']', out);
}

/* --- what is ready --- */

/* The bits of a set that a value has. */
static unsigned bits_of(enum flag_set set, unsigned value)
{
    const struct value_table *table = flags(set);
    unsigned bits = 0;

    for (unsigned i = 0; i < table->count; i++)
        if (value & (unsigned)table->entries[i].value)
            bits |= 1u << i;
    return bits;
}

static void print_member(FILE *out, unsigned fd, enum flag_set set, unsigned bits,
                         const struct drill_notes *notes)
{
    fputc('{', out);
    drill_print_fd(out, fd, notes);
    fputs(", ", out);
    flags_print(out, set, bits);
    fputc('}', out);
}

static unsigned select_sets(int revents)
{
    return (revents & POLLIN ? SELECT_READ : 0) | (revents & POLLOUT ? SELECT_WRITE : 0) |
           (revents & POLLPRI ? SELECT_EXCEPT : 0);
}

static void print_polled(FILE *out, const struct call *call, const struct outcome *outcome,
                         const struct drill_notes *notes)
{
    bool selects = call_has(call->op, ARG_SELECT_SET);
    const char *separator = "";

    for (size_t i = 0; i < call->entry_count; i++) {
        int revents = outcome->fds[i].revents;
        unsigned bits = selects ? select_sets(revents) : bits_of(FLAGS_POLL, (unsigned)revents);

        if (bits == 0)
            continue;
        fputs(separator, out);
        if (selects)
            print_select_member(out, call->entries[i].fd, bits, notes);
        else
            print_member(out, call->entries[i].fd, FLAGS_POLL, bits, notes);
        separator = ", ";
    }
}

/* An event bears what the drill named when it added the member. */
static void print_events(FILE *out, const struct outcome *outcome, const struct drill_notes *notes)
{
    for (int64_t i = 0; i < outcome->result && i < POLL_ENTRIES_MAX; i++) {
        const struct epoll_event *event = &outcome->events[i];
        unsigned fd = event->data.u64 < FD_REFS_END ? (unsigned)event->data.u64 : FD_NEGATIVE;

        fputs(i > 0 ? ", " : "", out);
        print_member(out, fd, FLAGS_EPOLL_READY, bits_of(FLAGS_EPOLL_READY, event->events), notes);
    }
}

void outcome_print_ready(FILE *out, const struct call *call, const struct outcome *outcome,
                         const struct drill_notes *notes)
{
    fputs(" [", out);
    if (call->op == OP_epoll_wait)
        print_events(out, outcome, notes);
    else
        print_polled(out, call, outcome, notes);
    fputc(']', out);
}
