/*
 * afl: AFL++'s persistent mode with test cases in shared memory and a deferred fork server, and
 * feedback as edges beside those of the code.
 */
#include <unistd.h>

#include "engines/feedback.h"
#include "engines/run.h"

__AFL_FUZZ_INIT();

enum { RUNS_PER_PROCESS = 100000 };

/*
 * AFL++'s run-time library numbers what stands in this section like the edges of the code, and
 * counts what it is told of with the function that sanitizers have for that. Its
 * __afl_coverage_interesting would not do: each place that calls it is one edge, whatever is
 * passed.
 */
static uint32_t edges[FEEDBACK_IDS] __attribute__((section("__sancov_guards")));

void __sanitizer_cov_trace_pc_guard(uint32_t *edge);

static void tell(unsigned id)
{
    __sanitizer_cov_trace_pc_guard(&edges[id]);
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
