/*
 * model_many: sendmmsg and recvmmsg of messages for which no one request speaks, because each has
 * what no other has or may wait by itself: the calls of one message, over and over.
 */
#include <errno.h>
#include <sys/socket.h>
#include <time.h>

#include "stacks/model_calls.h"

/* More messages are not taken at once. Source: sendmmsg(2). */
enum { MESSAGES_MAX = 1024 };

static size_t bytes_in(const struct msghdr *m)
{
    size_t size = 0;

    for (size_t i = 0; i < m->msg_iovlen; i++)
        size += m->msg_iov[i].iov_len;
    return size;
}

/* An error after the first message is lost; a stream that took a part takes no more. */
int model_send_each(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    unsigned done = 0;
    ssize_t sent;

    while (done < count && done < MESSAGES_MAX) {
        sent = sockdrill_stack_model.sendmsg(fd, &messages[done].msg_hdr, flags);
        if (sent < 0)
            return done > 0 ? (int)done : -1;
        messages[done].msg_len = (unsigned)sent;
        if ((size_t)sent < bytes_in(&messages[done++].msg_hdr))
            break;
    }
    return (int)done;
}

static int64_t now_ns(void)
{
    enum { NS = 1000000000 };
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS + now.tv_nsec;
}

/* What comes after the first message is told by the next call. Source: recvmmsg(2). */
static void keep_error(int fd, int error)
{
    const struct sock *s = world_sock(model_world(), fd);

    if (s != NULL && error != EAGAIN)
        sock_edit(model_world(), s)->error = (uint16_t)error;
}

/* How much of a time is left, which is looked at only when a message has come. */
static bool has_time(struct timespec *timeout, int64_t until_ns)
{
    enum { NS = 1000000000 };
    int64_t left;

    if (timeout == NULL)
        return true;
    left = until_ns - now_ns();
    left = left > 0 ? left : 0;
    *timeout = (struct timespec){.tv_sec = left / NS, .tv_nsec = (long)(left % NS)};
    return left > 0;
}

static int64_t until(const struct timespec *timeout)
{
    enum { NS = 1000000000, FOR_EVER_S = 1 << 30 };
    int64_t s;

    if (timeout == NULL)
        return 0;
    s = timeout->tv_sec < FOR_EVER_S ? timeout->tv_sec : FOR_EVER_S;
    return now_ns() + s * NS + timeout->tv_nsec;
}

int model_receive_each(int fd, struct mmsghdr *messages, unsigned count, int flags,
                       struct timespec *timeout)
{
    int64_t until_ns = until(timeout);
    bool one_waits = flags & MSG_WAITFORONE;
    unsigned done = 0;
    ssize_t size;

    if (model_ms(timeout) < -1) {
        errno = EINVAL;
        return -1;
    }
    flags &= ~MSG_WAITFORONE;
    while (done < count && done < MESSAGES_MAX) {
        size = sockdrill_stack_model.recvmsg(fd, &messages[done].msg_hdr, flags);
        if (size < 0 && done > 0)
            keep_error(fd, errno);
        if (size < 0)
            return done > 0 ? (int)done : -1;
        messages[done++].msg_len = (unsigned)size;
        if (!has_time(timeout, until_ns))
            break;
        if (one_waits)
            flags |= MSG_DONTWAIT;
    }
    return (int)done;
}
