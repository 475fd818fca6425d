/* test_find: stacks by their names, as a sockdrill that was built without lwIP finds them. */
#include "stacks/find.h"

#include <string.h>

#include "tests/support/check.h"

static void test_the_kernel_is_always_there(void **state)
{
    const struct sockdrill_stack *stack = NULL;
    char error[STACK_ERROR_MAX];

    (void)state;
    assert_true(stack_find("kernel", &stack, error));
    assert_ptr_equal(stack, &sockdrill_stack_kernel);
}

/* Fails if there is such a stack; else returns what is wrong. */
static const char *wrong(const char *name)
{
    static const struct sockdrill_stack untouched;
    static char error[STACK_ERROR_MAX];
    const struct sockdrill_stack *stack = &untouched;

    error[0] = '\0';
    assert_false(stack_find(name, &stack, error));
    assert_ptr_equal(stack, &untouched);
    assert_null(strchr(error, '\n'));
    return error;
}

static void test_what_is_not_there_is_said(void **state)
{
    (void)state;
    assert_non_null(strstr(wrong("lwip"), "built without lwIP: install liblwip-dev"));
    assert_non_null(strstr(wrong("Kernel"), "no stack \"Kernel\""));
    assert_non_null(strstr(wrong("./Kernel"), "./Kernel: No such file or directory"));
}

CHECK_MAIN(cmocka_unit_test(test_the_kernel_is_always_there),
           cmocka_unit_test(test_what_is_not_there_is_said))
