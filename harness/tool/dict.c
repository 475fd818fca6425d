/* dict: a target's dictionary, in the syntax that libFuzzer and AFL++ share. */
#include "drill/record.h"
#include "tool/command.h"
#include "tool/seeds.h"
#include "tool/targets.h"

enum { TOKEN_BYTES_MAX = 32 };

static void print_token(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    if (size == 0 || size > TOKEN_BYTES_MAX)
        return;
    putchar('"');
    for (size_t i = 0; i < size; i++)
        printf("\\x%02x", bytes[i]);
    puts("\"");
}

/* A bare record is a whole call, so a token inserts one. */
static void print_records(void)
{
    for (int op = 0; op < OPS; op++) {
        const uint8_t token[] = {FENCE_0, FENCE_1, call_info(op)->code};

        printf("%s=", call_info(op)->name);
        print_token(NULL, token, sizeof token);
    }
}

int command_dict(int argc, char **argv)
{
    const struct target *target;
    struct words words;

    command_words(&words, argc, argv, NULL, "TARGET",
                  "Prints a dictionary: of drills the calls, of text and bytes the seeds.", 1, 1);
    target = targets_find(words.words[0]);
    if (target == NULL)
        return EXIT_COULD_NOT_RUN;
    if (targets_rules(target) != NULL)
        print_records();
    else if (!seeds_each(target, "seeds", print_token, NULL))
        return EXIT_COULD_NOT_RUN;
    return EXIT_CLEAN;
}
