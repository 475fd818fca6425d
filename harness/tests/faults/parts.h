/* parts: what moves data in parts, of a mutated stack and past it. */
#ifndef SOCKDRILL_TESTS_FAULTS_PARTS_H
#define SOCKDRILL_TESTS_FAULTS_PARTS_H

#include <string.h>

#include "tests/faults/visit.h"

/* writable takes the const away from what a call only reads, for a header that has none. */
static inline void *writable(const void *place)
{
    void *same;

    memcpy(&same, &place, sizeof same);
    return same;
}

/* The functions of a mutated stack. */
ssize_t faulty_readv(int fd, const struct iovec *parts, int count);
ssize_t faulty_writev(int fd, const struct iovec *parts, int count);
ssize_t faulty_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t faulty_recvmsg(int fd, struct msghdr *message, int flags);
int faulty_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int faulty_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                    struct timespec *time);

/* visit_pass of readv and writev, of sendmsg and recvmsg, of sendmmsg and recvmmsg. */
int64_t pass_parts(const struct visit *visit);
int64_t pass_message(const struct visit *visit);
int64_t pass_many(const struct visit *visit);

#endif
