/* wrong_version: a plug-in for another version of the table. */
#include <sockdrill/stack.h>

const struct sockdrill_stack sockdrill_stack = {
    .version = SOCKDRILL_STACK_VERSION + 1,
    .name = "wrong_version",
    .socket = socket,
};
