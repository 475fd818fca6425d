/* find: a stack by its name. */
#ifndef SOCKDRILL_STACKS_FIND_H
#define SOCKDRILL_STACKS_FIND_H

#include <sockdrill/stack.h>
#include <stdbool.h>

enum { STACK_ERROR_MAX = 4608 };

/*
 * stack_find sets stack to the one of this name: kernel, lwip, or the path of a plug-in, which has
 * a slash. The stack is started and lives as long as the process. Returns false with one line in
 * error when there is no such stack.
 */
bool stack_find(const char *name, const struct sockdrill_stack **stack,
                char error[STACK_ERROR_MAX]);

#endif
