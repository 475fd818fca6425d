/*
 * replay: the stand-alone engine. Runs a target on files in any form: drills (*.drill), lines of
 * text or escaped bytes (*.txt), raw bytes (anything else), and on folders of them.
 */
#include <argp.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engines/input.h"
#include "engines/run.h"

enum { SECONDS_MAX = 60 }; /* an input that takes longer is a time-out */

static struct {
    char **paths;
    size_t count;
    long repeats;
    bool quiet;
    uint64_t inputs;
} replay = {.repeats = 1};

static void replay_input(void *context, const uint8_t *data, size_t size)
{
    (void)context;
    for (long i = 0; i < replay.repeats; i++) {
        alarm(SECONDS_MAX);
        LLVMFuzzerTestOneInput(data, size);
        alarm(0);
    }
    replay.inputs++;
}

static void replay_path(const char *path);

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay_folder(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, visible, by_name);

    if (count < 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    for (int i = 0; i < count; i++) {
        char *inside;

        if (asprintf(&inside, "%s/%s", path, entries[i]->d_name) < 0)
            abort();
        replay_path(inside);
        free(inside);
        free(entries[i]);
    }
    free(entries);
}

static void replay_path(const char *path)
{
    struct stat status;
    char error[INPUT_ERROR_MAX];

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        replay_folder(path);
        return;
    }
    if (!replay.quiet)
        fprintf(stderr, "replaying %s\n", path);
    if (!input_each(path, &SOCKDRILL_RULES, replay_input, NULL, error)) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
}

static error_t option(int key, char *argument, struct argp_state *state)
{
    char *end;

    switch (key) {
    case 'n':
        replay.repeats = strtol(argument, &end, 10);
        if (*end != '\0' || replay.repeats < 1)
            argp_error(state, "--repeat takes a number from 1, not \"%s\"", argument);
        return 0;
    case 'q':
        replay.quiet = true;
        return 0;
    case ARGP_KEY_ARGS:
        replay.paths = state->argv + state->next;
        replay.count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "name a file or a folder to replay");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"repeat", 'n', "N", 0, "Run each input N times", 0},
        {"quiet", 'q', NULL, 0, "Do not name the files", 0},
        {0},
    };
    static const struct argp argp = {
        .options = options,
        .parser = option,
        .args_doc = "FILE|FOLDER...",
        .doc = "Replays inputs of a fuzz target: drills (*.drill), lines of text or escaped bytes "
               "(*.txt), and raw inputs.\vA finding ends the run as the sanitizer or signal does. "
               "Exit status 1: could not run.",
    };

    argp_program_version = "sockdrill " SOCKDRILL_VERSION;
    argp_err_exit_status = 1;
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    for (size_t i = 0; i < replay.count; i++)
        replay_path(replay.paths[i]);
    if (!replay.quiet)
        fprintf(stderr, "%llu inputs replayed\n", (unsigned long long)replay.inputs);
    return 0;
}
