/* record: see record.h. */
#include "tool/record.h"

#include <stdlib.h>
#include <string.h>

#include "tool/command.h"

static struct {
    FILE *out;
    char *text;
    size_t size;
    uint32_t lines;
    char name[256];
} record;

/* A path as one file's name: what is above it tells drills of the same name apart. */
static void name_of(const char *path)
{
    size_t length = strlen(path);
    size_t most = sizeof record.name - 1;

    if (input_has_ending(path, ".drill"))
        length -= strlen(".drill");
    path += length > most ? length - most : 0;
    length = length > most ? most : length;
    memcpy(record.name, path, length);
    record.name[length] = '\0';
    for (char *c = record.name; (c = strpbrk(c, "/ ")) != NULL;)
        *c = '-';
}

void record_begin(const char *name, const struct trace_header *header)
{
    name_of(name[0] == '/' ? name + 1 : name);
    record.lines = 0;
    record.out = open_memstream(&record.text, &record.size);
    if (record.out == NULL)
        abort();
    trace_print_header(record.out, header);
}

void record_judged(const struct judged *j, const struct drill_notes *notes)
{
    record.lines += trace_record(record.out, j, notes);
}

bool record_end(const char *folder)
{
    char *path = NULL;
    bool saved;

    trace_print_end(record.out, record.lines);
    fclose(record.out);
    if (folder == NULL) {
        free(record.text);
        return true;
    }
    if (asprintf(&path, "%s/%s.trace", folder, record.name) < 0)
        abort();
    saved = command_write_file(path, record.text, record.size);
    if (!saved)
        command_fail("%s: %m", path);
    free(path);
    free(record.text);
    return saved;
}
