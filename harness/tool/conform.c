/* conform: judges a stack by the specification, with drills and with calls drawn at random. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oracle/explain.h"
#include "stacks/find.h"
#include "stacks/isolation.h"
#include "tool/conformance.h"
#include "tool/files.h"
#include "tool/shared.h"
#include "tool/watch.h"
#include "tool/worker.h"

enum { CALLS_DEFAULT = 10000 };

static struct conformance *run;
static struct files files;
static struct words words;
static bool works_here; /* in this process, not in a worker */
static sigjmp_buf hung;

static void stop(int number)
{
    (void)number;
    run->stop = 1;
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
    bool is_model = words.stack != NULL && strcmp(words.stack, "model") == 0;
    const char *name;

    works_here = words.stack == NULL || strcmp(words.stack, "kernel") == 0;
    name = words.profile != NULL ? words.profile : works_here || is_model ? "linux" : "posix";
    run = shared_alloc(sizeof *run);
    run->isolated = isolation_enter_keeping();
    run->profile = profile_find(name);
    if (run->profile == NULL) {
        command_fail("no profile is called %s: posix and linux are", name);
        return false;
    }
    if (!make_folder(words.save) || !make_folder(words.record))
        return false;
    for (size_t i = 0; i < words.count; i++)
        if (!files_add(&files, words.words[i]))
            return false;
    if (words.count == 0 && !files_add(&files, CONFORMANCE_CORPUS))
        return false;
    run->first = words.first;
    run->save = words.save;
    run->record = words.record;
    run->progress_in_place = isatty(STDERR_FILENO) == 1;
    run->progress = run->progress_in_place || words.progress ? stderr : NULL;
    return true;
}

/* A build that can do without a clause, for ci/spec-coverage, is told which. */
static bool take_out(void)
{
#ifdef SOCKDRILL_CLAUSE_REMOVAL
    const char *id = getenv("SOCKDRILL_WITHOUT");

    if (id != NULL && explain_find(id) == CLAUSES)
        return command_fail("no clause is called %s", id) == 0;
    if (id != NULL)
        clause_removal = (int)explain_find(id);
#endif
    return true;
}

/* --- the work, in this process or in a worker --- */

static bool run_all(void)
{
    bool drawn = words.count == 0 || words.calls_given;

    while (run->next_file < files.count && !conformance_is_over(run))
        if (!conformance_file(run, files.paths[run->next_file++]))
            return false;
    return !drawn ||
           conformance_draw(run, words.calls_given ? words.calls : CALLS_DEFAULT, words.seed);
}

static int work(void)
{
    const struct sockdrill_stack *stack = &sockdrill_stack_kernel;
    char error[STACK_ERROR_MAX];
    bool ran;

    if (words.stack != NULL && !stack_find(words.stack, &stack, error))
        return command_fail("%s", error);
    conformance_prepare(run, stack);
    if (run->conform.slow)
        watch_is_slow();
    watch_start(&hung);
    ran = run_all();
    watch_stop();
    return ran ? EXIT_CLEAN : EXIT_COULD_NOT_RUN;
}

static void lose_hung(void)
{
    char how[48];

    snprintf(how, sizeof how, "did not return within %d s",
             run->conform.slow ? WATCH_SLOW_SECONDS : WATCH_SECONDS);
    conformance_lose(run, FINDING_HANG, how);
}

static void lose_crashed(enum worker_end end, int status)
{
    char how[48];

    if (end == WORKER_KILLED)
        snprintf(how, sizeof how, "ended the process with SIG%s", sigabbrev_np(status));
    else
        snprintf(how, sizeof how, "ended the process with status %d", status);
    conformance_lose(run, FINDING_CRASH, how);
}

/* A worker that is lost is followed by another, which goes on where it was. */
static int have_worked(void)
{
    for (;;) {
        uint64_t before = run->next_file + run->next_seed;
        int status = EXIT_COULD_NOT_RUN;
        enum worker_end end = worker_run(work, &status);

        if (end == WORKER_ENDED || (run->stop && end == WORKER_KILLED))
            return status == EXIT_COULD_NOT_RUN ? status : EXIT_CLEAN;
        if (end == WORKER_FAILED)
            return command_fail("cannot have a process of its own for the stack: %m");
        if (run->next_file + run->next_seed == before)
            return command_fail("the stack %s ended the process before its first call",
                                words.stack);
        if (end == WORKER_HUNG)
            lose_hung();
        else
            lose_crashed(end, status);
    }
}

/* --- what came of it --- */

static int finish(void)
{
    if (run->progress != NULL && run->progress_in_place)
        fputs("\r\x1b[K", stderr);
    if (words.json) {
        json_t *all = conformance_json(run, words.seed);

        json_dumpf(all, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(all);
    } else {
        conformance_print(stdout, run, words.histogram,
                          isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == NULL);
    }
    if (run->stop)
        fputs("sockdrill: interrupted; this is what was found until then\n", stderr);
    if (fflush(stdout) != 0)
        return command_fail("cannot write the output: %m");
    return conformance_clean(run) ? EXIT_CLEAN : EXIT_FOUND;
}

int command_conform(int argc, char **argv)
{
    static const struct argp_option options[] = {
        OPTION_STACK,
        OPTION_PROFILE,
        {"calls", 'n', "N", 0, "Draw N calls at random; without FILE 10000 by default", 0},
        {"seed", 'S', "SEED", 0, "Draw from SEED (1)", 0},
        {"first", 'f', NULL, 0, "End with the first drill that deviates", 0},
        {"save", 'o', "FOLDER", 0, "Save each drill that was drawn and deviates in FOLDER", 0},
        {"record", 'r', "FOLDER", 0, "Save a trace of each drill in FOLDER, for sockdrill explain",
         0},
        {"histogram", 'H', NULL, 0, "Count calls by the state of their socket too", 0},
        {"progress", 'P', NULL, 0, "Tell how far it is, though stderr is no terminal", 0},
        OPTION_JSON,
        {0}};
    int status;

    command_words(
        &words, argc, argv, options, "[FILE...]",
        "Makes the calls of drills and of drawn ones on a stack, and judges each by the "
        "specification. FILE is a drill, a trace or a folder of them; without one those of "
        "corpus/conformance are run. Exit status 2: the stack did what the specification "
        "does not allow, or what a drill does not expect.",
        0, SIZE_MAX);
    signal(SIGPIPE, SIG_IGN);
    if (!take_out() || !prepare())
        return EXIT_COULD_NOT_RUN;
    listen_for_end();
    if (sigsetjmp(hung, 1) != 0) { /* what hangs may hold locks: no cleaning up */
        if (!works_here)
            worker_hangs();
        lose_hung();
        status = finish();
        _exit(status);
    }
    status = works_here ? work() : have_worked();
    if (status == EXIT_CLEAN)
        status = finish();
    files_free(&files);
    return status;
}
