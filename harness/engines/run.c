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
#include "interpose/adversary.h"
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
__attribute__((weak)) void interpose_serve(int (*server)(int), const struct drill *drill,
                                           int family);
__attribute__((weak)) void interpose_receive(int (*receiver)(int), const struct drill *drill,
                                             int family);
__attribute__((weak)) void interpose_client(enum peer kind,
                                            int (*client)(const struct sockaddr *, socklen_t),
                                            const struct drill *drill, int family);
__attribute__((weak)) void adversary_level(enum answer_level level);
__attribute__((weak)) bool interpose_code(int (*code)(void *), void *context,
                                          const struct drill *drill);

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

bool run_at(const char *level)
{
    for (unsigned i = 0; i < ANSWER_LEVELS; i++)
        if (strcmp(level, answer_level_name(i)) == 0) {
            if (adversary_level != NULL)
                adversary_level((enum answer_level)i);
            return true;
        }
    return false;
}

static void choose_level(const char *name)
{
    if (run_at(name))
        return;
    fprintf(stderr, "sockdrill: SOCKDRILL_LEVEL is none, io or faults, not \"%s\"\n", name);
    exit(1);
}

void run_start(void)
{
    const char *counter = getenv("SOCKDRILL_COUNTER");
    const char *stack = getenv("SOCKDRILL_STACK");
    const char *level = getenv("SOCKDRILL_LEVEL");

    signal(SIGPIPE, SIG_IGN);
    if (counter != NULL)
        map_counter(counter);
    if (stack != NULL)
        choose_stack(stack);
    if (level != NULL)
        choose_level(level);
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

/* What only the model can carry out. */
static const struct drill *decode_for_model(const uint8_t *data, size_t size)
{
    static struct drill drill;

    count();
    if (on_kernel || interpose_code == NULL) {
        fprintf(stderr, "sockdrill: this target runs on the model only; its sockets are emulated "
                        "where sockdrill_interpose is linked\n");
        exit(1);
    }
    drill_decode(&drill, data, size, &drill_rules_remote);
    return &drill;
}

int sockdrill_run_udp(int (*function)(int), const uint8_t *data, size_t size)
{
    const struct drill *drill = decode_for_model(data, size);

    interpose_receive(function, drill, remote_family(drill));
    return 0;
}

int sockdrill_run_tcp_client(int (*function)(const struct sockaddr *, socklen_t),
                             const uint8_t *data, size_t size)
{
    const struct drill *drill = decode_for_model(data, size);

    interpose_client(PEER_LISTENS, function, drill, remote_family(drill));
    return 0;
}

int sockdrill_run_udp_client(int (*function)(const struct sockaddr *, socklen_t),
                             const uint8_t *data, size_t size)
{
    const struct drill *drill = decode_for_model(data, size);

    interpose_client(PEER_ANSWERS, function, drill, remote_family(drill));
    return 0;
}

/* LeakSanitizer's: what code that is left where it waits holds is not lost by a fault of its own.
 */
void leaks_unwatched(void) __asm__("__lsan_disable") __attribute__((weak));
void leaks_watched(void) __asm__("__lsan_enable") __attribute__((weak));

int sockdrill_run(int (*function)(void *), void *context, const uint8_t *data, size_t size)
{
    const struct drill *drill = decode_for_model(data, size);
    bool returned;

    if (leaks_unwatched != NULL)
        leaks_unwatched();
    returned = interpose_code(function, context, drill);
    if (leaks_watched != NULL)
        leaks_watched();
    return returned;
}

/* Of a program whose main has another name. */
struct program {
    int (*main)(int, char **, char **);
    char **arguments;
};

static int call_main(void *context)
{
    const struct program *program = context;
    int count = 0;

    while (program->arguments[count] != NULL)
        count++;
    optind = 0; /* getopt begins anew */
    return program->main(count, program->arguments, environ);
}

int sockdrill_run_main(int (*function)(int, char **, char **), const char *const *arguments,
                       const uint8_t *data, size_t size)
{
    enum { ARGUMENTS_MAX = 64 };
    char *copy[ARGUMENTS_MAX + 1] = {NULL};
    struct program program = {function, copy};
    size_t count = 0;

    for (; count < ARGUMENTS_MAX && arguments[count] != NULL; count++)
        if ((copy[count] = strdup(arguments[count])) == NULL)
            abort();
    sockdrill_run(call_main, &program, data, size);
    while (count > 0)
        free(copy[--count]);
    return 0;
}
