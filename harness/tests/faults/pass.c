/* pass: a visit's call on the kernel. */
#include "tests/faults/parts.h"
#include "tests/faults/waits.h"

#define KERNEL sockdrill_stack_kernel

static int64_t pass_socket(const struct visit *v)
{
    return KERNEL.socket(v->domain, v->type, v->protocol);
}

static int64_t pass_bind(const struct visit *v)
{
    return KERNEL.bind(v->fd, v->to, v->to_length);
}

static int64_t pass_listen(const struct visit *v)
{
    return KERNEL.listen(v->fd, v->number);
}

static int64_t pass_connect(const struct visit *v)
{
    return KERNEL.connect(v->fd, v->to, v->to_length);
}

static int64_t pass_accept(const struct visit *v)
{
    return KERNEL.accept(v->fd, v->name, v->length);
}

static int64_t pass_accept4(const struct visit *v)
{
    return KERNEL.accept4(v->fd, v->name, v->length, v->flags);
}

static int64_t pass_send(const struct visit *v)
{
    return KERNEL.send(v->fd, v->out, v->size, v->flags);
}

static int64_t pass_sendto(const struct visit *v)
{
    return KERNEL.sendto(v->fd, v->out, v->size, v->flags, v->to, v->to_length);
}

static int64_t pass_recv(const struct visit *v)
{
    return KERNEL.recv(v->fd, v->in, v->size, v->flags);
}

static int64_t pass_recvfrom(const struct visit *v)
{
    return KERNEL.recvfrom(v->fd, v->in, v->size, v->flags, v->name, v->length);
}

static int64_t pass_read(const struct visit *v)
{
    return KERNEL.read(v->fd, v->in, v->size);
}

static int64_t pass_write(const struct visit *v)
{
    return KERNEL.write(v->fd, v->out, v->size);
}

static int64_t pass_shutdown(const struct visit *v)
{
    return KERNEL.shutdown(v->fd, v->number);
}

static int64_t pass_close(const struct visit *v)
{
    return KERNEL.close(v->fd);
}

static int64_t pass_getsockname(const struct visit *v)
{
    return KERNEL.getsockname(v->fd, v->name, v->length);
}

static int64_t pass_getpeername(const struct visit *v)
{
    return KERNEL.getpeername(v->fd, v->name, v->length);
}

static int64_t pass_setsockopt(const struct visit *v)
{
    return KERNEL.setsockopt(v->fd, v->level, v->option, v->set, v->set_length);
}

static int64_t pass_getsockopt(const struct visit *v)
{
    return KERNEL.getsockopt(v->fd, v->level, v->option, v->got, v->length);
}

static int64_t pass_fcntl(const struct visit *v)
{
    return KERNEL.fcntl(v->fd, v->number, v->flags);
}

static int64_t pass_ioctl(const struct visit *v)
{
    return KERNEL.ioctl(v->fd, v->request, v->value);
}

static int64_t pass_dup(const struct visit *v)
{
    return KERNEL.dup(v->fd);
}

static int64_t pass_dup2(const struct visit *v)
{
    return KERNEL.dup2(v->fd, v->other_fd);
}

static int64_t (*const passes[OPS])(const struct visit *) = {
    [OP_socket] = pass_socket,
    [OP_bind] = pass_bind,
    [OP_listen] = pass_listen,
    [OP_connect] = pass_connect,
    [OP_accept] = pass_accept,
    [OP_accept4] = pass_accept4,
    [OP_send] = pass_send,
    [OP_sendto] = pass_sendto,
    [OP_recv] = pass_recv,
    [OP_recvfrom] = pass_recvfrom,
    [OP_read] = pass_read,
    [OP_write] = pass_write,
    [OP_shutdown] = pass_shutdown,
    [OP_close] = pass_close,
    [OP_getsockname] = pass_getsockname,
    [OP_getpeername] = pass_getpeername,
    [OP_setsockopt] = pass_setsockopt,
    [OP_getsockopt] = pass_getsockopt,
    [OP_fcntl] = pass_fcntl,
    [OP_ioctl] = pass_ioctl,
    [OP_poll] = pass_poll,
    [OP_ppoll] = pass_ppoll,
    [OP_select] = pass_select,
    [OP_pselect] = pass_pselect,
    [OP_epoll_create1] = pass_epoll_create1,
    [OP_epoll_ctl] = pass_epoll_ctl,
    [OP_epoll_wait] = pass_epoll_wait,
    [OP_dup] = pass_dup,
    [OP_dup2] = pass_dup2,
    [OP_readv] = pass_parts,
    [OP_writev] = pass_parts,
    [OP_sendmsg] = pass_message,
    [OP_recvmsg] = pass_message,
    [OP_sendmmsg] = pass_many,
    [OP_recvmmsg] = pass_many,
};

int64_t visit_pass(const struct visit *v)
{
    return passes[v->op](v);
}

bool visit_can(enum op op)
{
    return passes[op] != NULL;
}
