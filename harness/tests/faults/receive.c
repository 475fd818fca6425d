/* receive: faults of what is received. Each is told in faults.def. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/visit.h"

/* --- bytes --- */

/* How many bytes the call has put into the buffer: MSG_TRUNC may return more. */
static size_t received(const struct visit *v, int64_t result)
{
    if (result <= 0)
        return 0;
    return (size_t)result < v->size ? (size_t)result : v->size;
}

int64_t fault_byte_changed(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (received(v, result) > 0)
        ((uint8_t *)v->in)[0] ^= 1;
    return result;
}

int64_t fault_byte_lost(struct visit *v)
{
    int64_t result = visit_pass(v);
    size_t size = received(v, result);

    if (size < 2)
        return result;
    memmove(v->in, (uint8_t *)v->in + 1, size - 1);
    return result - 1;
}

int64_t fault_tail_lost(struct visit *v)
{
    int64_t result = visit_pass(v);

    return received(v, result) < 2 ? result : result - 1;
}

int64_t fault_byte_repeated(struct visit *v)
{
    int64_t result = visit_pass(v);
    size_t size = received(v, result);
    uint8_t *in = v->in;

    if (size == 0 || size == v->size)
        return result;
    in[size] = in[size - 1];
    return result + 1;
}

int64_t fault_bytes_swapped(struct visit *v)
{
    int64_t result = visit_pass(v);
    size_t size = received(v, result);
    uint8_t *in = v->in;

    if (size >= 2) {
        uint8_t first = in[0];

        in[0] = in[size - 1];
        in[size - 1] = first;
    }
    return result;
}

int64_t fault_overrun(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result > 0 && (size_t)result == v->size ? result + 1 : result;
}

/* --- flags --- */

int64_t fault_peek_consumes(struct visit *v)
{
    v->flags &= ~MSG_PEEK;
    return visit_pass(v);
}

int64_t fault_peek_blind(struct visit *v)
{
    return v->flags & MSG_PEEK ? visit_fail(EAGAIN) : visit_pass(v);
}

int64_t fault_trunc_ignored(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result > (int64_t)v->size ? (int64_t)v->size : result;
}

int64_t fault_waitall_short(struct visit *v)
{
    if ((v->flags & MSG_WAITALL) && v->size >= 2)
        v->size /= 2;
    return visit_pass(v);
}

/* --- urgent data --- */

int64_t fault_oob_again(struct visit *v)
{
    if (v->flags & MSG_OOB)
        v->flags |= MSG_PEEK;
    return visit_pass(v);
}

int64_t fault_oob_in_band(struct visit *v)
{
    v->flags &= ~MSG_OOB;
    return visit_pass(v);
}

int64_t fault_mark_crossed(struct visit *v)
{
    int64_t result = visit_pass(v);
    size_t size = received(v, result);
    ssize_t more = 0;

    if (size > 0 && size < v->size && v->flags == 0 && sockatmark(v->fd) == 1)
        more = sockdrill_stack_kernel.recv(v->fd, (uint8_t *)v->in + size, v->size - size,
                                           MSG_DONTWAIT);
    return more > 0 ? result + more : result;
}

/* --- the end of a stream --- */

static bool data_waits(int fd)
{
    uint8_t byte;

    return sockdrill_stack_kernel.recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

int64_t fault_eof_early(struct visit *v)
{
    if (v->size > 0 && !(v->flags & MSG_OOB) && data_waits(v->fd) && visit_second(v->fd))
        return 0;
    return visit_pass(v);
}

int64_t fault_eof_never(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result == 0 && v->size > 0 ? visit_fail(EAGAIN) : result;
}

int64_t fault_eof_once(struct visit *v)
{
    struct tracked *tracked = visit_tracked(v->fd);
    int64_t result = visit_pass(v);

    if (result != 0 || v->size == 0)
        return result;
    if (tracked->flag)
        return visit_fail(EAGAIN);
    tracked->flag = true;
    return 0;
}

int64_t fault_eof_before_data(struct visit *v)
{
    struct pollfd end = {.fd = v->fd, .events = POLLRDHUP};
    int64_t result = visit_pass(v);

    return result > 0 && sockdrill_stack_kernel.poll(&end, 1, 0) == 1 ? 0 : result;
}

/* --- datagrams --- */

int64_t fault_datagram_empty_lost(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result == 0 ? visit_pass(v) : result;
}

int64_t fault_datagram_lost(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result >= 0 && visit_second(v->fd) ? visit_pass(v) : result;
}

int64_t fault_datagrams_merged(struct visit *v)
{
    int64_t result = visit_pass(v);
    size_t size = received(v, result);
    ssize_t more = 0;

    if (size > 0 && size < v->size)
        more = sockdrill_stack_kernel.recv(v->fd, (uint8_t *)v->in + size, v->size - size,
                                           MSG_DONTWAIT);
    return more > 0 ? result + more : result;
}

/* Gives the caller of what is held back. */
static int64_t give_rest(const struct visit *v, struct tracked *tracked)
{
    size_t size = tracked->rest_size < v->size ? tracked->rest_size : v->size;

    memcpy(v->in, tracked->rest, size);
    tracked->rest_size -= size;
    memmove(tracked->rest, tracked->rest + size, tracked->rest_size);
    if (v->length != NULL)
        *v->length = 0;
    return (int64_t)size;
}

int64_t fault_datagram_rest_kept(struct visit *v)
{
    static uint8_t whole[DATA_BYTES_MAX];
    struct tracked *tracked = visit_tracked(v->fd);
    int64_t result;
    ssize_t size;

    if (tracked->rest_size > 0)
        return give_rest(v, tracked);
    size = sockdrill_stack_kernel.recv(v->fd, whole, sizeof whole, MSG_PEEK | MSG_DONTWAIT);
    result = visit_pass(v);
    if (result < 0 || size <= (ssize_t)v->size || (v->flags & MSG_PEEK))
        return result;
    free(tracked->rest);
    tracked->rest_size = (size_t)size - v->size;
    tracked->rest = malloc(tracked->rest_size);
    if (tracked->rest == NULL)
        abort();
    memcpy(tracked->rest, whole + v->size, tracked->rest_size);
    return result;
}
