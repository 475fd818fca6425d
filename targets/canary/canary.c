/*
 * canary: a planted bug that every engine must find, so that a fuzzing set-up which finds nothing
 * is noticed. Its crash is expected.
 */
#include <sockdrill/target.h>

#include "drill/drill.h"
#include "planted.h"
#include "stacks/executor.h"
#include "stacks/isolation.h"

static void run(const struct drill *drill)
{
    static struct executor executor;

    if (executor.stack == NULL) {
        executor_init(&executor, planted_stack());
        executor.loopback_only = !isolation_entered();
    }
    executor_drill(&executor, drill);
}

SOCKDRILL_DRILL(run, &drill_rules_stream)
