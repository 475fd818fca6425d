/*
 * grammar: see grammar.h. Each reader splits its text at the separators first and then judges every
 * part by itself; the C library reads character by character, so they share no mistake.
 */
#include "grammar.h"

#include <string.h>

enum { PARTS_MAX = 4, GROUPS_MAX = 8 };

struct part {
    const char *text;
    size_t length;
};

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* number_read reads all of the part as digits of the base; a value above most fails. */
static bool number_read(struct part part, int base, uint64_t most, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < part.length; i++) {
        int digit = digit_value(part.text[i]);

        if (digit >= base)
            return false;
        *value = *value * (uint64_t)base + (uint64_t)digit;
        if (*value > most)
            return false;
    }
    return part.length > 0;
}

/* split cuts text at every separator; returns the number of parts, or 0 if there are more than
 * most. */
static size_t split(const char *text, size_t length, char separator, struct part *parts,
                    size_t most)
{
    size_t count = 0;

    for (size_t from = 0, i = 0; i <= length; i++) {
        if (i < length && text[i] != separator)
            continue;
        if (count == most)
            return 0;
        parts[count++] = (struct part){text + from, i - from};
        from = i + 1;
    }
    return count;
}

bool grammar_quad(const char *text, size_t length, uint8_t address[4], bool *padded)
{
    struct part parts[PARTS_MAX];
    uint64_t value;

    *padded = false;
    if (split(text, length, '.', parts, PARTS_MAX) != 4)
        return false;
    for (size_t i = 0; i < 4; i++) {
        if (parts[i].length > 3 || !number_read(parts[i], 10, 255, &value))
            return false;
        *padded |= parts[i].length > 1 && parts[i].text[0] == '0';
        address[i] = (uint8_t)value;
    }
    return true;
}

/*
 * groups_read reads groups separated by single colons, of which the last may be a quad where that
 * is allowed. Returns how many bytes they fill, or -1; no text is no groups.
 */
static int groups_read(const char *text, size_t length, bool quad_allowed, uint8_t bytes[16],
                       bool *padded)
{
    struct part parts[GROUPS_MAX];
    size_t count = split(text, length, ':', parts, GROUPS_MAX), used = 0;
    uint64_t value;

    if (length == 0)
        return 0;
    if (count == 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count;

        if (parts[i].length <= 4 && number_read(parts[i], 16, 0xffff, &value)) {
            bytes[used++] = (uint8_t)(value >> 8);
            bytes[used++] = (uint8_t)value;
        } else if (last && quad_allowed && used <= 12 &&
                   grammar_quad(parts[i].text, parts[i].length, bytes + used, padded)) {
            used += 4;
        } else {
            return -1;
        }
    }
    return (int)used;
}

bool grammar_ipv6(const char *text, uint8_t address[16], bool *padded)
{
    const char *gap = strstr(text, "::");
    uint8_t right[16];
    int head, tail;

    *padded = false;
    if (!gap)
        return groups_read(text, strlen(text), true, address, padded) == 16;
    head = groups_read(text, (size_t)(gap - text), false, address, padded);
    tail = groups_read(gap + 2, strlen(gap + 2), true, right, padded);
    if (head < 0 || tail < 0 || head + tail > 14)
        return false;
    memset(address + head, 0, (size_t)(16 - head));
    memcpy(address + 16 - tail, right, (size_t)tail);
    return true;
}

static bool c_number_read(struct part part, uint64_t most, uint64_t *value)
{
    if (part.length < 2 || part.text[0] != '0')
        return number_read(part, 10, most, value);
    if (part.text[1] == 'x' || part.text[1] == 'X')
        return number_read((struct part){part.text + 2, part.length - 2}, 16, most, value);
    return number_read(part, 8, most, value);
}

bool grammar_numbers_and_dots(const char *text, size_t length, uint8_t address[4])
{
    struct part parts[PARTS_MAX];
    size_t count = split(text, length, '.', parts, PARTS_MAX);
    uint64_t value;

    if (count == 0)
        return false;
    for (size_t i = 0; i + 1 < count; i++) {
        if (!c_number_read(parts[i], 255, &value))
            return false;
        address[i] = (uint8_t)value;
    }
    if (!c_number_read(parts[count - 1], UINT32_MAX >> (8 * (count - 1)), &value))
        return false;
    for (size_t i = 4; i-- > count - 1; value >>= 8)
        address[i] = (uint8_t)value;
    return true;
}
