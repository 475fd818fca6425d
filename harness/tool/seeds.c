/* seeds: builds a target's binary seeds from the texts in corpus/, which are the truth. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/command.h"
#include "tool/seeds.h"
#include "tool/targets.h"

struct writer {
    const char *folder;
    size_t count;
    bool failed;
};

static void write_seed(void *context, const uint8_t *bytes, size_t size)
{
    struct writer *writer = context;
    char name[17];
    char *path;

    command_hash(name, bytes, size);
    if (writer->failed || asprintf(&path, "%s/%s", writer->folder, name) < 0)
        return;
    if (access(path, F_OK) != 0 && !command_write_file(path, bytes, size)) {
        command_fail("%s: %m", path);
        writer->failed = true;
    }
    writer->count++;
    free(path);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

bool seeds_each(const struct target *target, const char *kind, input_function *function,
                void *context)
{
    static const struct drill_rules *const none = &drill_rules_any;
    const struct drill_rules *rules = targets_rules(target);
    char *folder = targets_folder(target, kind);
    char error[INPUT_ERROR_MAX];
    struct dirent **entries;
    int count = scandir(folder, &entries, visible, alphasort);
    bool read = true;

    if (count < 0 && errno != ENOENT) {
        command_fail("%s: %m", folder);
        read = false;
    }
    for (int i = 0; i < count; i++) {
        char *path;

        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0)
            abort();
        if (!input_each(path, rules != NULL ? rules : none, function, context, error)) {
            command_fail("%s", error);
            read = false;
        }
        free(path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    free(folder);
    return read;
}

int command_seeds(int argc, char **argv)
{
    const struct target *target;
    struct writer writer = {.count = 0};
    struct words words;

    command_words(&words, argc, argv, NULL, "TARGET FOLDER",
                  "Writes the seeds and regressions of a target into FOLDER in binary form, named "
                  "by their content, and prints how many there are.",
                  2, 2);
    target = targets_find(words.words[0]);
    if (target == NULL)
        return EXIT_COULD_NOT_RUN;
    writer.folder = words.words[1];
    if (!command_make_folders(writer.folder))
        return command_fail("%s: %m", writer.folder);
    if (!seeds_each(target, "seeds", write_seed, &writer) ||
        !seeds_each(target, "regressions", write_seed, &writer) || writer.failed)
        return EXIT_COULD_NOT_RUN;
    printf("%zu\n", writer.count);
    return EXIT_CLEAN;
}
