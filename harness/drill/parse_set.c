/* parse_set: sets of descriptors, asked for and ready, the counterpart of print_set.c. */
#include <string.h>

#include "drill/parser.h"
#include "drill/record.h"

/* Adds a member, if there may be another. */
static bool add_member(struct parser *p, struct poll_entry **entry)
{
    if (p->call->entry_count == POLL_ENTRIES_MAX)
        return scan_fail(&p->scan, "at most four members");
    *entry = &p->call->entries[p->call->entry_count];
    return parse_reserve(p, p->call->entry_count++ > 0 ? PAIR_BYTES : 0);
}

/* Reads "{s, POLLIN}", of which the set names the events. */
static bool parse_member(struct parser *p, enum flag_set set, struct poll_entry *entry)
{
    return scan_expect(&p->scan, '{') && parse_fd_ref(p, &entry->fd) &&
           scan_expect(&p->scan, ',') && parse_flags(p, set, &entry->events) &&
           scan_expect(&p->scan, '}');
}

/* Reads how many members a set that is no memory claims to have. */
static bool parse_claimed_set(struct parser *p)
{
    int64_t count;

    if (!scan_expect(&p->scan, ',') ||
        !scan_number(&p->scan, &count, 0, POLL_ENTRIES_MAX, "how many members"))
        return false;
    p->call->entry_count = (uint8_t)count;
    return true;
}

bool parse_poll_set(struct parser *p)
{
    struct poll_entry *entry = NULL;

    if (parse_bad(p, BAD_DATA))
        return parse_claimed_set(p);
    if (!scan_expect(&p->scan, '['))
        return false;
    do
        if (!add_member(p, &entry) || !parse_member(p, FLAGS_POLL, entry))
            return false;
    while (scan_accept(&p->scan, ','));
    return scan_expect(&p->scan, ']');
}

/* Reads "r", "wx" or 0. */
static bool parse_sets(struct parser *p, uint8_t *sets)
{
    struct word word;
    size_t used = 0;

    *sets = 0;
    if (scan_accept(&p->scan, '0'))
        return true;
    if (scan_peek_word(&p->scan, &word))
        for (unsigned i = 0; i < TEXT_SELECT_SETS; i++)
            if (used < word.size && word.text[used] == text_select_sets[i]) {
                *sets |= (uint8_t)(1u << i);
                used++;
            }
    if (used == 0 || used < word.size)
        return scan_fail(&p->scan, "sets, such as r, w or rwx, and a descriptor");
    p->scan.next += used;
    return true;
}

static bool parse_select_member(struct parser *p, struct poll_entry *entry)
{
    return parse_sets(p, &entry->events) && parse_fd_ref(p, &entry->fd);
}

bool parse_select_set(struct parser *p)
{
    struct poll_entry *entry = NULL;

    if (parse_bad(p, BAD_DATA))
        return parse_claimed_set(p);
    if (!scan_expect(&p->scan, '['))
        return false;
    do
        if (!add_member(p, &entry) || !parse_select_member(p, entry))
            return false;
    while (scan_accept(&p->scan, ','));
    return scan_expect(&p->scan, ']');
}

/* --- what is ready --- */

static void write_member(FILE *out, const struct parser *p, enum flag_set set,
                         const struct poll_entry *entry)
{
    fputc('{', out);
    drill_print_fd(out, entry->fd, p->notes);
    fputs(", ", out);
    flags_print(out, set, entry->events);
    fputc('}', out);
}

static void write_select_member(FILE *out, const struct parser *p, const struct poll_entry *entry)
{
    for (unsigned i = 0; i < TEXT_SELECT_SETS; i++)
        if (entry->events >> i & 1)
            fputc(text_select_sets[i], out);
    fputs(entry->events == 0 ? "0 " : " ", out);
    drill_print_fd(out, entry->fd, p->notes);
}

bool parse_ready(struct parser *p, FILE *out)
{
    enum flag_set set = p->call->op == OP_epoll_wait ? FLAGS_EPOLL_READY : FLAGS_POLL;
    bool selects = call_has(p->call->op, ARG_SELECT_SET);
    const char *separator = "";
    struct poll_entry entry;

    do {
        if (selects ? !parse_select_member(p, &entry) : !parse_member(p, set, &entry))
            return false;
        fputs(separator, out);
        if (selects)
            write_select_member(out, p, &entry);
        else
            write_member(out, p, set, &entry);
        separator = ", ";
    } while (scan_accept(&p->scan, ','));
    return true;
}
