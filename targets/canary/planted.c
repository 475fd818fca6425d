/* planted: see planted.h. */
#include "planted.h"

#include <stdlib.h>

enum { FDS_MAX = 1024 };

struct listener {
    unsigned accepts;
};

static struct listener *listeners[FDS_MAX];
static unsigned char freed[FDS_MAX];

static struct listener **find(int fd)
{
    return fd >= 0 && fd < FDS_MAX && listeners[fd] != NULL ? &listeners[fd] : NULL;
}

static int planted_listen(int fd, int backlog)
{
    int result = sockdrill_stack_kernel.listen(fd, backlog);

    if (result == 0 && fd < FDS_MAX && listeners[fd] == NULL)
        listeners[fd] = calloc(1, sizeof *listeners[fd]);
    return result;
}

static int planted_shutdown(int fd, int how)
{
    struct listener **listener = find(fd);

    if (listener != NULL && !freed[fd]) {
        free(*listener); /* the bug: accept still finds it */
        freed[fd] = 1;
    }
    return sockdrill_stack_kernel.shutdown(fd, how);
}

static int planted_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    struct listener **listener = find(fd);

    if (listener != NULL)
        (*listener)->accepts++;
    return sockdrill_stack_kernel.accept4(fd, address, length, flags);
}

static int planted_close(int fd)
{
    struct listener **listener = find(fd);

    if (listener != NULL) {
        if (!freed[fd])
            free(*listener);
        *listener = NULL;
        freed[fd] = 0;
    }
    return sockdrill_stack_kernel.close(fd);
}

const struct sockdrill_stack *planted_stack(void)
{
    static struct sockdrill_stack stack;

    stack = sockdrill_stack_kernel;
    stack.name = "planted";
    stack.listen = planted_listen;
    stack.shutdown = planted_shutdown;
    stack.accept4 = planted_accept4;
    stack.close = planted_close;
    return &stack;
}
