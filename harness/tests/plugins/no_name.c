/* no_name: a plug-in that reports cannot name. */
#include <sockdrill/stack.h>

const struct sockdrill_stack sockdrill_stack = {
    .version = SOCKDRILL_STACK_VERSION,
    .socket = socket,
};
