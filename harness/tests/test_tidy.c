/* test_tidy: the project keeps its house rules, and each rule sees what breaks it. */
#include "tests/tidy.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/files.h"

/* Checks a tree; what is said is to be freed. */
static unsigned check_tree(const char *root, char **said)
{
    size_t size;
    FILE *out = open_memstream(said, &size);
    unsigned faults;

    assert_non_null(out);
    faults = tidy_check(out, root);
    fclose(out);
    return faults;
}

static void test_the_project_is_tidy(void **state)
{
    char *said;
    unsigned faults = check_tree(SOCKDRILL_ROOT, &said);

    (void)state;
    if (faults > 0)
        print_message("%s", said);
    free(said);
    assert_int_equal(faults, 0);
}

/* A text of a comment that names the file, and lines. */
static char *lines_of(const char *start, const char *line, unsigned count, const char *end)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs(start, out);
    for (unsigned i = 0; i < count; i++)
        fputs(line, out);
    fputs(end, out);
    fclose(out);
    return text;
}

/* A tree of this one file, and one that uses some names. */
static unsigned check_file(const char *name, const char *text, char **said)
{
    static const char used[] = "/* used: names. */\nOP_socket HOST_ONE FLAGS_SET F_ONE AF_INET\n";
    char *root = files_path("tree");
    char path[256];
    unsigned faults;

    snprintf(path, sizeof path, "tree/%s", name);
    free(files_write(path, text, strlen(text)));
    free(files_write("tree/harness/lists/used.c", used, sizeof used - 1));
    faults = check_tree(root, said);
    files_remove();
    free(root);
    return faults;
}

/* Breaks exactly this rule, at this line. */
static void assert_broken(const char *name, const char *text, unsigned line, const char *rule)
{
    char expected[512];
    char *said;
    unsigned faults = check_file(name, text, &said);

    snprintf(expected, sizeof expected, "%s:%u: %s: ", name, line, rule);
    if (faults != 1 || strncmp(said, expected, strlen(expected)) != 0)
        fail_msg("wanted %s, got %u faults:\n%s", expected, faults, said);
    free(said);
}

static void assert_kept(const char *name, const char *text)
{
    char *said;

    if (check_file(name, text, &said) != 0)
        fail_msg("wanted no fault, got:\n%s", said);
    free(said);
}

static void test_lines(void **state)
{
    char *most = lines_of("/* a: x. */\n", "int a;\n", 499, "");
    char *more = lines_of("/* a: x. */\n", "int a;\n", 500, "");

    (void)state;
    assert_kept("harness/drill/a.c", most);
    assert_broken("harness/drill/a.c", more, 501, "lines");
    assert_broken("targets/b/a.h", more, 501, "lines");
    free(most);
    free(more);
}

static void test_function(void **state)
{
    char *most = lines_of("/* a: x. */\nint f(void)\n{\n", "    f();\n", 58, "}\n");
    char *more = lines_of("/* a: x. */\nint f(void)\n{\n", "    f();\n", 59, "}\n");
    char *table = lines_of("/* a: x. */\nint t[] = {\n", "    1,\n", 100, "};\n");

    (void)state;
    assert_kept("harness/drill/a.c", most);
    assert_kept("harness/drill/a.c", table);
    assert_broken("harness/drill/a.c", more, 3, "function");
    free(most);
    free(more);
    free(table);
}

static void test_comment(void **state)
{
    (void)state;
    assert_kept("harness/drill/a.c", "/* a: x. */\n");
    assert_kept("harness/drill/a.c", "/*\n * a: x.\n */\n");
    assert_kept("targets/b/a.c", "/* b/a: x. */\n");
    assert_kept("harness/include/sockdrill/a.h", "/*\n * sockdrill/a.h: x.\n */\n");
    assert_broken("harness/drill/a.c", "#include <stdio.h>\n", 1, "comment");
    assert_broken("harness/drill/a.c", "// a: x.\n", 1, "comment");
    assert_broken("harness/drill/a.c", "/* Copyright. */\n", 1, "comment");
    assert_broken("harness/drill/a.h", "/* b: x. */\n", 1, "comment");
    assert_broken("harness/drill/a.c", "", 1, "comment");
}

static void test_space(void **state)
{
    (void)state;
    assert_broken("harness/drill/a.c", "/* a: x. */\nint a; \n", 2, "space");
    assert_broken("harness/drill/a.c", "/* a: x. */\n\t\n", 2, "space");
    assert_broken("harness/tests/e2e/a.sh", "#!/bin/sh\necho \n", 2, "space");
    assert_broken("corpus/seeds/a.drill", "close(s0) = 0\r\n", 1, "space");
    assert_broken("harness/CMakeLists.txt", "a()  \n", 1, "space");
}

static void test_include(void **state)
{
    static const char *const order[] = {"lists",  "drill",  "spec",    "oracle",
                                        "mutate", "stacks", "engines", "tool"};
    char name[64];
    char text[128];

    (void)state;
    for (size_t own = 0; own < CHECK_COUNT(order); own++)
        for (size_t other = 0; other < CHECK_COUNT(order); other++) {
            snprintf(name, sizeof name, "harness/%s/a.c", order[own]);
            snprintf(text, sizeof text, "/* a: x. */\n#include \"%s/b.h\"\n", order[other]);
            if (other <= own)
                assert_kept(name, text);
            else
                assert_broken(name, text, 2, "include");
        }
    assert_kept("harness/tests/a.c", "/* a: x. */\n#include \"tool/b.h\"\n");
    assert_kept("targets/b/a.c", "/* a: x. */\n#include \"engines/b.h\"\n");
    assert_kept("harness/drill/a.c", "/* a: x. */\n#include <tool/b.h>\n#include \"tool.h\"\n");
    assert_broken("harness/tool/a.c", "/* a: x. */\n#include \"tests/b.h\"\n", 2, "include");
    assert_broken("harness/include/sockdrill/a.h", "/* a: x. */\n#include \"lists/b.h\"\n", 2,
                  "include");
}

static void test_entry(void **state)
{
    (void)state;
    assert_kept("harness/lists/calls.def", "/* CALL(x). */\nCALL(0x01, socket, NONE, 0, A(NEW))\n");
    assert_broken("harness/lists/calls.def",
                  "/* CALL(x). */\nCALL(0x01, socket, NONE)\nCALL(0x02, bind, NONE)\n", 3, "entry");
    assert_broken("harness/lists/errnos.def", "/* x. */\nERRNO(EONE)\n", 2, "entry");
    assert_broken("harness/lists/options.def", "/* x. */\nOPTION(SOL_SOCKET, SO_ONE, INT)\n", 2,
                  "entry");
    assert_broken("harness/lists/controls.def", "/* x. */\nCONTROL(IPPROTO_IP, IP_ONE, INT)\n", 2,
                  "entry");
    assert_kept("harness/lists/flags.def", "/* x. */\nFLAGS(SET, F(F_ONE))\n");
    assert_broken("harness/lists/flags.def", "/* x. */\nFLAGS(SET, F(F_ONE) F(F_TWO))\n", 2,
                  "entry");
    assert_broken("harness/lists/flags.def", "/* x. */\nFLAGS(OTHER, F(F_ONE))\n", 2, "entry");
    assert_broken("harness/lists/values.def", "/* x. */\nV(0, 0) V(AF_INET, 1)\n V(AF_ONE, 2)\n", 3,
                  "entry");
    assert_kept("harness/lists/addresses.def", "/* x. */\nADDRESS(ONE, AF_INET, \"\")\n");
    assert_broken("harness/lists/addresses.def", "/* x. */\nADDRESS(TWO, AF_INET, \"\")\n", 2,
                  "entry");
    assert_broken("harness/lists/new.def", "/* x. */\n", 1, "entry");
}

static int tear_down(void **state)
{
    (void)state;
    files_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_function),
        cmocka_unit_test(test_comment),
        cmocka_unit_test(test_space),
        cmocka_unit_test(test_include),
        cmocka_unit_test(test_entry),
        cmocka_unit_test(test_the_project_is_tidy),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
