/*
 * test_faults_judged: the oracle finds each planted fault in the drill that shows it, and nothing in
 * that drill on the kernel. What is missed here no number of calls would find.
 */
#include <stdlib.h>
#include <string.h>

#include "engines/conform.h"
#include "tests/faults/faults.h"
#include "tests/faults/witness.h"
#include "tests/support/check.h"

static struct witness witness;
static struct conform conform;

static enum judgement judged(const struct mutant *mutant)
{
    faults_choose(mutant);
    return conform_drill(&conform, &witness.drill);
}

static void test_each_fault_is_found_in_its_drill(void **state)
{
    size_t count;
    const struct mutant *all = mutants(&count);
    const char *only = getenv("SOCKDRILL_FAULT");
    unsigned failed = 0;

    (void)state;
    conform_init(&conform, &sockdrill_stack, &profile_linux, false);
    conform.patient = true;
    for (size_t i = 0; i < count; i++) {
        char name[FAULT_NAME_MAX];
        enum judgement without;
        enum judgement with;

        mutant_name(name, &all[i]);
        if (only != NULL && strcmp(only, name) != 0)
            continue;
        witness_of(&witness, &all[i]);
        without = judged(NULL);
        with = judged(&all[i]);
        if (without == JUDGEMENT_CONFORMS && with == JUDGEMENT_DEVIATES)
            continue;
        print_message("%s: without it %d, with it %d\n", name, without, with);
        failed++;
    }
    assert_int_equal(failed, 0);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_each_fault_is_found_in_its_drill))
