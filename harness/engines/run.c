/* run: what stands behind the macros of sockdrill/target.h. */
#include "engines/run.h"

#include <fcntl.h>
#include <signal.h>
#include <sockdrill/target.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "drill/drill.h"
#include "engines/remote.h"
#include "interpose/run.h"
#include "stacks/isolation.h"

static uint64_t uncounted;
static uint64_t *executions = &uncounted;

static void map_counter(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *page = MAP_FAILED;

    if (fd >= 0) {
        page = mmap(NULL, sizeof *executions, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        close(fd);
    }
    if (page == MAP_FAILED) {
        fprintf(stderr, "sockdrill: cannot count executions in %s: %m\n", path);
        exit(1);
    }
    executions = page;
}

/* Linked into a target whose code under test is to run on the model. */
void interpose_serve(int (*server)(int), const struct drill *drill, int family)
    __attribute__((weak));

static bool on_kernel;

bool run_on(const char *stack)
{
    on_kernel = strcmp(stack, "kernel") == 0;
    return on_kernel || strcmp(stack, "model") == 0;
}

static void choose_stack(const char *name)
{
    if (run_on(name))
        return;
    fprintf(stderr, "sockdrill: SOCKDRILL_STACK is kernel or model, not \"%s\"\n", name);
    exit(1);
}

void run_start(void)
{
    const char *counter = getenv("SOCKDRILL_COUNTER");
    const char *stack = getenv("SOCKDRILL_STACK");

    signal(SIGPIPE, SIG_IGN);
    if (counter != NULL)
        map_counter(counter);
    if (stack != NULL)
        choose_stack(stack);
    isolation_enter();
}

static void count(void)
{
    __atomic_fetch_add(executions, 1, __ATOMIC_RELAXED);
}

/* An allocation of exactly that size, so that a sanitizer sees a read past its end. */
static void *exact(size_t size)
{
    void *copy = malloc(size > 0 ? size : 1);

    if (copy == NULL)
        abort();
    return copy;
}

int sockdrill_run_bytes(int (*function)(const uint8_t *, size_t), const uint8_t *data, size_t size)
{
    uint8_t *copy = size > 0 ? exact(size) : NULL;

    count();
    if (size > 0)
        memcpy(copy, data, size);
    function(copy, size);
    free(copy);
    return 0;
}

int sockdrill_run_text(int (*function)(const char *), const uint8_t *data, size_t size)
{
    const uint8_t *nul = size > 0 ? memchr(data, '\0', size) : NULL;
    size_t length = nul != NULL ? (size_t)(nul - data) : size;
    char *text = exact(length + 1);

    count();
    if (length > 0)
        memcpy(text, data, length);
    text[length] = '\0';
    function(text);
    free(text);
    return 0;
}

int sockdrill_run_drill(void (*function)(const struct drill *), const struct drill_rules *rules,
                        const uint8_t *data, size_t size)
{
    static struct drill drill;

    count();
    drill_decode(&drill, data, size, rules);
    function(&drill);
    return 0;
}

int sockdrill_run_tcp_server(int (*function)(int), const uint8_t *data, size_t size)
{
    static struct drill drill;

    count();
    if (on_kernel || interpose_serve == NULL) {
        remote_serve(function, data, size);
        return 0;
    }
    drill_decode(&drill, data, size, &drill_rules_remote);
    interpose_serve(function, &drill, remote_family(&drill));
    return 0;
}
