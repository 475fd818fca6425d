/* conform: see conform.h. */
#include "engines/conform.h"

#include <string.h>

enum { SETTLE_MS = 200 };

static void worse(struct conform *c, enum judgement judgement)
{
    if (judgement == JUDGEMENT_DEVIATES || c->worst == JUDGEMENT_CONFORMS)
        c->worst = judgement;
}

/* The executor opens the descriptor that is no socket when a drill first names it. */
static void tell_not_socket(struct conform *c, const struct call *call,
                            const struct request *request)
{
    if (call_has(call->op, ARG_FD) && call->fd == FD_NOT_SOCKET)
        oracle_knows_other(&c->oracle, request->fd);
    for (unsigned i = 0; i < call->entry_count; i++)
        if (call->entries[i].fd == FD_NOT_SOCKET)
            oracle_knows_other(&c->oracle, request->fds[i].fd);
}

static void judge(void *context, const struct call *call, const struct request *request,
                  const struct outcome *outcome)
{
    struct conform *c = context;
    struct conform_count *count = &c->counts[request->op];
    enum judgement judgement;

    if (call != NULL)
        tell_not_socket(c, call, request);
    judgement = oracle_judge(&c->oracle, request, outcome);
    worse(c, judgement);
    if (call != NULL) {
        count->made++;
        count->succeeded += outcome->kind == OUTCOME_RETURNED && outcome->result >= 0;
        count->deviated += judgement == JUDGEMENT_DEVIATES;
        count->inconclusive += judgement == JUDGEMENT_INCONCLUSIVE;
    }
    if (c->report != NULL)
        c->report(c->context, call, request, outcome, judgement);
}

void conform_init(struct conform *c, const struct sockdrill_stack *stack,
                  const struct profile *profile)
{
    memset(c->counts, 0, sizeof c->counts);
    executor_init(&c->executor, stack);
    c->executor.reveal_names = true;
    c->executor.abort_at_end = true;
    c->executor.observe = judge;
    c->executor.context = c;
    c->report = NULL;
    oracle_init(&c->oracle, profile, SETTLE_MS);
    oracle_without_time_wait(&c->oracle); /* isolation.c turns it off */
}

void conform_begin(struct conform *c)
{
    c->worst = JUDGEMENT_CONFORMS;
    oracle_begin(&c->oracle);
    executor_begin(&c->executor);
}

void conform_call(struct conform *c, const struct call *call)
{
    executor_call(&c->executor, call);
}

enum judgement conform_end(struct conform *c)
{
    executor_end(&c->executor);
    return c->worst;
}

enum judgement conform_drill(struct conform *c, const struct drill *drill)
{
    conform_begin(c);
    for (uint32_t i = 0; i < drill->call_count; i++)
        conform_call(c, &drill->calls[i]);
    return conform_end(c);
}
