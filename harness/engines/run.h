/* run: what the engines and the target macros share. */
#ifndef SOCKDRILL_ENGINES_RUN_H
#define SOCKDRILL_ENGINES_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The target's entry point, by the name that every engine knows. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * run_start prepares the process for running targets: isolation where it is permitted, SIGPIPE
 * ignored, executions counted in the file that the environment variable SOCKDRILL_COUNTER names
 * (its first 8 bytes, native-endian; shared by all processes that map it). Call it while there is
 * one thread. The environment variable SOCKDRILL_STACK, kernel or model, says on which stack code
 * under test runs; the model is the default. SOCKDRILL_LEVEL says which answers of a drill it is
 * given: none, io (how data is cut, readiness), or faults, all of them, which is the default.
 */
void run_start(void);

/* run_on chooses that stack by its name; false when there is none of that name. */
bool run_on(const char *stack);

/* run_at chooses that level by its name; false when there is none of that name. */
bool run_at(const char *level);

#endif
