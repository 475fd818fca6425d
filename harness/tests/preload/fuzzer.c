/*
 * fuzzer: the fuzzer's side of AFL++'s fork server, with inputs in shared memory: runs a program on
 * each of some files by turns, and says how the runs ended. Source: AFL++'s
 * docs/afl-fuzz_approach.md and include/types.h (FS_OPT_*).
 *
 *     fuzzer LIBRARY RUNS FILE... -- PROGRAM ARGUMENT...
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CONTROL = 198, STATUS = 199, MAP_SIZE = 1 << 16, INPUT_MAX = 1 << 16 };

static uint8_t *map;
static uint32_t *size;
static uint8_t *input;
static int control;
static int status;

static void fail(const char *what)
{
    fprintf(stderr, "fuzzer: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void *share(const char *variable, size_t room)
{
    char id[16];
    int segment = shmget(IPC_PRIVATE, room, IPC_CREAT | 0600);
    void *memory = shmat(segment, NULL, 0);

    if ((intptr_t)memory == -1)
        fail("shared memory");
    snprintf(id, sizeof id, "%d", segment);
    setenv(variable, id, 1);
    return memory;
}

/* It goes away with the last process that has it, whatever becomes of them. */
static void unshare_later(const char *variable)
{
    const char *id = getenv(variable);

    if (id != NULL)
        shmctl((int)strtol(id, NULL, 10), IPC_RMID, NULL);
}

static void start(const char *library, char **command)
{
    int to[2];
    int from[2];

    if (pipe(to) != 0 || pipe(from) != 0)
        fail("pipe");
    if (fork() == 0) {
        dup2(to[0], CONTROL);
        dup2(from[1], STATUS);
        close(to[0]), close(to[1]), close(from[0]), close(from[1]);
        setenv("LD_PRELOAD", library, 1);
        execv(command[0], command);
        fail(command[0]);
    }
    close(to[0]);
    close(from[1]);
    control = to[1];
    status = from[0];
}

static uint32_t hear(void)
{
    uint32_t word;

    if (read(status, &word, sizeof word) != sizeof word)
        fail("the fork server is gone");
    return word;
}

static void tell(uint32_t word)
{
    if (write(control, &word, sizeof word) != sizeof word)
        fail("the fork server does not listen");
}

static void greet(void)
{
    const uint32_t shares = 0x81000001;

    if ((hear() & shares) != shares)
        fail("the fork server takes no shared memory");
    unshare_later("__AFL_SHM_ID");
    unshare_later("__AFL_SHM_FUZZ_ID");
    tell(shares);
}

static void load(const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        fail(path);
    *size = (uint32_t)fread(input, 1, INPUT_MAX, file);
    fclose(file);
}

static uint32_t covered(void)
{
    uint32_t count = 0;

    for (unsigned i = 0; i < MAP_SIZE; i++)
        count += map[i] != 0;
    return count;
}

static void run(const char *path)
{
    uint32_t end;

    load(path);
    memset(map, 0, MAP_SIZE);
    tell(0);
    hear();
    end = hear();
    if (WIFSIGNALED((int)end))
        printf("%s: signal %d\n", path, WTERMSIG((int)end));
    else
        printf("%s: exit %d, %s\n", path, WEXITSTATUS((int)end),
               covered() > 0 ? "covers something" : "covers nothing");
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments)
{
    unsigned runs = count > 4 ? (unsigned)strtol(arguments[2], NULL, 10) : 0;
    int files = 3;
    double began;

    while (files < count && strcmp(arguments[files], "--") != 0)
        files++;
    if (files == 3 || files + 1 >= count) {
        fprintf(stderr, "usage: fuzzer LIBRARY RUNS FILE... -- PROGRAM ARGUMENT...\n");
        return 2;
    }
    map = share("__AFL_SHM_ID", MAP_SIZE);
    size = share("__AFL_SHM_FUZZ_ID", sizeof *size + INPUT_MAX);
    input = (uint8_t *)(size + 1);
    start(arguments[1], arguments + files + 1);
    greet();
    began = now();
    for (unsigned i = 0; i < runs; i++)
        run(arguments[3 + i % (unsigned)(files - 3)]);
    fprintf(stderr, "%.0f executions/s\n", runs / (now() - began));
    return 0;
}
