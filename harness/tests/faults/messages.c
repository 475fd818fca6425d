/* messages: faults of what comes in parts and of messages. Each is told in faults.def. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/parts.h"

/* --- parts --- */

/* Exchanges what the first part has with as much behind it. */
static void exchange(const struct visit *v, uint8_t *bytes, size_t size)
{
    size_t first = v->part_count > 1 ? v->parts[0].iov_len : 0;

    for (size_t i = 0; i < first && first + i < size; i++) {
        uint8_t byte = bytes[i];

        bytes[i] = bytes[first + i];
        bytes[first + i] = byte;
    }
}

int64_t fault_parts_swapped(struct visit *v)
{
    int64_t result;

    if (v->out != NULL) {
        exchange(v, writable(v->out), v->size);
        return visit_pass(v);
    }
    result = visit_pass(v);
    if (result > 0)
        exchange(v, v->in, (size_t)result < v->size ? (size_t)result : v->size);
    return result;
}

int64_t fault_first_part_only(struct visit *v)
{
    if (v->part_count > 1 && v->parts[0].iov_len > 0)
        v->size = v->parts[0].iov_len;
    return visit_pass(v);
}

/* --- flags --- */

int64_t fault_message_flag_lost(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result >= 0)
        v->message->msg_flags &= ~visit_argument();
    return result;
}

int64_t fault_message_flag_added(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result >= 0)
        v->message->msg_flags |= visit_argument();
    return result;
}

/* --- ancillary data --- */

int64_t fault_control_lost(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result >= 0)
        v->message->msg_controllen = 0;
    return result;
}

int64_t fault_control_changed(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result >= 0 && v->message->msg_controllen > CMSG_LEN(0))
        ((uint8_t *)v->message->msg_control)[CMSG_LEN(0)] ^= 1;
    return result;
}

int64_t fault_control_other_type(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result >= 0 && v->message->msg_controllen >= CMSG_LEN(0))
        ((struct cmsghdr *)v->message->msg_control)->cmsg_type ^= 1;
    return result;
}

int64_t fault_control_twice(struct visit *v)
{
    size_t room = v->message->msg_controllen;
    int64_t result = visit_pass(v);
    size_t size = v->message->msg_controllen;

    if (result < 0 || size == 0 || 2 * size > room)
        return result;
    memcpy((uint8_t *)v->message->msg_control + size, v->message->msg_control, size);
    v->message->msg_controllen = 2 * size;
    return result;
}

int64_t fault_control_ignored(struct visit *v)
{
    v->message->msg_control = NULL;
    v->message->msg_controllen = 0;
    return visit_pass(v);
}

/* --- many messages --- */

int64_t fault_many_count_less(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result > 1 ? result - 1 : result;
}

int64_t fault_many_count_more(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result > 0 && result < (int64_t)v->many_count ? result + 1 : result;
}

int64_t fault_many_length_less(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (int64_t i = 0; i < result; i++)
        v->many[i].msg_len -= v->many[i].msg_len > 0;
    return result;
}

static void swap_parts(struct mmsghdr *a, struct mmsghdr *b)
{
    struct iovec part = *a->msg_hdr.msg_iov;

    *a->msg_hdr.msg_iov = *b->msg_hdr.msg_iov;
    *b->msg_hdr.msg_iov = part;
}

int64_t fault_many_swapped(struct visit *v)
{
    int64_t result;
    unsigned length;

    if (v->many_count < 2)
        return visit_pass(v);
    swap_parts(&v->many[0], &v->many[1]);
    result = visit_pass(v);
    swap_parts(&v->many[0], &v->many[1]);
    if (result >= 2) {
        length = v->many[0].msg_len;
        v->many[0].msg_len = v->many[1].msg_len;
        v->many[1].msg_len = length;
    }
    return result;
}

int64_t fault_many_first_only(struct visit *v)
{
    if (v->many_count > 1)
        v->many_count = 1;
    return visit_pass(v);
}

int64_t fault_many_last_lost(struct visit *v)
{
    unsigned count = v->many_count;
    int64_t result;

    if (count < 2)
        return visit_pass(v);
    v->many_count--;
    result = visit_pass(v);
    if (result < (int64_t)count - 1)
        return result;
    v->many[count - 1].msg_len = (unsigned)v->many[count - 1].msg_hdr.msg_iov->iov_len;
    return count;
}

int64_t fault_many_flags_lost(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (int64_t i = 0; i < result; i++)
        v->many[i].msg_hdr.msg_flags &= ~visit_argument();
    return result;
}

int64_t fault_many_control_lost(struct visit *v)
{
    int64_t result = visit_pass(v);

    for (int64_t i = 0; i < result; i++)
        v->many[i].msg_hdr.msg_controllen = 0;
    return result;
}

int64_t fault_many_byte_changed(struct visit *v)
{
    int64_t result = visit_pass(v);
    struct mmsghdr *last = result > 0 ? &v->many[result - 1] : NULL;

    if (last != NULL && last->msg_len > 0 && last->msg_hdr.msg_iov->iov_len > 0)
        *(uint8_t *)last->msg_hdr.msg_iov->iov_base ^= 1;
    return result;
}

int64_t fault_many_time_ignored(struct visit *v)
{
    v->left = NULL;
    return visit_pass(v);
}
