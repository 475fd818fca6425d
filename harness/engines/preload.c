/*
 * preload: libsockdrill-preload.so, which runs a whole program on the model, beneath its own
 * binary. Its input is a drill in any form; bytes that are none are what the remote sends.
 *
 *     LD_PRELOAD=libsockdrill-preload.so SOCKDRILL_INPUT=request program arguments
 *
 * Without SOCKDRILL_INPUT the standard input is read, or what AFL++ has put into shared memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drill/drill.h"
#include "engines/calls_trace.h"
#include "engines/forkserver.h"
#include "engines/input.h"
#include "interpose/interpose.h"
#include "interpose/program.h"

static struct drill drill;
static const char *path; /* NULL for the standard input */

static _Noreturn void fail(const char *what, const char *why)
{
    fprintf(stderr, "sockdrill: %s: %s\n", what, why);
    _exit(1);
}

static uint8_t input[INPUT_BYTES_MAX + 1]; /* which the drill goes on using */

static void decode_all(const char *from, const uint8_t *bytes, size_t size)
{
    if (size > INPUT_BYTES_MAX)
        fail(from, "larger than 1 MiB, which no input is");
    drill_decode(&drill, bytes, size, &drill_rules_remote);
}

static void decode(void *context, const uint8_t *data, size_t size)
{
    (void)context;
    memcpy(input, data, size);
    drill_decode(&drill, input, size, &drill_rules_remote);
}

static void read_file(void)
{
    char error[INPUT_ERROR_MAX];

    if (!input_each(path, &drill_rules_remote, decode, NULL, error))
        fail("SOCKDRILL_INPUT", error);
}

static void read_input(void)
{
    size_t size = 0;
    ssize_t got;

    while ((got = read(KEPT_INPUT, input + size, sizeof input - size)) > 0)
        size += (size_t)got;
    if (got < 0)
        fail("the standard input", strerror(errno));
    decode_all("the standard input", input, size);
}

static const struct drill *comes(void)
{
    const uint8_t *bytes;
    size_t size;

    forkserver_start();
    bytes = forkserver_input(&size);
    if (bytes != NULL)
        decode_all("the fuzzer's shared memory", bytes, size);
    else if (path != NULL)
        read_file();
    else
        read_input();
    return &drill;
}

static void ends(void)
{
    calls_trace_end();
}

/* The program may close its standard input before it is needed, but does not read the remote's. */
static void keep_input(void)
{
    int nothing;

    if (dup3(STDIN_FILENO, KEPT_INPUT, O_CLOEXEC) < 0)
        fail("the standard input", strerror(errno));
    nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0)
        fail("/dev/null", strerror(errno));
    close(nothing);
}

/* A program may write over its environment. */
static const char *copied(const char *text)
{
    char *copy = text != NULL ? strdup(text) : NULL;

    if (text != NULL && copy == NULL)
        fail("SOCKDRILL_INPUT", strerror(errno));
    return copy;
}

static void __attribute__((constructor)) start(void)
{
    const char *trace = getenv("SOCKDRILL_TRACE");

    path = copied(getenv("SOCKDRILL_INPUT"));
    setenv("__AFL_DEFER_FORKSRV", "1", 1); /* of a program that is instrumented */
    unsetenv("LD_PRELOAD");                /* what it executes is another program */
    if (path == NULL)
        keep_input();
    if (trace != NULL)
        calls_trace_begin(trace);
    program_begin(comes, ends);
    interpose_inside = true;
}
