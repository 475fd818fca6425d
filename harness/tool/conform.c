/* conform: judges a stack by the specification, with drills and with calls drawn at random. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stacks/find.h"
#include "stacks/isolation.h"
#include "tool/conformance.h"
#include "tool/files.h"
#include "tool/watch.h"

enum { CALLS_DEFAULT = 10000 };

static struct conformance run;
static struct files files;
static struct words words;
static sigjmp_buf hung;

static void stop(int number)
{
    (void)number;
    run.stop = 1;
}

/* Asks for a clean end at SIGINT and SIGTERM; a second one ends at once. */
static void listen_for_end(void)
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESETHAND | SA_RESTART};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* Makes a folder, if one is wanted; one line when it cannot. */
static bool make_folder(const char *path)
{
    if (path == NULL || command_make_folders(path))
        return true;
    command_fail("%s: %s", path, strerror(errno));
    return false;
}

static bool prepare(void)
{
    const struct sockdrill_stack *stack = &sockdrill_stack_kernel;
    char error[STACK_ERROR_MAX];
    bool isolated = isolation_enter();
    bool kernel = words.stack == NULL || strcmp(words.stack, "kernel") == 0;
    const char *name = words.profile != NULL ? words.profile : kernel ? "linux" : "posix";
    const struct profile *profile = profile_find(name);

    if (profile == NULL) {
        command_fail("no profile is called %s: posix and linux are", name);
        return false;
    }
    if (words.stack != NULL && !stack_find(words.stack, &stack, error)) {
        command_fail("%s", error);
        return false;
    }
    if (!make_folder(words.save) || !make_folder(words.record))
        return false;
    for (size_t i = 0; i < words.count; i++)
        if (!files_add(&files, words.words[i]))
            return false;
    if (words.count == 0 && !files_add(&files, CONFORMANCE_CORPUS))
        return false;
    conformance_prepare(&run, stack, profile, isolated);
    run.save = words.save;
    run.record = words.record;
    run.progress_in_place = isatty(STDERR_FILENO) == 1;
    run.progress = run.progress_in_place || words.progress ? stderr : NULL;
    return true;
}

/* The call that hangs is what there is to tell of it. */
static void found_hang(void)
{
    const struct watched *call = watch_hung();
    char title[TITLE_MAX];
    struct finding *f;

    snprintf(title, sizeof title, "%s: did not return within %d s", call->call, WATCH_SECONDS);
    f = findings_add(&run.findings, FINDING_HANG, title);
    if (f == NULL || f->count > 1)
        return;
    f->path = strdup(call->file);
    f->call = strdup(call->call);
    f->line = call->number;
    watch_print(stderr);
}

static bool run_all(void)
{
    bool drawn = words.count == 0 || words.calls_given;

    for (size_t i = 0; i < files.count && !run.stop; i++)
        if (!conformance_file(&run, files.paths[i]))
            return false;
    return !drawn ||
           conformance_draw(&run, words.calls_given ? words.calls : CALLS_DEFAULT, words.seed);
}

static int finish(void)
{
    const uint64_t *totals = run.findings.totals;
    bool clean =
        totals[FINDING_DEVIATION] + totals[FINDING_EXPECTATION] + totals[FINDING_HANG] == 0;

    if (run.progress != NULL && run.progress_in_place)
        fputs("\r\x1b[K", stderr);
    if (words.json) {
        json_t *all = conformance_json(&run, words.seed);

        json_dumpf(all, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(all);
    } else {
        conformance_print(stdout, &run, words.histogram,
                          isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == NULL);
    }
    if (run.stop)
        fputs("sockdrill: interrupted; this is what was found until then\n", stderr);
    if (fflush(stdout) != 0)
        return command_fail("cannot write the output: %m");
    return clean ? EXIT_CLEAN : EXIT_FOUND;
}

int command_conform(int argc, char **argv)
{
    static const struct argp_option options[] = {
        OPTION_STACK,
        OPTION_PROFILE,
        {"calls", 'n', "N", 0, "Draw N calls at random; without FILE 10000 by default", 0},
        {"seed", 'S', "SEED", 0, "Draw from SEED (1)", 0},
        {"save", 'o', "FOLDER", 0, "Save each drill that was drawn and deviates in FOLDER", 0},
        {"record", 'r', "FOLDER", 0, "Save a trace of each drill in FOLDER, for sockdrill explain",
         0},
        {"histogram", 'H', NULL, 0, "Count calls by the state of their socket too", 0},
        {"progress", 'P', NULL, 0, "Tell how far it is, though stderr is no terminal", 0},
        OPTION_JSON,
        {0}};
    bool ran;
    int status;

    command_words(
        &words, argc, argv, options, "[FILE...]",
        "Makes the calls of drills and of drawn ones on a stack, and judges each by the "
        "specification. FILE is a drill, a trace or a folder of them; without one those of "
        "corpus/conformance are run. Exit status 2: the stack did what the specification "
        "does not allow, or what a drill does not expect.",
        0, SIZE_MAX);
    signal(SIGPIPE, SIG_IGN);
    if (!prepare())
        return EXIT_COULD_NOT_RUN;
    listen_for_end();
    if (sigsetjmp(hung, 1) != 0) { /* what hangs may hold locks: report, and end without cleaning */
        found_hang();
        status = finish();
        _exit(status);
    }
    watch_start(&hung);
    ran = run_all();
    watch_stop();
    status = ran ? finish() : EXIT_COULD_NOT_RUN;
    findings_free(&run.findings);
    files_free(&files);
    return status;
}
