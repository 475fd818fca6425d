/* conform: judges a stack by the specification, with drills and with calls drawn at random. */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engines/conform.h"
#include "mutate/generate.h"
#include "stacks/find.h"
#include "stacks/isolation.h"
#include "tool/command.h"

enum { DRILL_CALLS = 100, REPORTED_MAX = 2000 };

static struct {
    struct conform conform;
    struct generator generator;
    struct drill drill;
    struct drill_notes notes;
    const char *path; /* of the drill, or NULL for one that was drawn */
    uint64_t drawn;
    uint64_t deviations;
    bool quiet;
} run;

static void print_allowed(FILE *out, const struct oracle *o, const struct call *call)
{
    for (unsigned i = 0; i < o->allowed_count; i++) {
        const struct allowed *a = &o->allowed[i];
        const struct clause_info *info = clause_info(a->clause);
        const struct outcome outcome = {.kind = a->kind, .result = a->result, .error = a->error};

        fputs("    allowed ", out);
        if (call != NULL)
            outcome_print(out, call, &outcome, NULL);
        else
            fprintf(out, "= %" PRId64, a->result);
        fprintf(out, "   %s: %s [%s]\n", info->id, info->statement, info->citation);
    }
}

static void report(void *context, const struct call *call, const struct request *request,
                   const struct outcome *outcome, enum judgement judgement)
{
    bool tell = judgement == JUDGEMENT_DEVIATES && run.deviations < REPORTED_MAX;

    (void)context;
    run.deviations += judgement == JUDGEMENT_DEVIATES;
    if (getenv("SOCKDRILL_TRACE") == NULL && !tell)
        return;
    if (call != NULL) {
        drill_print_call(stdout, call, NULL);
        putchar(' ');
        outcome_print(stdout, call, outcome, NULL);
        outcome_print_remark(stdout, call, outcome);
    } else {
        static const struct call asked[] = {
            [OP_getsockname] = {.op = OP_getsockname}, [OP_getpeername] = {.op = OP_getpeername}};

        printf("  (%s %d = %" PRId64, call_info(request->op)->name, request->fd, outcome->result);
        outcome_print_remark(stdout, &asked[request->op], outcome);
        putchar(')');
    }
    if (getenv("SOCKDRILL_TRACE") != NULL)
        printf("  {%u}", run.conform.oracle.world_count);
    printf("%s\n", judgement == JUDGEMENT_DEVIATES       ? "   <-- deviates"
                   : judgement == JUDGEMENT_INCONCLUSIVE ? "   ?"
                                                         : "");
    if (judgement == JUDGEMENT_DEVIATES)
        print_allowed(stdout, &run.conform.oracle, call);
}

static void draw_drills(uint64_t calls, uint64_t seed)
{
    struct conform *c = &run.conform;

    for (uint64_t made = 0; made < calls; run.drawn++) {
        generate_init(&run.generator, seed + run.drawn);
        conform_begin(c);
        run.drill.call_count = 0;
        for (unsigned i = 0; i < DRILL_CALLS; i++, made++) {
            struct call *call = &run.drill.calls[run.drill.call_count++];

            generate_call(&run.generator, oracle_world(&c->oracle), c->executor.slots, call);
            conform_call(c, call);
            if (c->worst != JUDGEMENT_CONFORMS)
                break;
        }
        if (conform_end(c) == JUDGEMENT_DEVIATES && run.deviations < REPORTED_MAX) {
            if (getenv("SOCKDRILL_DUMP") != NULL)
                drill_print(fopen(getenv("SOCKDRILL_DUMP"), "w"), &run.drill, NULL);
            printf("--- seed %" PRIu64 ", call %u\n", seed + run.drawn, run.drill.call_count);
        }
    }
}

static void print_table(void)
{
    const struct conform_count *counts = run.conform.counts;

    printf("%-12s %10s %10s %10s %12s\n", "call", "made", "succeeded", "deviated", "inconclusive");
    for (unsigned i = 0; i < OPS; i++)
        if (counts[i].made > 0)
            printf("%-12s %10" PRIu64 " %9.1f%% %10" PRIu64 " %12" PRIu64 "\n",
                   call_info((enum op)i)->name, counts[i].made,
                   100.0 * (double)counts[i].succeeded / (double)counts[i].made, counts[i].deviated,
                   counts[i].inconclusive);
}

int command_conform(int argc, char **argv)
{
    static const struct argp_option options[] = {
        OPTION_STACK,
        {"profile", 'p', "PROFILE", 0, "Judge by PROFILE: posix or linux", 0},
        {"calls", 'n', "N", 0, "Make N calls drawn at random", 0},
        {"seed", 'S', "SEED", 0, "Draw from SEED (1)", 0},
        {0}};
    const struct sockdrill_stack *stack = &sockdrill_stack_kernel;
    char error[STACK_ERROR_MAX];
    struct words words;
    const struct profile *profile;
    bool isolated;

    command_words(&words, argc, argv, options, "[FILE...]",
                  "Judges what a stack does by the specification, call by call.", 0, SIZE_MAX);
    isolated = isolation_enter();
    signal(SIGPIPE, SIG_IGN);
    profile = profile_find(words.profile != NULL ? words.profile
                           : words.stack == NULL ? "linux"
                                                 : "posix");
    if (profile == NULL)
        return command_fail("no profile is called %s: posix and linux are", words.profile);
    if (words.stack != NULL && !stack_find(words.stack, &stack, error))
        return command_fail("%s", error);
    conform_init(&run.conform, stack, profile);
    run.conform.executor.loopback_only = !isolated;
    run.conform.report = report;
    for (size_t i = 0; i < words.count; i++) {
        run.path = words.words[i];
        if (!command_read_drill(run.path, &run.drill, &run.notes, &drill_rules_any))
            return EXIT_COULD_NOT_RUN;
        conform_drill(&run.conform, &run.drill);
    }
    draw_drills(words.calls, words.seed);
    print_table();
    return run.deviations > 0 ? EXIT_FOUND : EXIT_CLEAN;
}
