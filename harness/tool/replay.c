/* replay: runs a target's stand-alone binary on files and says what came of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/command.h"
#include "tool/targets.h"

/* A status of their own for the sanitizers, because 1 is that of a replay that could not run. */
static void set_sanitizer_status(const char *variable)
{
    const char *old = getenv(variable);
    char *value;

    if (asprintf(&value, "exitcode=77%s%s", old != NULL ? ":" : "", old != NULL ? old : "") < 0)
        abort();
    setenv(variable, value, 1);
    free(value);
}

static int run_binary(const char *binary, char **words)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        set_sanitizer_status("ASAN_OPTIONS");
        set_sanitizer_status("UBSAN_OPTIONS");
        execv(binary, words);
        command_fail("%s: %m", binary);
        _exit(EXIT_COULD_NOT_RUN);
    }
    if (child < 0)
        return command_fail("fork: %m");
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status)) {
        fprintf(stderr, "sockdrill: the target was killed by signal %d (%s)\n", WTERMSIG(status),
                WTERMSIG(status) == SIGALRM ? "time-out" : strsignal(WTERMSIG(status)));
        return EXIT_FOUND;
    }
    return WEXITSTATUS(status) <= EXIT_COULD_NOT_RUN ? WEXITSTATUS(status) : EXIT_FOUND;
}

int command_replay(int argc, char **argv)
{
    const struct target *target;
    struct words words;

    command_words(&words, argc, argv, NULL, "TARGET FILE...",
                  "Runs a target on files or folders of inputs in any form. Exit status 0: all "
                  "went well, 2: the target crashed, a sanitizer reported, or a minute passed.",
                  2, SIZE_MAX);
    target = targets_find(words.words[0]);
    if (target == NULL)
        return EXIT_COULD_NOT_RUN;
    /* argp leaves the words at the end of argv: TARGET's place becomes the program's name. */
    words.words[0] = targets_binary(target);
    return run_binary(words.words[0], words.words);
}
