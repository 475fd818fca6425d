/*
 * test_faults: each mutated stack is different from the kernel where its drill says so, and nowhere
 * else, and the list has what it must have. Otherwise a fault that the oracle does not find would
 * mean nothing.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "spec/spec.h"
#include "tests/faults/faults.h"
#include "tests/faults/witness.h"
#include "tests/support/check.h"

enum { MUTANTS_MIN = 450, TEXT_MAX = 4096 };

static struct witness witness;

/* Whether a stack shows the mutant's fault, and only that; says what is otherwise. */
static bool shows(const struct mutant *mutant, const struct sockdrill_stack *stack, FILE *said)
{
    struct witness_run kernel = {0};
    struct witness_run mutated = {0};
    bool holds;

    witness_of(&witness, mutant);
    witness_run(&kernel, &witness, &sockdrill_stack_kernel);
    witness_run(&mutated, &witness, stack);
    holds = witness_holds(said, &witness, &kernel, &mutated);
    witness_release(&kernel);
    witness_release(&mutated);
    return holds;
}

static void test_each_fault_shows_where_it_must_and_only_there(void **state)
{
    size_t count;
    const struct mutant *all = mutants(&count);
    const char *only = getenv("SOCKDRILL_FAULT");
    unsigned failed = 0;
    unsigned before = check_descriptors();

    (void)state;
    for (size_t i = 0; i < count; i++) {
        char name[FAULT_NAME_MAX];
        char *said = NULL;
        size_t size;
        FILE *out;

        mutant_name(name, &all[i]);
        if (only != NULL && strcmp(only, name) != 0)
            continue;
        out = open_memstream(&said, &size);
        faults_choose(&all[i]);
        if (!shows(&all[i], &sockdrill_stack, out)) {
            fclose(out);
            print_message("%s: %s\n", name, said);
            failed++;
        } else {
            fclose(out);
        }
        free(said);
        assert_int_equal(check_descriptors(), before);
    }
    assert_int_equal(failed, 0);
}

/* A drill without a mark for its fault, or with one too many, is seen. */
static void test_a_wrong_drill_is_seen(void **state)
{
    static const char *const wrong[] = {"$ABC"
                                        "$CALL(s, 64$REST)\n",
                                        "!s = socket($AF, $TYPE, 0)\n",
                                        "$ABC"
                                        "!$CALL(s, 64$REST)\n!close(s)\n"};
    struct fault fault = *mutant_find("recv.byte_changed.tcp4")->fault;
    struct mutant mutant = {&fault, OP_recv, KIND_TCP4};
    FILE *nowhere = fopen("/dev/null", "w");

    (void)state;
    assert_non_null(nowhere);
    faults_choose(&mutant);
    assert_true(shows(&mutant, &sockdrill_stack, nowhere));
    for (size_t i = 0; i < CHECK_COUNT(wrong); i++) {
        fault.drill = wrong[i];
        assert_false(shows(&mutant, &sockdrill_stack, nowhere));
    }
    fclose(nowhere);
}

/* With the same fault on another kind of socket, a drill comes out as on the kernel. */
static void test_a_fault_strikes_its_own_kind_only(void **state)
{
    size_t count;
    const struct mutant *all = mutants(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct mutant other = all[i];
        struct witness_run kernel = {0};
        struct witness_run mutated = {0};

        other.kind = all[i].kind == KIND_UDP6 ? KIND_TCP4 : KIND_UDP6;
        faults_choose(&other);
        witness_of(&witness, &all[i]);
        for (unsigned call = 0; call < DRILL_CALLS_MAX; call++)
            if (witness.promises[call] == PROMISE_DIFFERENT)
                witness.promises[call] = PROMISE_SAME;
        witness_run(&kernel, &witness, &sockdrill_stack_kernel);
        witness_run(&mutated, &witness, &sockdrill_stack);
        assert_true(witness_holds(stdout, &witness, &kernel, &mutated));
        witness_release(&kernel);
        witness_release(&mutated);
    }
}

static void test_the_list_is_whole(void **state)
{
    size_t count;
    const struct mutant *all = mutants(&count);
    unsigned of_kind[KINDS] = {0};
    unsigned of_call[OPS] = {0};

    (void)state;
    assert_true(count >= MUTANTS_MIN);
    for (size_t i = 0; i < count; i++) {
        char name[FAULT_NAME_MAX];

        mutant_name(name, &all[i]);
        if (mutant_find(name) != &all[i])
            fail_msg("two mutated stacks are called %s", name);
        assert_true(strlen(name) < FAULT_NAME_MAX - 1);
        assert_true(strlen(all[i].fault->broken) > 0 && strlen(all[i].fault->clause) > 0);
        of_kind[all[i].kind]++;
        of_call[all[i].op]++;
    }
    for (enum kind kind = 0; kind < KINDS; kind++)
        assert_true(of_kind[kind] > 0);
    /* What the specification does not know it cannot judge, however wrong it is. */
    for (enum op op = 0; op < OPS; op++)
        if (of_call[op] == 0 && spec_knows(&(struct request){.op = (uint8_t)op}))
            fail_msg("no fault of %s", call_info(op)->name);
    assert_null(mutant_find("recv.no_such_fault.tcp4"));
}

/* The plug-in's fault is the one that the environment names. */
static void test_the_plugin_has_the_fault_that_is_named(void **state)
{
    static const char name[] = "recv.byte_changed.tcp4";
    const struct sockdrill_stack *stack;
    void *plugin;

    (void)state;
    assert_int_equal(setenv("SOCKDRILL_FAULT", name, 1), 0);
    plugin = dlopen(FAULTY_STACK, RTLD_NOW | RTLD_LOCAL);
    if (plugin == NULL) {
        fail_msg("%s", dlerror());
        return;
    }
    stack = dlsym(plugin, "sockdrill_stack");
    assert_non_null(stack);
    assert_ptr_not_equal(stack, &sockdrill_stack);
    assert_int_equal(stack->version, SOCKDRILL_STACK_VERSION);
    assert_string_equal(stack->name, name);
    assert_true(shows(mutant_find(name), stack, stderr));
    dlclose(plugin);
    unsetenv("SOCKDRILL_FAULT");
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_the_list_is_whole),
                    cmocka_unit_test(test_each_fault_shows_where_it_must_and_only_there),
                    cmocka_unit_test(test_a_wrong_drill_is_seen),
                    cmocka_unit_test(test_a_fault_strikes_its_own_kind_only),
                    cmocka_unit_test(test_the_plugin_has_the_fault_that_is_named))
