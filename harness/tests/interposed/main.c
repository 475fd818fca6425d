/*
 * main: prints what becomes of the C library's functions in code under test, from
 * lists/interposed.def: "interposed names", their names; "interposed table", the table of
 * harness/interpose/README.md. Run by e2e/interposed.sh.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *kind, *more;
} functions[] = {
#define OWN(type, name, parameters) {#name, "emulated", ""},
#define ALIAS(type, name, parameters, arguments, other) {#name, "as `" #other "`", ""},
#define REFUSED(type, name, parameters, arguments, when, failed, error)                            \
    {#name, "fails on an emulated descriptor as on any socket: ", #error},
#define UNSUPPORTED(type, name, parameters, arguments, when, failed)                               \
    {#name, "unsupported: ENOSYS on an emulated descriptor, which it says once", ""},
#define PASSED(name, why) {#name, "passed through: ", why},
#define SAID(type, name, parameters, arguments, when, why)                                         \
    {#name, "passed through, which it says once: ", why},
#include "lists/interposed.def"
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0] };

static bool alike(unsigned a, unsigned b)
{
    return strcmp(functions[a].kind, functions[b].kind) == 0 &&
           strcmp(functions[a].more, functions[b].more) == 0;
}

static bool is_told(unsigned i)
{
    for (unsigned before = 0; before < i; before++)
        if (alike(before, i))
            return true;
    return false;
}

static void print_row(unsigned first)
{
    printf("| %s%s |", functions[first].kind, functions[first].more);
    for (unsigned i = first; i < FUNCTIONS; i++)
        if (alike(first, i))
            printf(" `%s`", functions[i].name);
    puts(" |");
}

int main(int argc, char **argv)
{
    bool table = argc == 2 && strcmp(argv[1], "table") == 0;

    if (!table && (argc != 2 || strcmp(argv[1], "names") != 0)) {
        fputs("usage: interposed names|table\n", stderr);
        return 1;
    }
    if (table)
        puts("| in code under test | functions |\n|---|---|");
    for (unsigned i = 0; i < FUNCTIONS; i++)
        if (!table)
            puts(functions[i].name);
        else if (!is_told(i))
            print_row(i);
    return 0;
}
