/* parse_received: what an expectation says of messages, the counterpart of outcome_message.c. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "drill/parser.h"
#include "drill/printer.h"

static bool at_brace(struct parser *p)
{
    scan_blank(&p->scan);
    return p->scan.next < p->scan.end && *p->scan.next == '}';
}

static bool parse_value(struct parser *p, FILE *out, const struct control_info *info)
{
    struct text_host host = {.family = AF_INET};
    int64_t number;

    if (at_brace(p))
        return true; /* it never has one, or it has been cut off */
    fputc(' ', out);
    if (info->form == CONTROL_ERROR)
        return parse_errno(p, out);
    if (info->form == CONTROL_HOST) {
        if (!parse_host(p, &host))
            return false;
        print_host(out, host.family, host.bytes);
        return true;
    }
    if (!scan_number(&p->scan, &number, INT32_MIN, INT32_MAX, "a value"))
        return false;
    fprintf(out, "%" PRId64, number);
    return true;
}

/* Reads "level 0 type 7": a kind of message that controls.def does not have. */
static bool parse_unknown(struct parser *p, FILE *out)
{
    int64_t level;
    int64_t type;

    if (!scan_number(&p->scan, &level, INT32_MIN, INT32_MAX, "a level"))
        return false;
    if (!scan_accept_word(&p->scan, "type"))
        return scan_fail(&p->scan, "\"type\"");
    if (!scan_number(&p->scan, &type, INT32_MIN, INT32_MAX, "a type"))
        return false;
    fprintf(out, "{level %" PRId64 " type %" PRId64 "}", level, type);
    return true;
}

/* Reads one message after its brace, and the brace that ends it. */
static bool parse_ancillary(struct parser *p, FILE *out)
{
    struct word name;
    size_t count;
    const struct control_info *info = controls(&count);

    if (scan_accept_word(&p->scan, "level"))
        return parse_unknown(p, out) && scan_expect(&p->scan, '}');
    if (scan_peek_word(&p->scan, &name))
        for (size_t i = 0; i < count; i++, info++) {
            if (!word_is(&name, info->name))
                continue;
            p->scan.next += name.size;
            fprintf(out, "{%s", info->name);
            if (!parse_value(p, out, info))
                return false;
            fputc('}', out);
            return scan_expect(&p->scan, '}');
        }
    return scan_fail(&p->scan, "an ancillary message, see lists/controls.def");
}

bool parse_received_control(struct parser *p, FILE *out)
{
    const char *separator = "";

    do {
        if (*separator != '\0' && !scan_expect(&p->scan, '{'))
            return false;
        fputs(separator, out);
        if (!parse_ancillary(p, out))
            return false;
        separator = ", ";
    } while (scan_accept(&p->scan, ','));
    return true;
}

static bool parse_message_control(struct parser *p, FILE *out)
{
    if (!scan_accept(&p->scan, '['))
        return true;
    fputs(" [", out);
    if (!scan_expect(&p->scan, '{') || !parse_received_control(p, out))
        return false;
    fputc(']', out);
    return scan_expect(&p->scan, ']');
}

static bool parse_message(struct parser *p, FILE *out)
{
    int64_t length;

    if (!scan_number(&p->scan, &length, 0, UINT32_MAX, "a message's length"))
        return false;
    fprintf(out, "{%" PRId64, length);
    if (!parse_received_data(p, out, length == 0) || !parse_message_control(p, out) ||
        !parse_received_flags(p, out))
        return false;
    fputc('}', out);
    return scan_expect(&p->scan, '}');
}

bool parse_received_messages(struct parser *p, FILE *out)
{
    const char *separator = "";

    do {
        if (*separator != '\0' && !scan_expect(&p->scan, '{'))
            return false;
        fputs(separator, out);
        if (!parse_message(p, out))
            return false;
        separator = ", ";
    } while (scan_accept(&p->scan, ','));
    return true;
}
