/* feedback: see feedback.h. */
#include "engines/feedback.h"

#include <stdlib.h>
#include <string.h>

static void (*engine)(unsigned id);

void feedback_engine(void (*tell)(unsigned id))
{
    const char *wanted = getenv("SOCKDRILL_FEEDBACK");

    if (wanted == NULL || strcmp(wanted, "off") != 0)
        engine = tell;
}

void feedback_clause(enum op op, enum clause clause)
{
    if (engine != NULL)
        engine((unsigned)op * CLAUSES + (unsigned)clause);
}
