/* findings_print: findings for people and for programs. */
#include <inttypes.h>
#include <string.h>

#include "tool/findings.h"

/* How much of a line is shown to people; a payload may be large. */
enum { SHOWN_MAX = 160 };

#define RED "\x1b[1;31m"
#define PLAIN "\x1b[0m"

static void print_cut(FILE *out, const char *text)
{
    size_t length = strlen(text);

    if (length <= SHOWN_MAX)
        fputs(text, out);
    else
        fprintf(out, "%.*s ...", SHOWN_MAX, text);
}

static void print_place(FILE *out, const struct finding *f)
{
    if (f->path != NULL && f->audit)
        fprintf(out, "%s, after its last call: ", f->path);
    else if (f->path != NULL)
        fprintf(out, "%s:%" PRIu32 ": ", f->path, f->line);
    else
        fprintf(out, "seed %" PRIu64 "%s: ", f->seed, f->audit ? ", after its last call" : "");
}

/* Indents each line of a drill. */
static void print_drill(FILE *out, const char *drill)
{
    while (*drill != '\0') {
        int length = (int)strcspn(drill, "\n");

        fprintf(out, "      %.*s%s\n", length < SHOWN_MAX ? length : SHOWN_MAX, drill,
                length < SHOWN_MAX ? "" : " ...");
        drill += length + (drill[length] == '\n');
    }
}

static void print_allowed(FILE *out, const struct finding *f)
{
    for (unsigned i = 0; i < f->allowed_count; i++) {
        const struct clause_info *info = clause_info(f->allowed[i].clause);

        fputs("    allowed ", out);
        print_cut(out, f->allowed[i].outcome);
        fprintf(out, "\n        %s (%s): %s [%s]\n", info->id, strength_name(info->strength),
                info->statement, info->citation);
    }
}

static void print_finding(FILE *out, const struct finding *f, bool colour)
{
    fprintf(out, "\n%s%s%s", colour ? RED : "", f->title, colour ? PLAIN : "");
    if (f->count > 1)
        fprintf(out, ", %" PRIu64 " times", f->count);
    fputs("\n    ", out);
    print_place(out, f);
    if (f->call != NULL)
        print_cut(out, f->call);
    if (f->got != NULL) {
        fputc(' ', out);
        print_cut(out, f->got);
    }
    fputc('\n', out);
    if (f->expected != NULL)
        fprintf(out, "    expected %s\n", f->expected);
    print_allowed(out, f);
    if (f->drill != NULL) {
        fprintf(out, "    as a drill%s:\n",
                f->unstable ? ", which by itself did not deviate again" : "");
        print_drill(out, f->drill);
    }
}

void findings_print(FILE *out, const struct findings *f, enum finding_kind kind, bool colour)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->list[i].kind == kind)
            print_finding(out, &f->list[i], colour);
}

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_string(text));
}

static json_t *json_allowed(const struct finding *f)
{
    json_t *all = json_array();

    for (unsigned i = 0; i < f->allowed_count; i++) {
        const struct clause_info *info = clause_info(f->allowed[i].clause);

        json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:s}", "outcome",
                                             f->allowed[i].outcome, "clause", info->id, "strength",
                                             strength_name(info->strength), "statement",
                                             info->statement, "citation", info->citation));
    }
    return all;
}

static json_t *json_finding(const struct finding *f)
{
    json_t *object = json_pack("{s:s, s:I}", "title", f->title, "count", (json_int_t)f->count);

    set_text(object, "call", f->op);
    set_text(object, "type", f->type);
    set_text(object, "family", f->family);
    if (f->op != NULL)
        set_text(object, "state", standing_name(f->standing));
    set_text(object, "file", f->path);
    if (f->path != NULL)
        json_object_set_new(object, "line", json_integer(f->line));
    else
        json_object_set_new(object, "seed", json_integer((json_int_t)f->seed));
    json_object_set_new(object, "audit", json_boolean(f->audit));
    set_text(object, "text", f->call);
    set_text(object, "got", f->got);
    set_text(object, "expected", f->expected);
    if (f->kind == FINDING_DEVIATION)
        json_object_set_new(object, "allowed", json_allowed(f));
    set_text(object, "drill", f->drill);
    if (f->drill != NULL)
        json_object_set_new(object, "repeats", json_boolean(!f->unstable));
    return object;
}

json_t *findings_json(const struct findings *f, enum finding_kind kind)
{
    json_t *all = json_array();

    for (size_t i = 0; i < f->count; i++)
        if (f->list[i].kind == kind)
            json_array_append_new(all, json_finding(&f->list[i]));
    return all;
}
