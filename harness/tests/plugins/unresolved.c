/* unresolved: a plug-in that is not linked with all it needs. */
#include <sockdrill/stack.h>

int function_of_no_library(int domain, int type, int protocol);

const struct sockdrill_stack sockdrill_stack = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "unresolved",
    .socket = function_of_no_library,
};
