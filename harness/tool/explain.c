/* explain: judges a recorded trace and tells of each line what was decided by which clause. */
#include <stdlib.h>
#include <string.h>

#include "engines/trace.h"
#include "tool/command.h"
#include "tool/findings.h"

enum { TRACE_BYTES_MAX = 1 << 24, SHOWN_MAX = 160 };

static struct {
    struct trace_judge judge;
    json_t *json; /* NULL for text */
    unsigned judgements[JUDGEMENTS];
} run;

static const char *const words_for[JUDGEMENTS] = {"conforms", "deviates", "inconclusive"};

static void print_clause(const char *before, enum clause clause)
{
    const struct clause_info *info = clause_info(clause);

    printf("    %s%s (%s): %s [%s]\n", before, info->id, strength_name(info->strength),
           info->statement, info->citation);
}

/* Calls visit for each outcome that was allowed, in words. */
static void each_allowed(const struct judged *j, void (*visit)(const char *, enum clause, json_t *),
                         json_t *context)
{
    const struct oracle *o = &run.judge.oracle;
    const struct call asked = {.op = j->request->op};

    for (unsigned i = 0; i < o->allowed_count; i++) {
        char *text = finding_outcome(j->call != NULL ? j->call : &asked, &o->allowed[i].outcome,
                                     &run.judge.retrace.reader.notes);

        visit(text, o->allowed[i].clause, context);
        free(text);
    }
}

static void print_one_allowed(const char *outcome, enum clause clause, json_t *context)
{
    (void)context;
    printf("    allowed %.*s\n", SHOWN_MAX, outcome);
    print_clause("    ", clause);
}

static void print_line(const struct trace_line *line, const struct judged *j)
{
    printf("%.*s%s\n", line->size < SHOWN_MAX ? (int)line->size : SHOWN_MAX, line->text,
           line->size < SHOWN_MAX ? "" : " ...");
    if (!j->made)
        puts("    not made");
    else if (j->judgement == JUDGEMENT_CONFORMS)
        print_clause("conforms: ", run.judge.oracle.clause);
    else
        printf("    %s\n", words_for[j->judgement]);
    if (j->made && j->judgement == JUDGEMENT_DEVIATES)
        each_allowed(j, print_one_allowed, NULL);
}

static json_t *json_clause(enum clause clause)
{
    const struct clause_info *info = clause_info(clause);

    return json_pack("{s:s, s:s, s:s, s:s}", "id", info->id, "strength",
                     strength_name(info->strength), "statement", info->statement, "citation",
                     info->citation);
}

static void add_allowed(const char *outcome, enum clause clause, json_t *all)
{
    json_array_append_new(
        all, json_pack("{s:s, s:o}", "outcome", outcome, "clause", json_clause(clause)));
}

static void add_line(const struct trace_line *line, const struct judged *j)
{
    json_t *row =
        json_pack("{s:i, s:s%, s:s}", "line", (int)line->number, "text", line->text, line->size,
                  "judgement", j->made ? words_for[j->judgement] : "not made");

    if (row == NULL) /* its bytes are no text, so neither can it be shown */
        row = json_pack("{s:i, s:s}", "line", (int)line->number, "judgement",
                        j->made ? words_for[j->judgement] : "not made");
    if (j->made && j->judgement == JUDGEMENT_CONFORMS)
        json_object_set_new(row, "clause", json_clause(run.judge.oracle.clause));
    if (j->made && j->judgement == JUDGEMENT_DEVIATES) {
        json_t *all = json_array();

        each_allowed(j, add_allowed, all);
        json_object_set_new(row, "allowed", all);
    }
    json_array_append_new(run.json, row);
}

static void report(void *context, const struct trace_line *line, const struct judged *j)
{
    (void)context;
    if (j->made)
        run.judgements[j->judgement]++;
    if (run.json != NULL)
        add_line(line, j);
    else
        print_line(line, j);
}

static bool judge(const char *path, const struct profile *profile)
{
    char error[INPUT_ERROR_MAX];
    struct drill_error fault;
    size_t size;
    uint8_t *text = input_read_most(path, &size, TRACE_BYTES_MAX, error);
    bool judged;

    if (text == NULL) {
        command_fail("%s", error);
        return false;
    }
    run.judge.report = report;
    judged = trace_judge_text(&run.judge, profile, (char *)text, size, &fault);
    free(text);
    if (!judged) {
        fflush(stdout);
        command_fail("%s:%u:%u: %s", path, fault.line, fault.column, fault.message);
    }
    return judged;
}

int command_explain(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"profile", 'p', "PROFILE", 0, "Judge by PROFILE, linux or posix, not as when recorded", 0},
        OPTION_JSON,
        {0}};
    struct words words;
    const struct profile *profile = NULL;
    bool judged;

    command_words(
        &words, argc, argv, options, "TRACE",
        "Judges a trace that sockdrill conform --record has saved, without the stack, and "
        "tells of each line which clause decided. Exit status 2: one deviates.",
        1, 1);
    if (words.profile != NULL && (profile = profile_find(words.profile)) == NULL)
        return command_fail("no profile is called %s: posix and linux are", words.profile);
    run.json = words.json ? json_array() : NULL;
    judged = judge(words.words[0], profile);
    if (judged && words.json) {
        json_dumpf(run.json, stdout, JSON_INDENT(2));
        putchar('\n');
    } else if (judged) {
        printf("\n%u conform, %u deviate, %u inconclusive\n", run.judgements[JUDGEMENT_CONFORMS],
               run.judgements[JUDGEMENT_DEVIATES], run.judgements[JUDGEMENT_INCONCLUSIVE]);
    }
    json_decref(run.json);
    if (!judged)
        return EXIT_COULD_NOT_RUN;
    if (fflush(stdout) != 0)
        return command_fail("cannot write the output: %m");
    return run.judgements[JUDGEMENT_DEVIATES] > 0 ? EXIT_FOUND : EXIT_CLEAN;
}
