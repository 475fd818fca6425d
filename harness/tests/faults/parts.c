/*
 * parts: the functions of a mutated stack that move data in parts. A fault sees the parts as one
 * run of bytes, like any other call's.
 */
#include "tests/faults/parts.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KERNEL sockdrill_stack_kernel

enum { BYTES_MAX = DATA_BYTES_MAX + 1 };

static uint8_t bytes_out[BYTES_MAX];
static uint8_t bytes_in[BYTES_MAX];

/* Whether there is memory: the kernel reads the set before it looks at what to do with it. */
static bool is_memory(const void *place)
{
    int saved = errno;
    bool is =
        syscall(SYS_rt_sigprocmask, -1, place, NULL, sizeof(uint64_t)) == 0 || errno != EFAULT;

    errno = saved;
    return is;
}

/* How many bytes the parts have, 0 of too many; -1 for parts that no fault is about. */
static ssize_t size_of(const struct iovec *parts, size_t count)
{
    size_t size = 0;

    if (count > 0 && !is_memory(parts))
        return -1;
    if (count > IOV_MAX)
        return 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].iov_len > 0 && !is_memory(parts[i].iov_base))
            return -1;
        size += parts[i].iov_len;
    }
    return size < BYTES_MAX ? (ssize_t)size : -1;
}

static void gather(const struct iovec *parts, size_t count)
{
    uint8_t *to = bytes_out;

    for (size_t i = 0; i < count; i++) {
        if (parts[i].iov_len > 0)
            memcpy(to, parts[i].iov_base, parts[i].iov_len);
        to += parts[i].iov_len;
    }
}

static void spread(const struct iovec *parts, size_t count, int64_t size)
{
    const uint8_t *from = bytes_in;

    for (size_t i = 0; i < count && size > 0; i++) {
        size_t run = (size_t)size < parts[i].iov_len ? (size_t)size : parts[i].iov_len;

        if (run > 0)
            memcpy(parts[i].iov_base, from, run);
        from += run;
        size -= (int64_t)run;
    }
}

/* --- one message --- */

ssize_t faulty_readv(int fd, const struct iovec *parts, int count)
{
    struct visit v = {.op = OP_readv, .fd = fd, .in = bytes_in, .parts = parts};
    ssize_t size = count < 0 ? -1 : size_of(parts, (size_t)count);
    ssize_t result;

    if (size < 0)
        return KERNEL.readv(fd, parts, count);
    v.part_count = (size_t)count;
    v.size = (size_t)size;
    result = visit_make(&v);
    spread(parts, v.part_count, result);
    return result;
}

ssize_t faulty_writev(int fd, const struct iovec *parts, int count)
{
    struct visit v = {.op = OP_writev, .fd = fd, .out = bytes_out, .parts = parts};
    ssize_t size = count < 0 ? -1 : size_of(parts, (size_t)count);

    if (size < 0)
        return KERNEL.writev(fd, parts, count);
    v.part_count = (size_t)count;
    v.size = (size_t)size;
    if (size > 0)
        gather(parts, v.part_count);
    return visit_make(&v);
}

ssize_t faulty_sendmsg(int fd, const struct msghdr *message, int flags)
{
    struct msghdr copy;
    struct visit v = {
        .op = OP_sendmsg, .fd = fd, .flags = flags, .out = bytes_out, .message = &copy};
    ssize_t size = is_memory(message) ? size_of(message->msg_iov, message->msg_iovlen) : -1;

    if (size < 0)
        return KERNEL.sendmsg(fd, message, flags);
    copy = *message;
    v.parts = message->msg_iov;
    v.part_count = message->msg_iovlen;
    v.size = (size_t)size;
    if (size > 0)
        gather(v.parts, v.part_count);
    return visit_make(&v);
}

ssize_t faulty_recvmsg(int fd, struct msghdr *message, int flags)
{
    struct visit v = {
        .op = OP_recvmsg, .fd = fd, .flags = flags, .in = bytes_in, .message = message};
    ssize_t size = is_memory(message) ? size_of(message->msg_iov, message->msg_iovlen) : -1;
    ssize_t result;

    if (size < 0)
        return KERNEL.recvmsg(fd, message, flags);
    v.parts = message->msg_iov;
    v.part_count = message->msg_iovlen;
    v.size = (size_t)size;
    v.name = message->msg_name;
    v.length = &message->msg_namelen;
    result = visit_make(&v);
    spread(v.parts, v.part_count, result);
    return result;
}

/* Nothing at all goes as the call was made: how many parts there are makes a difference then. */
int64_t pass_parts(const struct visit *v)
{
    struct iovec part = {v->op == OP_readv ? v->in : writable(v->out), v->size};
    const struct iovec *parts = v->size > 0 ? &part : v->parts;
    int count = v->size > 0 ? 1 : (int)v->part_count;

    return v->op == OP_readv ? KERNEL.readv(v->fd, parts, count)
                             : KERNEL.writev(v->fd, parts, count);
}

int64_t pass_message(const struct visit *v)
{
    bool sends = v->op == OP_sendmsg;
    struct iovec part = {sends ? writable(v->out) : v->in, v->size};
    struct msghdr message = *v->message;
    int64_t result;

    message.msg_iov = v->size > 0 ? &part : writable(v->parts);
    message.msg_iovlen = v->size > 0 ? 1 : v->part_count;
    if (sends)
        return KERNEL.sendmsg(v->fd, &message, v->flags);
    result = KERNEL.recvmsg(v->fd, &message, v->flags);
    if (result < 0)
        return result;
    v->message->msg_namelen = message.msg_namelen;
    v->message->msg_controllen = message.msg_controllen;
    v->message->msg_flags = message.msg_flags;
    return result;
}

/* --- many messages --- */

int faulty_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    struct visit v = {
        .op = OP_sendmmsg, .fd = fd, .flags = flags, .many = messages, .many_count = count};

    if (count > 0 && !is_memory(messages))
        return KERNEL.sendmmsg(fd, messages, count, flags);
    return (int)visit_make(&v);
}

int faulty_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                    struct timespec *time)
{
    struct visit v = {.op = OP_recvmmsg,
                      .fd = fd,
                      .flags = flags,
                      .many = messages,
                      .many_count = count,
                      .left = time};

    if (count > 0 && !is_memory(messages))
        return KERNEL.recvmmsg(fd, messages, count, flags, time);
    return (int)visit_make(&v);
}

int64_t pass_many(const struct visit *v)
{
    return v->op == OP_sendmmsg ? KERNEL.sendmmsg(v->fd, v->many, v->many_count, v->flags)
                                : KERNEL.recvmmsg(v->fd, v->many, v->many_count, v->flags, v->left);
}
