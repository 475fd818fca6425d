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
#include "engines/resources.h"
#include "engines/run.h"

enum { SECONDS_MAX = 60 }; /* an input that takes longer is a time-out */

/* An input, kept so that rounds need not read it again. */
struct input {
    struct input *next;
    size_t size;
    uint8_t data[];
};

static struct {
    char **paths;
    size_t count;
    long rounds;
    bool quiet;
    bool resources;
    struct input *first;
    struct input **last;
    unsigned long inputs;
} replay = {.rounds = 1, .last = &replay.first};

static void run_input(const uint8_t *data, size_t size)
{
    alarm(SECONDS_MAX);
    LLVMFuzzerTestOneInput(data, size);
    alarm(0);
}

/*
 * The first round, while the files are read: a crash follows the name of its file. context is the
 * name, until it has been said.
 */
static void replay_input(void *context, const uint8_t *data, size_t size)
{
    struct input *input = malloc(sizeof *input + size);
    const char **path = context;

    if (*path != NULL && !replay.quiet)
        fprintf(stderr, "replaying %s\n", *path);
    *path = NULL;
    if (input == NULL)
        abort();
    *input = (struct input){.size = size};
    if (size > 0)
        memcpy(input->data, data, size);
    *replay.last = input;
    replay.last = &input->next;
    replay.inputs++;
    run_input(data, size);
}

static void replay_rounds(long rounds)
{
    for (long round = 0; round < rounds; round++)
        for (const struct input *input = replay.first; input != NULL; input = input->next)
            run_input(input->data, input->size);
}

static void forget_inputs(void)
{
    while (replay.first != NULL) {
        struct input *next = replay.first->next;

        free(replay.first);
        replay.first = next;
    }
}

/* Runs the rounds and compares what the process holds after a tenth of them and at the end. */
static bool replay_watched(void)
{
    struct resources first;
    struct resources second;
    long warm_up = replay.rounds / 10;

    replay_rounds(warm_up);
    if (!resources_sample(&first)) {
        fputs("sockdrill: cannot read /proc\n", stderr);
        exit(1);
    }
    replay_rounds(replay.rounds - 1 - warm_up);
    resources_sample(&second);
    resources_print(stdout, "warm", &first);
    resources_print(stdout, "end", &second);
    return resources_kept(&first, &second);
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
    const char *unnamed = path;
    struct stat status;
    char error[INPUT_ERROR_MAX];

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        replay_folder(path);
        return;
    }
    if (!input_each(path, &SOCKDRILL_RULES, replay_input, &unnamed, error)) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
}

static error_t option(int key, char *argument, struct argp_state *state)
{
    char *end;

    switch (key) {
    case 'n':
        replay.rounds = strtol(argument, &end, 10);
        if (*end != '\0' || replay.rounds < 1)
            argp_error(state, "--rounds takes a number from 1, not \"%s\"", argument);
        return 0;
    case 'r':
        replay.resources = true;
        return 0;
    case 'q':
        replay.quiet = true;
        return 0;
    case 's':
        if (!run_on(argument))
            argp_error(state, "--stack takes kernel or model, not \"%s\"", argument);
        return 0;
    case 'l':
        if (!run_at(argument))
            argp_error(state, "--level takes none, io or faults, not \"%s\"", argument);
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
        {"rounds", 'n', "N", 0, "Run all inputs N times", 0},
        {"resources", 'r', NULL, 0,
         "Print what the process holds after a tenth of the rounds and at the end; exit status 2 "
         "if "
         "descriptors, sockets or memory grew, or a packet left loopback",
         0},
        {"stack", 's', "STACK", 0,
         "Run code under test on STACK: model (the default), or kernel, the system's sockets", 0},
        {"level", 'l', "LEVEL", 0,
         "Give code under test the drill's answers of LEVEL: none, io (short reads and writes, "
         "readiness without data), or faults (the default: those and what may fail)",
         0},
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

    bool kept = true;

    argp_program_version = "sockdrill " SOCKDRILL_VERSION;
    argp_err_exit_status = 1;
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    for (size_t i = 0; i < replay.count; i++)
        replay_path(replay.paths[i]);
    if (replay.resources)
        kept = replay_watched();
    else
        replay_rounds(replay.rounds - 1);
    if (!replay.quiet)
        fprintf(stderr, "%lu inputs replayed\n", replay.inputs);
    forget_inputs();
    return kept ? 0 : 2;
}
