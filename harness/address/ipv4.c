/* ipv4: the strict dotted quad, and numbers and dots. */
#include "address/address.h"

#include <string.h>

enum { PARTS = 4, DIGITS_MAX = 3 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The part that begins at *at; goes on behind it. */
static bool read_part(struct address_verdict *v, uint8_t *byte, const char *text, size_t length,
                      size_t *at)
{
    size_t start = *at;
    size_t i = start;
    unsigned value = 0;

    for (; i < length && is_digit(text[i]); i++) {
        if (i - start == DIGITS_MAX)
            return verdict_refuse(
                v, text[start] == '0' ? ADDRESS_IPV4_LEADING_ZERO : ADDRESS_IPV4_RANGE, i);
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    if (i == start)
        return verdict_refuse(
            v, i == length || text[i] == '.' ? ADDRESS_IPV4_EMPTY : ADDRESS_IPV4_DIGITS, i);
    if (value > UINT8_MAX)
        return verdict_refuse(v, ADDRESS_IPV4_RANGE, start);
    if (text[start] == '0' && i - start > 1)
        verdict_special(v, ADDRESS_IPV4_LEADING_ZERO);
    *byte = (uint8_t)value;
    *at = i;
    return true;
}

bool address_ipv4(struct address_verdict *v, uint8_t bytes[4], const char *text, size_t length)
{
    uint8_t read[PARTS];
    size_t at = 0;

    for (unsigned part = 0; part < PARTS; part++) {
        if (part > 0) {
            if (at == length)
                return verdict_refuse(v, ADDRESS_IPV4_PARTS, at);
            if (text[at] != '.')
                return verdict_refuse(v, ADDRESS_IPV4_DIGITS, at);
            at++;
        }
        if (!read_part(v, &read[part], text, length, &at))
            return false;
    }
    if (at < length)
        return verdict_refuse(v, text[at] == '.' ? ADDRESS_IPV4_PARTS : ADDRESS_IPV4_END, at);
    memcpy(bytes, read, sizeof read);
    if (v->kept == 0)
        v->clause = ADDRESS_IPV4_PARTS;
    v->kept |= ADDRESS_BIT(IPV4_END) | ADDRESS_BIT(IPV4_DIGITS) | ADDRESS_BIT(IPV4_EMPTY) |
               ADDRESS_BIT(IPV4_RANGE) | ADDRESS_BIT(IPV4_PARTS);
    v->accepted = true;
    return true;
}
