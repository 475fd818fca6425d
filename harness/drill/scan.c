/* scan: see scan.h. */
#include "drill/scan.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "drill/text.h"

void scan_start(struct scan *scan, const char *text, size_t size, struct drill_error *error)
{
    if (size == 0)
        text = "";
    *scan = (struct scan){
        .next = text, .end = text + size, .line_start = text, .line = 1, .error = error};
}

static bool at_end(const struct scan *scan)
{
    return scan->next == scan->end || *scan->next == '\n' || *scan->next == '\r';
}

bool scan_fail_at(struct scan *scan, const char *place, const char *format, ...)
{
    va_list arguments;

    scan->error->line = scan->line;
    scan->error->column = (uint32_t)(place - scan->line_start) + 1;
    va_start(arguments, format);
    vsnprintf(scan->error->message, sizeof scan->error->message, format, arguments);
    va_end(arguments);
    return false;
}

bool scan_fail(struct scan *scan, const char *what)
{
    struct word word;
    unsigned char c;

    scan_blank(scan);
    if (at_end(scan))
        return scan_fail_at(scan, scan->next, "expected %s, found the end of the line", what);
    if (scan_peek_word(scan, &word))
        return scan_fail_at(scan, scan->next, "expected %s, found \"%.*s\"", what,
                            word.size > 40 ? 40 : (int)word.size, word.text);
    c = (unsigned char)*scan->next;
    return scan_fail_at(scan, scan->next,
                        isprint(c) ? "expected %s, found \"%c\"" : "expected %s, found byte %#x",
                        what, c);
}

void scan_blank(struct scan *scan)
{
    while (scan->next < scan->end && (*scan->next == ' ' || *scan->next == '\t'))
        scan->next++;
}

bool scan_line_end(struct scan *scan)
{
    scan_blank(scan);
    if (scan->next < scan->end && *scan->next == '#')
        while (scan->next < scan->end && *scan->next != '\n')
            scan->next++;
    if (scan->next < scan->end && *scan->next == '\r')
        scan->next++;
    if (scan->next == scan->end)
        return true;
    if (*scan->next != '\n')
        return false;
    scan->next++;
    scan->line++;
    scan->line_start = scan->next;
    return true;
}

bool scan_accept(struct scan *scan, char c)
{
    scan_blank(scan);
    if (scan->next == scan->end || *scan->next != c)
        return false;
    scan->next++;
    return true;
}

bool scan_accept_text(struct scan *scan, const char *text)
{
    size_t size = strlen(text);

    scan_blank(scan);
    if ((size_t)(scan->end - scan->next) < size || memcmp(scan->next, text, size) != 0)
        return false;
    scan->next += size;
    return true;
}

bool scan_accept_word(struct scan *scan, const char *text)
{
    struct word word;

    if (!scan_peek_word(scan, &word) || !word_is(&word, text))
        return false;
    scan->next += word.size;
    return true;
}

bool scan_expect(struct scan *scan, char c)
{
    char what[] = {'"', c, '"', '\0'};

    return scan_accept(scan, c) || scan_fail(scan, what);
}

bool scan_peek_word(struct scan *scan, struct word *word)
{
    const char *c;

    scan_blank(scan);
    c = scan->next;
    if (c == scan->end || !(isalpha((unsigned char)*c) || *c == '_'))
        return false;
    while (c < scan->end && (isalnum((unsigned char)*c) || *c == '_'))
        c++;
    *word = (struct word){scan->next, (size_t)(c - scan->next)};
    return true;
}

bool scan_word(struct scan *scan, struct word *word)
{
    if (!scan_peek_word(scan, word))
        return false;
    scan->next += word->size;
    return true;
}

bool scan_number(struct scan *scan, int64_t *number, int64_t least, int64_t most, const char *what)
{
    const char *start;
    const char *c;
    bool negative;
    int64_t value = 0;

    scan_blank(scan);
    start = c = scan->next;
    negative = c < scan->end && *c == '-';
    c += negative;
    if (c == scan->end || !isdigit((unsigned char)*c))
        return scan_fail(scan, what);
    for (; c < scan->end && isdigit((unsigned char)*c); c++)
        if (value <= most + 1 || value <= -least + 1)
            value = value * 10 + (*c - '0');
    value = negative ? -value : value;
    if (value < least || value > most)
        return scan_fail_at(scan, start, "expected %s, found %.*s: not between %lld and %lld", what,
                            c - start > 40 ? 40 : (int)(c - start), start, (long long)least,
                            (long long)most);
    scan->next = c;
    *number = value;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t scan_escape(const char *text, size_t size, uint8_t *byte)
{
    const char *letter;

    if (size < 2)
        return 0;
    letter = memchr(text_escape_letters, text[1], TEXT_ESCAPES);
    if (letter != NULL) {
        *byte = (uint8_t)text_escapes[letter - text_escape_letters];
        return 2;
    }
    if (text[1] == '0') {
        *byte = 0;
        return 2;
    }
    if (text[1] != 'x' || size < 4 || hex_digit(text[2]) < 0 || hex_digit(text[3]) < 0)
        return 0;
    *byte = (uint8_t)(hex_digit(text[2]) * 16 + hex_digit(text[3]));
    return 4;
}

bool scan_string(struct scan *scan, uint8_t *output, size_t capacity, size_t *size)
{
    const char *start;

    scan_blank(scan);
    start = scan->next;
    *size = 0;
    if (!scan_accept(scan, '"'))
        return scan_fail(scan, "a string");
    while (!at_end(scan) && *scan->next != '"') {
        uint8_t byte = (uint8_t)*scan->next;
        size_t width = 1;

        if (*size == capacity)
            return scan_fail_at(scan, start, "expected at most %zu bytes here", capacity);
        if (byte == '\\')
            width = scan_escape(scan->next, (size_t)(scan->end - scan->next), &byte);
        if (width == 0)
            return scan_fail_at(scan, scan->next, "expected an escape: " SCAN_ESCAPES);
        scan->next += width;
        output[(*size)++] = byte;
    }
    if (at_end(scan))
        return scan_fail_at(scan, start, "expected the string to end on its line");
    scan->next++;
    return true;
}

bool word_is(const struct word *word, const char *text)
{
    return strlen(text) == word->size && memcmp(text, word->text, word->size) == 0;
}
