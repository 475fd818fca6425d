/* waits: the functions of a mutated stack that wait for events. */
#ifndef SOCKDRILL_TESTS_FAULTS_WAITS_H
#define SOCKDRILL_TESTS_FAULTS_WAITS_H

#include "tests/faults/visit.h"

/* faulty_NAME is the mutated stack's function, pass_NAME makes a visit's call on the kernel. */
int faulty_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int faulty_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time,
                 const sigset_t *mask);
int faulty_select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                  struct timeval *time);
int faulty_pselect(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
                   const struct timespec *time, const sigset_t *mask);
int64_t pass_poll(const struct visit *v);
int64_t pass_ppoll(const struct visit *v);
int64_t pass_select(const struct visit *v);
int64_t pass_pselect(const struct visit *v);

int faulty_epoll_create1(int flags);
int faulty_epoll_ctl(int epoll, int command, int fd, struct epoll_event *event);
int faulty_epoll_wait(int epoll, struct epoll_event *events, int room, int timeout_ms);
int64_t pass_epoll_create1(const struct visit *v);
int64_t pass_epoll_ctl(const struct visit *v);
int64_t pass_epoll_wait(const struct visit *v);

/* watches_mine tells whether an instance watches a socket of the chosen fault's kind. */
bool watches_mine(int epoll);

#endif
