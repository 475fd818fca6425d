/* leaves: a plug-in that ends the process as soon as it is loaded. */
#include <sockdrill/stack.h>
#include <unistd.h>

static void __attribute__((constructor)) leave(void)
{
    _exit(0);
}

const struct sockdrill_stack sockdrill_stack = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "leaves",
    .socket = socket,
};
