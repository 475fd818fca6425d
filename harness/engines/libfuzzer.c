/* libfuzzer: feedback as counters beside those of the code; libFuzzer itself brings main. */
#include "engines/feedback.h"

/* libFuzzer finds them by the name of their section, and clears them before each run. */
static uint8_t counters[FEEDBACK_IDS] __attribute__((section("__libfuzzer_extra_counters")));

static void tell(unsigned id)
{
    counters[id] = 1;
}

static void __attribute__((constructor)) start(void)
{
    feedback_engine(tell);
}
