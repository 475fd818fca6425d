/* input: see input.h. */
#include "engines/input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drill/scan.h"

bool input_has_ending(const char *path, const char *ending)
{
    size_t length = strlen(path);
    size_t tail = strlen(ending);

    return length >= tail && strcmp(path + length - tail, ending) == 0;
}

static bool fail(char *error, const char *path, const char *what)
{
    snprintf(error, INPUT_ERROR_MAX, "%s: %s", path, what);
    return false;
}

uint8_t *input_read_most(const char *path, size_t *size, size_t most, char error[INPUT_ERROR_MAX])
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = file != NULL ? malloc(most + 1) : NULL;

    if (bytes == NULL) {
        fail(error, path, strerror(errno));
        if (file != NULL)
            fclose(file);
        return NULL;
    }
    errno = 0;
    *size = fread(bytes, 1, most + 1, file);
    if (ferror(file)) {
        fail(error, path, strerror(errno));
    } else if (*size > most) {
        snprintf(error, INPUT_ERROR_MAX, "%s: larger than %zu MiB, which no input is", path,
                 most >> 20);
    } else {
        fclose(file);
        return bytes;
    }
    fclose(file);
    free(bytes);
    return NULL;
}

uint8_t *input_read(const char *path, size_t *size, char error[INPUT_ERROR_MAX])
{
    return input_read_most(path, size, INPUT_BYTES_MAX, error);
}

bool input_parse(const char *path, struct drill *drill, struct drill_notes *notes,
                 char error[INPUT_ERROR_MAX])
{
    struct drill_error fault;
    size_t size;
    uint8_t *text = input_read(path, &size, error);
    bool parsed;

    if (text == NULL)
        return false;
    parsed = drill_parse(drill, notes, &fault, (char *)text, size);
    free(text);
    if (!parsed)
        snprintf(error, INPUT_ERROR_MAX, "%s:%u:%u: %s", path, fault.line, fault.column,
                 fault.message);
    return parsed;
}

bool input_encode(const char *path, const struct drill *drill, const struct drill_notes *notes,
                  const struct drill_rules *rules, uint8_t *bytes, size_t *size,
                  char error[INPUT_ERROR_MAX])
{
    static struct drill again;

    if (notes->uses_remote && !rules->remote)
        return fail(error, path, "the variable \"remote\" exists only in drills for a server");
    if (notes->uses_actors && !rules->actors)
        return fail(error, path, "only one actor makes calls in drills for this target");
    if (drill->answer_count > 0 && !rules->remote)
        return fail(error, path, "answers are given only to code under test");
    *size = drill_encode(drill, bytes, DRILL_ENCODED_MAX, rules);
    drill_decode(&again, bytes, *size, rules);
    for (uint32_t i = 0; i < drill->call_count; i++) {
        if (i < again.call_count && call_equal(&drill->calls[i], &again.calls[i]))
            continue;
        snprintf(error, INPUT_ERROR_MAX, "%s:%u: no input of this target can say this", path,
                 notes->lines[i]);
        return false;
    }
    return true;
}

static bool each_drill(const char *path, const struct drill_rules *rules, input_function *function,
                       void *context, char *error)
{
    static struct drill drill;
    static struct drill_notes notes;
    static uint8_t bytes[DRILL_ENCODED_MAX];
    size_t size;

    if (!input_parse(path, &drill, &notes, error) ||
        !input_encode(path, &drill, &notes, rules, bytes, &size, error))
        return false;
    function(context, bytes, size);
    return true;
}

bool input_unescape(char *line, size_t *size, size_t *column)
{
    size_t used = 0;

    for (size_t i = 0; i < *size; i++) {
        size_t width;

        if (*size - i >= 2 && memcmp(line + i, INPUT_NOTHING, 2) == 0) {
            i++;
            continue;
        }
        if (line[i] != '\\') {
            line[used++] = line[i];
            continue;
        }
        width = scan_escape(line + i, *size - i, (uint8_t *)&line[used++]);
        if (width == 0) {
            *column = i + 1;
            return false;
        }
        i += width - 1;
    }
    *size = used;
    return true;
}

/* Unescapes the lines in place, and calls function for each unless it is NULL. */
static bool each_line(const char *path, char *text, size_t size, input_function *function,
                      void *context, char *error)
{
    const char *end = text + size;
    unsigned number = 1;

    for (char *line = text; line < end; number++) {
        char *newline = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((newline != NULL ? newline : end) - line);
        size_t column;

        if (length > 0 && line[0] != '#') {
            size_t unescaped = length;

            if (!input_unescape(line, &unescaped, &column)) {
                snprintf(error, INPUT_ERROR_MAX, "%s:%u:%zu: expected an escape: " SCAN_ESCAPES,
                         path, number, column);
                return false;
            }
            if (function != NULL)
                function(context, (uint8_t *)line, unescaped);
        }
        line += length + 1;
    }
    return true;
}

/* No input is used before all have been read. */
static bool each_text(const char *path, char *text, size_t size, input_function *function,
                      void *context, char *error)
{
    char *copy = malloc(size + 1);
    bool read;

    if (copy == NULL)
        return fail(error, path, strerror(errno));
    memcpy(copy, text, size);
    read = each_line(path, copy, size, NULL, NULL, error);
    free(copy);
    return read && each_line(path, text, size, function, context, error);
}

bool input_each(const char *path, const struct drill_rules *rules, input_function *function,
                void *context, char error[INPUT_ERROR_MAX])
{
    size_t size;
    uint8_t *bytes;
    bool read = true;

    if (input_has_ending(path, ".drill"))
        return each_drill(path, rules, function, context, error);
    bytes = input_read(path, &size, error);
    if (bytes == NULL)
        return false;
    if (input_has_ending(path, ".txt"))
        read = each_text(path, (char *)bytes, size, function, context, error);
    else
        function(context, bytes, size);
    free(bytes);
    return read;
}
