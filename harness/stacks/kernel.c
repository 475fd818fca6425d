/*
 * kernel: the system's own sockets as a stack. What reads a caller's length or time before it asks
 * the kernel, libc or a sanitizer around it, is passed by: the kernel itself answers EFAULT.
 */
#include <fcntl.h>
#include <sockdrill/stack.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* fcntl and ioctl are variadic in libc; these give them the table's prototypes. */
static int kernel_fcntl(int fd, int command, int argument)
{
    return fcntl(fd, command, argument);
}

static int kernel_ioctl(int fd, unsigned long request, int *value)
{
    return ioctl(fd, request, value);
}

/* libc declares the addresses of these as a transparent union, which is no such function's type. */
static int kernel_bind(int fd, const struct sockaddr *address, socklen_t length)
{
    return bind(fd, address, length);
}

static int kernel_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    return connect(fd, address, length);
}

static int kernel_accept(int fd, struct sockaddr *address, socklen_t *length)
{
    return (int)syscall(SYS_accept, fd, address, length);
}

static int kernel_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    return (int)syscall(SYS_accept4, fd, address, length, flags);
}

static ssize_t kernel_sendto(int fd, const void *data, size_t size, int flags,
                             const struct sockaddr *address, socklen_t length)
{
    return sendto(fd, data, size, flags, address, length);
}

static ssize_t kernel_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *address,
                               socklen_t *length)
{
    return syscall(SYS_recvfrom, fd, data, size, flags, address, length);
}

static int kernel_getsockname(int fd, struct sockaddr *address, socklen_t *length)
{
    return (int)syscall(SYS_getsockname, fd, address, length);
}

static int kernel_getpeername(int fd, struct sockaddr *address, socklen_t *length)
{
    return (int)syscall(SYS_getpeername, fd, address, length);
}

enum { MASK_BYTES = 8 }; /* of a set of signals, for the kernel */

static int kernel_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                        const sigset_t *mask)
{
    return (int)syscall(SYS_ppoll, fds, count, timeout, mask, MASK_BYTES);
}

static int kernel_pselect(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                          const struct timespec *timeout, const sigset_t *mask)
{
    const struct {
        const sigset_t *mask;
        size_t size;
    } masked = {mask, MASK_BYTES};

    return (int)syscall(SYS_pselect6, count, readable, writable, exceptional, timeout, &masked);
}

/*
 * The sanitizers read ancillary data before libc's functions are called, and never come to an end
 * of data whose cmsg_len is 0; so these two go to the kernel straight.
 */
static ssize_t kernel_sendmsg(int fd, const struct msghdr *message, int flags)
{
    return syscall(SYS_sendmsg, fd, message, flags);
}

static int kernel_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    return (int)syscall(SYS_sendmmsg, fd, messages, count, flags);
}

const struct sockdrill_stack sockdrill_stack_kernel = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "kernel",
    .checks_memory = true,
    .blocks = true,
    .socket = socket,
    .bind = kernel_bind,
    .listen = listen,
    .connect = kernel_connect,
    .accept = kernel_accept,
    .accept4 = kernel_accept4,
    .send = send,
    .sendto = kernel_sendto,
    .recv = recv,
    .recvfrom = kernel_recvfrom,
    .read = read,
    .write = write,
    .shutdown = shutdown,
    .close = close,
    .getsockname = kernel_getsockname,
    .getpeername = kernel_getpeername,
    .setsockopt = setsockopt,
    .getsockopt = getsockopt,
    .fcntl = kernel_fcntl,
    .ioctl = kernel_ioctl,
    .poll = poll,
    .dup = dup,
    .dup2 = dup2,
    .readv = readv,
    .writev = writev,
    .sendmsg = kernel_sendmsg,
    .recvmsg = recvmsg,
    .sendmmsg = kernel_sendmmsg,
    .recvmmsg = recvmmsg,
    .ppoll = kernel_ppoll,
    .select = select,
    .pselect = kernel_pselect,
    .epoll_create1 = epoll_create1,
    .epoll_ctl = epoll_ctl,
    .epoll_wait = epoll_wait,
};
