/* retrace: see retrace.h. */
#include "stacks/retrace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "stacks/calls.h"

/* Whose names the functions below tell; the executor's stack has no context. */
static struct retrace *telling;

static int tell_name(enum op op, int fd, struct sockaddr *name, socklen_t *length)
{
    for (unsigned i = telling->name_count; i-- > 0;) {
        const struct outcome *o = &telling->names[i].outcome;
        socklen_t room = *length;

        if (telling->names[i].op != op || telling->names[i].fd != fd)
            continue;
        errno = o->error;
        if (o->result != 0)
            return -1;
        memcpy(name, &o->address, room < sizeof o->address ? room : sizeof o->address);
        *length = o->address_length;
        return 0;
    }
    telling->missing = true;
    errno = EBADF;
    return -1;
}

static int tell_sockname(int fd, struct sockaddr *name, socklen_t *length)
{
    return tell_name(OP_getsockname, fd, name, length);
}

static int tell_peername(int fd, struct sockaddr *name, socklen_t *length)
{
    return tell_name(OP_getpeername, fd, name, length);
}

static const struct sockdrill_stack told = {
    .version = SOCKDRILL_STACK_VERSION,
    .name = "trace",
    .getsockname = tell_sockname,
    .getpeername = tell_peername,
};

bool retrace_start(struct retrace *r, struct drill_error *error, const char *text, size_t size)
{
    executor_init(&r->executor, &told);
    executor_begin(&r->executor);
    r->name_count = 0;
    r->missing = false;
    r->reader.error = error;
    if (!trace_read_start(&r->reader, error, text, size))
        return false;
    r->executor.port_base = (uint16_t)r->reader.header.ports;
    return true;
}

static enum retraced fault(struct retrace *r, const struct trace_line *line, const char *message)
{
    r->reader.error->line = line->number;
    r->reader.error->column = 1;
    snprintf(r->reader.error->message, sizeof r->reader.error->message, "%s", message);
    return RETRACED_FAULT;
}

static enum retraced take_asked(struct retrace *r, const struct trace_line *line,
                                struct request *request)
{
    if (r->name_count == RETRACE_NAMES_MAX)
        return fault(r, line, "more names are asked for than one call can need");
    r->names[r->name_count].op = line->op;
    r->names[r->name_count].fd = line->fd;
    r->names[r->name_count++].outcome = line->outcome;
    *request = (struct request){
        .op = (uint8_t)line->op, .fd = line->fd, .name_room = sizeof(struct sockaddr_storage)};
    return RETRACED_REQUEST;
}

static enum retraced take_not_socket(struct retrace *r, const struct trace_line *line)
{
    struct executor *e = &r->executor;

    if (e->not_socket == line->fd)
        return RETRACED_NOT_SOCKET;
    if (e->not_socket >= 0)
        executor_forget(e, e->not_socket);
    if (e->open_count == EXECUTOR_FDS_MAX || e->description_count == EXECUTOR_FDS_MAX)
        return fault(r, line, "more descriptors are opened than a drill can");
    e->not_socket = line->fd;
    executor_open(e, line->fd, (struct description){.nonblocking = true});
    return RETRACED_NOT_SOCKET;
}

static bool opens(const struct call *call, const struct outcome *o)
{
    return call->act != ACT_SIGNAL && call_returns_fd(call) && o->kind == OUTCOME_RETURNED &&
           o->result >= 0;
}

/* Keeps account of descriptors, as making the call would. */
static bool account(struct retrace *r, const struct call *call, const struct request *q,
                    const struct outcome *o)
{
    struct executor *e = &r->executor;

    if (opens(call, o)) {
        if (e->open_count == EXECUTOR_FDS_MAX || e->description_count == EXECUTOR_FDS_MAX)
            return false;
        if (executor_find(e, (int)o->result) == NULL)
            executor_open(e, (int)o->result, (struct description){.nonblocking = true});
        if (call_creates(call))
            e->slots[call->result] = (int)o->result;
    }
    if (call->op == OP_close && call->act == ACT_CALL && o->kind == OUTCOME_RETURNED &&
        (o->result == 0 || o->error != EBADF)) {
        if (q->fd == e->not_socket)
            e->not_socket = -1;
        executor_forget(e, q->fd);
    }
    return true;
}

static enum retraced take_call(struct retrace *r, const struct trace_line *line,
                               struct request *request)
{
    const struct call *call = line->call;
    bool names_it = (call_has(call->op, ARG_FD) && call->fd == FD_NOT_SOCKET) ||
                    (call_has(call->op, ARG_OTHER_FD) && call->other_fd == FD_NOT_SOCKET);

    for (unsigned i = 0; i < call->entry_count; i++)
        names_it = names_it || call->entries[i].fd == FD_NOT_SOCKET;
    if (names_it && r->executor.not_socket < 0)
        return fault(r, line, "the line \"not_socket -> NUMBER\" is missing before this one");
    telling = r;
    request_resolve(&r->executor, call, request);
    if (r->missing)
        return fault(r, line,
                     "the line \"? getsockname(NUMBER) -> ...\" or \"? getpeername\" that tells "
                     "the name used here is missing before this one");
    r->name_count = 0;
    if (!account(r, call, request, &line->outcome))
        return fault(r, line, "more descriptors are opened than a drill can");
    return RETRACED_REQUEST;
}

enum retraced retrace_next(struct retrace *r, struct trace_line *line, struct request *request)
{
    if (!trace_read_line(&r->reader, line))
        return RETRACED_FAULT;
    switch (line->kind) {
    case TRACE_ASKED:
        return take_asked(r, line, request);
    case TRACE_NOT_SOCKET:
        return take_not_socket(r, line);
    case TRACE_CALL:
    case TRACE_RESUMED:
        return take_call(r, line, request);
    case TRACE_END:
        break;
    }
    return RETRACED_END;
}
