/* plugin: a stack from a shared object. */
#ifndef SOCKDRILL_STACKS_PLUGIN_H
#define SOCKDRILL_STACKS_PLUGIN_H

#include "stacks/find.h"

/*
 * plugin_load loads the shared object at path, which exports
 * `const struct sockdrill_stack sockdrill_stack`. It is never unloaded. Returns false with one line
 * in error that names the file, what is wrong and how to mend it.
 */
bool plugin_load(const char *path, const struct sockdrill_stack **stack,
                 char error[STACK_ERROR_MAX]);

#endif
