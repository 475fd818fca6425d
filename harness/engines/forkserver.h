/*
 * forkserver: AFL++'s fork server for a program that brings none. Source: AFL++'s
 * docs/afl-fuzz_approach.md and include/types.h (FS_OPT_*).
 */
#ifndef SOCKDRILL_ENGINES_FORKSERVER_H
#define SOCKDRILL_ENGINES_FORKSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * forkserver_start serves the fuzzer, if there is one, until it ends: then the process does. It
 * returns in each child that is to run an input, true; and false where there is no fuzzer.
 */
bool forkserver_start(void);

/* forkserver_input returns the input where the fuzzer has put it into shared memory, or NULL. */
const uint8_t *forkserver_input(size_t *size);

/* forkserver_covers adds to the coverage of the run, where the program itself adds none. */
void forkserver_covers(unsigned edge, uint32_t times);

#endif
