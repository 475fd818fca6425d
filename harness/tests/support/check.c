/* check: see check.h. */
#include "tests/support/check.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stacks/isolation.h"

void check_need_isolation(void)
{
    signal(SIGPIPE, SIG_IGN);
    if (isolation_enter())
        return;
    puts("skipped: no private network namespace is permitted here");
    exit(CHECK_SKIPPED);
}

/* Runs in the child, which dies of a signal instead of going on with the parent's next test. */
_Noreturn static void child_run(int (*function)(void *), void *context, FILE *said,
                                unsigned seconds)
{
    static const int fatal[] = {SIGALRM, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS};
    int code;

    dup2(fileno(said), STDERR_FILENO);
    for (size_t i = 0; i < CHECK_COUNT(fatal); i++)
        signal(fatal[i], SIG_DFL);
    alarm(seconds);
    code = function(context);
    fflush(NULL);
    _exit(code);
}

static char *read_all(FILE *file)
{
    long size = (fseek(file, 0, SEEK_END), ftell(file));
    char *text = calloc(1, (size_t)size + 1);

    assert_non_null(text);
    rewind(file);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    return text;
}

struct check_end check_child(int (*function)(void *), void *context, unsigned seconds)
{
    struct check_end end = {.status = 0};
    FILE *said = tmpfile();
    pid_t child;

    assert_non_null(said);
    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        child_run(function, context, said, seconds);
    assert_int_equal(waitpid(child, &end.status, 0), child);
    end.said = read_all(said);
    fclose(said);
    return end;
}

bool check_exited(const struct check_end *end, int code)
{
    return WIFEXITED(end->status) && WEXITSTATUS(end->status) == code;
}

bool check_died(const struct check_end *end)
{
    if (WIFSIGNALED(end->status))
        return WTERMSIG(end->status) != SIGALRM;
    return WIFEXITED(end->status) && WEXITSTATUS(end->status) != 0;
}

int64_t check_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

unsigned check_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned count = 0;

    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}
