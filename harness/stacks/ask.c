/*
 * ask: what a drill's call asks of the stack. Each kind of argument has one function, which sets
 * its fields of the request; and the names that the executor asks for by itself.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>

#include "stacks/calls.h"

enum { CONGESTION_NAME_MAX = 16 }; /* TCP_CA_NAME_MAX of the kernel */

/* What an argument's function works on. */
struct asker {
    struct executor *executor;
    const struct call *call;
    struct request *request;
};

static void ask_fd(const struct asker *a)
{
    a->request->fd = executor_fd(a->executor, a->call->fd);
}

static void ask_other_fd(const struct asker *a)
{
    a->request->other_fd = executor_fd(a->executor, a->call->other_fd);
}

static int value_of(enum value_list list, unsigned index)
{
    return values(list)->entries[index].value;
}

static void ask_domain(const struct asker *a)
{
    a->request->domain = value_of(VALUES_DOMAIN, a->call->domain);
}

static void ask_type(const struct asker *a)
{
    a->request->type = value_of(VALUES_TYPE, a->call->type);
    a->request->flags = flags_value(FLAGS_SOCKET, a->call->flags);
}

static void ask_protocol(const struct asker *a)
{
    a->request->protocol = value_of(VALUES_PROTOCOL, a->call->protocol);
}

static void ask_address(const struct asker *a)
{
    uint8_t *room = a->executor->room.address.bytes;
    unsigned length = a->call->address.length;

    if (a->call->bad == BAD_ADDRESS) {
        memset(room, 0, sizeof a->executor->room.address);
        a->request->address = (struct bytes){room, sizeof(struct sockaddr_in)};
        if (length != LENGTH_NATURAL)
            a->request->address.size = (uint32_t)address_lengths[length];
        return;
    }
    resolve_address(a->executor, &a->call->address, a->request);
}

static void ask_number(const struct asker *a)
{
    if (call_waits_for_events(a->call->op))
        a->request->timeout_ms = (int)a->call->number;
    else
        a->request->value = (int)a->call->number;
}

static void ask_length(const struct asker *a)
{
    a->request->room = a->call->number;
}

static void ask_data(const struct asker *a)
{
    static const uint8_t zero[1];
    uint32_t length = call_size(a->call);

    if (a->call->data_size > 0)
        a->request->sent = (struct payload){a->call->data, a->call->data_size, length};
    else
        a->request->sent = (struct payload){zero, length > 0 ? sizeof zero : 0, length};
}

static void ask_socket_flags(const struct asker *a)
{
    a->request->flags = flags_value(FLAGS_SOCKET, a->call->flags);
}

static void ask_send_flags(const struct asker *a)
{
    a->request->flags = flags_value(FLAGS_SEND, a->call->flags);
}

static void ask_recv_flags(const struct asker *a)
{
    a->request->flags = flags_value(FLAGS_RECV, a->call->flags);
}

static void ask_name_length(const struct asker *a)
{
    unsigned length = a->call->address.length;

    if (!a->call->name_null)
        a->request->name_room = length == LENGTH_NATURAL ? sizeof(struct sockaddr_storage)
                                                         : (socklen_t)address_lengths[length];
}

static void ask_recvmsg_flags(const struct asker *a)
{
    a->request->flags = flags_value(FLAGS_RECVMSG, a->call->flags);
}

static void ask_short_timeout(const struct asker *a)
{
    a->request->timeout_ms = short_timeouts[a->call->choice];
}

static void ask_how(const struct asker *a)
{
    a->request->command = value_of(VALUES_HOW, a->call->choice);
}

static void ask_fcntl(const struct asker *a)
{
    a->request->command = value_of(VALUES_FCNTL, a->call->choice);
}

static void ask_fcntl_value(const struct asker *a)
{
    if (call_command_value(a->call) == COMMAND_FLAGS)
        a->request->value = flags_value(call_fcntl_flags(a->call), a->call->flags);
    else
        a->request->value = (int)a->call->number;
}

static void ask_ioctl(const struct asker *a)
{
    a->request->command = value_of(VALUES_IOCTL, a->call->choice);
}

static void ask_ioctl_value(const struct asker *a)
{
    a->request->value = (int)a->call->number;
}

/* --- parts and ancillary data --- */

static void ask_part_sizes(const struct asker *a)
{
    const struct call *call = a->call;

    memcpy(a->request->part_sizes, call->parts, sizeof call->parts);
    a->request->part_count =
        call->part_claim == PARTS_ALL ? call->part_count : part_claims[call->part_claim];
}

static void ask_rooms(const struct asker *a)
{
    ask_part_sizes(a);
    a->request->room = call_size(a->call);
}

/* What is repeated belongs to the last part. */
static void ask_parts(const struct asker *a)
{
    ask_data(a);
    ask_part_sizes(a);
    if (a->call->number > 0)
        a->request->part_sizes[a->call->part_count - 1] += a->call->number - a->call->data_size;
}

/* Lays one message out, and returns how much room it takes. */
static size_t lay_control(uint8_t *room, const struct control *control)
{
    size_t count;
    const struct control_info *info = &controls(&count)[control->kind];
    const struct host_info *host = &hosts()[control->value];
    struct cmsghdr header = {.cmsg_level = info->level, .cmsg_type = info->type};
    struct in_pktinfo in = {.ipi_ifindex = 0};
    struct in6_pktinfo in6 = {.ipi6_ifindex = 0};
    int number = control->value;
    const void *value = &number;
    size_t size = sizeof number;

    if (info->form == CONTROL_HOST && info->level == IPPROTO_IPV6) {
        memcpy(&in6.ipi6_addr, host->bytes, sizeof in6.ipi6_addr);
        value = &in6;
        size = sizeof in6;
    } else if (info->form == CONTROL_HOST) {
        memcpy(&in.ipi_spec_dst, host->bytes, sizeof in.ipi_spec_dst);
        value = &in;
        size = sizeof in;
    }
    header.cmsg_len = CMSG_LEN(size);
    if (control->length != CONTROL_NATURAL)
        header.cmsg_len = (size_t)control_lengths[control->length];
    memcpy(room, &header, sizeof header);
    memcpy(room + CMSG_LEN(0), value, size);
    return CMSG_SPACE(size);
}

static void ask_control(const struct asker *a)
{
    const struct call *call = a->call;
    uint8_t *room = a->executor->room.control;
    size_t used = call->bad == BAD_CONTROL ? CMSG_SPACE(sizeof(int)) : 0;

    if (used == 0 && call->control_count == 0 && call->control_length == CONTROL_NATURAL)
        return;
    memset(room, 0, CONTROL_SENT_MAX);
    for (size_t i = 0; i < call->control_count; i++)
        used += lay_control(room + used, &call->controls[i]);
    a->request->control = (struct bytes){room, (uint32_t)used};
    if (call->control_length != CONTROL_NATURAL)
        a->request->control.size = (uint32_t)control_lengths[call->control_length];
}

static void ask_sent_message(const struct asker *a)
{
    if (a->call->bad == BAD_HEADER) {
        ask_data(a);
        a->request->part_count = 1;
        return;
    }
    if (a->call->address.kind != ADDRESS_NONE)
        ask_address(a);
    ask_parts(a);
    ask_control(a);
}

static void ask_received_message(const struct asker *a)
{
    if (a->call->bad == BAD_HEADER) {
        a->request->part_count = 1;
        return;
    }
    ask_name_length(a);
    ask_rooms(a);
    a->request->control_room = a->call->number;
}

/* --- options --- */

static const struct option_info *option_of(const struct call *call)
{
    size_t count;

    return &options(&count)[call->choice];
}

static void ask_option(const struct asker *a)
{
    a->request->level = option_of(a->call)->level;
    a->request->option = option_of(a->call)->number;
}

static const uint32_t form_sizes[] = {[OPTION_INT] = sizeof(int),
                                      [OPTION_LINGER] = sizeof(struct linger),
                                      [OPTION_TIME] = sizeof(struct timeval),
                                      [OPTION_STRING] = CONGESTION_NAME_MAX,
                                      [OPTION_BYTES] = sizeof(struct tcp_info)};

/* A value as the option's own type, or as raw bytes. */
static void ask_option_value(const struct asker *a)
{
    const struct call *call = a->call;
    uint8_t *room = a->executor->room.optval;
    struct linger linger = {(int)(call->number & 1), (int)(call->number >> 1)};
    struct timeval time = {call->number / 1000, (long)(call->number % 1000) * 1000};
    const void *source = &call->number;
    uint32_t size = sizeof call->number;

    if (call->bad == BAD_DATA) {
        memset(room, 0, OPTION_BYTES_MAX);
        size = call->number > 0 ? call->number - 1 : form_sizes[option_of(call)->form];
        a->request->optval = (struct bytes){room, size};
        return;
    }
    if (call->raw_value) {
        source = call->data;
        size = call->data_size;
    } else if (option_of(call)->form == OPTION_LINGER) {
        source = &linger;
        size = sizeof linger;
    } else if (option_of(call)->form == OPTION_TIME) {
        source = &time;
        size = sizeof time;
    }
    if (size > 0)
        memcpy(room, source, size);
    a->request->optval = (struct bytes){room, size};
}

static void ask_option_length(const struct asker *a)
{
    a->request->room =
        a->call->number > 0 ? a->call->number - 1 : form_sizes[option_of(a->call)->form];
}

/* Sets the request's members, as many as the call claims; of a set that is no memory nobody is one.
 */
static void ask_set(const struct asker *a,
                    struct pollfd (*member)(struct executor *, const struct poll_entry *))
{
    const struct call *call = a->call;
    struct pollfd *fds = a->executor->room.fds;

    for (size_t i = 0; i < call->entry_count; i++)
        fds[i] = call->bad == BAD_DATA ? (struct pollfd){.fd = -1}
                                       : member(a->executor, &call->entries[i]);
    a->request->fds = fds;
    a->request->fd_count = call->entry_count;
}

static struct pollfd poll_member(struct executor *e, const struct poll_entry *entry)
{
    return (struct pollfd){.fd = executor_fd(e, entry->fd),
                           .events = (short)flags_value(FLAGS_POLL, entry->events)};
}

static void ask_poll_set(const struct asker *a)
{
    ask_set(a, poll_member);
}

/*
 * A descriptor for select's sets, which hold no number that is never open: for it stands the lowest
 * one that is not open now. A high one will not do, because the kernel looks at none beyond its
 * table.
 */
static int select_fd(struct executor *e, unsigned ref)
{
    int fd = executor_fd(e, ref);
    int dead = 0;

    if (fd >= 0 && fd < FD_SETSIZE)
        return fd;
    while (dead < FD_SETSIZE - 1 && (executor_find(e, dead) != NULL || fcntl(dead, F_GETFD) >= 0))
        dead++;
    return dead;
}

static struct pollfd select_member(struct executor *e, const struct poll_entry *entry)
{
    int events = (entry->events & SELECT_READ ? POLLIN : 0) |
                 (entry->events & SELECT_WRITE ? POLLOUT : 0) |
                 (entry->events & SELECT_EXCEPT ? POLLPRI : 0);

    return (struct pollfd){.fd = select_fd(e, entry->fd), .events = (short)events};
}

static void ask_select_set(const struct asker *a)
{
    ask_set(a, select_member);
}

static void ask_epoll_flags(const struct asker *a)
{
    a->request->flags = flags_value(FLAGS_EPOLL_CREATE, a->call->flags);
}

static void ask_epoll_command(const struct asker *a)
{
    a->request->command = value_of(VALUES_EPOLL_COMMAND, a->call->choice);
}

/* The event bears what the drill names the member, so that it is known when it comes back. */
static void ask_epoll_events(const struct asker *a)
{
    struct epoll_event *event = &a->executor->room.event;

    if (call_command_value(a->call) != COMMAND_FLAGS && a->call->bad != BAD_DATA)
        return;
    event->events = (uint32_t)flags_value(FLAGS_EPOLL, a->call->flags);
    event->data.u64 = a->call->other_fd;
    a->request->event = event;
}

static void ask_event_room(const struct asker *a)
{
    a->request->value = event_rooms[a->call->choice];
}

static void (*const askers[ARGUMENT_KINDS])(const struct asker *) = {
    [ARG_FD] = ask_fd,
    [ARG_DOMAIN] = ask_domain,
    [ARG_TYPE] = ask_type,
    [ARG_PROTOCOL] = ask_protocol,
    [ARG_ADDRESS] = ask_address,
    [ARG_NUMBER] = ask_number,
    [ARG_LENGTH] = ask_length,
    [ARG_DATA] = ask_data,
    [ARG_SOCKET_FLAGS] = ask_socket_flags,
    [ARG_SEND_FLAGS] = ask_send_flags,
    [ARG_RECV_FLAGS] = ask_recv_flags,
    [ARG_NAME_LENGTH] = ask_name_length,
    [ARG_HOW] = ask_how,
    [ARG_OPTION] = ask_option,
    [ARG_OPTION_VALUE] = ask_option_value,
    [ARG_OPTION_LENGTH] = ask_option_length,
    [ARG_FCNTL] = ask_fcntl,
    [ARG_FCNTL_VALUE] = ask_fcntl_value,
    [ARG_IOCTL] = ask_ioctl,
    [ARG_IOCTL_VALUE] = ask_ioctl_value,
    [ARG_POLL_SET] = ask_poll_set,
    [ARG_OTHER_FD] = ask_other_fd,
    [ARG_PARTS] = ask_parts,
    [ARG_ROOMS] = ask_rooms,
    [ARG_SENT_MESSAGE] = ask_sent_message,
    [ARG_RECEIVED_MESSAGE] = ask_received_message,
    [ARG_RECVMSG_FLAGS] = ask_recvmsg_flags,
    [ARG_SHORT_TIMEOUT] = ask_short_timeout,
    [ARG_SELECT_SET] = ask_select_set,
    [ARG_EPOLL_FLAGS] = ask_epoll_flags,
    [ARG_EPOLL_COMMAND] = ask_epoll_command,
    [ARG_EPOLL_EVENTS] = ask_epoll_events,
    [ARG_EVENT_ROOM] = ask_event_room,
};

void request_resolve(struct executor *e, const struct call *call, struct request *r)
{
    const enum argument *arguments = call_info(call->op)->arguments;
    const struct asker asker = {e, call, r};

    *r = (struct request){.op = call->op,
                          .act = call->act,
                          .actor = call->actor,
                          .restarts = call->restarts,
                          .bad = call->bad,
                          .name_null = call->name_null};
    if (call->act != ACT_CALL)
        return; /* what it asked is known */
    for (size_t i = arguments[0] == ARG_NEW; i < CALL_ARGUMENTS_MAX && arguments[i] != ARG_NONE;
         i++)
        askers[arguments[i]](&asker);
}

/* --- names --- */

bool executor_ask(struct executor *e, enum op op, int fd, struct outcome *o)
{
    const struct request request = {
        .op = (uint8_t)op, .fd = fd, .name_room = sizeof(struct sockaddr_storage)};

    calls_make(e, &request, o);
    if (o->kind == OUTCOME_UNSUPPORTED)
        return false;
    if (e->observe != NULL)
        e->observe(e->context, NULL, &request, o);
    return o->result == 0;
}

/* Both families' addresses have the port at the same place. */
static uint16_t port_of(const void *address, size_t size)
{
    struct sockaddr_in in = {.sin_port = 0};

    if (size >= offsetof(struct sockaddr_in, sin_addr))
        memcpy(&in, address, offsetof(struct sockaddr_in, sin_addr));
    return in.sin_port;
}

/* Whether the stack may have chosen a port: a datagram socket that sends gets one too (udp(7)). */
static bool may_choose_port(const struct request *r, const struct description *shared)
{
    switch ((enum op)r->op) {
    case OP_bind:
        return port_of(r->address.data, r->address.size) == 0;
    case OP_connect:
    case OP_listen:
        return true;
    default:
        return call_sends(r->op) && !shared->stream;
    }
}

void executor_reveal(struct executor *e, const struct request *r)
{
    struct description *shared = executor_description(e, r->fd);
    struct outcome named;

    if (executor_find(e, r->fd) == NULL || r->fd == e->not_socket)
        return;
    /* A socket that is bound or connected again, shut down or made to listen may lose the port that
     * it was given. */
    if (r->op == OP_connect || r->op == OP_shutdown || r->op == OP_listen || r->op == OP_bind)
        shared->revealed = false;
    if (!shared->revealed && may_choose_port(r, shared))
        shared->revealed = executor_ask(e, OP_getsockname, r->fd, &named) &&
                           port_of(&named.address, named.address_length) != 0;
}
