/* run: what the engines and the target macros share. */
#ifndef SOCKDRILL_ENGINES_RUN_H
#define SOCKDRILL_ENGINES_RUN_H

#include <stddef.h>
#include <stdint.h>

/* The target's entry point, by the name that every engine knows. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * run_start prepares the process for running targets: isolation where it is permitted, SIGPIPE
 * ignored, executions counted in the file that the environment variable SOCKDRILL_COUNTER names
 * (its first 8 bytes, native-endian; shared by all processes that map it). Call it while there is
 * one thread.
 */
void run_start(void);

#endif
