/* texts: see texts.h. */
#include "tests/support/texts.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/inputs.h"

char *text_printed(const struct drill *drill, const struct drill_notes *notes, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);

    assert_non_null(out);
    drill_print(out, drill, notes);
    fclose(out);
    return text;
}

bool text_parse(struct drill *drill, struct drill_notes *notes, struct drill_error *error,
                const char *text, size_t size)
{
    static uint8_t *exact;

    free(exact);
    exact = input_exact((const uint8_t *)text, size);
    return drill_parse(drill, notes, error, (const char *)exact, size);
}

void text_parse_valid(struct drill *drill, struct drill_notes *notes, const char *text, size_t size)
{
    struct drill_error error;

    if (!text_parse(drill, notes, &error, text, size))
        fail_msg("%u:%u: %s\n%.*s", error.line, error.column, error.message,
                 size > 2000 ? 2000 : (int)size, text);
}

static char *replace_one(char *text, const char *name, const char *value)
{
    char *result = NULL;
    size_t size;
    FILE *out = open_memstream(&result, &size);
    char *rest = text;

    assert_non_null(out);
    for (char *at = strstr(rest, name); at != NULL; at = strstr(rest, name)) {
        fprintf(out, "%.*s%s", (int)(at - rest), rest, value);
        rest = at + strlen(name);
    }
    fputs(rest, out);
    fclose(out);
    free(text);
    return result;
}

char *text_replaced(const char *text, const char *const *names_and_values)
{
    char *result = strdup(text);

    for (; *names_and_values != NULL; names_and_values += 2)
        result = replace_one(result, names_and_values[0], names_and_values[1]);
    return result;
}
