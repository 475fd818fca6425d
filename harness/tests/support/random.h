/*
 * random: random numbers that are the same in every run, and how many of them the tests use. The
 * environment variable SOCKDRILL_TEST_RANDOM is the number of random inputs that the decoder is
 * given; the other tests scale with it. SOCKDRILL_TEST_SEED starts another sequence.
 */
#ifndef SOCKDRILL_TESTS_RANDOM_H
#define SOCKDRILL_TESTS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum { RANDOM_INPUTS_DEFAULT = 300000 };

struct random {
    uint64_t state;
};

/* random_start begins the sequence. */
void random_start(struct random *random);

/* random_next returns 64 random bits. */
uint64_t random_next(struct random *random);

/* random_below returns a number below limit, which is not 0. */
uint32_t random_below(struct random *random, uint32_t limit);

/* random_fill fills bytes with random ones. */
void random_fill(struct random *random, uint8_t *bytes, size_t size);

/*
 * random_count returns how often a test that stands at standard by default is to try: scaled as
 * SOCKDRILL_TEST_RANDOM is to RANDOM_INPUTS_DEFAULT, and at most full, if full is not 0.
 */
uint64_t random_count(uint64_t standard, uint64_t full);

#endif
