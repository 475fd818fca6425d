/* judge: see judge.h. */
#include "oracle/judge.h"

void judge_init(struct judge *j, const struct profile *profile, int settle_ms)
{
    oracle_init(&j->oracle, profile, settle_ms);
    oracle_without_time_wait(&j->oracle); /* stacks/isolation.c turns it off */
}

void judge_begin(struct judge *j)
{
    oracle_begin(&j->oracle);
}

/* The executor opens the descriptor that is no socket when a drill first names it. */
static void tell_not_socket(struct oracle *o, const struct call *call,
                            const struct request *request)
{
    if (call->fd == FD_NOT_SOCKET && call_has(call->op, ARG_FD))
        oracle_knows_other(o, request->fd);
    if (call->other_fd == FD_NOT_SOCKET && call_has(call->op, ARG_OTHER_FD))
        oracle_knows_other(o, request->other_fd);
    for (unsigned i = 0; i < call->entry_count; i++)
        if (call->entries[i].fd == FD_NOT_SOCKET)
            oracle_knows_other(o, request->fds[i].fd);
}

static struct subject subject_of(const struct world *w, int fd)
{
    const struct sock *s = world_sock(w, fd);

    if (s == NULL)
        return (struct subject){.is_open = world_fd(w, fd) != NULL};
    return (struct subject){.is_open = true,
                            .is_sock = true,
                            .bound = s->bound,
                            .has_remote = s->has_remote,
                            .family = s->family,
                            .type = s->type,
                            .state = s->state};
}

/* A poll that found nothing was given no time, whatever the drill asks: the executor never waits.
 */
static bool looked_once(const struct request *q, const struct outcome *o)
{
    return q->timeout_ms != 0 && call_waits_for_events((enum op)q->op) && o->error == 0 &&
           o->result <= 0 && o->took_us == 0;
}

static enum judgement judge_look(struct oracle *o, const struct request *request,
                                 const struct outcome *outcome)
{
    struct request given = *request;
    struct outcome seen = *outcome;

    given.timeout_ms = 0;
    seen.kind = OUTCOME_RETURNED;
    seen.result = 0;
    return oracle_judge(o, &given, &seen);
}

enum judgement judge_call(struct judge *j, const struct call *call, const struct request *request,
                          const struct outcome *outcome)
{
    if (call != NULL)
        tell_not_socket(&j->oracle, call, request);
    if (!outcome_made(outcome))
        j->oracle.inconclusive = true;
    j->subject = subject_of(oracle_world(&j->oracle), request->fd);
    if (looked_once(request, outcome))
        j->judgement = judge_look(&j->oracle, request, outcome);
    else
        j->judgement = oracle_judge(&j->oracle, request, outcome);
    return j->judgement;
}
