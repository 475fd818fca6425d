/*
 * fortified: what the compiler calls with -D_FORTIFY_SOURCE where it knows the size of the caller's
 * buffer. A call that could overflow it ends the program; the C library does that, and is left to.
 */
#include "interpose/interpose.h"
#include "stacks/model.h"

INTERPOSED(ssize_t, __read_chk, (int fd, void *data, size_t size, size_t room))
{
    if (size > room)
        return real()->__read_chk(fd, data, size, room);
    return read(fd, data, size);
}

INTERPOSED(ssize_t, __recv_chk, (int fd, void *data, size_t size, size_t room, int flags))
{
    if (!number_emulated(fd) || size > room)
        return real()->__recv_chk(fd, data, size, room, flags);
    memory_written(data, size);
    return sockdrill_stack_model.recv(number_model(fd), data, size, flags);
}

INTERPOSED(ssize_t, __recvfrom_chk,
           (int fd, void *data, size_t size, size_t room, int flags, struct sockaddr *address,
            socklen_t *length))
{
    if (!number_emulated(fd) || size > room)
        return real()->__recvfrom_chk(fd, data, size, room, flags, address, length);
    memory_written(data, size);
    if (address != NULL)
        memory_written(address, *length);
    return sockdrill_stack_model.recvfrom(number_model(fd), data, size, flags, address, length);
}

INTERPOSED(int, __poll_chk, (struct pollfd * fds, nfds_t count, int timeout_ms, size_t room))
{
    if (!interpose_inside || count > room / sizeof *fds)
        return real()->__poll_chk(fds, count, timeout_ms, room);
    return poll(fds, count, timeout_ms);
}

INTERPOSED(int, __ppoll_chk,
           (struct pollfd * fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask,
            size_t room))
{
    if (!interpose_inside || count > room / sizeof *fds)
        return real()->__ppoll_chk(fds, count, timeout, mask, room);
    return ppoll(fds, count, timeout, mask);
}
