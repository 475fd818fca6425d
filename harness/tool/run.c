/* run: makes a drill's calls on the kernel's sockets and prints them as strace would. */
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "stacks/executor.h"
#include "stacks/isolation.h"
#include "tool/command.h"

enum { WAIT_MS = 100, DRILL_WAIT_MS = 2000 };

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
    static const char *const kinds[] = {"returned", "unfinished", "refused", "unsupported"};
    char *call_text = written(print_call, call, outcome);
    char *outcome_text = written(print_outcome, call, outcome);
    const char *expected = run.notes.expected[run.calls];
    json_t *row = json_pack("{s:i, s:s%, s:s, s:I, s:s%, s:b}", "line", run.notes.lines[run.calls],
                            "call", call_text, strlen(call_text), "kind", kinds[outcome->kind],
                            "result", (json_int_t)outcome->result, "outcome", outcome_text,
                            strlen(outcome_text), "met", met);

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
    if (outcome->kind == OUTCOME_REFUSED || outcome->kind == OUTCOME_UNSUPPORTED)
        run.judges = false;
    met = !run.judges || expected == NULL || outcome_matches(expected, call, outcome, &run.notes);
    if (run.json != NULL) {
        report_json(call, outcome, met);
    } else {
        print_call(stdout, call, outcome);
        putchar(' ');
        print_outcome(stdout, call, outcome);
        outcome_print_remark(stdout, call, outcome);
        putchar('\n');
    }
    if (!met) {
        fflush(stdout);
        fprintf(stderr, "%s:%u: expected %s\n", run.path, run.notes.lines[run.calls], expected);
        run.unexpected++;
    }
    run.calls++;
}

int command_run(int argc, char **argv)
{
    static const struct argp_option options[] = {OPTION_JSON, {0}};
    struct words words;

    command_words(&words, argc, argv, options, "FILE",
                  "Makes the calls of a drill (*.drill) or a binary input on the kernel's sockets, "
                  "in a private network namespace where that is permitted, and prints each with "
                  "its result. Exit status 2: a result was not the expected one.",
                  1, 1);
    run.path = words.words[0];
    if (!command_read_drill(run.path, &run.drill, &run.notes, &drill_rules_any))
        return EXIT_COULD_NOT_RUN;
    if (run.notes.uses_remote)
        return command_fail("%s: the variable \"remote\" exists only beneath a target: use "
                            "sockdrill replay TARGET FILE",
                            run.path);
    signal(SIGPIPE, SIG_IGN);
    executor_init(&run.executor, &sockdrill_stack_kernel);
    run.executor.loopback_only = !isolation_enter();
    run.executor.wait_ms = WAIT_MS;
    run.executor.drill_wait_ms = DRILL_WAIT_MS;
    run.executor.observe = observe;
    run.judges = true;
    run.json = words.json ? json_array() : NULL;
    executor_drill(&run.executor, &run.drill);
    if (words.json) {
        json_dumpf(run.json, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(run.json);
    }
    if (!run.judges)
        fprintf(stderr, "sockdrill: a call was not made; nothing after it was compared\n");
    if (fflush(stdout) != 0)
        return command_fail("cannot write the output: %m");
    return run.unexpected > 0 ? EXIT_FOUND : EXIT_CLEAN;
}
