/* twisted: see twisted.h. */
#include "twisted.h"

enum { FDS_MAX = 1024 };

static bool connected[FDS_MAX];
static bool last;

static int twisted_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    int result = sockdrill_stack_kernel.connect(fd, address, length);

    if (result == 0 && fd < FDS_MAX)
        connected[fd] = true;
    return result;
}

static ssize_t twisted_recv(int fd, void *data, size_t size, int flags)
{
    ssize_t result = sockdrill_stack_kernel.recv(fd, data, size, flags);

    last = result > 0 && fd < FDS_MAX && connected[fd];
    if (last)
        *(unsigned char *)data ^= 1; /* the fault */
    return result;
}

static int twisted_close(int fd)
{
    if (fd >= 0 && fd < FDS_MAX)
        connected[fd] = false;
    return sockdrill_stack_kernel.close(fd);
}

bool twisted_last(void)
{
    return last;
}

const struct sockdrill_stack *twisted_stack(void)
{
    static struct sockdrill_stack stack;

    stack = sockdrill_stack_kernel;
    stack.name = "twisted";
    stack.connect = twisted_connect;
    stack.recv = twisted_recv;
    stack.close = twisted_close;
    return &stack;
}
