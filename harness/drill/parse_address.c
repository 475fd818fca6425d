/* parse_address: symbolic addresses, literals and raw bytes, with their lengths. */
#include <string.h>

#include "drill/parser.h"
#include "drill/text.h"

bool parse_address_length(struct parser *p)
{
    const char *start;
    int64_t length;

    scan_blank(&p->scan);
    start = p->scan.next;
    if (!scan_number(&p->scan, &length, -1, 129, "an address length"))
        return false;
    for (unsigned i = 1; i < LENGTHS; i++) {
        if (address_lengths[i] == length) {
            p->call->address.length = (uint8_t)i;
            return true;
        }
    }
    return scan_fail_at(&p->scan, start,
                        "expected an address length of -1, 0, 1, 2, 4, 8, 15, 16, 17, 24, 27, 28, "
                        "29, 128 or 129");
}

bool parse_name_length(struct parser *p)
{
    return !scan_accept(&p->scan, ',') || parse_address_length(p);
}

/* Reads a slot in parentheses. */
static bool parse_in_parentheses(struct parser *p, uint8_t *slot)
{
    return scan_expect(&p->scan, '(') && parse_slot(p, slot) && scan_expect(&p->scan, ')');
}

static bool parse_raw(struct parser *p, struct address *address)
{
    size_t size;

    if (!scan_expect(&p->scan, '(') ||
        !parse_bytes(p, &address->raw, sizeof(struct sockaddr_storage), &size))
        return false;
    address->kind = ADDRESS_RAW;
    address->raw_size = (uint8_t)size;
    return scan_expect(&p->scan, ')');
}

/* 192.0.2.1 or [2001:db8::1]. */
bool parse_host(struct parser *p, struct text_host *host)
{
    int family = scan_accept(&p->scan, '[') ? AF_INET6 : AF_INET;
    const char *set = family == AF_INET6 ? "0123456789abcdefABCDEF:." : "0123456789.";
    const char *start = p->scan.next;
    const char *c = start;

    while (c < p->scan.end && *c != '\0' && strchr(set, *c) != NULL)
        c++;
    if (!text_host_parse(host, family, start, (size_t)(c - start)))
        return scan_fail(&p->scan,
                         "an address: 127.0.0.1:0, [::1]:0, name(variable), peer(variable), "
                         "AF_UNSPEC or sockaddr(\"bytes\")");
    p->scan.next = c;
    return family == AF_INET || scan_expect(&p->scan, ']');
}

static bool parse_host_and_port(struct parser *p, struct address *address)
{
    struct text_host host = {.family = AF_INET};
    uint8_t room[sizeof(struct sockaddr_storage)];
    const char *start;
    int64_t port;

    scan_blank(&p->scan);
    start = p->scan.next;
    if (!parse_host(p, &host) || !scan_expect(&p->scan, ':'))
        return false;
    if (scan_accept_word(&p->scan, TEXT_PORT)) {
        if (!text_fixed_host(&host, &address->kind))
            return scan_fail_at(&p->scan, start,
                                "port(variable) goes with a loopback, wildcard or "
                                "documentation address only");
        address->port = PORT_OF_SLOT;
        return parse_in_parentheses(p, &address->slot);
    }
    if (!scan_number(&p->scan, &port, 0, UINT16_MAX, "a port"))
        return false;
    host.port = (uint16_t)port;
    text_host_to_address(address, &host, room);
    if (address->raw_size > parse_room_left(p))
        return scan_fail_at(&p->scan, start, "the drill's bytes exceed %d", DRILL_BYTES_MAX);
    if (address->kind == ADDRESS_RAW) {
        address->raw = memcpy(p->drill->bytes + p->bytes_used, room, address->raw_size);
        p->bytes_used += address->raw_size;
    }
    return true;
}

bool parse_socket_address(struct parser *p)
{
    struct address *address = &p->call->address;
    struct word word;

    if (!scan_peek_word(&p->scan, &word))
        return parse_host_and_port(p, address);
    if (scan_accept_word(&p->scan, TEXT_SOCKADDR))
        return parse_raw(p, address);
    if (scan_accept_word(&p->scan, TEXT_UNSPEC)) {
        address->kind = ADDRESS_UNSPEC;
        return true;
    }
    if (!word_is(&word, TEXT_NAME) && !word_is(&word, TEXT_PEER))
        return scan_fail(&p->scan, "an address");
    address->kind = word_is(&word, TEXT_NAME) ? ADDRESS_NAME : ADDRESS_PEER;
    p->scan.next += word.size;
    return parse_in_parentheses(p, &address->slot);
}

bool parse_name_room(struct parser *p)
{
    if (call_may_offer_no_name(p->call->op) && scan_accept_word(&p->scan, TEXT_NULL)) {
        p->call->name_null = true;
        return true;
    }
    if (parse_bad_length(p))
        return true;
    return parse_bad(p, BAD_ADDRESS) || parse_address_length(p);
}

bool parse_address(struct parser *p)
{
    if (parse_bad(p, BAD_ADDRESS))
        return parse_name_length(p);
    return parse_socket_address(p) && parse_name_length(p);
}
