/* host: host and port of a URI: RFC 3986 3.2.2 and 3.2.3, RFC 6874 2. */
#include "address/forms.h"

#include <string.h>

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_one_of(const char *set, char c)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static bool is_unreserved(char c)
{
    return is_alnum(c) || is_one_of("-._~", c);
}

static bool is_sub_delimiter(char c)
{
    return is_one_of("!$&'()*+,;=", c);
}

/*
 * Reads unreserved characters, escapes and, if they are allowed, sub-delimiters; what else there is
 * breaks the clause.
 */
static bool read_escaped(struct address_verdict *v, const char *text, size_t start, size_t end,
                         bool delimiters, enum address_clause clause)
{
    for (size_t i = start; i < end; i++) {
        if (text[i] == '%') {
            if (end - i < 3 || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))
                return verdict_refuse(v, ADDRESS_HOST_PERCENT, i);
            verdict_special(v, ADDRESS_HOST_PERCENT);
            i += 2;
        } else if (!is_unreserved(text[i]) && !(delimiters && is_sub_delimiter(text[i]))) {
            return verdict_refuse(v, clause, i);
        }
    }
    v->kept |= (address_clauses)1 << clause;
    return true;
}

/* What follows the host: nothing, or a colon and a port, which may be empty. */
static bool read_port(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                      size_t at, size_t length)
{
    size_t start = at + 1;
    uint64_t port;

    if (at == length)
        return true;
    for (size_t i = start; i < length; i++)
        if (!address_all_digits(text + i, 1))
            return verdict_refuse(v, ADDRESS_HOST_PORT, i);
    v->kept |= ADDRESS_BIT(HOST_PORT);
    if (start == length)
        return true;
    port = address_decimal(text + start, length - start, UINT16_MAX);
    if (port > UINT16_MAX)
        return verdict_refuse(v, ADDRESS_HOST_PORT_RANGE, start);
    v->kept |= ADDRESS_BIT(HOST_PORT_RANGE);
    out->port = (int32_t)port;
    return true;
}

/* "v", a number in hexadecimal, a dot, and a text, between the brackets. */
static bool read_future(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                        size_t end)
{
    size_t dot = 2;

    while (dot < end && is_hex(text[dot]))
        dot++;
    if (dot == 2 || dot == end || text[dot] != '.' || dot + 1 == end)
        return verdict_refuse(v, ADDRESS_HOST_FUTURE, dot);
    for (size_t i = dot + 1; i < end; i++)
        if (!is_unreserved(text[i]) && !is_sub_delimiter(text[i]) && text[i] != ':')
            return verdict_refuse(v, ADDRESS_HOST_FUTURE, i);
    verdict_special(v, ADDRESS_HOST_FUTURE);
    out->host = SOCKDRILL_HOST_FUTURE;
    address_name(out, text + 1, end - 1);
    return true;
}

/* The zone behind an address, from its "%" on. */
static bool read_zone(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                      size_t percent, size_t end)
{
    size_t start = percent + 3;

    if (end < start || memcmp(text + percent, "%25", 3) != 0)
        return verdict_refuse(v, ADDRESS_HOST_ZONE_BARE, percent);
    if (start == end)
        return verdict_refuse(v, ADDRESS_HOST_ZONE, start);
    if (!read_escaped(v, text, start, end, false, ADDRESS_HOST_ZONE))
        return false;
    verdict_special(v, ADDRESS_HOST_ZONE);
    v->kept |= ADDRESS_BIT(HOST_ZONE_BARE);
    address_name(out, text + start, end - start);
    return true;
}

static bool read_ipv6(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                      size_t end)
{
    struct address_verdict quad = {0};
    const char *percent = memchr(text, '%', end);
    size_t stop = percent != NULL ? (size_t)(percent - text) : end;

    if (address_numbers(&quad, out->bytes, text + 1, stop - 1))
        return verdict_refuse(v,
                              memchr(text, '.', stop) == NULL ? ADDRESS_IPV6_PIECES
                              : address_ipv4(&quad, out->bytes, text + 1, stop - 1)
                                  ? ADDRESS_HOST_IPV4
                                  : ADDRESS_HOST_RARE,
                              1);
    if (!address_ipv6(v, out->bytes, NULL, text + 1, stop - 1)) {
        v->offset++;
        return false;
    }
    if (v->kept & ADDRESS_BIT(IPV4_LEADING_ZERO))
        return verdict_refuse(v, ADDRESS_HOST_RARE, 1);
    v->accepted = false;
    out->host = SOCKDRILL_HOST_IPV6;
    v->kept = (v->kept | ADDRESS_BIT(HOST_BRACKETS)) & ~ADDRESS_BIT(IPV6_NO_ZONE);
    return percent == NULL || read_zone(v, out, text, stop, end);
}

static bool read_literal(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                         size_t length)
{
    const char *bracket = memchr(text, ']', length);
    size_t end = bracket != NULL ? (size_t)(bracket - text) : length;

    if (bracket == NULL)
        return verdict_refuse(v, ADDRESS_HOST_BRACKETS, length);
    if (end > 1 && (text[1] == 'v' || text[1] == 'V')) {
        if (!read_future(v, out, text, end))
            return false;
    } else if (!read_ipv6(v, out, text, end)) {
        return false;
    }
    if (end + 1 < length && text[end + 1] != ':')
        return verdict_refuse(v, ADDRESS_HOST_BRACKETS, end + 1);
    return read_port(v, out, text, end + 1, length);
}

/* An IPv4 address if it is one, otherwise a name: the first match wins. */
static bool read_name(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                      size_t end)
{
    struct address_verdict ipv4 = {0}, numbers = {0};
    uint8_t bytes[4];

    v->clause = ADDRESS_HOST_NAME;
    if (!read_escaped(v, text, 0, end, true, ADDRESS_HOST_NAME))
        return false;
    if (address_ipv4(&ipv4, bytes, text, end) && !(ipv4.kept & ADDRESS_BIT(IPV4_LEADING_ZERO))) {
        out->host = SOCKDRILL_HOST_IPV4;
        memcpy(out->bytes, bytes, sizeof bytes);
        verdict_special(v, ADDRESS_HOST_IPV4);
        return true;
    }
    if (ipv4.accepted || address_numbers(&numbers, bytes, text, end))
        verdict_special(v, ADDRESS_HOST_RARE);
    v->open = end == 0; /* a scheme may refuse an empty host: RFC 3986 3.2.2 */
    out->host = SOCKDRILL_HOST_NAME;
    address_name(out, text, end);
    return true;
}

/* Whether the text is an IPv6 address that lacks its brackets. */
static bool is_bare(const char *text, size_t length)
{
    struct address_verdict v = {0};
    uint8_t bytes[16];

    return address_ipv6(&v, bytes, NULL, text, length);
}

bool address_read_host(struct address_verdict *v, struct sockdrill_address *out, const char *text,
                       size_t length)
{
    const char *colon = length > 0 ? memchr(text, ':', length) : NULL;
    size_t end = colon != NULL ? (size_t)(colon - text) : length;
    const char *bracket = length > 0 ? memchr(text + 1, ']', length - 1) : NULL;

    if (length > 0 && text[0] == '[') {
        if (!read_literal(v, out, text, length))
            return false;
    } else {
        if (bracket != NULL)
            return verdict_refuse(v, ADDRESS_HOST_BRACKETS, (size_t)(bracket - text));
        if (is_bare(text, length))
            return verdict_refuse(v, ADDRESS_HOST_BRACKETS, 0);
        if (!read_name(v, out, text, end) || !read_port(v, out, text, end, length))
            return false;
    }
    v->accepted = true;
    return true;
}
