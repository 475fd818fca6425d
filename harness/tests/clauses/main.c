/*
 * main: what a clause of the specification is good for, seen in traces.
 *
 *   clauses exercised        which clauses a drill names and does not exercise
 *   clauses removal [ID...]  for each clause, or those named, what shows that it was taken out
 *   clauses removal --without ID [ID...]   the same where ID has been taken out already
 *   clauses traits [NAME...]  for each, or those named, what shows first that linux lacks it
 *
 * It reads lines of standard input: a trace, a tab, the clauses that its drill names. It prints
 * lines with tabs between. exercised: trace, clause. traits: trait, how it shows, trace, line.
 * removal: clause, strength, how it shows, trace, line. How it shows is one of
 *
 *   deviates      what the stack did conforms with the clause and deviates without it
 *
 *   demands less  without the clause an outcome is allowed that it forbids
 *
 *   allows less   without the clause an outcome is forbidden that it allows, and no stack showed
 *
 *   breaks        without the clause the specification goes where it must not
 *
 *   nothing
 *
 * The traces of drills that name a clause are looked at first, then all others. Built with clauses
 * that can be taken out (spec/decide.h).
 */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "engines/input.h"
#include "engines/trace.h"
#include "oracle/explain.h"

enum { TRACES_MAX = 8192, TRACE_BYTES_MAX = 1 << 24, PROFILES = 2 };

/* A trace, and the clauses that its drill names. */
struct named_trace {
    char *path;
    char *text;
    size_t size;
    bool names[CLAUSES];
};

static struct named_trace traces[TRACES_MAX];
static unsigned trace_count;
static const struct profile *const profiles[PROFILES] = {&profile_linux, &profile_posix};

/* The specification as it is, and without a clause. */
static struct oracle whole[PROFILES];
static struct oracle without[PROFILES];
static struct retrace retrace;
static int already_removed = -1;

enum how { NOTHING, ALLOWS_LESS, DEMANDS_LESS, BREAKS, DEVIATES };
static const char *const hows[] = {"nothing", "allows less", "demands less", "breaks", "deviates"};

/* Where to go on when the specification stops at a state that it rules out. */
static sigjmp_buf broken;

static void breaks(int number)
{
    (void)number;
    siglongjmp(broken, 1);
}

/* What shows that a clause was taken out. */
struct shown {
    enum how how;
    const struct named_trace *trace;
    uint32_t line;
};

static void die(const char *what, const char *which)
{
    fprintf(stderr, "clauses: %s: %s\n", which, what);
    exit(1);
}

/* --- traces --- */

static void read_names(struct named_trace *t, char *words)
{
    for (char *rest, *word = strtok_r(words, " \n", &rest); word != NULL;
         word = strtok_r(NULL, " \n", &rest)) {
        if (explain_find(word) == CLAUSES)
            die("no clause is called so", word);
        t->names[explain_find(word)] = true;
    }
}

static void read_traces(void)
{
    char error[INPUT_ERROR_MAX];
    char *line = NULL;
    size_t room = 0;

    while (getline(&line, &room, stdin) > 0) {
        struct named_trace *t = &traces[trace_count];
        char *tab = strchr(line, '\t');

        if (tab == NULL || trace_count == TRACES_MAX)
            die(tab == NULL ? "no tab" : "too many traces", line);
        *tab = '\0';
        t->path = strdup(line);
        t->text = (char *)input_read_most(line, &t->size, TRACE_BYTES_MAX, error);
        if (t->path == NULL || t->text == NULL)
            die(error, line);
        read_names(t, tab + 1);
        trace_count++;
    }
    free(line);
    if (trace_count == 0)
        die("no trace", "standard input");
}

/* --- judging --- */

/* Outcomes that no call has: what is open within a range is then at its least, or its most. */
static const struct outcome least = {.kind = OUTCOME_RETURNED, .result = -1};
static const struct outcome most = {.kind = OUTCOME_RETURNED, .result = INT32_MAX};

/* Nothing has come. */
static const struct outcome nothing = {.kind = OUTCOME_RETURNED, .result = -1, .error = EAGAIN};

/* Whether every outcome that a allows b allows too. */
static bool within(const struct oracle *a, const struct oracle *b)
{
    for (unsigned i = 0; i < a->allowed_count; i++) {
        bool found = false;

        for (unsigned j = 0; j < b->allowed_count && !found; j++)
            found = oracle_same_outcome(&a->allowed[i].outcome, &b->allowed[j].outcome);
        if (!found)
            return false;
    }
    return true;
}

/* How what is allowed differs, settled by an outcome. */
static enum how compare_allowed(unsigned p, int clause, const struct request *request,
                                const struct outcome *outcome)
{
    clause_removal = already_removed;
    oracle_list_allowed(&whole[p], request, outcome);
    clause_removal = clause;
    oracle_list_allowed(&without[p], request, outcome);
    if (whole[p].allowed_count == ALLOWED_MAX || without[p].allowed_count == ALLOWED_MAX)
        return NOTHING;
    if (!within(&without[p], &whole[p]))
        return DEMANDS_LESS;
    return within(&whole[p], &without[p]) ? NOTHING : ALLOWS_LESS;
}

/* What a call returned, but for one bit of each value that it shows. */
static const struct outcome *other_value(const struct outcome *outcome)
{
    static struct outcome other;
    static uint8_t data[DATA_BYTES_MAX];

    other = *outcome;
    other.value ^= 1;
    other.message_flags ^= MSG_EOR;
    /* The port stands in the same place for both families. */
    ((struct sockaddr_in *)&other.address)->sin_port ^= htons(1);
    if (outcome->data_size > 0 && outcome->data_size <= sizeof data) {
        memcpy(data, outcome->data, outcome->data_size);
        data[0] ^= 1;
        other.data = data;
    }
    return &other;
}

static enum how worse(enum how a, enum how b)
{
    return a > b ? a : b;
}

/* How a call shows that the clause is out; sets apart when the two oracles no longer agree. */
static enum how compare_call(unsigned p, int clause, const struct judged *j, bool *apart)
{
    enum judgement a;
    enum judgement b;
    enum how how;

    if (!spec_knows(j->request)) {
        *apart = true;
        return NOTHING;
    }
    how = compare_allowed(p, clause, j->request, &least);
    how = worse(how, compare_allowed(p, clause, j->request, &most));
    how = worse(how, compare_allowed(p, clause, j->request, &nothing));
    how = worse(how, compare_allowed(p, clause, j->request, other_value(j->outcome)));
    how = worse(how, compare_allowed(p, clause, j->request, j->outcome));
    clause_removal = already_removed;
    a = judged_by(&whole[p], j);
    clause_removal = clause;
    b = judged_by(&without[p], j);
    *apart = a != b || a == JUDGEMENT_INCONCLUSIVE;
    if (a == JUDGEMENT_INCONCLUSIVE || b == JUDGEMENT_INCONCLUSIVE || a == b)
        return how;
    return b == JUDGEMENT_DEVIATES ? DEVIATES : worse(how, DEMANDS_LESS);
}

static void begin(unsigned p)
{
    oracle_begin(&whole[p]);
    oracle_begin(&without[p]);
}

static struct judged judged_of(const struct trace_line *line, const struct request *request)
{
    return (struct judged){.call = line->call,
                           .request = request,
                           .outcome = &line->outcome,
                           .waited_ms = line->waited_ms,
                           .made = line->outcome.kind != OUTCOME_REFUSED &&
                                   line->outcome.kind != OUTCOME_UNSUPPORTED};
}

/* Follows one trace under one profile. */
static void follow(struct shown *shown, const struct named_trace *trace, unsigned p, int clause)
{
    struct drill_error error;
    struct trace_line line;
    struct request request;
    enum retraced next;
    bool apart = false;

    if (!retrace_start(&retrace, &error, trace->text, trace->size))
        die(error.message, trace->path);
    begin(p);
    while (!apart && (next = retrace_next(&retrace, &line, &request)) != RETRACED_END) {
        struct judged j = judged_of(&line, &request);
        enum how how = NOTHING;

        if (next == RETRACED_FAULT)
            die(error.message, trace->path);
        if (next == RETRACED_NOT_SOCKET) {
            oracle_knows_other(&whole[p], line.fd);
            oracle_knows_other(&without[p], line.fd);
        } else if (j.made) {
            how = compare_call(p, clause, &j, &apart);
        }
        if (how > shown->how)
            *shown = (struct shown){how, trace, line.number};
    }
}

/* The profile linux without one of its traits. */
static struct profile lacking;

static const struct {
    const char *name;
    size_t place;
} traits[] = {
#define TRAIT(name, posix, linux, meaning) {#name, offsetof(struct profile, name)},
#include "lists/traits.def"
#undef TRAIT
};

enum { TRAITS = sizeof traits / sizeof traits[0] };

static void look_at(struct shown *shown, const struct named_trace *trace, unsigned p, int clause)
{
    if (sigsetjmp(broken, 1) == 0)
        follow(shown, trace, p, clause);
    else if (shown->how < BREAKS && clause_removal == clause && clause != already_removed)
        *shown = (struct shown){BREAKS, trace, 0};
}

static struct shown show(int clause)
{
    struct shown shown = {.how = NOTHING};

    for (unsigned named = 2; named-- > 0 && shown.how < DEMANDS_LESS;)
        for (unsigned p = 0; p < PROFILES; p++)
            for (unsigned i = 0; i < trace_count && shown.how < DEVIATES; i++)
                if (traces[i].names[clause] == (named == 1))
                    look_at(&shown, &traces[i], p, clause);
    return shown;
}

static void print_shown(int clause)
{
    const struct clause_info *info = clause_info((enum clause)clause);
    struct shown shown = show(clause);

    printf("%s\t%s\t%s\t%s\t%u\n", info->id, strength_name(info->strength), hows[shown.how],
           shown.trace != NULL ? shown.trace->path : "", (unsigned)shown.line);
    fflush(stdout);
}

static void print_trait(unsigned trait)
{
    struct shown shown = {.how = NOTHING};

    lacking = profile_linux;
    memset((char *)&lacking + traits[trait].place, false, sizeof(bool));
    for (unsigned i = 0; i < trace_count && shown.how == NOTHING; i++)
        look_at(&shown, &traces[i], 0, -1);
    printf("%s\t%s\t%s\t%u\n", traits[trait].name, hows[shown.how],
           shown.trace != NULL ? shown.trace->path : "", (unsigned)shown.line);
    fflush(stdout);
}

static unsigned trait_named(const char *name)
{
    unsigned i = 0;

    while (i < TRAITS && strcmp(traits[i].name, name) != 0)
        i++;
    if (i == TRAITS)
        die("no trait is called so", name);
    return i;
}

static void compare_traits(int count, char **names)
{
    enum { SETTLE_MS = 300 };

    oracle_init(&without[0], &lacking, SETTLE_MS);
    for (int i = 0; i < count; i++)
        print_trait(trait_named(names[i]));
    for (unsigned i = 0; count == 0 && i < TRAITS; i++)
        print_trait(i);
}

/* --- exercised --- */

/* Whether the trace's drill exercises what it names, under one profile or the other. */
static void print_idle(const struct named_trace *trace)
{
    static struct trace_judge judge;
    static struct coverage all;
    struct drill_error error;

    memset(&all, 0, sizeof all);
    for (unsigned p = 0; p < PROFILES; p++) {
        struct trace_line line;
        struct request request;
        enum retraced next;

        if (!retrace_start(&judge.retrace, &error, trace->text, trace->size))
            die(error.message, trace->path);
        oracle_begin(&whole[p]);
        memset(&whole[p].coverage, 0, sizeof whole[p].coverage);
        while ((next = retrace_next(&judge.retrace, &line, &request)) != RETRACED_END) {
            struct judged j = judged_of(&line, &request);

            if (next == RETRACED_FAULT)
                die(error.message, trace->path);
            if (next == RETRACED_NOT_SOCKET)
                oracle_knows_other(&whole[p], line.fd);
            else if (j.made)
                judged_by(&whole[p], &j);
        }
        for (unsigned i = 0; i < CLAUSES; i++)
            all.clauses[i].decided += whole[p].coverage.clauses[i].decided;
    }
    for (unsigned i = 0; i < CLAUSES; i++)
        if (trace->names[i] && all.clauses[i].decided == 0)
            printf("%s\t%s\n", trace->path, clause_info((enum clause)i)->id);
}

/* --- commands --- */

static void prepare(void)
{
    enum { SETTLE_MS = 300 };

    for (unsigned p = 0; p < PROFILES; p++) {
        oracle_init(&whole[p], profiles[p], SETTLE_MS);
        oracle_init(&without[p], profiles[p], SETTLE_MS);
    }
}

static int clause_named(const char *id)
{
    enum clause clause = explain_find(id);

    if (clause == CLAUSES)
        die("no clause is called so", id);
    return (int)clause;
}

static void removal(int count, char **ids)
{
    if (count > 1 && strcmp(ids[0], "--without") == 0) {
        already_removed = clause_named(ids[1]);
        count -= 2;
        ids += 2;
    }
    for (int i = 0; i < count; i++)
        print_shown(clause_named(ids[i]));
    for (int i = 0; count == 0 && i < CLAUSES; i++)
        print_shown(i);
}

int main(int argc, char **argv)
{
    if (argc < 2 || (strcmp(argv[1], "exercised") != 0 && strcmp(argv[1], "removal") != 0 &&
                     strcmp(argv[1], "traits") != 0))
        die("exercised, traits [NAME...], or removal [--without ID] [ID...]", "usage");
    signal(SIGILL, breaks);
    signal(SIGTRAP, breaks);
    signal(SIGSEGV, breaks);
    prepare();
    read_traces();
    if (strcmp(argv[1], "removal") == 0)
        removal(argc - 2, argv + 2);
    if (strcmp(argv[1], "traits") == 0)
        compare_traits(argc - 2, argv + 2);
    for (unsigned i = 0; strcmp(argv[1], "exercised") == 0 && i < trace_count; i++)
        print_idle(&traces[i]);
    return 0;
}
