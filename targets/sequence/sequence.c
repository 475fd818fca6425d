/* sequence: see sequence.h. */
#include "sequence.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engines/feedback.h"
#include "oracle/explain.h"
#include "stacks/executor.h"
#include "stacks/find.h"
#include "stacks/isolation.h"

enum { RUNS_PER_DESCRIPTOR_CHECK = 64, SETTLE_MS = 200 };

static struct executor executor;
static struct judge judge;

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

static void check_and_judge(void *context, const struct call *call, const struct request *request,
                            const struct outcome *outcome)
{
    check(context, call, request, outcome);
    judge_call(&judge, call, request, outcome);
    if (judge.judgement == JUDGEMENT_CONFORMS)
        feedback_clause((enum op)request->op, judge.oracle.clause);
    if (judge.judgement != JUDGEMENT_DEVIATES)
        return;
    explain_deviation(stderr, &judge, call, request, outcome);
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

static bool wants_judge(void)
{
    const char *judges = getenv("SOCKDRILL_JUDGE");

    return judges == NULL || strcmp(judges, "off") != 0;
}

/* The stack that SOCKDRILL_UNDER_TEST names, the kernel's without it. */
static const struct sockdrill_stack *wanted_stack(void)
{
    const char *name = getenv("SOCKDRILL_UNDER_TEST");
    const struct sockdrill_stack *stack = &sockdrill_stack_kernel;
    char error[STACK_ERROR_MAX];

    if (name != NULL && !stack_find(name, &stack, error)) {
        fprintf(stderr, "sockdrill: %s\n", error);
        exit(EXIT_FAILURE);
    }
    return stack;
}

static void prepare(void)
{
    executor_init(&executor, wanted_stack());
    executor.loopback_only = !isolation_entered();
    executor.observe = check;
    if (!wants_judge())
        return;
    if (!isolation_entered()) {
        fputs("sockdrill: without a network namespace nothing is judged\n", stderr);
        return;
    }
    executor.observe = check_and_judge;
    executor.reveal_names = true;
    executor.abort_at_end = true; /* a connection left over would have its port in the next run */
    judge_init(&judge, &profile_linux, SETTLE_MS);
}

void sequence_run(const struct drill *drill)
{
    static uint64_t runs;
    bool checks = runs++ % RUNS_PER_DESCRIPTOR_CHECK == 0;
    int before = checks ? lowest_free_descriptor() : -1;

    if (executor.stack == NULL)
        prepare();
    if (executor.observe == check_and_judge)
        judge_begin(&judge);
    executor_drill(&executor, drill);
    if (checks)
        check_descriptors(before);
}
