/* conformance: see conformance.h. How it is written stands in conformance_print.c. */
#include "tool/conformance.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stacks/isolation.h"
#include "tool/record.h"
#include "tool/shared.h"
#include "tool/watch.h"

enum {
    DRAWN_CALLS = 100,
    DRAWS_MAX = 1000,
    TRIES_MAX = 400,
    MINIMISE_MS = 3000,
    PROGRESS_MS = 3000
};
enum { TRACE_BYTES_MAX = 1 << 24 };

/* What is being run. */
static struct {
    struct conformance *run;
    struct drill_notes notes;
    struct drill smaller;
    uint32_t line; /* of a trace; 0 in drills */
    bool departs;  /* the drill says that Linux does otherwise than it expects */
    bool compares;
    struct trace_judge traced;
    struct finding *fresh; /* found first in the current drill that was drawn */
    uint32_t fresh_calls;  /* up to that one */
    char title[TITLE_MAX]; /* of the first deviation, while it is minimised */
    int64_t told_ms;
} now;

static int64_t clock_ms(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static char *drill_text(const struct drill *drill)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        abort();
    drill_print(out, drill, NULL);
    fclose(out);
    return shared_text(text);
}

/* --- the watch --- */

const char *conformance_drawn_path(uint64_t seed)
{
    static char text[40];

    snprintf(text, sizeof text, "seed %" PRIu64, seed);
    return text;
}

static const char *path(const struct at *at)
{
    return at->path != NULL ? at->path : conformance_drawn_path(at->seed);
}

/* What is made after so many calls of the drill. */
static const char *call_after(const struct conformance *run, uint32_t made)
{
    return made < run->drill.call_count ? call_info((enum op)run->drill.calls[made].op)->name
                                        : "the end of the drill";
}

/* The state in which a call of the drill that is being run finds its socket. */
static enum standing standing_before(const struct conform *c, const struct call *call)
{
    if (!call_has((enum op)call->op, ARG_FD) || call->fd >= SLOTS_MAX)
        return STANDING_NONE;
    return standing_of(oracle_world(&c->oracle), c->executor.slots[call->fd]);
}

/* The next call has so long. */
static void watch_after(struct conformance *run, uint32_t made)
{
    bool last = made >= run->drill.call_count;

    run->at.made = made;
    run->at.line = run->at.path != NULL && !last ? now.notes.lines[made] : 0;
    run->at.standing =
        made > 0 && !last ? standing_before(&run->conform, &run->drill.calls[made]) : STANDING_NONE;
    watch_next(path(&run->at), made + 1, call_after(run, made));
}

void conformance_lose(struct conformance *run, enum finding_kind kind, const char *how)
{
    const struct at *at = &run->at;
    const char *call = call_after(run, at->made);
    char title[TITLE_MAX];
    struct finding *f;

    snprintf(title, sizeof title, "%s (%s): %s", call, standing_name(at->standing), how);
    f = findings_add(&run->findings, kind, title);
    if (at->made < run->drill.call_count)
        run->lost[run->drill.calls[at->made].op][at->standing]++;
    if (f == NULL || f->count > 1)
        return;
    fprintf(stderr, "sockdrill: %s: call %u, %s, %s\n", path(at), at->made + 1, call, how);
    f->path = shared_copy(at->path);
    f->seed = at->seed;
    f->line = at->line;
    f->call = shared_copy(call);
    if (at->path == NULL)
        f->drill = drill_text(&run->drill);
}

/* --- traces --- */

static void begin_record(const char *name)
{
    const struct conformance *run = now.run;
    const struct conform *c = &run->conform;
    int ports = run->at.path == NULL ? c->executor.port_base : PORT_BASE;
    struct trace_header header = {.settle_ms = c->settle_ms, .slow = c->slow, .ports = ports};

    if (run->record == NULL && run->save == NULL)
        return;
    snprintf(header.stack, sizeof header.stack, "%s", run->conform.executor.stack->name);
    snprintf(header.profile, sizeof header.profile, "%s", run->profile->name);
    record_begin(name, &header);
}

/* Each trace is kept where traces are asked for, a drawn finding's with its drill. */
static bool end_record(void)
{
    const struct conformance *run = now.run;
    const char *found = now.fresh != NULL && run->at.path == NULL ? run->save : NULL;

    return (run->record == NULL && run->save == NULL) ||
           record_end(run->record != NULL ? run->record : found);
}

/* --- what a call came to --- */

static void place(struct finding *f, const struct judged *j)
{
    const struct conformance *run = now.run;

    f->seed = run->at.seed;
    if (run->at.path == NULL) {
        now.fresh = now.fresh == NULL ? f : now.fresh;
        now.fresh_calls = j->audit ? run->drill.call_count : j->index + 1;
        return;
    }
    f->path = shared_copy(run->at.path);
    f->line = j->audit ? 0 : now.line != 0 ? now.line : now.notes.lines[j->index];
}

static const struct drill_notes *notes(void)
{
    if (now.line != 0)
        return &now.traced.retrace.reader.notes;
    return now.run->at.path != NULL ? &now.notes : NULL;
}

static void found(enum finding_kind kind, const char *title, const struct judged *j,
                  const struct oracle *oracle, const char *expected)
{
    struct finding *f = findings_add(&now.run->findings, kind, title);

    if (f == NULL || f->count > 1)
        return;
    finding_tell(f, j, oracle, notes());
    f->expected = shared_copy(expected);
    place(f, j);
}

static void compare(const struct judged *j)
{
    const char *expected;
    char title[TITLE_MAX];

    if (now.run->at.path == NULL || j->call == NULL || j->audit)
        return;
    now.compares = now.compares && j->made;
    expected = now.notes.expected[j->index];
    if (!now.compares || expected == NULL ||
        outcome_matches(expected, j->call, j->outcome, &now.notes))
        return;
    snprintf(title, sizeof title, "%s:%u: not as expected", now.run->at.path,
             (unsigned)now.notes.lines[j->index]);
    found(now.departs && now.run->profile == &profile_linux ? FINDING_DEPARTURE
                                                            : FINDING_EXPECTATION,
          title, j, &now.run->conform.oracle, expected);
}

static void report(void *context, const struct judged *j)
{
    char title[TITLE_MAX];

    (void)context;
    watch_after(now.run, j->index + (j->call != NULL));
    now.run->calls += j->call != NULL && !j->audit;
    if (now.run->stop)
        return; /* the signal may have interrupted the call */
    if (now.run->record != NULL || now.run->save != NULL)
        record_judged(j, notes());
    compare(j);
    if (j->judgement != JUDGEMENT_DEVIATES || !j->made)
        return;
    finding_title(title, j, &now.run->conform.oracle);
    found(FINDING_DEVIATION, title, j, &now.run->conform.oracle, NULL);
}

void conformance_prepare(struct conformance *run, const struct sockdrill_stack *stack)
{
    now.run = run;
    now.told_ms = clock_ms();
    snprintf(run->stack, sizeof run->stack, "%s", stack->name);
    conform_init(&run->conform, stack, run->profile, stack != &sockdrill_stack_kernel);
    conform_isolated(&run->conform, run->isolated);
    run->conform.report = report;
    generate_init(&run->generator, 0);
}

static void tell_progress(void)
{
    const struct conformance *run = now.run;
    int64_t time_ms = clock_ms();

    if (run->progress == NULL || time_ms - now.told_ms < PROGRESS_MS)
        return;
    now.told_ms = time_ms;
    fprintf(run->progress,
            "%s%" PRIu64 " drills, %" PRIu64 " calls, %" PRIu64 " deviations of %zu kinds%s",
            run->progress_in_place ? "\r\x1b[K" : "sockdrill: ", run->drills, run->calls,
            run->findings.totals[FINDING_DEVIATION], run->findings.count,
            run->progress_in_place ? "" : "\n");
    fflush(run->progress);
}

/* --- drills from files --- */

/* Reads what a drill's comments say. */
static bool read_comments(const char *path)
{
    static const char departs[] = "# Linux departs";
    char error[INPUT_ERROR_MAX];
    size_t size;
    uint8_t *bytes;
    char *text;

    now.departs = false;
    if (!input_has_ending(path, ".drill"))
        return true;
    bytes = input_read(path, &size, error);
    if (bytes == NULL) {
        command_fail("%s", error);
        return false;
    }
    text = strndup((char *)bytes, size);
    free(bytes);
    if (text == NULL)
        abort();
    for (const char *at = text; !now.departs && (at = strstr(at, departs)) != NULL; at++)
        now.departs = at == text || at[-1] == '\n';
    free(text);
    return true;
}

static void report_line(void *context, const struct trace_line *line, const struct judged *j)
{
    struct conform_count *count = &now.run->conform.counts[j->request->op];
    char title[TITLE_MAX];

    (void)context;
    now.line = line->number;
    count->all.made += j->call != NULL && j->made;
    count->all.succeeded += j->call != NULL && j->made && j->outcome->result >= 0;
    count->deviated += j->judgement == JUDGEMENT_DEVIATES;
    count->inconclusive += j->judgement == JUDGEMENT_INCONCLUSIVE;
    if (j->judgement != JUDGEMENT_DEVIATES || !j->made)
        return;
    finding_title(title, j, &now.traced.oracle);
    found(FINDING_DEVIATION, title, j, &now.traced.oracle, NULL);
}

static bool judge_trace(struct conformance *run, const char *path)
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
    run->at = (struct at){.path = path};
    now.traced.report = report_line;
    judged = trace_judge_text(&now.traced, run->profile, (char *)text, size, &fault);
    free(text);
    now.line = 0;
    run->drills++;
    if (!judged)
        command_fail("%s:%u:%u: %s", path, fault.line, fault.column, fault.message);
    return judged;
}

/* Whether a drill names a port by its number. */
static bool names_port(const struct drill *drill)
{
    for (uint32_t i = 0; i < drill->call_count; i++) {
        const struct address *a = &drill->calls[i].address;

        if (a->kind < HOSTS && a->port > PORT_ZERO && a->port < PORTS_FIXED)
            return true;
    }
    return false;
}

bool conformance_file(struct conformance *run, const char *path)
{
    if (input_has_ending(path, ".trace"))
        return judge_trace(run, path);
    if (!read_comments(path) ||
        !command_read_drill(path, &run->drill, &now.notes, &drill_rules_actors))
        return false;
    if (now.notes.uses_remote) {
        command_fail("%s: the variable \"remote\" exists only beneath a target: use "
                     "sockdrill replay TARGET FILE",
                     path);
        return false;
    }
    run->at = (struct at){.path = path};
    now.compares = true;
    if (names_port(&run->drill) && run->conform.executor.stack == &sockdrill_stack_kernel)
        isolation_renew();       /* an earlier drill may have left something there */
    run->conform.patient = true; /* it may expect what takes time */
    watch_after(run, 0);
    begin_record(path);
    conform_drill(&run->conform, &run->drill);
    run->conform.patient = false;
    watch_stop();
    run->drills++;
    tell_progress();
    return end_record();
}

bool conformance_clean(const struct conformance *run)
{
    const uint64_t *totals = run->findings.totals;

    return totals[FINDING_DEVIATION] + totals[FINDING_EXPECTATION] + totals[FINDING_HANG] +
               totals[FINDING_CRASH] ==
           0;
}

bool conformance_is_over(const struct conformance *run)
{
    return run->stop || (run->first && !conformance_clean(run));
}

/* --- drills drawn at random --- */

static void report_again(void *context, const struct judged *j)
{
    (void)context;
    watch_after(now.run, j->index + (j->call != NULL));
    if (j->judgement == JUDGEMENT_DEVIATES && j->made && now.title[0] == '\0')
        finding_title(now.title, j, &now.run->conform.oracle);
}

/* Whether a drill's first deviation is that one. */
static bool deviates_so(const struct drill *drill, const char *title)
{
    now.title[0] = '\0';
    conform_drill(&now.run->conform, drill);
    return strcmp(now.title, title) == 0;
}

/* Copies a drill but for some calls, whose bytes it shares. */
static void leave_out(struct drill *to, const struct drill *from, uint32_t first, uint32_t count)
{
    to->call_count = 0;
    for (uint32_t i = 0; i < from->call_count; i++)
        if (i < first || i >= first + count)
            to->calls[to->call_count++] = from->calls[i];
    drill_mend(to);
}

static void drop_calls(struct drill *drill, const char *title, int64_t until_ms)
{
    unsigned tries = 0;

    for (uint32_t size = drill->call_count / 2; size > 0; size /= 2) {
        for (uint32_t end = drill->call_count; end >= size; end--) {
            if (++tries > TRIES_MAX || clock_ms() > until_ms || now.run->stop)
                return;
            leave_out(&now.smaller, drill, end - size, size);
            if (!deviates_so(&now.smaller, title))
                continue;
            leave_out(drill, &now.smaller, 0, 0);
            end = end > drill->call_count ? drill->call_count + 1 : end;
        }
    }
}

/* Makes the drill that deviated as short as a few tries can, and keeps it with its finding. */
static void minimise(struct conformance *run, struct finding *f)
{
    struct conform *c = &run->conform;

    c->counts_calls = false;
    c->report = report_again;
    run->drill.call_count = now.fresh_calls;
    f->unstable = !deviates_so(&run->drill, f->title);
    if (!f->unstable)
        drop_calls(&run->drill, f->title, clock_ms() + MINIMISE_MS);
    watch_stop();
    c->counts_calls = true;
    c->report = report;
    f->drill = drill_text(&run->drill);
    if (run->save != NULL)
        finding_save(f, run->save, run->profile->name);
}

/* Draws the drill's next call: none that has already taken its process with it. */
static bool draw_call(struct conformance *run, struct call *call)
{
    struct conform *c = &run->conform;

    for (unsigned i = 0; i < DRAWS_MAX; i++) {
        generate_call(&run->generator, oracle_world(&c->oracle), c->executor.slots, call);
        if (run->lost[call->op][standing_before(c, call)] < LOST_MAX)
            return true;
    }
    return false;
}

/* Draws and runs one drill; false when its trace cannot be saved. */
static bool draw_drill(struct conformance *run)
{
    struct conform *c = &run->conform;
    struct drill *drill = &run->drill;

    run->generator.random = run->at.seed;
    generate_begin(&run->generator);
    drill->call_count = 0;
    conform_begin(c);
    begin_record(conformance_drawn_path(run->at.seed));
    while (drill->call_count < DRAWN_CALLS && c->worst == JUDGEMENT_CONFORMS &&
           draw_call(run, &drill->calls[drill->call_count])) {
        drill->call_count++;
        watch_after(run, drill->call_count - 1);
        conform_call(c, &drill->calls[drill->call_count - 1]);
    }
    conform_end(c);
    watch_stop();
    return end_record();
}

bool conformance_draw(struct conformance *run, uint64_t calls, uint64_t seed)
{
    if (run->draw_until == 0) {
        run->draw_until = run->calls + calls;
        run->next_seed = seed;
    }
    run->conform.own_ports = true;
    while (run->calls < run->draw_until && !conformance_is_over(run)) {
        run->at = (struct at){.seed = run->next_seed++};
        now.fresh = NULL;
        if (!draw_drill(run))
            return false;
        run->drills++;
        if (now.fresh != NULL)
            minimise(run, now.fresh);
        tell_progress();
    }
    return true;
}
