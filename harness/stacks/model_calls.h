/* model_calls: what the model's calls share. Private to harness/stacks. */
#ifndef SOCKDRILL_STACKS_MODEL_CALLS_H
#define SOCKDRILL_STACKS_MODEL_CALLS_H

#include "stacks/model.h"

/* model_ms returns a time as a request has it: -1 for none, -2 for what is no time. */
int model_ms(const struct timespec *time);

/* sendmmsg and recvmmsg, message by message. */
int model_send_each(int fd, struct mmsghdr *messages, unsigned count, int flags);
int model_receive_each(int fd, struct mmsghdr *messages, unsigned count, int flags,
                       struct timespec *timeout);

/* The calls that wait for readiness, as the table has them. */
int model_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int model_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                const sigset_t *mask);
int model_select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                 struct timeval *timeout);
int model_pselect(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                  const struct timespec *timeout, const sigset_t *mask);
int model_epoll_create1(int flags);
int model_epoll_ctl(int instance, int command, int fd, struct epoll_event *event);
int model_epoll_wait(int instance, struct epoll_event *events, int count, int timeout_ms);

#endif
