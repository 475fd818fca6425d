/* send: faults of what is sent. Each is told in faults.def. */
#include <string.h>

#include "tests/faults/visit.h"

/* --- bytes --- */

/* Makes the payload writable, with room for a byte more. Returns NULL when there is none. */
static uint8_t *copied(struct visit *v)
{
    static uint8_t copy[DATA_BYTES_MAX + 1];

    if (v->size == 0 || v->size > DATA_BYTES_MAX)
        return NULL;
    memcpy(copy, v->out, v->size);
    v->out = copy;
    return copy;
}

int64_t fault_sent_changed(struct visit *v)
{
    uint8_t *copy = copied(v);

    if (copy != NULL)
        copy[0] ^= 1;
    return visit_pass(v);
}

int64_t fault_sent_tail_lost(struct visit *v)
{
    int64_t result;

    if (v->size < 2)
        return visit_pass(v);
    v->size--;
    result = visit_pass(v);
    return result == (int64_t)v->size ? result + 1 : result;
}

int64_t fault_sent_repeated(struct visit *v)
{
    size_t size = v->size;
    uint8_t *copy = copied(v);
    int64_t result;

    if (copy != NULL) {
        copy[size] = copy[size - 1];
        v->size++;
    }
    result = visit_pass(v);
    return result > (int64_t)size ? (int64_t)size : result;
}

int64_t fault_sent_swapped(struct visit *v)
{
    uint8_t *copy = copied(v);

    if (copy != NULL) {
        uint8_t first = copy[0];

        copy[0] = copy[v->size - 1];
        copy[v->size - 1] = first;
    }
    return visit_pass(v);
}

/* --- counts --- */

int64_t fault_count_less(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result > 1 ? result - 1 : result;
}

int64_t fault_count_more(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result > 0 ? result + 1 : result;
}

int64_t fault_nothing_sent(struct visit *v)
{
    return v->size > 0 ? (int64_t)v->size : visit_pass(v);
}

int64_t fault_sent_twice(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result > 0)
        visit_pass(v);
    return result;
}

/* --- datagrams, flags, destinations --- */

int64_t fault_datagram_split(struct visit *v)
{
    struct visit half = *v;
    int64_t result;

    if (v->size < 2)
        return visit_pass(v);
    half.size = v->size / 2;
    result = visit_pass(&half);
    if (result < 0)
        return result;
    half.out = (const uint8_t *)v->out + half.size;
    half.size = v->size - half.size;
    visit_pass(&half);
    return (int64_t)v->size;
}

int64_t fault_more_ignored(struct visit *v)
{
    v->flags &= ~MSG_MORE;
    return visit_pass(v);
}

int64_t fault_oob_sent_in_band(struct visit *v)
{
    v->flags &= ~MSG_OOB;
    return visit_pass(v);
}

int64_t fault_destination_ignored(struct visit *v)
{
    if (visit_connected(v->fd)) {
        v->to = NULL;
        v->to_length = 0;
    }
    return visit_pass(v);
}

int64_t fault_destination_kept(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result >= 0 && v->to != NULL)
        sockdrill_stack_kernel.connect(v->fd, v->to, v->to_length);
    return result;
}
