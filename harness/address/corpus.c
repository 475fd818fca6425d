/* corpus: see corpus.h. */
#include "address/corpus.h"

#include <stdio.h>
#include <string.h>

static const char escapes[] = "nrtv\\\"";
static const char escaped[] = "\n\r\t\v\\\"";

static int hex(char c)
{
    const char *at = c != '\0' ? strchr("0123456789abcdef", c) : NULL;

    return at != NULL ? (int)(at - "0123456789abcdef") : -1;
}

/* The byte behind a backslash; *at goes to its last character. */
static int unescape(const char **at)
{
    const char *known;

    ++*at;
    if (**at == 'x') {
        int high = hex((*at)[1]);
        int low = high < 0 ? -1 : hex((*at)[2]);

        *at += 2;
        return low < 0 ? -1 : high << 4 | low;
    }
    known = **at != '\0' ? strchr(escapes, **at) : NULL;
    return known != NULL ? escaped[known - escapes] : -1;
}

/* What stands in quotation marks; returns what is behind them, or NULL. */
static const char *read_text(struct address_case *out, const char *at)
{
    out->length = 0;
    if (*at != '"')
        return NULL;
    for (at++; *at != '"'; at++) {
        int byte = (unsigned char)*at;

        if (*at == '\\')
            byte = unescape(&at);
        if (byte < 0 || *at == '\0' || out->length + 1 == sizeof out->text)
            return NULL;
        out->text[out->length++] = (char)byte;
    }
    out->text[out->length] = '\0';
    return at + 1;
}

static bool read_clause(struct address_case *out, const char *at, size_t length)
{
    char id[64];

    if (length >= sizeof id)
        return false;
    memcpy(id, at, length);
    id[length] = '\0';
    out->clause = address_clause_find(id);
    return out->clause != ADDRESS_CLAUSES;
}

enum address_line address_line_read(struct address_case *out, const char *line, const char **error)
{
    static const char accept[] = "accept ", refuse[] = "refuse ";
    size_t length;

    *error = NULL;
    if (*line == '#' || *line == '\0')
        return ADDRESS_LINE_REMARK;
    out->accepted = strncmp(line, accept, strlen(accept)) == 0;
    if (!out->accepted && strncmp(line, refuse, strlen(refuse)) != 0) {
        *error = "neither accept nor refuse";
        return ADDRESS_LINE_WRONG;
    }
    line += strlen(accept);
    length = strcspn(line, " ");
    if (!read_clause(out, line, length)) {
        *error = "no such clause";
        return ADDRESS_LINE_WRONG;
    }
    line += length;
    line = *line == ' ' ? read_text(out, line + 1) : NULL;
    if (line == NULL || (*line != '\0' && (!out->accepted || strncmp(line, " = ", 3) != 0))) {
        *error = line == NULL ? "no text in quotation marks" : "something follows the text";
        return ADDRESS_LINE_WRONG;
    }
    snprintf(out->value, sizeof out->value, "%.*s", ADDRESS_PRINT_MAX - 1,
             *line != '\0' ? line + 3 : out->text);
    return ADDRESS_LINE_CASE;
}

void address_quote(char *out, size_t size, const char *text, size_t length)
{
    enum { ONE_MAX = 5, TAIL = 5 }; /* "\xHH" with its NUL; dots and a quotation mark */
    size_t used = 0;

    out[used++] = '"';
    for (size_t i = 0; i < length; i++) {
        const char *known = text[i] != '\0' ? strchr(escaped, text[i]) : NULL;

        if (used + ONE_MAX + TAIL > size) {
            snprintf(out + used, size - used, "...");
            used += 3;
            break;
        }
        if (known != NULL)
            used += (size_t)snprintf(out + used, ONE_MAX, "\\%c", escapes[known - escaped]);
        else if (text[i] < ' ' || text[i] > '~')
            used += (size_t)snprintf(out + used, ONE_MAX, "\\x%02x", (unsigned char)text[i]);
        else
            out[used++] = text[i];
    }
    snprintf(out + used, size - used, "\"");
}
