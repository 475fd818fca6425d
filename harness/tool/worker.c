/* worker: see worker.h. */
#include "tool/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/shared.h"

/* What a worker leaves behind. */
struct last_words {
    bool hung;
    bool ended;
};

static struct last_words *words;

static void be_worker(int (*work)(void), pid_t parent)
{
    int status;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        _exit(EXIT_FAILURE);
    status = work();
    words->ended = true;
    exit(status);
}

enum worker_end worker_run(int (*work)(void), int *status)
{
    pid_t parent = getpid();
    pid_t worker;
    int how;

    if (words == NULL)
        words = shared_alloc(sizeof *words);
    *words = (struct last_words){.hung = false};
    fflush(NULL); /* or both write it */
    worker = fork();
    if (worker == 0)
        be_worker(work, parent);
    if (worker < 0)
        return WORKER_FAILED;
    while (waitpid(worker, &how, 0) < 0)
        if (errno != EINTR)
            return WORKER_FAILED;
    *status = WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how);
    if (WIFSIGNALED(how))
        return WORKER_KILLED;
    return words->hung ? WORKER_HUNG : words->ended ? WORKER_ENDED : WORKER_LEFT;
}

void worker_hangs(void)
{
    words->hung = true;
    _exit(EXIT_FAILURE);
}
