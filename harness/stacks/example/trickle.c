/*
 * trickle: an example of a plug-in. The kernel's sockets, but a receiving call hands out one byte
 * at a time of what a stream holds: POSIX allows that, and code must live with it. It has only what
 * a TCP client and server need; all else shows as unsupported.
 *
 *     cc -shared -fPIC -D_GNU_SOURCE -I harness/include trickle.c -o trickle.so
 *     sockdrill run --stack ./trickle.so FILE
 */
#include <fcntl.h>
#include <sockdrill/stack.h>
#include <unistd.h>

static int trickle_bind(int fd, const struct sockaddr *address, socklen_t length)
{
    return bind(fd, address, length);
}

static int trickle_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    return connect(fd, address, length);
}

static int trickle_accept(int fd, struct sockaddr *address, socklen_t *length)
{
    return accept(fd, address, length);
}

static int trickle_getsockname(int fd, struct sockaddr *address, socklen_t *length)
{
    return getsockname(fd, address, length);
}

static int trickle_fcntl(int fd, int command, int argument)
{
    return fcntl(fd, command, argument);
}

/* The one difference. */
static ssize_t trickle_recv(int fd, void *data, size_t size, int flags)
{
    return recv(fd, data, size > 1 ? 1 : size, flags);
}

const struct sockdrill_stack sockdrill_stack = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "trickle",
    .socket = socket,
    .bind = trickle_bind,
    .listen = listen,
    .connect = trickle_connect,
    .accept = trickle_accept,
    .send = send,
    .recv = trickle_recv,
    .shutdown = shutdown,
    .close = close,
    .getsockname = trickle_getsockname,
    .fcntl = trickle_fcntl,
    .poll = poll,
};
