/* recording: what the parts of the recorder share. Private to tests/support. */
#ifndef SOCKDRILL_TESTS_RECORDING_H
#define SOCKDRILL_TESTS_RECORDING_H

#include "tests/support/recorder.h"

/* recording_add begins to write a call down. */
struct recorded *recording_add(enum op op, int fd);

/* recording_bytes appends to what is recorded of data. */
void recording_bytes(struct recorded *recorded, const void *bytes, size_t size);

/* recording_address reads as much of an address as its length allows; a length of -1 allows
 * nothing.
 */
void recording_address(struct recorded *recorded, const void *address, socklen_t length);

/* recording_reads tells whether there is memory at a pointer, and writes down when there is none.
 */
bool recording_reads(struct recorded *recorded, const void *pointer, enum bad_pointer which);

/* recording_offer writes down what is offered for a name. */
void recording_offer(struct recorded *recorded, const void *address, const socklen_t *length);

/* recording_answer gives the answer that the recorder was told, or else result. */
int64_t recording_answer(struct recorded *recorded, int64_t result);

/* recording_name gives the name that every descriptor has: loopback and this port. */
void recording_name(void *address, socklen_t *length, unsigned port);

/* recording_ms is a time in ms, -1 for none. */
int64_t recording_ms(const struct timespec *time);

/* The calls that wait until descriptors are ready, for the stack's table. */
int record_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int record_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask);
int record_select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                  struct timeval *timeout);
int record_pselect(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                   const struct timespec *timeout, const sigset_t *mask);
int record_epoll_create1(int flags);
int record_epoll_ctl(int instance, int command, int fd, struct epoll_event *event);
int record_epoll_wait(int instance, struct epoll_event *events, int count, int timeout_ms);

/* The calls that work on parts, for the stack's table. */
ssize_t record_readv(int fd, const struct iovec *parts, int count);
ssize_t record_writev(int fd, const struct iovec *parts, int count);
ssize_t record_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t record_recvmsg(int fd, struct msghdr *message, int flags);
int record_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int record_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                    struct timespec *timeout);

#endif
