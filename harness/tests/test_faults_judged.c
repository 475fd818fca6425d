/*
 * test_faults_judged: the oracle finds each planted fault in the drill that shows it, and nothing
 * in that drill on the kernel. What is missed here is found, if at all, where more is known: in
 * drills of corpus/conformance, or after calls that show what has arrived.
 */
#include <stdlib.h>
#include <string.h>

#include "engines/conform.h"
#include "tests/faults/faults.h"
#include "tests/faults/witness.h"
#include "tests/support/check.h"

static struct witness witness;
static struct conform conform;

/*
 * Faults that look like something allowed in their drills. First those that could be lateness:
 * nothing in the drill shows that it has arrived. Then those of which the texts leave open what the
 * drill asks: which numbers were free before it, what a file that is no socket takes, options that
 * need not be there, what the peer has acknowledged, which time to live is the default.
 */
static const char *const unproven[] = {
    "always_EPOLLOUT",
    "always_POLLOUT",
    "edge_seldom",
    "eof_never",
    "error_none",
    "events_of_first",

    "mark_never",
    "no_EALREADY",
    "no_ECONNREFUSED",
    "no_EPOLLERR",
    "no_EPOLLHUP",

    "no_EPOLLPRI",
    "no_EPOLLRDHUP",
    "no_POLLERR",
    "no_POLLHUP",
    "no_POLLIN",
    "no_POLLIN_ended",
    "no_POLLIN_listening",
    "no_POLLPRI",
    "no_POLLRDHUP",
    "peek_blind",
    "pri_ignored",
    "queue_empty",
    "queue_less",
    "queue_unchanged",
    "rdhup_ignored",
    "replaces_nothing",
    "shares_nothing",
    "waitall_short",
    "first_room_only",
    "first_only",
    "not_lowest",
    "refused_TCP_NODELAY",
    "not_stored_SO_RCVLOWAT",
    "no_effect_SO_RCVLOWAT",
    "no_ENOTTY",
    "wrong_ENOTTY",
    "control_changed",
    "unsent_none",
    "part_uncounted", /* nothing of it has been read */
    "sends_no_more",
};
static bool was_missed[CHECK_COUNT(unproven)];

static enum judgement judged(const struct mutant *mutant)
{
    faults_choose(mutant);
    return conform_drill(&conform, &witness.drill);
}

/* Whether the fault may be missed; notes that it was. */
static bool may_be_missed(const struct mutant *mutant)
{
    for (size_t i = 0; i < CHECK_COUNT(unproven); i++)
        if (strcmp(unproven[i], mutant->fault->name) == 0)
            return was_missed[i] = true;
    return false;
}

static bool is_found(const struct mutant *mutant, const char *name)
{
    enum judgement without;
    enum judgement with;

    witness_of(&witness, mutant);
    without = judged(NULL);
    with = judged(mutant);
    if (without == JUDGEMENT_CONFORMS && (with == JUDGEMENT_DEVIATES || may_be_missed(mutant)))
        return true;
    print_message("%s: without it %d, with it %d\n", name, (int)without, (int)with);
    return false;
}

static void test_each_fault_is_found_in_its_drill(void **state)
{
    size_t count;
    const struct mutant *all = mutants(&count);
    const char *only = getenv("SOCKDRILL_FAULT");
    unsigned missed = 0;

    (void)state;
    conform_init(&conform, &sockdrill_stack, &profile_linux, false);
    conform.patient = true; /* blocked calls wait as long as their sockets say */
    for (size_t i = 0; i < count; i++) {
        char name[FAULT_NAME_MAX];

        mutant_name(name, &all[i]);
        if (only == NULL || strcmp(only, name) == 0)
            missed += !is_found(&all[i], name);
    }
    assert_int_equal(missed, 0);
    for (size_t i = 0; i < CHECK_COUNT(unproven) && only == NULL; i++)
        if (!was_missed[i])
            fail_msg("%s is found: take it from the list", unproven[i]);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_each_fault_is_found_in_its_drill))
