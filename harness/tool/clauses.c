/* clauses: lists the rules of the specification, with how the conformance drills cover them. */
#include <signal.h>
#include <string.h>

#include "oracle/explain.h"
#include "stacks/isolation.h"
#include "tool/conformance.h"
#include "tool/files.h"
#include "tool/shared.h"
#include "tool/watch.h"

/* Runs the conformance drills on the kernel. */
static bool cover(struct coverage *coverage)
{
    struct conformance *run = shared_alloc(sizeof *run);
    struct files files = {.count = 0};
    bool ran = files_add(&files, CONFORMANCE_CORPUS);

    signal(SIGPIPE, SIG_IGN);
    watch_start(NULL);
    run->profile = &profile_linux;
    run->isolated = isolation_enter_keeping();
    conformance_prepare(run, &sockdrill_stack_kernel);
    for (size_t i = 0; i < files.count && ran; i++)
        ran = conformance_file(run, files.paths[i]);
    conform_coverage(&run->conform, coverage);
    files_free(&files);
    return ran;
}

static void print_clause(enum clause clause, const struct clause_count *count)
{
    const struct clause_info *info = clause_info(clause);

    printf("%s (%s): %s [%s]\n    exercised %u, decided %u%s\n", info->id,
           strength_name(info->strength), info->statement, info->citation, count->exercised,
           count->decided,
           count->exercised == 0 ? ": no drill asks it"
           : count->decided == 0 ? ": no outcome follows from it"
                                 : "");
}

static json_t *json_clause(enum clause clause, const struct clause_count *count)
{
    const struct clause_info *info = clause_info(clause);

    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "id", info->id, "strength",
                     strength_name(info->strength), "statement", info->statement, "citation",
                     info->citation, "exercised", (json_int_t)count->exercised, "decided",
                     (json_int_t)count->decided);
}

static void print_total(const struct coverage *coverage)
{
    unsigned exercised = 0;
    unsigned decided = 0;

    for (unsigned i = 0; i < CLAUSES; i++) {
        exercised += coverage->clauses[i].exercised > 0;
        decided += coverage->clauses[i].decided > 0;
    }
    printf("\n%u clauses, %u exercised, %u decided something\n", (unsigned)CLAUSES, exercised,
           decided);
}

/* Those that are named, or all; names are known to be clauses. */
static int print_all(const struct words *words, const struct coverage *coverage)
{
    json_t *all = words->json ? json_array() : NULL;
    size_t count = words->count > 0 ? words->count : CLAUSES;

    for (size_t i = 0; i < count; i++) {
        enum clause clause = words->count > 0 ? explain_find(words->words[i]) : (enum clause)i;

        if (all != NULL)
            json_array_append_new(all, json_clause(clause, &coverage->clauses[clause]));
        else
            print_clause(clause, &coverage->clauses[clause]);
    }
    if (all != NULL) {
        json_dumpf(all, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(all);
    } else if (words->count == 0) {
        print_total(coverage);
    }
    return fflush(stdout) == 0 ? EXIT_CLEAN : command_fail("cannot write the output: %m");
}

int command_clauses(int argc, char **argv)
{
    static const struct argp_option options[] = {OPTION_JSON, {0}};
    static struct coverage coverage;
    struct words words;

    command_words(&words, argc, argv, options, "[ID...]",
                  "Lists the clauses of the specification, all or those named: strength, "
                  "statement, citation, and how often the drills of corpus/conformance asked each "
                  "on the kernel's sockets and how often something followed from it.",
                  0, SIZE_MAX);
    for (size_t i = 0; i < words.count; i++)
        if (explain_find(words.words[i]) == CLAUSES)
            return command_fail("no clause is called %s: sockdrill clauses lists them",
                                words.words[i]);
    if (!cover(&coverage))
        return EXIT_COULD_NOT_RUN;
    return print_all(&words, &coverage);
}
