/* no_socket: a plug-in without what every drill begins with. */
#include <sockdrill/stack.h>

const struct sockdrill_stack sockdrill_stack = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "no_socket",
    .listen = listen,
};
