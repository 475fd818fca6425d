/*
 * oracle: a planted fault that crashes nothing: every engine must find it because each call is
 * judged. Its deviation is expected. Other deviations are not what this is about: they end the
 * judging of their drill.
 */
#include <stdlib.h>

#include <sockdrill/target.h>

#include "drill/drill.h"
#include "engines/feedback.h"
#include "oracle/explain.h"
#include "stacks/executor.h"
#include "stacks/isolation.h"
#include "twisted.h"

enum { SETTLE_MS = 200 };

static struct judge judge;

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    (void)context;
    judge_call(&judge, call, request, outcome);
    if (judge.judgement == JUDGEMENT_CONFORMS)
        feedback_clause((enum op)request->op, judge.oracle.clause);
    if (judge.judgement != JUDGEMENT_DEVIATES)
        return;
    if (twisted_last() && request->op == OP_recv) {
        explain_deviation(stderr, &judge, call, request, outcome);
        abort();
    }
    judge.oracle.inconclusive = true;
}

static void run(const struct drill *drill)
{
    static struct executor executor;

    if (executor.stack == NULL) {
        executor_init(&executor, twisted_stack());
        executor.loopback_only = !isolation_entered();
        executor.reveal_names = true;
        executor.observe = observe;
        judge_init(&judge, &profile_linux, SETTLE_MS);
    }
    judge_begin(&judge);
    executor_drill(&executor, drill);
}

SOCKDRILL_DRILL(run, &drill_rules_datagram)
