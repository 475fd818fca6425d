/* afl: AFL++'s persistent mode with test cases in shared memory and a deferred fork server. */
#include <unistd.h>

#include "engines/run.h"

__AFL_FUZZ_INIT();

enum { RUNS_PER_PROCESS = 100000 };

int main(void)
{
    const uint8_t *input;

    __AFL_INIT();
    input = __AFL_FUZZ_TESTCASE_BUF;
    while (__AFL_LOOP(RUNS_PER_PROCESS))
        LLVMFuzzerTestOneInput(input, (size_t)__AFL_FUZZ_TESTCASE_LEN);
    return 0;
}
