/* sequence: see sequence.h. */
#include "sequence.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "stacks/executor.h"
#include "stacks/isolation.h"

enum { RUNS_PER_DESCRIPTOR_CHECK = 64 };

static void check(void *context, const struct call *call, const struct request *request,
                  const struct outcome *outcome)
{
    const char *why;

    (void)context;
    (void)request;
    if (call == NULL || outcome_sane(call, outcome, &why))
        return;
    fprintf(stderr, "law broken: %s returned %s: ", call_info(call->op)->name, why);
    drill_print_call(stderr, call, NULL);
    fprintf(stderr, " = %lld\n", (long long)outcome->result);
    abort();
}

static int lowest_free_descriptor(void)
{
    int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

    close(fd);
    return fd;
}

static void check_descriptors(int before)
{
    if (before == lowest_free_descriptor())
        return;
    fprintf(stderr, "law broken: a drill left a descriptor open\n");
    abort();
}

void sequence_run(const struct drill *drill)
{
    static struct executor executor;
    static uint64_t runs;
    bool checks = runs++ % RUNS_PER_DESCRIPTOR_CHECK == 0;
    int before = checks ? lowest_free_descriptor() : -1;

    if (executor.stack == NULL) {
        executor_init(&executor, &sockdrill_stack_kernel);
        executor.loopback_only = !isolation_entered();
        executor.observe = check;
    }
    executor_drill(&executor, drill);
    if (checks)
        check_descriptors(before);
}
