/* twisted: the kernel's sockets with a fault that only the specification can tell. */
#ifndef SOCKDRILL_TARGETS_TWISTED_H
#define SOCKDRILL_TARGETS_TWISTED_H

#include <stdbool.h>

#include <sockdrill/stack.h>

/*
 * twisted_stack returns the kernel's sockets with a layer that changes data. Planted fault: once a
 * socket has been connected, a recv on it changes the first byte that it returns. Nothing crashes,
 * and every result is what it was.
 */
const struct sockdrill_stack *twisted_stack(void);

/* twisted_last tells whether the last recv was changed. */
bool twisted_last(void);

#endif
