/* forkserver: see forkserver.h. */
#include "engines/forkserver.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interpose/program.h"

/* The first word that the server says: what it can do. */
enum { MAP_SIZE = 1 << 16, WORD = 4 };
static const uint32_t has_options = 0x80000001;
static const uint32_t has_shared_input = 0x01000000;

static const uint8_t *shared; /* the size of the input, then its bytes */
static uint8_t *map;          /* NULL where the program itself covers */

static void *attach(const char *variable)
{
    const char *id = getenv(variable);
    void *memory = id != NULL ? shmat((int)strtol(id, NULL, 10), NULL, 0) : NULL;

    return (intptr_t)memory == -1 ? NULL : memory;
}

/* A program that is instrumented has covered something by now. */
static void look_at_map(void)
{
    map = attach("__AFL_SHM_ID");
    for (unsigned i = 0; map != NULL && i < MAP_SIZE; i++)
        if (map[i] != 0)
            map = NULL;
}

static bool tell(uint32_t word)
{
    return write(KEPT_STATUS, &word, WORD) == WORD;
}

static bool hear(uint32_t *word)
{
    return read(KEPT_CONTROL, word, WORD) == WORD;
}

static bool greet(void)
{
    uint32_t answer;

    shared = attach("__AFL_SHM_FUZZ_ID");
    if (shared == NULL)
        return tell(0);
    if (!tell(has_options | has_shared_input) || !hear(&answer))
        return false;
    if ((answer & has_shared_input) == 0)
        shared = NULL;
    return true;
}

/* One run. Returns true in the child. */
static bool run(void)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0)
        return true;
    if (child < 0 || !tell((uint32_t)child) || waitpid(child, &status, 0) < 0 ||
        !tell((uint32_t)status))
        _exit(1);
    return false;
}

/* The program's own handler is not to take its children's ends for those of its own. */
bool forkserver_start(void)
{
    sigset_t held;
    sigset_t before;
    uint32_t was_killed;

    if (getenv("__AFL_SHM_ID") == NULL && getenv("__AFL_SHM_FUZZ_ID") == NULL)
        return false;
    look_at_map();
    if (!greet())
        return false;
    sigemptyset(&held);
    sigaddset(&held, SIGCHLD);
    sigprocmask(SIG_BLOCK, &held, &before);
    do
        if (!hear(&was_killed))
            _exit(0);
    while (!run());
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(KEPT_CONTROL);
    close(KEPT_STATUS);
    forkserver_covers(0, 1);
    return true;
}

const uint8_t *forkserver_input(size_t *size)
{
    uint32_t count;

    if (shared == NULL)
        return NULL;
    memcpy(&count, shared, sizeof count);
    *size = count;
    return shared + sizeof count;
}

void forkserver_covers(unsigned edge, uint32_t times)
{
    if (map != NULL && edge < MAP_SIZE)
        map[edge] = (uint8_t)(times < UINT8_MAX ? times : UINT8_MAX);
}
