/* planted: the kernel's sockets with one bug, to see whether a fuzzing set-up finds anything. */
#ifndef SOCKDRILL_TARGETS_PLANTED_H
#define SOCKDRILL_TARGETS_PLANTED_H

#include <sockdrill/stack.h>

/*
 * planted_stack returns the kernel's sockets with a layer that keeps a record of every listener.
 * Planted bug, three calls deep: shutdown of a listening socket frees the record, and a later
 * accept4 on it uses the record.
 */
const struct sockdrill_stack *planted_stack(void);

#endif
