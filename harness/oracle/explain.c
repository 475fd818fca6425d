/* explain: see explain.h. */
#include "oracle/explain.h"

#include <inttypes.h>
#include <string.h>

enum { TITLE_ALLOWED_MAX = 3 };

static const char *state_name(const struct subject *s)
{
    static const char *const states[SOCK_STATES] = {
        [SOCK_LISTENING] = "a listening", [SOCK_CONNECTING] = "a connecting",
        [SOCK_CONNECTED] = "a connected", [SOCK_FAILED] = "a failed",
        [SOCK_ENDED] = "an ended",
    };

    if (s->type == SOCK_DGRAM && s->has_remote)
        return "a connected";
    if (s->state == SOCK_IDLE)
        return s->bound ? "a bound" : "a new";
    return states[s->state];
}

/* " on a connected TCP socket over IPv4"; nothing for a call that has no single descriptor. */
static void print_subject(FILE *out, const struct subject *s, enum op op)
{
    if (!call_has(op, ARG_FD))
        return;
    if (s->is_sock)
        fprintf(out, " on %s %s socket over %s", state_name(s),
                s->type == SOCK_STREAM ? "TCP" : "UDP", s->family == AF_INET ? "IPv4" : "IPv6");
    else
        fputs(s->is_open ? " on a descriptor that is no socket" : " on a closed descriptor", out);
}

static void print_result(FILE *out, const struct outcome *o)
{
    const char *name = o->result < 0 ? errno_name(o->error) : NULL;

    if (o->kind == OUTCOME_UNFINISHED)
        fputs("unfinished", out);
    else if (name != NULL)
        fputs(name, out);
    else
        fprintf(out, "%" PRId64, o->result);
}

static bool same_result(const struct outcome *a, const struct outcome *b)
{
    return a->kind == b->kind && a->result == b->result && a->error == b->error;
}

static void print_title(FILE *out, const struct judge *j, const struct request *request,
                        const struct outcome *outcome)
{
    const struct oracle *o = &j->oracle;
    enum op op = (enum op)request->op;
    bool differs_within = false;

    for (unsigned i = 0; i < o->allowed_count; i++)
        differs_within = differs_within || same_result(&o->allowed[i].outcome, outcome);
    fprintf(out, "deviation: %s", call_info(op)->name);
    print_subject(out, &j->subject, op);
    fputs(": got ", out);
    print_result(out, outcome);
    fputs(differs_within ? " with other data, allowed " : ", allowed ", out);
    for (unsigned i = 0; i < o->allowed_count && i < TITLE_ALLOWED_MAX; i++) {
        fputs(i > 0 ? " or " : "", out);
        print_result(out, &o->allowed[i].outcome);
        fprintf(out, " (%s)", clause_info(o->allowed[i].clause)->id);
    }
    fputs(o->allowed_count > TITLE_ALLOWED_MAX ? " or more\n" : "\n", out);
}

/* What stands in for the call that an executor makes on its own account. */
static const struct call *named_call(const struct request *request)
{
    static struct call call;

    call = (struct call){.op = request->op};
    return &call;
}

void explain_deviation(FILE *out, const struct judge *j, const struct call *call,
                       const struct request *request, const struct outcome *outcome)
{
    const struct oracle *o = &j->oracle;

    print_title(out, j, request, outcome);
    fputs("  call      ", out);
    if (call != NULL)
        drill_print_call(out, call, NULL);
    else
        fprintf(out, "%s(descriptor %d)", call_info((enum op)request->op)->name, request->fd);
    if (call == NULL)
        call = named_call(request);
    fputc(' ', out);
    outcome_print(out, call, outcome, NULL);
    outcome_print_remark(out, call, outcome);
    fputc('\n', out);
    for (unsigned i = 0; i < o->allowed_count; i++) {
        const struct clause_info *info = clause_info(o->allowed[i].clause);

        fputs("  allowed   ", out);
        outcome_print(out, call, &o->allowed[i].outcome, NULL);
        outcome_print_remark(out, call, &o->allowed[i].outcome);
        fprintf(out, "   %s: %s [%s]\n", info->id, info->statement, info->citation);
    }
}

enum clause explain_find(const char *id)
{
    unsigned clause = 0;

    while (clause < CLAUSES && strcmp(clause_info((enum clause)clause)->id, id) != 0)
        clause++;
    return (enum clause)clause;
}
