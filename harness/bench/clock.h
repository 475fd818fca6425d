/* clock: what the benchmarks measure with. */
#ifndef SOCKDRILL_BENCH_CLOCK_H
#define SOCKDRILL_BENCH_CLOCK_H

/* clock_ns returns a time that only goes forward, in nanoseconds. */
double clock_ns(void);

/* clock_cost_ns returns what two readings of the clock show to lie between them when nothing does.
 */
double clock_cost_ns(void);

/* clock_median sorts figures and returns the one in the middle. */
double clock_median(double *figures, unsigned count);

#endif
