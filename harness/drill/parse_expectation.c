/*
 * parse_expectation: what may stand after a call. It is kept as text in canonical form, which is
 * also how an outcome is written, so that checking is comparing.
 */
#include <inttypes.h>
#include <string.h>

#include "drill/parser.h"
#include "drill/text.h"

bool parse_errno(struct parser *p, FILE *out)
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

/* Reads what stands in brackets: a number, an error's name, or a list that the call returns. */
static bool parse_bracketed(struct parser *p, FILE *out)
{
    struct word word;
    int64_t number;

    fputc('[', out);
    if (call_waits_for_events(p->call->op)) {
        if (!parse_ready(p, out))
            return false;
    } else if (p->call->op == OP_recvmsg || call_many(p->call->op)) {
        if (!scan_expect(&p->scan, '{') ||
            !(call_many(p->call->op) ? parse_received_messages(p, out)
                                     : parse_received_control(p, out)))
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

bool parse_received_data(struct parser *p, FILE *out, bool empty)
{
    const uint8_t *bytes;
    size_t size;

    scan_blank(&p->scan);
    if (p->scan.next == p->scan.end || *p->scan.next != '"')
        return true;
    if (!parse_bytes(p, &bytes, DRILL_BYTES_MAX, &size))
        return false;
    if (size == 0 && empty)
        return true; /* nothing received is written as nothing */
    fputc(' ', out);
    drill_print_bytes(out, bytes, size);
    return true;
}

bool parse_received_flags(struct parser *p, FILE *out)
{
    struct word word;
    uint8_t bits;

    if (!scan_peek_word(&p->scan, &word) || word.size < 4 || strncmp(word.text, "MSG_", 4) != 0)
        return true;
    if (!parse_flags(p, FLAGS_MESSAGE, &bits))
        return false;
    fputc(' ', out);
    flags_print(out, FLAGS_MESSAGE, bits);
    return true;
}

/* Reads the details that may follow a result, in the order in which they are written. */
static bool parse_details(struct parser *p, FILE *out, int64_t number)
{
    struct word word;

    if (!parse_received_data(p, out, number == 0))
        return false;
    if (scan_accept(&p->scan, '[')) {
        fputc(' ', out);
        if (!parse_bracketed(p, out))
            return false;
    }
    if (!parse_received_flags(p, out))
        return false;
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
    if (!parse_details(p, out, number))
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
    if (p->call->act == ACT_SIGNAL)
        return scan_fail(&p->scan, "the end of the line: what comes of a signal its actor shows");
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
