/*
 * descriptor: dup, dup2 and fcntl. Source: POSIX.1-2017 dup(), fcntl(), close().
 */
#include <errno.h>
#include <fcntl.h>

#include "spec/step.h"

/* The least that a system lets descriptors number: _POSIX_OPEN_MAX. */
enum { OPEN_MAX_LEAST = 20 };

/* What a duplicate of a descriptor is. */
static struct descriptor duplicate_of(struct step *t, const struct descriptor *d, bool on_exec)
{
    if (!applies(t, CLAUSE_DUP_SHARES, true))
        return (struct descriptor){.other = true};
    return (struct descriptor){
        .sock = d->sock, .epoll = d->epoll, .other = d->other, .close_on_exec = on_exec};
}

void step_dup(struct step *t)
{
    const struct descriptor *d = check_open(t, t->request->fd);

    if (!step_failed(t))
        opens_copy(t, duplicate_of(t, d, false), 0, CLAUSE_FD_LOWEST);
}

/* --- dup2 --- */

static void replace(struct step *t, const struct descriptor *source, int target)
{
    struct descriptor what = duplicate_of(t, source, false);

    if (world_fd(t->world, target) != NULL)
        closes(t, target);
    world_open(t->world, target, what);
}

void step_dup2(struct step *t)
{
    const struct request *q = t->request;
    const struct descriptor *d = check_open(t, q->fd);

    shall_fail(t, q->other_fd < 0 || q->other_fd >= FDS_MAX, EBADF, CLAUSE_DUP2_INVALID);
    if (step_failed(t))
        return;
    if (applies(t, CLAUSE_DUP2_REPLACES, q->fd != q->other_fd))
        replace(t, d, q->other_fd);
    returns(t, q->other_fd, CLAUSE_DUP2_REPLACES);
}

/* --- fcntl --- */

static int64_t seen_result(const struct step *t, int64_t ordinary)
{
    return t->decider->kind == DECIDER_WITNESS ? t->decider->seen->result : ordinary;
}

/* Flags that no standard has may be there, for what they are worth. */
static void get_status(struct step *t, const struct sock *s)
{
    const int64_t standard = O_ACCMODE | O_APPEND | O_NONBLOCK | O_SYNC | O_DSYNC;
    int64_t wanted = s->nonblocking ? O_NONBLOCK : 0;
    int64_t extra =
        decide_value(t, CLAUSE_FCNTL_EXTRA, seen_result(t, 0) & ~standard, 0, INT32_MAX, 0);
    int64_t mode = applies(t, CLAUSE_FCNTL_ACCESS, true) ? O_RDWR : seen_result(t, 0) & O_ACCMODE;

    returns(t, mode | wanted | extra, CLAUSE_FCNTL_STATUS);
}

/* What is open before a drill begins may have FD_CLOEXEC or not: that shows. */
static void get_close_on_exec(struct step *t, const struct descriptor *d)
{
    struct descriptor *edit = world_edit(t->world, d, sizeof *d);

    if (d->exec_unknown) {
        edit->close_on_exec = seen_result(t, 0) == FD_CLOEXEC;
        edit->exec_unknown = false;
    }
    returns(t, d->close_on_exec ? FD_CLOEXEC : 0, CLAUSE_FCNTL_DESCRIPTOR);
}

static void set_close_on_exec(struct step *t, const struct descriptor *d)
{
    struct descriptor *edit = world_edit(t->world, d, sizeof *d);

    edit->close_on_exec = (t->request->value & FD_CLOEXEC) != 0;
    edit->exec_unknown = false;
    returns(t, 0, CLAUSE_FCNTL_DESCRIPTOR);
}

/* The largest number that a descriptor can have is a limit of the process; INT_MAX never is. */
static void duplicate(struct step *t, const struct descriptor *d)
{
    int64_t least = t->request->value;
    bool on_exec = applies(t, CLAUSE_DUP_CLOEXEC, t->request->command == F_DUPFD_CLOEXEC);

    shall_fail(t, least < 0 || least == INT32_MAX, EINVAL, CLAUSE_FCNTL_DUPFD);
    may_fail(t, least >= OPEN_MAX_LEAST, EINVAL, CLAUSE_FCNTL_DUPFD);
    may_fail(t, least >= OPEN_MAX_LEAST, EMFILE, CLAUSE_FD_MANY);
    if (!step_failed(t))
        opens_copy(t, duplicate_of(t, d, on_exec), (int)least, CLAUSE_FCNTL_DUPFD);
}

static void status(struct step *t, const struct sock *s)
{
    if (s == NULL) {
        returns_anything(t, CLAUSE_FD_OTHER);
    } else if (t->request->command == F_GETFL) {
        get_status(t, s);
    } else {
        sock_edit(t->world, s)->nonblocking = (t->request->value & O_NONBLOCK) != 0;
        returns(t, 0, CLAUSE_FCNTL_STATUS);
    }
}

void step_fcntl(struct step *t)
{
    const struct request *q = t->request;
    const struct descriptor *d = check_open(t, q->fd);

    if (d == NULL) {
        step_failed(t);
        return;
    }
    switch (q->command) {
    case F_GETFD:
        get_close_on_exec(t, d);
        break;
    case F_SETFD:
        set_close_on_exec(t, d);
        break;
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        duplicate(t, d);
        break;
    default:
        status(t, world_sock(t->world, q->fd));
        break;
    }
}
