/* findings: see findings.h. How they are written stands in findings_print.c. */
#include "tool/findings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lists/lists.h"
#include "tool/command.h"
#include "tool/shared.h"

/* --- titles --- */

static const char *type_name(int type)
{
    return type == SOCK_STREAM ? "SOCK_STREAM" : type == SOCK_DGRAM ? "SOCK_DGRAM" : NULL;
}

static const char *family_name(int family)
{
    return family == AF_INET ? "AF_INET" : family == AF_INET6 ? "AF_INET6" : NULL;
}

static bool returns_bytes(enum op op)
{
    return call_has(op, ARG_LENGTH) || call_has(op, ARG_DATA);
}

static void print_events(FILE *out, int events)
{
    const struct value_table *table = flags(FLAGS_POLL);
    unsigned bits = 0;

    for (unsigned b = 0; b < table->count; b++)
        if (events & table->entries[b].value)
            bits |= 1u << b;
    flags_print(out, FLAGS_POLL, bits);
}

/* What came of a call, without amounts, numbers and names. entry: the member of a poll set. */
static void print_class(FILE *out, const struct request *q, const struct outcome *o, unsigned entry)
{
    bool descriptor = q->op == OP_socket || q->op == OP_accept || q->op == OP_accept4 ||
                      q->op == OP_dup || q->op == OP_dup2;

    if (o->kind == OUTCOME_UNFINISHED)
        fputs("<unfinished>", out);
    else if (o->result < 0 && errno_name(o->error) != NULL)
        fprintf(out, "-1 %s", errno_name(o->error));
    else if (o->result < 0)
        fprintf(out, "-1 errno %d", o->error);
    else if (q->op == OP_poll)
        print_events(out, o->fds[entry].revents);
    else if (descriptor)
        fputs("a descriptor", out);
    else if (returns_bytes(q->op) && o->result > 0)
        fputs("bytes", out);
    else if (q->op == OP_fcntl)
        fputs("a value", out);
    else
        fprintf(out, "%d", (int)o->result);
}

static void class_of(char class[TITLE_MAX], const struct request *q, const struct outcome *o,
                     unsigned entry)
{
    FILE *out = fmemopen(class, TITLE_MAX, "w");

    if (out == NULL)
        abort();
    print_class(out, q, o, entry);
    fclose(out);
}

/* The first member of a poll set whose events differ. */
static unsigned odd_entry(const struct request *q, const struct outcome *got,
                          const struct outcome *allowed)
{
    for (unsigned i = 0; q->op == OP_poll && i < q->fd_count; i++)
        if (got->fds[i].revents != allowed->fds[i].revents)
            return i;
    return 0;
}

/* How an allowed outcome differs from one of the same class. */
static const char *difference(const struct outcome *allowed, const struct outcome *got)
{
    if (got->result != allowed->result)
        return allowed->result > got->result ? "more of it" : "less of it";
    if (got->address_length != allowed->address_length ||
        memcmp(&got->address, &allowed->address, sizeof got->address) != 0)
        return "another name";
    if (got->has_value && got->value != allowed->value)
        return "another value";
    return "another content";
}

/* What an allowed outcome is called beside what was got. */
static void allowed_class(char class[TITLE_MAX], const struct judged *j,
                          const struct outcome *allowed, unsigned entry)
{
    char got[TITLE_MAX];

    class_of(got, j->request, j->outcome, entry);
    class_of(class, j->request, allowed, entry);
    if (strcmp(class, got) == 0)
        snprintf(class, TITLE_MAX, "%s", difference(allowed, j->outcome));
}

static void print_allowed(FILE *out, const struct judged *j, const struct oracle *o, unsigned entry)
{
    for (unsigned i = 0; i < o->allowed_count; i++) {
        char class[TITLE_MAX];
        char earlier[TITLE_MAX];
        bool told = false;

        allowed_class(class, j, &o->allowed[i].outcome, entry);
        for (unsigned k = 0; k < i && !told; k++) {
            allowed_class(earlier, j, &o->allowed[k].outcome, entry);
            told = strcmp(earlier, class) == 0;
        }
        if (!told)
            fprintf(out, "%s%s", i > 0 ? " or " : "", class);
    }
}

void finding_title(char title[TITLE_MAX], const struct judged *j, const struct oracle *o)
{
    FILE *out = fmemopen(title, TITLE_MAX, "w");
    unsigned entry =
        o->allowed_count > 0 ? odd_entry(j->request, j->outcome, &o->allowed[0].outcome) : 0;

    if (out == NULL)
        abort();
    fputs(call_info((enum op)j->request->op)->name, out);
    if (type_name(j->type) != NULL)
        fprintf(out, " %s", type_name(j->type));
    if (family_name(j->family) != NULL)
        fprintf(out, " %s", family_name(j->family));
    fputs(": got ", out);
    print_class(out, j->request, j->outcome, entry);
    fputs(", allowed ", out);
    print_allowed(out, j, o, entry);
    if (o->allowed_count > 0)
        fprintf(out, " [%s]", clause_info(o->allowed[0].clause)->id);
    fclose(out);
    title[TITLE_MAX - 1] = '\0';
}

/* --- the collection --- */

struct finding *findings_add(struct findings *f, enum finding_kind kind, const char *title)
{
    struct finding *finding;

    f->totals[kind]++;
    for (size_t i = 0; i < f->count; i++) {
        if (f->list[i].kind != kind || strcmp(f->list[i].title, title) != 0)
            continue;
        f->list[i].count++;
        return &f->list[i];
    }
    if (f->count == FINDINGS_MAX)
        return NULL;
    finding = &f->list[f->count++];
    *finding = (struct finding){.kind = kind, .count = 1};
    snprintf(finding->title, sizeof finding->title, "%s", title);
    return finding;
}

char *finding_outcome(const struct call *call, const struct outcome *outcome,
                      const struct drill_notes *notes)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        abort();
    outcome_print(out, call, outcome, notes);
    outcome_print_remark(out, call, outcome);
    fclose(out);
    return text;
}

static char *call_text(const struct judged *j, const struct drill_notes *notes)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        abort();
    if (j->call != NULL)
        drill_print_call(out, j->call, notes);
    else
        fprintf(out, "%s(%d)", call_info((enum op)j->request->op)->name, j->request->fd);
    fclose(out);
    return text;
}

void finding_tell(struct finding *f, const struct judged *j, const struct oracle *o,
                  const struct drill_notes *notes)
{
    const struct call asked = {.op = j->request->op};
    const struct call *call = j->call != NULL ? j->call : &asked;

    f->op = call_info((enum op)j->request->op)->name;
    f->type = type_name(j->type);
    f->family = family_name(j->family);
    f->standing = j->standing;
    f->audit = j->audit;
    f->call = shared_text(call_text(j, notes));
    f->got = shared_text(finding_outcome(call, j->outcome, notes));
    if (f->kind != FINDING_DEVIATION)
        return;
    f->allowed_count = o->allowed_count;
    f->allowed = shared_alloc(o->allowed_count * sizeof *f->allowed);
    for (unsigned i = 0; i < o->allowed_count; i++) {
        f->allowed[i].clause = o->allowed[i].clause;
        f->allowed[i].outcome = shared_text(finding_outcome(call, &o->allowed[i].outcome, notes));
    }
}

void finding_save(const struct finding *f, const char *folder, const char *profile)
{
    char hash[17];
    char *path = NULL;
    char *text = NULL;

    command_hash(hash, (const uint8_t *)f->title, strlen(f->title));
    if (asprintf(&path, "%s/%s-%s.drill", folder, f->op, hash) < 0 ||
        asprintf(&text, "# %s\n# sockdrill conform, profile %s, seed %" PRIu64 "\n%s", f->title,
                 profile, f->seed, f->drill) < 0)
        abort();
    if (!command_write_file(path, text, strlen(text)))
        command_fail("%s: %m", path);
    free(path);
    free(text);
}
