/* numbers: IPv4 addresses of one to four numbers, decimal, octal or hexadecimal. */
#include "address/address.h"

enum { PARTS_MAX = 4 };

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 16;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Refuses what stands at a place where neither a digit nor the end of the part may be. */
static bool refuse_at(struct address_verdict *v, unsigned base, const char *text, size_t at)
{
    if (is_space(text[at]))
        return verdict_refuse(v, ADDRESS_NUMBERS_SPACE, at);
    if (base == 8 && digit_value(text[at]) < 10)
        return verdict_refuse(v, ADDRESS_NUMBERS_OCTAL, at);
    return verdict_refuse(v, ADDRESS_NUMBERS_DIGITS, at);
}

/* Takes the prefix of a base; ISO C: a leading 0x or 0X, otherwise a leading 0. */
static unsigned take_base(struct address_verdict *v, const char *text, size_t length, size_t *at)
{
    if (length - *at < 2 || text[*at] != '0')
        return 10;
    if (text[*at + 1] == 'x' || text[*at + 1] == 'X') {
        *at += 2;
        verdict_special(v, ADDRESS_NUMBERS_HEX);
        return 16;
    }
    if (digit_value(text[*at + 1]) >= 10)
        return 10;
    verdict_special(v, ADDRESS_NUMBERS_OCTAL);
    return 8;
}

/* A number; one that is greater than 32 bits can hold counts as the next greater one. */
static bool read_number(struct address_verdict *v, uint64_t *number, const char *text,
                        size_t length, size_t *at)
{
    unsigned base = take_base(v, text, length, at);
    size_t start = *at;

    *number = 0;
    for (; *at < length && digit_value(text[*at]) < base; ++*at) {
        *number = *number * base + digit_value(text[*at]);
        if (*number > UINT32_MAX)
            *number = (uint64_t)UINT32_MAX + 1;
    }
    if (*at == start && base == 16)
        return verdict_refuse(v, ADDRESS_NUMBERS_HEX, start);
    if (*at == start && (start == length || text[start] == '.'))
        return verdict_refuse(v, ADDRESS_NUMBERS_EMPTY, start);
    if (*at < length && text[*at] != '.')
        return refuse_at(v, base, text, *at);
    return true;
}

/* The last number fills what the bytes before it leave. */
static void store(uint8_t bytes[4], const uint64_t *numbers, unsigned count)
{
    uint64_t last = numbers[count - 1];

    for (unsigned i = 0; i + 1 < count; i++)
        bytes[i] = (uint8_t)numbers[i];
    for (unsigned i = PARTS_MAX; i-- >= count; last >>= 8)
        bytes[i] = (uint8_t)last;
}

bool address_numbers(struct address_verdict *v, uint8_t bytes[4], const char *text, size_t length)
{
    uint64_t numbers[PARTS_MAX];
    unsigned count = 0;

    v->clause = ADDRESS_NUMBERS_PARTS;
    for (size_t at = 0;; at++) {
        size_t start = at;
        bool last;

        if (count == PARTS_MAX)
            return verdict_refuse(v, ADDRESS_NUMBERS_PARTS, at - 1);
        if (!read_number(v, &numbers[count], text, length, &at))
            return false;
        last = at == length;
        if (last && numbers[count] > UINT32_MAX >> (8 * count))
            return verdict_refuse(v, ADDRESS_NUMBERS_LAST, start);
        if (!last && numbers[count] > UINT8_MAX)
            return verdict_refuse(v, ADDRESS_NUMBERS_BYTE, start);
        count++;
        if (last)
            break;
    }
    store(bytes, numbers, count);
    v->kept |= ADDRESS_BIT(NUMBERS_DIGITS) | ADDRESS_BIT(NUMBERS_SPACE) |
               ADDRESS_BIT(NUMBERS_EMPTY) | ADDRESS_BIT(NUMBERS_LAST) | ADDRESS_BIT(NUMBERS_PARTS);
    if (count > 1)
        v->kept |= ADDRESS_BIT(NUMBERS_BYTE);
    v->accepted = true;
    return true;
}
