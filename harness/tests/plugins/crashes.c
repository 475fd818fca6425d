/* crashes: a stack with a call that aborts. */
#include <sockdrill/stack.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int crashing_listen(int fd, int backlog)
{
    (void)fd;
    (void)backlog;
    puts("crashes: no listening here");
    fflush(stdout);
    abort();
}

const struct sockdrill_stack sockdrill_stack = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "crashes",
    .socket = socket,
    .listen = crashing_listen,
    .close = close,
};
