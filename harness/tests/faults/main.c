/*
 * main: prints the mutated stacks, one a line: its name, what is broken, and what that violates,
 * with tabs between them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/faults/faults.h"

int main(void)
{
    size_t count;
    const struct mutant *all = mutants(&count);
    char name[FAULT_NAME_MAX];

    for (size_t i = 0; i < count; i++) {
        mutant_name(name, &all[i]);
        printf("%s\t%s %s\t%s\n", name, call_info(all[i].op)->name, all[i].fault->broken,
               all[i].fault->clause);
    }
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
