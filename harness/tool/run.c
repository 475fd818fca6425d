/* run: makes a drill's calls on a stack and prints them as strace would. */
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "stacks/executor.h"
#include "stacks/find.h"
#include "stacks/isolation.h"
#include "tool/command.h"
#include "tool/watch.h"

/* How long a call and all of a drill may be waited for. */
static const struct waits {
    int call_ms;
    int drill_ms;
} waits_kernel = {100, 2000}, waits_other = {600, 6000}; /* a TCP may delay an ACK by 500 ms */

enum { BLOCK_MS = 200 };

static struct {
    struct drill drill;
    struct drill_notes notes;
    struct executor executor;
    const char *path;
    json_t *json; /* NULL for text */
    unsigned calls;
    unsigned unexpected;
    bool judges; /* until a call cannot be made: what follows has another meaning then */
} run;

static void watch_next_call(void)
{
    bool last = run.calls == run.drill.call_count;

    watch_next(run.path, run.calls + 1,
               last ? "the end of the drill" : call_info(run.drill.calls[run.calls].op)->name);
}

/* --- calls and what came of them --- */

/* What a printer writes, as a string to be freed. */
static char *written(void (*print)(FILE *, const struct call *, const struct outcome *),
                     const struct call *call, const struct outcome *outcome)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        abort();
    print(out, call, outcome);
    fclose(out);
    return text;
}

static void print_call(FILE *out, const struct call *call, const struct outcome *outcome)
{
    (void)outcome;
    drill_print_call(out, call, &run.notes);
}

static void print_outcome(FILE *out, const struct call *call, const struct outcome *outcome)
{
    outcome_print(out, call, outcome, &run.notes);
}

static void report_json(const struct call *call, const struct outcome *outcome, bool met)
{
    static const char *const kinds[] = {"returned", "unfinished", "refused", "unsupported", "busy"};
    char *call_text = written(print_call, call, outcome);
    char *outcome_text = written(print_outcome, call, outcome);
    const char *expected = run.notes.expected[run.calls];
    json_t *row = json_pack("{s:s, s:i, s:s%, s:s, s:I, s:s%, s:b}", "file", run.path, "line",
                            run.notes.lines[run.calls], "call", call_text, strlen(call_text),
                            "kind", kinds[outcome->kind], "result", (json_int_t)outcome->result,
                            "outcome", outcome_text, strlen(outcome_text), "met", met);

    if (outcome->error != 0 && errno_name(outcome->error) != NULL)
        json_object_set_new(row, "errno", json_string(errno_name(outcome->error)));
    if (expected != NULL)
        json_object_set_new(row, "expected", json_string(expected));
    json_array_append_new(run.json, row);
    free(call_text);
    free(outcome_text);
}

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    const char *expected;
    bool met;

    (void)context;
    (void)request;
    if (call == NULL)
        return; /* the drill does not show it */
    expected = run.notes.expected[run.calls];
    if (!outcome_made(outcome))
        run.judges = false;
    met = !run.judges || expected == NULL || outcome_matches(expected, call, outcome, &run.notes);
    if (run.json != NULL) {
        report_json(call, outcome, met);
    } else {
        print_call(stdout, call, outcome);
        fputs(call->act == ACT_SIGNAL ? "" : " ", stdout);
        print_outcome(stdout, call, outcome);
        outcome_print_remark(stdout, call, outcome);
        putchar('\n');
        fflush(stdout); /* the next call may be the process's last */
    }
    if (!met) {
        fprintf(stderr, "%s:%u: expected %s\n", run.path, run.notes.lines[run.calls], expected);
        run.unexpected++;
    }
    run.calls++;
    watch_next_call();
}

/* Makes the calls of one drill. Returns false when it cannot, after saying why. */
static bool run_file(const char *path)
{
    if (!command_read_drill(path, &run.drill, &run.notes, &drill_rules_actors))
        return false;
    if (run.notes.uses_remote) {
        command_fail("%s: the variable \"remote\" exists only beneath a target: use "
                     "sockdrill replay TARGET FILE",
                     path);
        return false;
    }
    run.path = path;
    run.calls = 0;
    run.judges = true;
    watch_next_call();
    executor_drill(&run.executor, &run.drill);
    watch_stop();
    if (!run.judges)
        fprintf(stderr, "sockdrill: %s: a call was not made; nothing after it was compared\n",
                path);
    return true;
}

static bool run_files(const struct words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        if (words->count > 1 && run.json == NULL)
            printf("%s# %s\n", i > 0 ? "\n" : "", words->words[i]);
        if (!run_file(words->words[i]))
            return false;
    }
    return true;
}

/* Sets the executor up; the namespace is entered first, while there is one thread. */
static bool prepare(const char *name)
{
    const struct sockdrill_stack *stack = &sockdrill_stack_kernel;
    char error[STACK_ERROR_MAX];
    const struct waits *waits = name != NULL ? &waits_other : &waits_kernel;
    bool isolated = isolation_enter_keeping();

    if (name != NULL && !stack_find(name, &stack, error)) {
        command_fail("%s", error);
        return false;
    }
    executor_init(&run.executor, stack);
    run.executor.loopback_only = !isolated;
    run.executor.wait_ms = waits->call_ms;
    run.executor.drill_wait_ms = waits->drill_ms;
    run.executor.block_ms = BLOCK_MS;
    run.executor.observe = observe;
    return true;
}

int command_run(int argc, char **argv)
{
    static const struct argp_option options[] = {OPTION_STACK, OPTION_JSON, {0}};
    struct words words;
    bool ran;

    command_words(
        &words, argc, argv, options, "FILE...",
        "Makes the calls of each drill (*.drill) or binary input on a stack, the kernel's "
        "in a private network namespace where that is permitted, and prints each with "
        "its result. Exit status 2: a result was not the expected one.",
        1, SIZE_MAX);
    signal(SIGPIPE, SIG_IGN);
    watch_start(NULL);
    if (!prepare(words.stack))
        return EXIT_COULD_NOT_RUN;
    run.json = words.json ? json_array() : NULL;
    ran = run_files(&words);
    if (words.json) {
        if (ran) {
            json_dumpf(run.json, stdout, JSON_INDENT(2));
            putchar('\n');
        }
        json_decref(run.json);
    }
    if (!ran)
        return EXIT_COULD_NOT_RUN;
    if (fflush(stdout) != 0)
        return command_fail("cannot write the output: %m");
    return run.unexpected > 0 ? EXIT_FOUND : EXIT_CLEAN;
}
