/*
 * afl: AFL++'s persistent mode with test cases in shared memory and a deferred fork server, and
 * feedback as edges beside those of the code.
 */
#include <unistd.h>

#include "engines/feedback.h"
#include "engines/run.h"

__AFL_FUZZ_INIT();

enum { RUNS_PER_PROCESS = 100000 };

/* AFL++'s run-time library numbers what stands in this section like the edges of the code. */
static uint32_t edges[FEEDBACK_IDS] __attribute__((section("__sancov_guards")));

void __afl_coverage_interesting(uint8_t value, uint32_t edge);

static void tell(unsigned id)
{
    __afl_coverage_interesting(1, edges[id]);
}

static void __attribute__((constructor)) start(void)
{
    feedback_engine(tell);
}

int main(void)
{
    const uint8_t *input;

    __AFL_INIT();
    input = __AFL_FUZZ_TESTCASE_BUF;
    while (__AFL_LOOP(RUNS_PER_PROCESS))
        LLVMFuzzerTestOneInput(input, (size_t)__AFL_FUZZ_TESTCASE_LEN);
    return 0;
}
