/* text: see text.h. */
#include "tool/text.h"

#include <stdlib.h>
#include <string.h>

#include "tool/command.h"

/* The comment at the end of a line, if it has one outside a string. */
static const char *find_comment(const char *line, const char *end)
{
    bool quoted = false;

    for (; line < end; line++) {
        if (*line == '\\' && quoted)
            line++;
        else if (*line == '"')
            quoted = !quoted;
        else if (*line == '#' && !quoted)
            return line;
    }
    return NULL;
}

static void print_call(FILE *out, const struct drill *drill, const struct drill_notes *notes,
                       uint32_t index, const char *comment, const char *end)
{
    drill_print_call(out, &drill->calls[index], notes);
    if (notes->expected[index] != NULL)
        fprintf(out, " %s", notes->expected[index]);
    if (comment != NULL)
        fprintf(out, " %.*s", (int)(end - comment), comment);
    fputc('\n', out);
}

static void print_answer(FILE *out, const struct answer *answer, const char *comment,
                         const char *end)
{
    answer_print(out, answer);
    if (comment != NULL)
        fprintf(out, " %.*s", (int)(end - comment), comment);
    fputc('\n', out);
}

void text_print_commented(FILE *out, const char *source, size_t size, const struct drill *drill,
                          const struct drill_notes *notes)
{
    const char *end = source + size;
    uint32_t line = 1;
    uint32_t index = 0;
    uint32_t answer = 0;

    for (const char *start = source; start < end; line++) {
        const char *newline = memchr(start, '\n', (size_t)(end - start));
        const char *line_end = newline != NULL ? newline : end;
        const char *comment = find_comment(start, line_end);

        if (line_end > start && line_end[-1] == '\r')
            line_end--;
        if (index < drill->call_count && notes->lines[index] == line) {
            print_call(out, drill, notes, index, comment, line_end);
            index++;
        } else if (answer < drill->answer_count && notes->answer_lines[answer] == line) {
            print_answer(out, &drill->answers[answer++], comment, line_end);
        } else {
            fprintf(out, "%.*s\n", comment != NULL ? (int)(line_end - comment) : 0,
                    comment != NULL ? comment : "");
        }
        start = newline != NULL ? newline + 1 : end;
    }
}

void text_print_line(FILE *out, const uint8_t *bytes, size_t size)
{
    if (size == 0)
        fputs(INPUT_NOTHING, out);
    for (size_t i = 0; i < size; i++) {
        bool comment = i == 0 && bytes[i] == '#';

        if (bytes[i] == '\\')
            fputs("\\\\", out);
        else if (bytes[i] >= ' ' && bytes[i] <= '~' && !comment)
            fputc(bytes[i], out);
        else
            fprintf(out, "\\x%02x", bytes[i]);
    }
    fputc('\n', out);
}

bool text_of_input(FILE *out, const struct target *target, const char *path)
{
    static struct drill drill;
    static struct drill_notes notes;
    char error[INPUT_ERROR_MAX];
    uint8_t *bytes;
    size_t size;

    if (targets_rules(target) != NULL) {
        if (!command_read_drill(path, &drill, &notes, targets_rules(target)))
            return false;
        drill_print(out, &drill, &notes);
        return true;
    }
    bytes = input_read(path, &size, error);
    if (bytes == NULL) {
        command_fail("%s", error);
        return false;
    }
    text_print_line(out, bytes, size);
    free(bytes);
    return true;
}
