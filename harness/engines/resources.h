/* resources: what a process holds, to see that runs leave nothing behind. */
#ifndef SOCKDRILL_ENGINES_RESOURCES_H
#define SOCKDRILL_ENGINES_RESOURCES_H

#include <stdbool.h>
#include <stdio.h>

/* How much resident memory may grow between two samples: allocators keep some. */
enum { RESOURCES_GROWTH_KB_MAX = 5 * 1024 };

struct resources {
    long descriptors;
    long resident_kb; /* proc(5): VmRSS */
    long sockets;     /* of the network namespace: in use and in TIME_WAIT */
    long beyond_lo;   /* packets ever counted on another interface than lo */
};

/* resources_sample reads them from /proc; false when it cannot. */
bool resources_sample(struct resources *resources);

/* resources_print writes a sample as one line of JSON under a name. */
void resources_print(FILE *out, const char *name, const struct resources *resources);

/*
 * resources_kept tells whether the second sample holds no more than the first: as many descriptors
 * and sockets, memory within RESOURCES_GROWTH_KB_MAX, no further packet beyond lo.
 */
bool resources_kept(const struct resources *first, const struct resources *second);

#endif
