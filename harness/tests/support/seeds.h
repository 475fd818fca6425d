/* seeds: the drills of corpus/, parsed, for tests that start from what people write. */
#ifndef SOCKDRILL_TESTS_SEEDS_H
#define SOCKDRILL_TESTS_SEEDS_H

#include "drill/drill.h"

/* A file of corpus/, as it is. */
struct seed {
    char *path;
    char *text;
    size_t size;
    bool remote;    /* it uses the variable `remote` */
    uint8_t *bytes; /* its binary form, under the rules any or remote */
    size_t byte_count;
};

/* seeds_all returns the drills below corpus/ in the order of their paths; fails if there is none.
 */
const struct seed *seeds_all(size_t *count);

/* seeds_rules returns the rules under which bytes were written. */
const struct drill_rules *seeds_rules(const struct seed *seed);

/* The four rules that drills are read under. */
enum { SEEDS_RULES = 5 };
extern const struct drill_rules *const seeds_every_rules[SEEDS_RULES];

#endif
