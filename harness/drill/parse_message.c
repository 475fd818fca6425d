/* parse_message: what is sent and received in parts, the counterpart of print_message.c. */
#include <string.h>

#include "drill/parser.h"
#include "drill/record.h"
#include "drill/text.h"

/* Whether this character comes next. */
static bool is_next(struct parser *p, char c)
{
    scan_blank(&p->scan);
    return p->scan.next < p->scan.end && *p->scan.next == c;
}

/* Whether a number comes next. */
static bool number_is_next(struct parser *p)
{
    scan_blank(&p->scan);
    return p->scan.next < p->scan.end &&
           (*p->scan.next == '-' || (*p->scan.next >= '0' && *p->scan.next <= '9'));
}

/* Passes a comma if what follows it is a number. */
static bool accept_number(struct parser *p)
{
    const char *start = p->scan.next;

    if (scan_accept(&p->scan, ',') && number_is_next(p))
        return true;
    p->scan.next = start;
    return false;
}

/* Reads one of a few numbers, of which the first stands for none of them. */
static bool parse_one_of(struct parser *p, const int *list, unsigned count, const char *what,
                         uint8_t *index)
{
    char message[DRILL_ERROR_MAX - 64];
    size_t used = (size_t)snprintf(message, sizeof message, "%s of", what);
    const char *start;
    int64_t number;

    scan_blank(&p->scan);
    start = p->scan.next;
    if (!scan_number(&p->scan, &number, INT32_MIN, INT32_MAX, what))
        return false;
    for (*index = 1; *index < count; ++*index)
        if (list[*index] == number)
            return true;
    for (unsigned i = 1; i < count && used < sizeof message; i++)
        used += (size_t)snprintf(message + used, sizeof message - used, "%s %d", i > 1 ? "," : "",
                                 list[i]);
    return scan_fail_at(&p->scan, start, "expected %s", message);
}

/* Reads the number of parts that is claimed, if one follows; of messages there is none. */
static bool parse_claim(struct parser *p)
{
    if (p->call->part_count == 0 || call_many(p->call->op) || !accept_number(p))
        return true;
    return parse_one_of(p, part_claims, PART_CLAIMS, "a number of parts", &p->call->part_claim);
}

/* Reads the number that is claimed of parts whose list is no memory, 0 among them. */
static bool parse_claim_of_none(struct parser *p)
{
    const char *start = p->scan.next;

    p->call->part_count = 1;
    if (!scan_accept(&p->scan, ',') || !scan_accept(&p->scan, '0')) {
        p->scan.next = start;
        return parse_claim(p);
    }
    p->call->part_count = 0;
    return true;
}

/* Reads "[EFAULT 64]" after the first bracket and word: one part, which is no memory. */
static bool parse_bad_part(struct parser *p, uint32_t *size)
{
    int64_t number;

    if (!scan_number(&p->scan, &number, 0, DATA_BYTES_MAX, "a length"))
        return false;
    *size = (uint32_t)number;
    p->call->part_count = 1;
    return scan_expect(&p->scan, ']') && parse_claim(p);
}

/*
 * Reads parts that are no memory, or whose list is none, if they come next; sets *done to whether
 * they did.
 */
static bool parse_bad_parts(struct parser *p, uint32_t *size, bool *done)
{
    const char *start = p->scan.next;

    *done = true;
    if (!call_has_pointer(p->call->op, BAD_PARTS) && parse_bad(p, BAD_HEADER))
        return parse_claim_of_none(p);
    if (call_has_pointer(p->call->op, BAD_PARTS) && scan_accept_word(&p->scan, TEXT_PARTS)) {
        if (!parse_bad(p, BAD_PARTS))
            return scan_fail(&p->scan, TEXT_BAD);
        return parse_claim_of_none(p);
    }
    if (scan_accept(&p->scan, '[') && parse_bad(p, BAD_DATA))
        return parse_bad_part(p, size);
    p->scan.next = start;
    *done = false;
    return true;
}

/* Adds a part, if there may be another; of all but the first so much stands before the data. */
static bool add_part(struct parser *p, size_t reserved)
{
    if (p->call->part_count == PARTS_MAX)
        return scan_fail(&p->scan, "at most four parts");
    return parse_reserve(p, p->call->part_count++ > 0 ? reserved : 0);
}

/* --- what is sent --- */

static bool parse_part(struct parser *p)
{
    const uint8_t *bytes;
    size_t size;

    if (!add_part(p, CUT_BYTES) || !parse_bytes(p, &bytes, DRILL_BYTES_MAX, &size))
        return false;
    if (p->call->part_count == 1)
        p->call->data = bytes;
    p->call->data_size += (uint32_t)size;
    p->call->parts[p->call->part_count - 1] = (uint32_t)size;
    return true;
}

static bool parse_list(struct parser *p)
{
    if (!scan_expect(&p->scan, '['))
        return false;
    if (scan_accept(&p->scan, ']'))
        return true;
    do
        if (!parse_part(p))
            return false;
    while (scan_accept(&p->scan, ','));
    return scan_expect(&p->scan, ']');
}

bool parse_parts(struct parser *p)
{
    int64_t total;
    bool fill;
    bool bad;

    if (!parse_bad_parts(p, &p->call->number, &bad))
        return false;
    if (bad)
        return true;
    fill = scan_accept_word(&p->scan, TEXT_FILL);
    if (fill && !scan_expect(&p->scan, '('))
        return false;
    if (!parse_list(p))
        return false;
    if (fill) {
        if (p->call->part_count == 0)
            return scan_fail(&p->scan, "a part to repeat");
        if (!scan_expect(&p->scan, ',') ||
            !scan_number(&p->scan, &total, p->call->data_size, DATA_BYTES_MAX,
                         "how many bytes to fill") ||
            !scan_expect(&p->scan, ')'))
            return false;
        p->call->number = total > p->call->data_size ? (uint32_t)total : 0;
    }
    return parse_claim(p);
}

static bool parse_control_host(struct parser *p, const struct control_info *info, int16_t *value)
{
    struct text_host host = {.family = AF_INET};
    const char *start;
    uint8_t kind;

    scan_blank(&p->scan);
    start = p->scan.next;
    if (!parse_host(p, &host))
        return false;
    if (host.family != (info->level == IPPROTO_IPV6 ? AF_INET6 : AF_INET) ||
        !text_fixed_host(&host, &kind))
        return scan_fail_at(&p->scan, start,
                            "expected a loopback, wildcard or documentation address of the "
                            "message's family");
    *value = kind;
    return true;
}

static bool parse_control_kind(struct parser *p, struct control *control,
                               const struct control_info **info)
{
    struct word name;
    size_t count;

    *info = controls(&count);
    if (!scan_peek_word(&p->scan, &name))
        return scan_fail(&p->scan, "an ancillary message, such as IP_TTL");
    for (control->kind = 0; control->kind < count; control->kind++, ++*info)
        if (word_is(&name, (*info)->name)) {
            p->scan.next += name.size;
            return true;
        }
    return scan_fail(&p->scan, "an ancillary message, see lists/controls.def");
}

/* Reads "{IP_TTL 64}" or "{IP_TTL 64, 17}", the second number being what its header claims. */
static bool parse_control(struct parser *p)
{
    struct control *control = &p->call->controls[p->call->control_count];
    const struct control_info *info;
    int64_t number;

    if (p->call->control_count == CONTROLS_MAX)
        return scan_fail(&p->scan, "at most three ancillary messages");
    p->call->control_count++;
    if (!parse_reserve(p, CONTROL_BYTES) || !scan_expect(&p->scan, '{') ||
        !parse_control_kind(p, control, &info))
        return false;
    if (info->form == CONTROL_HOST) {
        if (!parse_control_host(p, info, &control->value))
            return false;
    } else {
        if (!scan_number(&p->scan, &number, INT16_MIN, INT16_MAX, "a value"))
            return false;
        control->value = (int16_t)number;
    }
    if (accept_number(p) && !parse_one_of(p, control_lengths, CONTROL_LENGTHS,
                                          "an ancillary message's length", &control->length))
        return false;
    return scan_expect(&p->scan, '}');
}

static bool parse_control_list(struct parser *p)
{
    if (!scan_expect(&p->scan, '['))
        return false;
    if (!is_next(p, ']'))
        do
            if (!parse_control(p))
                return false;
        while (scan_accept(&p->scan, ','));
    return scan_expect(&p->scan, ']');
}

static bool parse_controls(struct parser *p)
{
    if (!scan_accept(&p->scan, ','))
        return true;
    if (!parse_bad(p, BAD_CONTROL) && !parse_control_list(p))
        return false;
    return !accept_number(p) ||
           parse_one_of(p, control_lengths, CONTROL_LENGTHS, "the length of ancillary data",
                        &p->call->control_length);
}

/* Reads NULL, or an address and perhaps its length. */
static bool parse_optional_address(struct parser *p)
{
    if (scan_accept_word(&p->scan, TEXT_NULL)) {
        p->call->address.kind = ADDRESS_NONE;
        return true;
    }
    if (!parse_bad(p, BAD_ADDRESS) && !parse_socket_address(p))
        return false;
    return !accept_number(p) || parse_address_length(p);
}

bool parse_sent_message(struct parser *p)
{
    if (parse_bad(p, BAD_HEADER))
        return true;
    return scan_expect(&p->scan, '{') && parse_optional_address(p) && scan_expect(&p->scan, ',') &&
           parse_parts(p) && parse_controls(p) && scan_expect(&p->scan, '}');
}

/* --- what is received --- */

static bool parse_room(struct parser *p, uint32_t *left)
{
    int64_t size;

    if (!add_part(p, ROOM_BYTES) || !scan_number(&p->scan, &size, 0, *left, "a length"))
        return false;
    p->call->parts[p->call->part_count - 1] = (uint32_t)size;
    *left -= (uint32_t)size;
    return true;
}

bool parse_rooms(struct parser *p)
{
    uint32_t left = DATA_BYTES_MAX;
    bool bad;

    if (!parse_bad_parts(p, &p->call->parts[0], &bad))
        return false;
    if (bad)
        return true;
    if (!scan_expect(&p->scan, '['))
        return false;
    if (scan_accept(&p->scan, ']'))
        return true;
    do
        if (!parse_room(p, &left))
            return false;
    while (scan_accept(&p->scan, ','));
    return scan_expect(&p->scan, ']') && parse_claim(p);
}

static bool parse_control_room(struct parser *p)
{
    int64_t size;

    if (!scan_accept(&p->scan, ','))
        return true;
    if (!scan_accept_word(&p->scan, TEXT_CONTROL))
        return scan_fail(&p->scan, "\"" TEXT_CONTROL "\" and the room for ancillary data");
    parse_bad(p, BAD_CONTROL);
    if (!scan_number(&p->scan, &size, 0, CONTROL_BYTES_MAX, "the room for ancillary data"))
        return false;
    p->call->number = (uint32_t)size;
    return true;
}

/* Reads what is offered for a name, if it comes first. */
static bool parse_first_name_room(struct parser *p)
{
    struct word word;

    if (!number_is_next(p) && !(scan_peek_word(&p->scan, &word) &&
                                (word_is(&word, TEXT_NULL) || word_is(&word, TEXT_BAD))))
        return true;
    if (!parse_name_room(p) ||
        (p->call->bad == BAD_ADDRESS && accept_number(p) && !parse_address_length(p)))
        return false;
    return scan_expect(&p->scan, ',');
}

bool parse_received_message(struct parser *p)
{
    if (parse_bad(p, BAD_HEADER))
        return true;
    return scan_expect(&p->scan, '{') && parse_first_name_room(p) && parse_rooms(p) &&
           parse_control_room(p) && scan_expect(&p->scan, '}');
}

bool parse_short_timeout(struct parser *p)
{
    return !scan_accept(&p->scan, ',') || parse_bad(p, BAD_TIMEOUT) ||
           parse_one_of(p, short_timeouts, SHORT_TIMEOUTS, "a time in ms", &p->call->choice);
}
