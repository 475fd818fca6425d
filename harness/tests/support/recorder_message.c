/* recorder_message: the recorder's calls that send and receive in parts. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/recording.h"

/* The sizes of the first parts, and of all together; further ones must be empty. */
static void record_parts(struct recorded *r, const struct iovec *parts, size_t count,
                         enum bad_pointer list)
{
    r->places[PLACE_PARTS] = (int64_t)count;
    if (!recording_reads(r, parts, list))
        return;
    for (size_t i = 0; i < count; i++) {
        recording_reads(r, parts[i].iov_base, BAD_DATA);
        if (i < PARTS_MAX)
            r->parts[i] = (uint32_t)parts[i].iov_len;
        r->places[PLACE_SIZE] += (int64_t)parts[i].iov_len;
    }
}

static void record_sent(struct recorded *r, const struct iovec *parts, size_t count,
                        enum bad_pointer list)
{
    record_parts(r, parts, count, list);
    if (r->places[PLACE_BAD] == BAD_DATA || r->places[PLACE_BAD] == (int64_t)list)
        return;
    for (size_t i = 0; i < count; i++)
        recording_bytes(r, parts[i].iov_base, parts[i].iov_len);
}

/* Fills the parts with so many bytes, all 'r'. */
static void fill(const struct iovec *parts, size_t count, int64_t size)
{
    for (size_t i = 0; i < count && size > 0; i++) {
        size_t step = (size_t)size < parts[i].iov_len ? (size_t)size : parts[i].iov_len;

        memset(parts[i].iov_base, 'r', step);
        size -= (int64_t)step;
    }
}

ssize_t record_readv(int fd, const struct iovec *parts, int count)
{
    struct recorded *r = recording_add(OP_readv, fd);
    int64_t result;

    record_parts(r, parts, (size_t)count, BAD_HEADER);
    result = recording_answer(r, r->places[PLACE_SIZE]);
    fill(parts, (size_t)count, result);
    return (ssize_t)result;
}

ssize_t record_writev(int fd, const struct iovec *parts, int count)
{
    struct recorded *r = recording_add(OP_writev, fd);

    record_sent(r, parts, (size_t)count, BAD_HEADER);
    return (ssize_t)recording_answer(r, r->places[PLACE_SIZE]);
}

/* The name and the ancillary data of a message to send. */
static void record_header(struct recorded *r, const struct msghdr *message)
{
    size_t size = message->msg_controllen;

    recording_address(r, message->msg_name, message->msg_namelen);
    r->places[PLACE_CONTROL] = (int32_t)size;
    if (message->msg_control == NULL || !recording_reads(r, message->msg_control, BAD_CONTROL) ||
        size > sizeof r->control)
        return;
    r->control_count = size;
    memcpy(r->control, message->msg_control, size);
}

ssize_t record_sendmsg(int fd, const struct msghdr *message, int flags)
{
    struct recorded *r = recording_add(OP_sendmsg, fd);

    r->places[PLACE_FLAGS] = flags;
    if (!recording_reads(r, message, BAD_HEADER))
        return (ssize_t)recording_answer(r, 0);
    record_header(r, message);
    record_sent(r, message->msg_iov, message->msg_iovlen, BAD_PARTS);
    return (ssize_t)recording_answer(r, r->places[PLACE_SIZE]);
}

int record_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    struct recorded *r = recording_add(OP_sendmmsg, fd);

    r->places[PLACE_FLAGS] = flags;
    r->places[PLACE_PARTS] = count;
    for (unsigned i = 0; i < count && recording_reads(r, messages, BAD_HEADER); i++) {
        const struct msghdr *message = &messages[i].msg_hdr;

        assert_int_equal(message->msg_iovlen, 1);
        record_header(r, message);
        if (!recording_reads(r, message->msg_iov, BAD_PARTS))
            continue;
        r->parts[i] = (uint32_t)message->msg_iov->iov_len;
        r->places[PLACE_SIZE] += (int64_t)message->msg_iov->iov_len;
        messages[i].msg_len = r->parts[i];
        if (recording_reads(r, message->msg_iov->iov_base, BAD_DATA))
            recording_bytes(r, message->msg_iov->iov_base, message->msg_iov->iov_len);
    }
    return (int)recording_answer(r, count);
}

/* What is offered for the name and for ancillary data. */
static void record_offer(struct recorded *r, const struct msghdr *message)
{
    r->places[PLACE_NULL] = message->msg_name == NULL;
    r->places[PLACE_LENGTH] = (int32_t)message->msg_namelen;
    r->places[PLACE_CONTROL] = (int64_t)message->msg_controllen;
    recording_reads(r, message->msg_name, BAD_ADDRESS);
    recording_reads(r, message->msg_control, BAD_CONTROL);
}

static void answer_message(struct msghdr *message)
{
    if (message->msg_name != NULL && message->msg_namelen <= sizeof(struct sockaddr_storage))
        recording_name(message->msg_name, &message->msg_namelen, RECORDER_PORT);
    message->msg_controllen = 0;
    message->msg_flags = 0;
}

ssize_t record_recvmsg(int fd, struct msghdr *message, int flags)
{
    struct recorded *r = recording_add(OP_recvmsg, fd);
    int64_t result;

    r->places[PLACE_FLAGS] = flags;
    if (!recording_reads(r, message, BAD_HEADER))
        return (ssize_t)recording_answer(r, 0);
    record_offer(r, message);
    record_parts(r, message->msg_iov, message->msg_iovlen, BAD_PARTS);
    result = recording_answer(r, r->places[PLACE_SIZE]);
    fill(message->msg_iov, message->msg_iovlen, result);
    if (result >= 0)
        answer_message(message);
    return (ssize_t)result;
}

int record_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                    struct timespec *timeout)
{
    struct recorded *r = recording_add(OP_recvmmsg, fd);
    int64_t result;

    r->places[PLACE_FLAGS] = flags;
    r->places[PLACE_PARTS] = count;
    if (recording_reads(r, timeout, BAD_TIMEOUT))
        r->places[PLACE_TIMEOUT] = recording_ms(timeout);
    for (unsigned i = 0; i < count && recording_reads(r, messages, BAD_HEADER); i++) {
        assert_int_equal(messages[i].msg_hdr.msg_iovlen, 1);
        record_offer(r, &messages[i].msg_hdr);
        if (!recording_reads(r, messages[i].msg_hdr.msg_iov, BAD_PARTS))
            continue;
        recording_reads(r, messages[i].msg_hdr.msg_iov->iov_base, BAD_DATA);
        r->parts[i] = (uint32_t)messages[i].msg_hdr.msg_iov->iov_len;
        r->places[PLACE_SIZE] += r->parts[i];
    }
    result = recording_answer(r, count);
    for (int64_t i = 0; i < result && i < count; i++) {
        fill(messages[i].msg_hdr.msg_iov, 1, r->parts[i]);
        messages[i].msg_len = r->parts[i];
        answer_message(&messages[i].msg_hdr);
    }
    return (int)result;
}
