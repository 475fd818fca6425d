/* hangs: a stack with a call that never returns. */
#include <sockdrill/stack.h>
#include <unistd.h>

static int hanging_listen(int fd, int backlog)
{
    (void)fd;
    (void)backlog;
    while (pause() != 0)
        continue;
    return -1;
}

const struct sockdrill_stack sockdrill_stack = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "hangs",
    .socket = socket,
    .listen = hanging_listen,
    .close = close,
};
