/* crashes: a stack with a call that aborts. */
#include <sockdrill/stack.h>
#include <stdlib.h>
#include <unistd.h>

static int crashing_listen(int fd, int backlog)
{
    (void)fd;
    (void)backlog;
    abort();
}

const struct sockdrill_stack sockdrill_stack = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "crashes",
    .socket = socket,
    .listen = crashing_listen,
    .close = close,
};
