/* keep: puts a crash into corpus/regressions/, in text form, where the tests replay it. */
#include <stdlib.h>
#include <string.h>

#include "tool/command.h"
#include "tool/targets.h"
#include "tool/text.h"

struct text {
    char *bytes;
    size_t size;
};

static bool make_text(struct text *text, const struct target *target, const char *path)
{
    FILE *out = open_memstream(&text->bytes, &text->size);
    bool made;

    if (out == NULL)
        abort();
    fprintf(out, "# Kept from a crash of %s.\n", target->name);
    made = text_of_input(out, target, path);
    fclose(out);
    return made;
}

int command_keep(int argc, char **argv)
{
    const struct target *target;
    struct words words;
    struct text text;
    char hash[17];
    char *folder;
    char *path;
    int status = EXIT_CLEAN;

    command_words(&words, argc, argv, NULL, "TARGET FILE",
                  "Writes an input of a target, such as a crash, as text into "
                  "corpus/regressions/TARGET/ and prints the file's name. The tests replay it.",
                  2, 2);
    target = targets_find(words.words[0]);
    if (target == NULL || !make_text(&text, target, words.words[1]))
        return EXIT_COULD_NOT_RUN;
    command_hash(hash, (uint8_t *)text.bytes, text.size);
    folder = targets_folder(target, "regressions");
    if (asprintf(&path, "%s/%s.%s", folder, hash, targets_rules(target) ? "drill" : "txt") < 0)
        abort();
    if (!command_make_folders(folder) || !command_write_file(path, text.bytes, text.size))
        status = command_fail("%s: %m", path);
    else
        puts(path);
    free(path);
    free(folder);
    free(text.bytes);
    return status;
}
