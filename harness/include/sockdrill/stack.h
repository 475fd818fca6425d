/*
 * sockdrill/stack.h: port a stack. A stack is a table of functions with the prototypes that
 * everyone knows, so porting one is filling the table.
 */
#ifndef SOCKDRILL_STACK_H
#define SOCKDRILL_STACK_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

/* Raised with every change of the table. */
#define SOCKDRILL_STACK_VERSION 3

/*
 * Each function behaves as POSIX says of its name: it returns -1 and sets errno on failure. NULL
 * marks a call that the stack does not have; a drill that makes it sees it as unsupported.
 */
struct sockdrill_stack {
    uint32_t version; /* SOCKDRILL_STACK_VERSION */
    const char *name; /* for reports */
    /*
     * Each call checks its pointers, and fails with EFAULT where there is no memory. Without that
     * no call is given such a pointer, and a drill that has one sees the call as unsupported.
     */
    bool checks_memory;
    /*
     * Its calls may block, in several threads at once, within the system's calls: then a signal
     * interrupts them, and clearing O_NONBLOCK with fcntl while one begins makes it block. Without
     * that a drill that has other actors sees their calls as unsupported.
     */
    bool blocks;
    /* Between drills, with no descriptor open: forgets what closed sockets left. NULL: nothing. */
    void (*reset)(void);
    int (*socket)(int domain, int type, int protocol);
    int (*bind)(int fd, const struct sockaddr *address, socklen_t length);
    int (*listen)(int fd, int backlog);
    int (*connect)(int fd, const struct sockaddr *address, socklen_t length);
    int (*accept)(int fd, struct sockaddr *address, socklen_t *length);
    int (*accept4)(int fd, struct sockaddr *address, socklen_t *length, int flags);
    ssize_t (*send)(int fd, const void *data, size_t size, int flags);
    ssize_t (*sendto)(int fd, const void *data, size_t size, int flags,
                      const struct sockaddr *address, socklen_t length);
    ssize_t (*recv)(int fd, void *data, size_t size, int flags);
    ssize_t (*recvfrom)(int fd, void *data, size_t size, int flags, struct sockaddr *address,
                        socklen_t *length);
    ssize_t (*read)(int fd, void *data, size_t size);
    ssize_t (*write)(int fd, const void *data, size_t size);
    int (*shutdown)(int fd, int how);
    int (*close)(int fd);
    int (*getsockname)(int fd, struct sockaddr *address, socklen_t *length);
    int (*getpeername)(int fd, struct sockaddr *address, socklen_t *length);
    int (*setsockopt)(int fd, int level, int name, const void *value, socklen_t length);
    int (*getsockopt)(int fd, int level, int name, void *value, socklen_t *length);
    int (*fcntl)(int fd, int command, int argument);         /* commands of values.def */
    int (*ioctl)(int fd, unsigned long request, int *value); /* requests of values.def */
    int (*poll)(struct pollfd *fds, nfds_t count, int timeout_ms);
    int (*dup)(int fd);
    int (*dup2)(int fd, int other_fd);
    ssize_t (*readv)(int fd, const struct iovec *parts, int count);
    ssize_t (*writev)(int fd, const struct iovec *parts, int count);
    ssize_t (*sendmsg)(int fd, const struct msghdr *message, int flags);
    ssize_t (*recvmsg)(int fd, struct msghdr *message, int flags);
    int (*sendmmsg)(int fd, struct mmsghdr *messages, unsigned count, int flags);
    int (*recvmmsg)(int fd, struct mmsghdr *messages, unsigned count, int flags,
                    struct timespec *timeout);
    int (*ppoll)(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask);
    int (*select)(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                  struct timeval *timeout);
    int (*pselect)(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                   const struct timespec *timeout, const sigset_t *mask);
    int (*epoll_create1)(int flags);
    int (*epoll_ctl)(int instance, int command, int fd, struct epoll_event *event);
    int (*epoll_wait)(int instance, struct epoll_event *events, int count, int timeout_ms);
};

/* sockdrill_stack_kernel is the system's own sockets. */
extern const struct sockdrill_stack sockdrill_stack_kernel;

/* sockdrill_stack is what a plug-in, a shared object, defines and exports. */
extern const struct sockdrill_stack sockdrill_stack __attribute__((visibility("default")));

#endif
