/* stack: the functions of a mutated stack, each of which puts its arguments into a visit. */
#include "tests/faults/parts.h"
#include "tests/faults/waits.h"

static int faulty_socket(int domain, int type, int protocol)
{
    struct visit v = {
        .op = OP_socket, .fd = -1, .domain = domain, .type = type, .protocol = protocol};

    return (int)visit_make(&v);
}

static int faulty_bind(int fd, const struct sockaddr *address, socklen_t length)
{
    struct visit v = {.op = OP_bind, .fd = fd, .to = address, .to_length = length};

    return (int)visit_make(&v);
}

static int faulty_listen(int fd, int backlog)
{
    struct visit v = {.op = OP_listen, .fd = fd, .number = backlog};

    return (int)visit_make(&v);
}

static int faulty_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    struct visit v = {.op = OP_connect, .fd = fd, .to = address, .to_length = length};

    return (int)visit_make(&v);
}

static int faulty_accept(int fd, struct sockaddr *address, socklen_t *length)
{
    struct visit v = {.op = OP_accept, .fd = fd, .name = address, .length = length};

    return (int)visit_make(&v);
}

static int faulty_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    struct visit v = {
        .op = OP_accept4, .fd = fd, .name = address, .length = length, .flags = flags};

    return (int)visit_make(&v);
}

static ssize_t faulty_send(int fd, const void *data, size_t size, int flags)
{
    struct visit v = {.op = OP_send, .fd = fd, .out = data, .size = size, .flags = flags};

    return visit_make(&v);
}

static ssize_t faulty_sendto(int fd, const void *data, size_t size, int flags,
                             const struct sockaddr *address, socklen_t length)
{
    struct visit v = {.op = OP_sendto,
                      .fd = fd,
                      .out = data,
                      .size = size,
                      .flags = flags,
                      .to = address,
                      .to_length = length};

    return visit_make(&v);
}

static ssize_t faulty_recv(int fd, void *data, size_t size, int flags)
{
    struct visit v = {.op = OP_recv, .fd = fd, .in = data, .size = size, .flags = flags};

    return visit_make(&v);
}

static ssize_t faulty_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *address,
                               socklen_t *length)
{
    struct visit v = {.op = OP_recvfrom,
                      .fd = fd,
                      .in = data,
                      .size = size,
                      .flags = flags,
                      .name = address,
                      .length = length};

    return visit_make(&v);
}

static ssize_t faulty_read(int fd, void *data, size_t size)
{
    struct visit v = {.op = OP_read, .fd = fd, .in = data, .size = size};

    return visit_make(&v);
}

static ssize_t faulty_write(int fd, const void *data, size_t size)
{
    struct visit v = {.op = OP_write, .fd = fd, .out = data, .size = size};

    return visit_make(&v);
}

static int faulty_shutdown(int fd, int how)
{
    struct visit v = {.op = OP_shutdown, .fd = fd, .number = how};

    return (int)visit_make(&v);
}

static int faulty_close(int fd)
{
    struct visit v = {.op = OP_close, .fd = fd};

    return (int)visit_make(&v);
}

static int faulty_getsockname(int fd, struct sockaddr *address, socklen_t *length)
{
    struct visit v = {.op = OP_getsockname, .fd = fd, .name = address, .length = length};

    return (int)visit_make(&v);
}

static int faulty_getpeername(int fd, struct sockaddr *address, socklen_t *length)
{
    struct visit v = {.op = OP_getpeername, .fd = fd, .name = address, .length = length};

    return (int)visit_make(&v);
}

static int faulty_setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
    struct visit v = {.op = OP_setsockopt,
                      .fd = fd,
                      .level = level,
                      .option = name,
                      .set = value,
                      .set_length = length};

    return (int)visit_make(&v);
}

static int faulty_getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
    struct visit v = {.op = OP_getsockopt,
                      .fd = fd,
                      .level = level,
                      .option = name,
                      .got = value,
                      .length = length};

    return (int)visit_make(&v);
}

static int faulty_fcntl(int fd, int command, int argument)
{
    struct visit v = {.op = OP_fcntl, .fd = fd, .number = command, .flags = argument};

    return (int)visit_make(&v);
}

static int faulty_ioctl(int fd, unsigned long request, int *value)
{
    struct visit v = {.op = OP_ioctl, .fd = fd, .request = request, .value = value};

    return (int)visit_make(&v);
}

static int faulty_dup(int fd)
{
    struct visit v = {.op = OP_dup, .fd = fd};

    return (int)visit_make(&v);
}

static int faulty_dup2(int fd, int other_fd)
{
    struct visit v = {.op = OP_dup2, .fd = fd, .other_fd = other_fd};

    return (int)visit_make(&v);
}

const struct sockdrill_stack sockdrill_stack = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = visit_name,
    .blocks = true,
    .socket = faulty_socket,
    .bind = faulty_bind,
    .listen = faulty_listen,
    .connect = faulty_connect,
    .accept = faulty_accept,
    .accept4 = faulty_accept4,
    .send = faulty_send,
    .sendto = faulty_sendto,
    .recv = faulty_recv,
    .recvfrom = faulty_recvfrom,
    .read = faulty_read,
    .write = faulty_write,
    .shutdown = faulty_shutdown,
    .close = faulty_close,
    .getsockname = faulty_getsockname,
    .getpeername = faulty_getpeername,
    .setsockopt = faulty_setsockopt,
    .getsockopt = faulty_getsockopt,
    .fcntl = faulty_fcntl,
    .ioctl = faulty_ioctl,
    .poll = faulty_poll,
    .ppoll = faulty_ppoll,
    .select = faulty_select,
    .pselect = faulty_pselect,
    .epoll_create1 = faulty_epoll_create1,
    .epoll_ctl = faulty_epoll_ctl,
    .epoll_wait = faulty_epoll_wait,
    .dup = faulty_dup,
    .dup2 = faulty_dup2,
    .readv = faulty_readv,
    .writev = faulty_writev,
    .sendmsg = faulty_sendmsg,
    .recvmsg = faulty_recvmsg,
    .sendmmsg = faulty_sendmmsg,
    .recvmmsg = faulty_recvmmsg,
};
