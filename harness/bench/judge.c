/*
 * judge: what the oracle costs. Usage: bench_judge ROUNDS RUNS DRILL... Makes each drill's calls on
 * the kernel's sockets, in turns: bare, with the names asked for that the oracle wants to see, and
 * judged. Prints a line for the whole drill and one for each kind of call: drill, call or "all",
 * how many, nanoseconds bare, with names, judged. Each is the median of the rounds; begin and end
 * of a drill count for the whole alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "engines/input.h"
#include "oracle/judge.h"
#include "stacks/executor.h"
#include "stacks/isolation.h"

enum { ROUNDS_MAX = 99, RUNS_WARM = 200, SETTLE_MS = 200 };

/* The same drill's ways to be run. */
enum side { BARE, NAMED, JUDGED, SIDES };

static struct executor bare;
static struct executor named;
static struct executor judged;
static struct executor *const executors[SIDES] = {&bare, &named, &judged};
static struct judge judge;
static const char *path; /* of the drill */
static double clock_cost;
static double whole[SIDES][ROUNDS_MAX];
static double calls[SIDES][OPS][ROUNDS_MAX];

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    (void)context;
    if (judge_call(&judge, call, request, outcome) == JUDGEMENT_CONFORMS)
        return;
    fprintf(stderr, "%s: %s is not judged to conform\n", path,
            call_info((enum op)request->op)->name);
    exit(1);
}

static void run_whole(enum side side, const struct drill *drill)
{
    if (side == JUDGED)
        judge_begin(&judge);
    executor_drill(executors[side], drill);
}

static void run_timed(enum side side, const struct drill *drill, double *spent)
{
    if (side == JUDGED)
        judge_begin(&judge);
    executor_begin(executors[side]);
    for (uint32_t i = 0; i < drill->call_count; i++) {
        double start = clock_ns();

        executor_call(executors[side], &drill->calls[i]);
        spent[drill->calls[i].op] += clock_ns() - start;
    }
    executor_end(executors[side]);
}

static void measure(enum side side, const struct drill *drill, unsigned round, long runs)
{
    double spent[OPS] = {0};
    double start = clock_ns();

    for (long i = 0; i < runs; i++)
        run_whole(side, drill);
    whole[side][round] = (clock_ns() - start) / (double)runs;
    for (long i = 0; i < runs; i++)
        run_timed(side, drill, spent);
    for (unsigned op = 0; op < OPS; op++)
        calls[side][op][round] = spent[op] / (double)runs;
}

/* The last part of a path, without its ending. */
static const char *drill_name(int *length)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;

    *length = (int)strcspn(name, ".");
    return name;
}

static void print_drill(const struct drill *drill, unsigned rounds)
{
    unsigned counts[OPS] = {0};
    int length;
    const char *name = drill_name(&length);

    for (uint32_t i = 0; i < drill->call_count; i++)
        counts[drill->calls[i].op]++;
    printf("%.*s\tall\t%u", length, name, drill->call_count);
    for (unsigned side = 0; side < SIDES; side++)
        printf("\t%.1f", clock_median(whole[side], rounds));
    putchar('\n');
    for (unsigned op = 0; op < OPS; op++) {
        if (counts[op] == 0)
            continue;
        printf("%.*s\t%s\t%u", length, name, call_info((enum op)op)->name, counts[op]);
        for (unsigned side = 0; side < SIDES; side++)
            printf("\t%.1f", clock_median(calls[side][op], rounds) / counts[op] - clock_cost);
        putchar('\n');
    }
}

static void bench(unsigned rounds, long runs)
{
    static struct drill drill;
    static struct drill_notes notes;
    char error[INPUT_ERROR_MAX];

    if (!input_parse(path, &drill, &notes, error)) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    for (unsigned i = 0; i < RUNS_WARM; i++)
        run_whole(JUDGED, &drill);
    for (unsigned round = 0; round < rounds; round++)
        for (unsigned side = 0; side < SIDES; side++)
            measure((enum side)side, &drill, round, runs);
    print_drill(&drill, rounds);
}

int main(int argc, char **argv)
{
    long rounds = argc > 3 ? strtol(argv[1], NULL, 10) : 0;
    long runs = argc > 3 ? strtol(argv[2], NULL, 10) : 0;
    bool isolated = isolation_enter();

    if (rounds < 1 || rounds > ROUNDS_MAX || runs < 1) {
        fprintf(stderr, "usage: bench_judge ROUNDS RUNS DRILL...\n");
        return 1;
    }
    for (unsigned side = 0; side < SIDES; side++) {
        executor_init(executors[side], &sockdrill_stack_kernel);
        executors[side]->loopback_only = !isolated;
    }
    named.reveal_names = true;
    judged.reveal_names = true;
    judged.observe = observe;
    judge_init(&judge, &profile_linux, SETTLE_MS);
    clock_cost = clock_cost_ns();
    for (int i = 3; i < argc; i++) {
        path = argv[i];
        bench((unsigned)rounds, runs);
    }
    return 0;
}
