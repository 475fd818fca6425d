/* clock: see clock.h. */
#include "clock.h"

#include <stdlib.h>
#include <time.h>

double clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double clock_cost_ns(void)
{
    enum { READINGS = 100000 };
    double between = 0;

    for (unsigned i = 0; i < READINGS; i++) {
        double start = clock_ns();

        between += clock_ns() - start;
    }
    return between / READINGS;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

double clock_median(double *figures, unsigned count)
{
    qsort(figures, count, sizeof *figures, by_size);
    return figures[(count - 1) / 2];
}
