/*
 * model_calls: the table of the model. Each function says in a request what it was called with, and
 * gives back what the prediction says.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "stacks/model_calls.h"

static uint32_t clamp(size_t size)
{
    return size < UINT32_MAX ? (uint32_t)size : UINT32_MAX;
}

/* --- descriptors --- */

static int model_socket(int domain, int type, int protocol)
{
    enum { FLAGS = SOCK_NONBLOCK | SOCK_CLOEXEC };
    struct request r = model_request(OP_socket, -1);

    r.domain = domain;
    r.type = type & ~FLAGS;
    r.flags = type & FLAGS;
    r.protocol = protocol;
    return (int)model_make(&r);
}

static int model_close(int fd)
{
    struct request r = model_request(OP_close, fd);

    return (int)model_make(&r);
}

static int model_dup(int fd)
{
    struct request r = model_request(OP_dup, fd);

    return (int)model_make(&r);
}

static int model_dup2(int fd, int other_fd)
{
    struct request r = model_request(OP_dup2, fd);

    r.other_fd = other_fd;
    return (int)model_make(&r);
}

static int model_fcntl(int fd, int command, int argument)
{
    struct request r = model_request(OP_fcntl, fd);

    r.command = command;
    r.value = argument;
    return (int)model_make(&r);
}

static int model_ioctl(int fd, unsigned long command, int *value)
{
    struct request r = model_request(OP_ioctl, fd);
    int64_t result;

    r.command = (int)command;
    r.value = *value;
    result = model_make(&r);
    if (result >= 0 && model_prediction()->has_value)
        *value = model_prediction()->value;
    return (int)result;
}

/* --- connections --- */

static int on_address(enum op op, int fd, const struct sockaddr *address, socklen_t length)
{
    struct request r = model_request(op, fd);

    r.address = (struct bytes){(const uint8_t *)address, length};
    return (int)model_make(&r);
}

static int model_bind(int fd, const struct sockaddr *address, socklen_t length)
{
    return on_address(OP_bind, fd, address, length);
}

static int model_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    return on_address(OP_connect, fd, address, length);
}

static int model_listen(int fd, int backlog)
{
    struct request r = model_request(OP_listen, fd);

    r.value = backlog;
    return (int)model_make(&r);
}

static int model_shutdown(int fd, int how)
{
    struct request r = model_request(OP_shutdown, fd);

    r.command = how;
    return (int)model_make(&r);
}

static void offer_name(struct request *r, const struct sockaddr *address, const socklen_t *length)
{
    r->name_null = address == NULL;
    r->name_room = address == NULL ? 0 : *length;
}

static void show_name(struct sockaddr *address, socklen_t *length)
{
    const struct prediction *p = model_prediction();

    if (address != NULL && p->has_name)
        model_name(&p->name, p->name_family, address, length);
    else if (address != NULL)
        *length = 0;
}

static int named(enum op op, int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    struct request r = model_request(op, fd);
    int64_t result;

    r.flags = flags;
    offer_name(&r, address, length);
    result = model_make(&r);
    if (result >= 0)
        show_name(address, length);
    return (int)result;
}

static int model_accept(int fd, struct sockaddr *address, socklen_t *length)
{
    return named(OP_accept, fd, address, length, 0);
}

static int model_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    return named(OP_accept4, fd, address, length, flags);
}

static int model_getsockname(int fd, struct sockaddr *address, socklen_t *length)
{
    return named(OP_getsockname, fd, address, length, 0);
}

static int model_getpeername(int fd, struct sockaddr *address, socklen_t *length)
{
    return named(OP_getpeername, fd, address, length, 0);
}

/* --- options --- */

static int model_setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
    struct request r = model_request(OP_setsockopt, fd);

    r.level = level;
    r.option = name;
    r.optval = (struct bytes){value, length};
    return (int)model_make(&r);
}

static int model_getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
    struct request r = model_request(OP_getsockopt, fd);
    const struct prediction *p = model_prediction();
    int64_t result;

    r.level = level;
    r.option = name;
    r.room = *length;
    result = model_make(&r);
    if (result < 0)
        return -1;
    memcpy(value, p->option, p->option_size < *length ? p->option_size : *length);
    *length = p->option_size;
    return 0;
}

/* --- sending --- */

/* A call that waits for room sends the rest when there is some. */
static ssize_t send_all(struct request *r)
{
    int64_t done = 0;
    int64_t result = model_make(r);

    while (result > 0 && model_goes_on()) {
        done += result;
        r->sent.data += result;
        r->sent.period = r->sent.length -= (uint32_t)result;
        result = model_make(r);
    }
    return done > 0 ? done + (result > 0 ? result : 0) : result;
}

static ssize_t transmit(enum op op, int fd, const struct iovec *parts, int count, int flags,
                        struct bytes address, struct bytes control)
{
    struct request r = model_request(op, fd);

    r.flags = flags;
    r.address = address;
    r.control = control;
    r.part_count = count;
    for (int i = 0; i < count && i < PARTS_MAX; i++)
        r.part_sizes[i] = clamp(parts[i].iov_len);
    if (!model_keep(&r, parts, count > 0 && count <= IOV_MAX ? (size_t)count : 0))
        return -1;
    return send_all(&r);
}

static ssize_t transmit_one(enum op op, int fd, const void *data, size_t size, int flags,
                            struct bytes address)
{
    struct iovec part = {.iov_len = size};

    memcpy(&part.iov_base, &data, sizeof data);
    return transmit(op, fd, &part, 1, flags, address, (struct bytes){NULL, 0});
}

static ssize_t model_send(int fd, const void *data, size_t size, int flags)
{
    return transmit_one(OP_send, fd, data, size, flags, (struct bytes){NULL, 0});
}

static ssize_t model_sendto(int fd, const void *data, size_t size, int flags,
                            const struct sockaddr *address, socklen_t length)
{
    return transmit_one(OP_sendto, fd, data, size, flags,
                        (struct bytes){(const uint8_t *)address, length});
}

static ssize_t model_write(int fd, const void *data, size_t size)
{
    return transmit_one(OP_write, fd, data, size, 0, (struct bytes){NULL, 0});
}

static ssize_t model_writev(int fd, const struct iovec *parts, int count)
{
    return transmit(OP_writev, fd, parts, count, 0, (struct bytes){NULL, 0},
                    (struct bytes){NULL, 0});
}

static struct bytes bytes_of(const void *data, size_t size)
{
    return (struct bytes){data, clamp(size)};
}

static ssize_t model_sendmsg(int fd, const struct msghdr *m, int flags)
{
    int count = m->msg_iovlen <= INT_MAX ? (int)m->msg_iovlen : INT_MAX;

    return transmit(OP_sendmsg, fd, m->msg_iov, count, flags, bytes_of(m->msg_name, m->msg_namelen),
                    bytes_of(m->msg_control, m->msg_controllen));
}

/* --- receiving --- */

static void offer_parts(struct request *r, const struct iovec *parts, int count)
{
    size_t room = 0;

    r->part_count = count;
    for (int i = 0; i < count && i < IOV_MAX; i++) {
        room += parts[i].iov_len;
        if (i < PARTS_MAX)
            r->part_sizes[i] = clamp(parts[i].iov_len);
    }
    r->room = clamp(room);
}

/* A call that waits for all receives the rest when it is there. */
static int64_t receive_all(struct request *r, const struct iovec *parts, int count)
{
    const struct prediction *p = model_prediction();
    struct model_room room = {.parts = parts, .count = count > 0 ? (size_t)count : 0};
    int64_t result;
    int64_t done = 0;

    do {
        result = model_make(r);
        if (result < 0)
            break;
        model_show(p->piece, p->offset, p->length, &room);
        done += result;
        r->room -= result < r->room ? (uint32_t)result : r->room;
    } while (result > 0 && model_goes_on());
    return done > 0 ? done : result;
}

static ssize_t model_readv(int fd, const struct iovec *parts, int count)
{
    struct request r = model_request(OP_readv, fd);

    offer_parts(&r, parts, count);
    return receive_all(&r, parts, count);
}

static ssize_t receive(enum op op, int fd, void *data, size_t size, int flags,
                       struct sockaddr *address, socklen_t *length)
{
    struct request r = model_request(op, fd);
    const struct iovec part = {data, size};
    int64_t result;

    r.room = clamp(size);
    r.flags = flags;
    offer_name(&r, address, length);
    result = receive_all(&r, &part, 1);
    if (result >= 0)
        show_name(address, length);
    return result;
}

static ssize_t model_read(int fd, void *data, size_t size)
{
    return receive(OP_read, fd, data, size, 0, NULL, NULL);
}

static ssize_t model_recv(int fd, void *data, size_t size, int flags)
{
    return receive(OP_recv, fd, data, size, flags, NULL, NULL);
}

static ssize_t model_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *address,
                              socklen_t *length)
{
    return receive(OP_recvfrom, fd, data, size, flags, address, length);
}

static void offer_message(struct request *r, const struct msghdr *m, int flags)
{
    r->flags = flags;
    r->control_room = clamp(m->msg_control == NULL ? 0 : m->msg_controllen);
    offer_name(r, m->msg_name, &m->msg_namelen);
}

/* Says what comes with a message beside its data. */
static void show_message(const struct shown_message *shown, bool has_name,
                         const struct endpoint *name, int family, struct msghdr *m)
{
    size_t room = m->msg_control == NULL ? 0 : m->msg_controllen;

    m->msg_flags = shown->flags;
    m->msg_controllen = model_control(shown, room, m->msg_control, &m->msg_flags);
    if (m->msg_name == NULL || shown->keeps_name)
        return;
    if (has_name)
        model_name(name, family, m->msg_name, &m->msg_namelen);
    else
        m->msg_namelen = 0;
}

static ssize_t model_recvmsg(int fd, struct msghdr *m, int flags)
{
    struct request r = model_request(OP_recvmsg, fd);
    const struct prediction *p = model_prediction();
    int count = m->msg_iovlen <= INT_MAX ? (int)m->msg_iovlen : INT_MAX;
    int64_t result;

    offer_message(&r, m, flags);
    offer_parts(&r, m->msg_iov, count);
    result = receive_all(&r, m->msg_iov, count);
    if (result < 0)
        return -1;
    show_message(&p->message, p->has_name, &p->name, p->name_family, m);
    return result;
}

/* --- many messages --- */

static bool is_alike(const struct msghdr *one, const struct msghdr *other)
{
    return other->msg_iovlen == 1 && one->msg_name == other->msg_name &&
           one->msg_namelen == other->msg_namelen && one->msg_control == other->msg_control &&
           one->msg_controllen == other->msg_controllen;
}

/* A request speaks for several messages that are sent if they differ in their data alone. */
static bool is_sent_at_once(const struct mmsghdr *messages, unsigned count)
{
    bool alike = count <= PARTS_MAX;

    for (unsigned i = 0; i < count && alike; i++)
        alike = is_alike(&messages[0].msg_hdr, &messages[i].msg_hdr);
    return alike;
}

/* And for those that are received if all have the same room, and none waits by itself. */
static bool is_received_at_once(int fd, const struct mmsghdr *messages, unsigned count, int flags)
{
    const struct sock *s = world_sock(model_world(), fd);
    const struct msghdr *first = &messages[0].msg_hdr;
    bool alike =
        count <= PARTS_MAX && (count <= 1 || s == NULL || s->nonblocking || (flags & MSG_DONTWAIT));

    for (unsigned i = 0; i < count && alike; i++) {
        const struct msghdr *m = &messages[i].msg_hdr;

        alike = m->msg_iovlen == 1 && (m->msg_name == NULL) == (first->msg_name == NULL) &&
                m->msg_namelen == first->msg_namelen &&
                (m->msg_control == NULL) == (first->msg_control == NULL) &&
                m->msg_controllen == first->msg_controllen;
    }
    return alike;
}

static int model_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    struct iovec parts[PARTS_MAX];
    const struct prediction *p = model_prediction();
    struct msghdr first = {.msg_name = NULL};
    ssize_t result;

    if (!is_sent_at_once(messages, count))
        return model_send_each(fd, messages, count, flags);
    if (count > 0)
        first = messages[0].msg_hdr;
    for (unsigned i = 0; i < count; i++)
        parts[i] = messages[i].msg_hdr.msg_iov[0];
    result = transmit(OP_sendmmsg, fd, parts, (int)count, flags,
                      bytes_of(first.msg_name, first.msg_namelen),
                      bytes_of(first.msg_control, first.msg_controllen));
    for (ssize_t i = 0; i < result; i++)
        messages[i].msg_len = p->many[i].length;
    return (int)result;
}

static int model_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                          struct timespec *timeout)
{
    struct iovec parts[PARTS_MAX];
    const struct prediction *p = model_prediction();
    struct request r = model_request(OP_recvmmsg, fd);
    int64_t result;

    if (!is_received_at_once(fd, messages, count, flags))
        return model_receive_each(fd, messages, count, flags, timeout);
    if (count > 0)
        offer_message(&r, &messages[0].msg_hdr, flags);
    for (unsigned i = 0; i < count; i++)
        parts[i] = messages[i].msg_hdr.msg_iov[0];
    offer_parts(&r, parts, (int)count);
    r.flags = flags;
    r.timeout_ms = model_ms(timeout);
    result = model_make(&r);
    for (int64_t i = 0; i < result; i++) {
        const struct moved_message *moved = &p->many[i];
        struct model_room room = {.parts = &parts[i], .count = 1};

        messages[i].msg_len = moved->length;
        model_show(moved->piece, moved->offset, moved->shown, &room);
        show_message(&moved->message, moved->has_name, &moved->name, moved->name_family,
                     &messages[i].msg_hdr);
    }
    return (int)result;
}

const struct sockdrill_stack sockdrill_stack_model = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "model",
    .reset = model_reset,
#define CALL(code, name, wants, n_default, ...) .name = model_##name,
#include "lists/calls.def"
#undef CALL
};
