/* seeds: walks the texts that are kept for a target. */
#ifndef SOCKDRILL_TOOL_SEEDS_H
#define SOCKDRILL_TOOL_SEEDS_H

#include "engines/input.h"
#include "tool/targets.h"

/*
 * seeds_each calls function for every input in corpus/KIND/TARGET, in the order of the file names;
 * a folder that is not there is empty. Returns false after one line on stderr for each file that
 * cannot be read.
 */
bool seeds_each(const struct target *target, const char *kind, input_function *function,
                void *context);

#endif
