/*
 * parse_expectation: what may stand after a call. It is kept as text in canonical form, which is
 * also how an outcome is written, so that checking is comparing.
 */
#include <inttypes.h>

#include "drill/parser.h"
#include "drill/text.h"

static bool parse_errno(struct parser *p, FILE *out)
{
    struct word word;
    int64_t number;

    if (scan_accept_word(&p->scan, "errno")) {
        if (!scan_number(&p->scan, &number, 1, INT16_MAX, "an error's number"))
            return false;
        fprintf(out, "errno %" PRId64, number);
        return true;
    }
    if (!scan_peek_word(&p->scan, &word) || errno_number(word.text, word.size) == 0)
        return scan_fail(&p->scan, "an error's name, such as EAGAIN");
    p->scan.next += word.size;
    fprintf(out, "%.*s", (int)word.size, word.text);
    return true;
}

/* Reads "{s, POLLIN}, {c, POLLOUT}" after the first brace. */
static bool parse_members(struct parser *p, FILE *out)
{
    const char *separator = "";
    uint8_t fd;
    uint8_t bits;

    do {
        if (*separator != '\0' && !scan_expect(&p->scan, '{'))
            return false;
        if (!parse_fd_ref(p, &fd) || !scan_expect(&p->scan, ',') ||
            !parse_flags(p, FLAGS_POLL, &bits) || !scan_expect(&p->scan, '}'))
            return false;
        fprintf(out, "%s{", separator);
        drill_print_fd(out, fd, p->notes);
        fputs(", ", out);
        flags_print(out, FLAGS_POLL, bits);
        fputc('}', out);
        separator = ", ";
    } while (scan_accept(&p->scan, ','));
    return true;
}

/* Reads what stands in brackets: a number, an error's name, or the ready members of a poll set. */
static bool parse_bracketed(struct parser *p, FILE *out)
{
    struct word word;
    int64_t number;

    fputc('[', out);
    if (scan_accept(&p->scan, '{')) {
        if (!parse_members(p, out))
            return false;
    } else if (scan_peek_word(&p->scan, &word)) {
        if (!parse_errno(p, out))
            return false;
    } else if (scan_number(&p->scan, &number, INT32_MIN, UINT32_MAX, "a value")) {
        fprintf(out, "%" PRId64, number);
    } else {
        return false;
    }
    fputc(']', out);
    return scan_expect(&p->scan, ']');
}

static bool parse_detail(struct parser *p, FILE *out, int64_t number)
{
    const uint8_t *bytes;
    struct word word;
    size_t size;

    scan_blank(&p->scan);
    if (p->scan.next == p->scan.end)
        return true;
    if (*p->scan.next == '"') {
        if (!parse_bytes(p, &bytes, DRILL_BYTES_MAX, &size))
            return false;
        if (size == 0 && number == 0)
            return true; /* nothing received is written as nothing */
        fputc(' ', out);
        drill_print_bytes(out, bytes, size);
        return true;
    }
    if (scan_accept(&p->scan, '[')) {
        fputc(' ', out);
        return parse_bracketed(p, out);
    }
    if (!scan_peek_word(&p->scan, &word))
        return true;
    fputc(' ', out);
    return parse_errno(p, out);
}

static bool parse_result(struct parser *p, FILE *out)
{
    int64_t number;

    if (scan_accept_text(&p->scan, ">=")) {
        fputs(">= 0", out);
        return scan_number(&p->scan, &number, 0, 0, "0: a new descriptor's number is not fixed");
    }
    if (!scan_expect(&p->scan, '=') ||
        !scan_number(&p->scan, &number, -1, DATA_BYTES_MAX, "a result"))
        return false;
    fprintf(out, "= %" PRId64, number);
    if (!parse_detail(p, out, number))
        return false;
    if (scan_accept_text(&p->scan, TEXT_UNFINISHED))
        fputs(" " TEXT_UNFINISHED, out);
    return true;
}

bool parse_expectation(struct parser *p)
{
    struct drill_notes *notes = p->notes;
    char *start = notes->text + notes->text_used;
    size_t room = sizeof notes->text - notes->text_used;
    const char *place = p->scan.next;
    FILE *out;
    long used;
    bool parsed = true;

    scan_blank(&p->scan);
    if (p->scan.next == p->scan.end || *p->scan.next == '#' || *p->scan.next == '\n' ||
        *p->scan.next == '\r')
        return true;
    out = fmemopen(start, room, "w");
    if (out == NULL)
        return scan_fail_at(&p->scan, place, "no memory for the expectation");
    if (scan_accept_text(&p->scan, TEXT_UNFINISHED))
        fputs(TEXT_UNFINISHED, out);
    else
        parsed = parse_result(p, out);
    used = ftell(out);
    fclose(out);
    if (!parsed)
        return false;
    if (used < 0 || (size_t)used + 1 >= room)
        return scan_fail_at(&p->scan, place, "the drill's expectations are too long");
    notes->expected[p->drill->call_count] = start;
    start[used] = '\0';
    notes->text_used += (uint32_t)used + 1;
    return true;
}
