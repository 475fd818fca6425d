/* list: the registered targets. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "tool/command.h"
#include "tool/targets.h"

static void print_json(const struct target *targets, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "name", targets[i].name, "input",
                                              input_form_name(targets[i].form)));
    json_dumpf(list, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(list);
}

int command_list(int argc, char **argv)
{
    static const struct argp_option options[] = {OPTION_JSON, {0}};
    struct words words;
    size_t count;
    const struct target *targets = targets_all(&count);

    command_words(&words, argc, argv, options, "",
                  "Lists the fuzz targets, one a line: name, tab, form of its inputs.", 0, 0);
    if (words.json)
        print_json(targets, count);
    for (size_t i = 0; i < count && !words.json; i++)
        printf("%s\t%s\n", targets[i].name, input_form_name(targets[i].form));
    return EXIT_CLEAN;
}
