/*
 * plugin: what a mutated stack does when it is loaded. SOCKDRILL_FAULT names it, as the program
 * `faults` lists them; without one it is the kernel's stack. A name that is not in the list ends
 * the process with status 1, lest a whole run be of a stack without fault.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/faults/faults.h"

__attribute__((constructor)) static void choose(void)
{
    const char *name = getenv("SOCKDRILL_FAULT");
    const struct mutant *mutant;

    if (name == NULL || name[0] == '\0')
        return;
    mutant = mutant_find(name);
    if (mutant == NULL) {
        fprintf(stderr, "SOCKDRILL_FAULT=%s: no such fault\n", name);
        exit(EXIT_FAILURE);
    }
    faults_choose(mutant);
}
