/* errors: faults of the error that a call gives. Each is told in faults.def. */
#include <errno.h>
#include <netinet/in.h>

#include "tests/faults/visit.h"

int64_t fault_wrong_error(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result < 0 && errno == visit_high())
        errno = visit_low();
    return result;
}

int64_t fault_no_error(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result >= 0 || errno != visit_argument())
        return result;
    return v->out != NULL ? (int64_t)v->size : 0;
}

int64_t fault_wrong_error_dontwait(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result < 0 && errno == EAGAIN && (v->flags & MSG_DONTWAIT))
        errno = EINPROGRESS;
    return result;
}

int64_t fault_false_failure(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result < 0 || !visit_second(v->fd))
        return result;
    if (visit_creates(v) && v->op != OP_dup2)
        sockdrill_stack_kernel.close((int)result);
    return visit_fail(EINVAL);
}

int64_t fault_error_repeated(struct visit *v)
{
    struct tracked *tracked = visit_tracked(v->fd);
    int again = tracked->error;
    int64_t result;

    tracked->error = 0;
    if (again != 0)
        return visit_fail(again);
    result = visit_pass(v);
    if (result < 0 && (errno == ECONNRESET || errno == ECONNREFUSED))
        tracked->error = errno;
    return result;
}

int64_t fault_close_fails(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result == 0 ? visit_fail(EINVAL) : result;
}

int64_t fault_bind_fails(struct visit *v)
{
    int64_t result = visit_pass(v);

    return result == 0 ? visit_fail(EADDRINUSE) : result;
}
