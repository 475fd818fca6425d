/* random: see random.h. The generator is splitmix64 (Steele, Lea, Flood 2014). */
#include "tests/support/random.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    char *end;
    uint64_t number;

    if (text == NULL || *text == '\0')
        return otherwise;
    number = strtoull(text, &end, 10);
    if (*end != '\0') {
        fprintf(stderr, "%s takes a number, not \"%s\"\n", name, text);
        exit(1);
    }
    return number;
}

void random_start(struct random *random)
{
    random->state = from_environment("SOCKDRILL_TEST_SEED", 20250101);
}

uint64_t random_next(struct random *random)
{
    uint64_t mixed = random->state += 0x9e3779b97f4a7c15u;

    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
}

uint32_t random_below(struct random *random, uint32_t limit)
{
    return (uint32_t)((random_next(random) >> 32) * limit >> 32);
}

void random_fill(struct random *random, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(random_next(random) >> 56);
}

uint64_t random_count(uint64_t standard, uint64_t full)
{
    uint64_t wished = from_environment("SOCKDRILL_TEST_RANDOM", RANDOM_INPUTS_DEFAULT);
    uint64_t count = standard * wished / RANDOM_INPUTS_DEFAULT;

    return full != 0 && count > full ? full : count;
}
