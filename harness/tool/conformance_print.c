/* conformance_print: a run's table and findings, for people and for programs. */
#include <inttypes.h>

#include "tool/conformance.h"

static double percent(const struct success *s)
{
    return s->made > 0 ? 100.0 * (double)s->succeeded / (double)s->made : 0;
}

static void clauses_of(const struct coverage *coverage, unsigned *exercised, unsigned *decided)
{
    *exercised = *decided = 0;
    for (unsigned i = 0; i < CLAUSES; i++) {
        *exercised += coverage->clauses[i].exercised > 0;
        *decided += coverage->clauses[i].decided > 0;
    }
}

static void print_row(FILE *out, const char *name, const struct conform_count *count)
{
    unsigned exercised;
    unsigned decided;

    clauses_of(&count->coverage, &exercised, &decided);
    fprintf(out, "%-12s %10" PRIu64 " %9.1f%% %9u %9u %11" PRIu64 " %13" PRIu64, name,
            count->all.made, percent(&count->all), exercised, decided, count->deviated,
            count->inconclusive);
    if (count->unsupported > 0)
        fprintf(out, "   %" PRIu64 " not made", count->unsupported);
    fputc('\n', out);
}

/* The counts of all calls together. */
static struct conform_count sum(const struct conformance *run)
{
    struct conform_count all = {.deviated = 0};

    for (unsigned op = 0; op < OPS; op++) {
        const struct conform_count *one = &run->conform.counts[op];

        all.all.made += one->all.made;
        all.all.succeeded += one->all.succeeded;
        all.deviated += one->deviated;
        all.inconclusive += one->inconclusive;
        all.unsupported += one->unsupported;
    }
    conform_coverage(&run->conform, &all.coverage);
    return all;
}

static bool is_used(const struct conform_count *count)
{
    return count->all.made > 0 || count->unsupported > 0;
}

static void print_table(FILE *out, const struct conformance *run)
{
    const struct conform_count all = sum(run);

    fprintf(out, "%-12s %10s %10s %9s %9s %11s %13s\n", "call", "made", "succeeded", "clauses",
            "decided", "deviations", "inconclusive");
    for (unsigned op = 0; op < OPS; op++)
        if (is_used(&run->conform.counts[op]))
            print_row(out, call_info((enum op)op)->name, &run->conform.counts[op]);
    print_row(out, "all", &all);
}

static void print_histogram(FILE *out, const struct conformance *run)
{
    fprintf(out, "\n%-12s %-16s %10s %10s\n", "call", "state", "made", "succeeded");
    for (unsigned op = 0; op < OPS; op++) {
        for (unsigned i = 0; i < STANDINGS; i++) {
            const struct success *s = &run->conform.counts[op].standings[i];

            if (s->made > 0)
                fprintf(out, "%-12s %-16s %10" PRIu64 " %9.1f%%\n", call_info((enum op)op)->name,
                        standing_name((enum standing)i), s->made, percent(s));
        }
    }
}

static void print_total(FILE *out, const struct findings *f, enum finding_kind kind,
                        const char *what)
{
    size_t kinds = 0;

    for (size_t i = 0; i < f->count; i++)
        kinds += f->list[i].kind == kind;
    if (f->totals[kind] > 0)
        fprintf(out, "\n%s: %" PRIu64 ", different ones: %zu\n", what, f->totals[kind], kinds);
}

void conformance_print(FILE *out, const struct conformance *run, bool histogram, bool colour)
{
    const struct findings *f = &run->findings;

    print_table(out, run);
    if (histogram)
        print_histogram(out, run);
    findings_print(out, f, FINDING_DEVIATION, colour);
    findings_print(out, f, FINDING_EXPECTATION, colour);
    findings_print(out, f, FINDING_HANG, colour);
    findings_print(out, f, FINDING_CRASH, colour);
    print_total(out, f, FINDING_DEVIATION, "deviations");
    print_total(out, f, FINDING_EXPECTATION, "expectations that were not met");
    print_total(out, f, FINDING_HANG, "calls that did not return");
    print_total(out, f, FINDING_CRASH, "calls that ended the process");
    print_total(out, f, FINDING_DEPARTURE, "not met where the drill says that Linux departs");
}

static json_t *json_success(const struct success *s)
{
    return json_pack("{s:I, s:I}", "made", (json_int_t)s->made, "succeeded",
                     (json_int_t)s->succeeded);
}

static json_t *json_states(const struct conform_count *count)
{
    json_t *states = json_object();

    for (unsigned i = 0; i < STANDINGS; i++)
        if (count->standings[i].made > 0)
            json_object_set_new(states, standing_name((enum standing)i),
                                json_success(&count->standings[i]));
    return states;
}

static json_t *json_row(const char *name, const struct conform_count *count)
{
    unsigned exercised;
    unsigned decided;

    clauses_of(&count->coverage, &exercised, &decided);
    return json_pack("{s:s, s:I, s:I, s:i, s:i, s:I, s:I, s:I, s:o}", "call", name, "made",
                     (json_int_t)count->all.made, "succeeded", (json_int_t)count->all.succeeded,
                     "clauses", exercised, "decided", decided, "deviations",
                     (json_int_t)count->deviated, "inconclusive", (json_int_t)count->inconclusive,
                     "not_made", (json_int_t)count->unsupported, "states", json_states(count));
}

static json_t *json_calls(const struct conformance *run)
{
    json_t *rows = json_array();

    for (unsigned op = 0; op < OPS; op++)
        if (is_used(&run->conform.counts[op]))
            json_array_append_new(rows,
                                  json_row(call_info((enum op)op)->name, &run->conform.counts[op]));
    return rows;
}

static json_t *json_clauses(const struct conformance *run)
{
    json_t *rows = json_array();
    struct coverage coverage;

    conform_coverage(&run->conform, &coverage);
    for (unsigned i = 0; i < CLAUSES; i++)
        json_array_append_new(rows,
                              json_pack("{s:s, s:I, s:I}", "id", clause_info((enum clause)i)->id,
                                        "exercised", (json_int_t)coverage.clauses[i].exercised,
                                        "decided", (json_int_t)coverage.clauses[i].decided));
    return rows;
}

json_t *conformance_json(const struct conformance *run, uint64_t seed)
{
    const struct conform_count all = sum(run);
    const struct findings *f = &run->findings;

    return json_pack(
        "{s:s, s:i, s:s, s:s, s:s, s:b, s:b, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "schema", "sockdrill-conform", "version", 1, "sockdrill", SOCKDRILL_VERSION, "stack",
        run->stack, "profile", run->profile->name, "isolated", run->isolated, "interrupted",
        run->stop != 0, "seed", (json_int_t)seed, "drills", (json_int_t)run->drills, "all",
        json_row("all", &all), "calls", json_calls(run), "clauses", json_clauses(run), "deviations",
        findings_json(f, FINDING_DEVIATION), "expectations", findings_json(f, FINDING_EXPECTATION),
        "departures", findings_json(f, FINDING_DEPARTURE), "hangs", findings_json(f, FINDING_HANG),
        "crashes", findings_json(f, FINDING_CRASH));
}
