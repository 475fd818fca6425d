/* settings: faults of options, fcntl and ioctl. Each is told in faults.def. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>

#include "tests/faults/visit.h"

/* Whether the call is about the fault's option. */
static bool about(const struct visit *v)
{
    return visit_argument() == TWO(v->level, v->option);
}

/* --- setsockopt --- */

int64_t fault_not_stored(struct visit *v)
{
    return about(v) ? 0 : visit_pass(v);
}

int64_t fault_refused(struct visit *v)
{
    return about(v) ? visit_fail(ENOPROTOOPT) : visit_pass(v);
}

int64_t fault_stored_wrong(struct visit *v)
{
    uint8_t value[OPTION_BYTES_MAX];

    if (about(v) && v->set_length > 0 && v->set_length <= sizeof value) {
        memcpy(value, v->set, v->set_length);
        value[0] ^= 1;
        v->set = value;
    }
    return visit_pass(v);
}

int64_t fault_sets_another(struct visit *v)
{
    int64_t result = visit_pass(v);
    int on = 1;

    if (result == 0 && about(v))
        sockdrill_stack_kernel.setsockopt(v->fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    return result;
}

int64_t fault_no_effect(struct visit *v)
{
    struct tracked *tracked = visit_tracked(v->fd);
    int64_t result = v->op == OP_setsockopt && about(v) ? 0 : visit_pass(v);

    if (!about(v) || result != 0)
        return result;
    if (v->op == OP_setsockopt && v->set_length >= sizeof tracked->value)
        memcpy(&tracked->value, v->set, sizeof tracked->value);
    else if (v->op == OP_getsockopt && *v->length == sizeof tracked->value)
        memcpy(v->got, &tracked->value, sizeof tracked->value);
    return result;
}

/* --- getsockopt --- */

int64_t fault_value_wrong(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result == 0 && about(v) && *v->length > 0)
        ((uint8_t *)v->got)[0] ^= 1;
    return result;
}

int64_t fault_query_clears(struct visit *v)
{
    int64_t result = visit_pass(v);
    int error;
    socklen_t size = sizeof error;

    if (about(v))
        sockdrill_stack_kernel.getsockopt(v->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return result;
}

int64_t fault_value_zero(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result == 0 && about(v))
        memset(v->got, 0, *v->length);
    return result;
}

int64_t fault_value_kept(struct visit *v)
{
    struct tracked *tracked = visit_tracked(v->fd);
    int64_t result = visit_pass(v);
    int value;

    if (result != 0 || !about(v) || *v->length != sizeof value)
        return result;
    memcpy(&value, v->got, sizeof value);
    if (value != 0)
        tracked->error = value;
    memcpy(v->got, &tracked->error, sizeof value);
    return result;
}

int64_t fault_value_length(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result == 0 && *v->length > 1)
        *v->length -= 1;
    return result;
}

/* --- fcntl --- */

int64_t fault_flags_lost(struct visit *v)
{
    int64_t result = visit_pass(v);

    return v->number == F_GETFL && result >= 0 ? result & ~visit_argument() : result;
}

int64_t fault_flags_added(struct visit *v)
{
    int64_t result = visit_pass(v);

    return v->number == F_GETFL && result >= 0 ? result | visit_argument() : result;
}

int64_t fault_setfl_fails(struct visit *v)
{
    return v->number == F_SETFL ? visit_fail(EPERM) : visit_pass(v);
}

int64_t fault_ignored_command(struct visit *v)
{
    return v->number == visit_argument() ? 0 : visit_pass(v);
}

/* --- ioctl --- */

int64_t fault_value_set(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result == 0 && v->request == (unsigned long)visit_high())
        *v->value = visit_low();
    return result;
}

int64_t fault_queue_more(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result == 0 && v->request == FIONREAD)
        *v->value += 1;
    return result;
}

int64_t fault_queue_less(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result == 0 && v->request == FIONREAD && *v->value > 0)
        *v->value -= 1;
    return result;
}

int64_t fault_queue_empty(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result == 0 && v->request == FIONREAD)
        *v->value = 0;
    return result;
}

int64_t fault_queue_unchanged(struct visit *v)
{
    return v->request == FIONREAD ? 0 : visit_pass(v);
}

int64_t fault_request_unknown(struct visit *v)
{
    return v->request == (unsigned long)visit_argument() ? visit_fail(ENOTTY) : visit_pass(v);
}
