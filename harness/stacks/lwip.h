/* lwip: lwIP as a stack, with an interface to itself and to nothing else. */
#ifndef SOCKDRILL_STACKS_LWIP_H
#define SOCKDRILL_STACKS_LWIP_H

#include "stacks/find.h"

/*
 * lwip_start starts lwIP and its thread, once, and sets stack to it. Returns false with one line in
 * error where sockdrill was built without lwIP.
 */
bool lwip_start(const struct sockdrill_stack **stack, char error[STACK_ERROR_MAX]);

#endif
