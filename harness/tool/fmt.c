/* fmt: converts inputs between their forms. */
#include <stdlib.h>

#include "tool/command.h"
#include "tool/targets.h"
#include "tool/text.h"

static int finish(void)
{
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_CLEAN
                                                  : command_fail("cannot write the output: %m");
}

static int print_binary(const char *path, const struct drill *drill,
                        const struct drill_notes *notes, const struct drill_rules *rules)
{
    static uint8_t bytes[DRILL_ENCODED_MAX];
    char error[INPUT_ERROR_MAX];
    size_t size;

    if (!input_encode(path, drill, notes, rules, bytes, &size, error))
        return command_fail("%s", error);
    fwrite(bytes, 1, size, stdout);
    return finish();
}

static int print_text(const char *path, const struct drill *drill, const struct drill_notes *notes)
{
    char error[INPUT_ERROR_MAX];
    uint8_t *source;
    size_t size;

    if (!input_has_ending(path, ".drill")) {
        drill_print(stdout, drill, notes);
        return finish();
    }
    source = input_read(path, &size, error);
    if (source == NULL)
        return command_fail("%s", error);
    text_print_commented(stdout, (char *)source, size, drill, notes);
    free(source);
    return finish();
}

static int format_drill(const struct words *words, const struct drill_rules *rules)
{
    static struct drill drill;
    static struct drill_notes notes;
    const char *path = words->words[0];

    if (!command_read_drill(path, &drill, &notes, rules))
        return EXIT_COULD_NOT_RUN;
    if (!words->binary)
        return print_text(path, &drill, &notes);
    return print_binary(path, &drill, &notes, rules);
}

int command_fmt(int argc, char **argv)
{
    static const struct argp_option options[] = {OPTION_BINARY, OPTION_TARGET, {0}};
    const struct target *target = NULL;
    struct words words;

    command_words(&words, argc, argv, options, "FILE",
                  "Prints a drill, in text form (*.drill) or binary (anything else), in canonical "
                  "text form; with --binary in binary form. --target tells under which rules a "
                  "binary input is read; inputs that are text or bytes are printed as a line with "
                  "escapes.",
                  1, 1);
    if (words.target != NULL && (target = targets_find(words.target)) == NULL)
        return EXIT_COULD_NOT_RUN;
    if (target == NULL)
        return format_drill(&words, &drill_rules_actors);
    if (targets_rules(target) != NULL)
        return format_drill(&words, targets_rules(target));
    return text_of_input(stdout, target, words.words[0]) ? finish() : EXIT_COULD_NOT_RUN;
}
