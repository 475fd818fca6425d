/*
 * fields_request: a request written down as the recorder would write down its call, so that both
 * are held against the same expectation.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "tests/fields_oracle.h"

static void set_bytes(struct recorded *seen, size_t size)
{
    seen->byte_count = size;
    seen->bytes = malloc(size);
}

static void set_sent(struct recorded *seen, const struct payload *sent)
{
    seen->places[PLACE_SIZE] = sent->length;
    if (oracle_is_bad(seen, BAD_DATA) || oracle_is_bad(seen, BAD_PARTS))
        return;
    seen->byte_count = sent->length;
    seen->bytes = oracle_repeat(sent->data, sent->period, sent->length);
}

static void set_copy(struct recorded *seen, const void *bytes, size_t size)
{
    if (oracle_is_bad(seen, BAD_DATA))
        return;
    set_bytes(seen, size);
    if (size > 0)
        memcpy(seen->bytes, bytes, size);
}

static void set_address(struct recorded *seen, const struct request *request)
{
    size_t size = request->address.size;

    seen->places[PLACE_LENGTH] = (int32_t)request->address.size;
    if (size > sizeof seen->address || size == 0 || oracle_is_bad(seen, BAD_ADDRESS))
        return;
    seen->address_count = size;
    memcpy(seen->address, request->address.data, size);
}

/* select's sets, one after another, as its members say in which they are. */
static void set_select(struct recorded *seen, const struct request *request)
{
    static const short events[] = {POLLIN, POLLOUT, POLLPRI};
    fd_set sets[3];

    memset(sets, 0, sizeof sets);
    seen->places[PLACE_COUNT] = oracle_is_bad(seen, BAD_DATA) ? request->fd_count : 0;
    for (uint32_t i = 0; i < request->fd_count && !oracle_is_bad(seen, BAD_DATA); i++) {
        for (int set = 0; set < 3; set++)
            if (request->fds[i].events & events[set])
                FD_SET(request->fds[i].fd, &sets[set]);
        if (request->fds[i].fd >= seen->places[PLACE_COUNT])
            seen->places[PLACE_COUNT] = request->fds[i].fd + 1;
    }
    set_copy(seen, sets, sizeof sets);
}

static void set_ready(struct recorded *seen, const struct request *request)
{
    if (!oracle_is_bad(seen, BAD_TIMEOUT))
        oracle_expect_timeout(seen, request->timeout_ms);
    if (call_has(seen->op, ARG_SELECT_SET)) {
        set_select(seen, request);
    } else if (call_has(seen->op, ARG_POLL_SET)) {
        seen->places[PLACE_COUNT] = request->fd_count;
        set_copy(seen, request->fds, request->fd_count * sizeof *request->fds);
    } else {
        seen->places[PLACE_COUNT] = request->value;
    }
}

static void set_event(struct recorded *seen, const struct request *request)
{
    const struct epoll_event *event = request->event;

    if (oracle_is_bad(seen, BAD_DATA))
        return;
    seen->places[PLACE_EVENTS] = event != NULL ? (int64_t)event->events : -1;
    seen->places[PLACE_DATA] = event != NULL ? (int64_t)event->data.u64 : -1;
}

/* Each field stands in the place that its call has for it; unused ones are zero (request.h). */
static void set_places(struct recorded *seen, const struct request *request)
{
    bool has_command = seen->op == OP_fcntl || seen->op == OP_ioctl || seen->op == OP_epoll_ctl;
    bool has_backlog = seen->op == OP_listen;

    seen->places[PLACE_FD] = request->fd;
    seen->places[PLACE_OTHER_FD] = request->other_fd;
    seen->places[PLACE_DOMAIN] = request->domain;
    seen->places[PLACE_PROTOCOL] = request->protocol;
    seen->places[PLACE_LEVEL] = request->level;
    seen->places[PLACE_OPTION] = request->option;
    seen->places[has_command ? PLACE_COMMAND : PLACE_HOW] = request->command;
    seen->places[has_backlog ? PLACE_BACKLOG : PLACE_VALUE] = request->value;
    seen->places[PLACE_SIZE] = request->room;
    if (seen->op == OP_socket)
        seen->places[PLACE_TYPE] = request->type | request->flags | SOCK_NONBLOCK;
    else
        seen->places[PLACE_FLAGS] =
            request->flags | (seen->op == OP_accept4 ? SOCK_NONBLOCK : 0); /* the executor's own */
}

/* The claimed number of parts, and what there is of them. */
static void set_parts(struct recorded *seen, const struct request *request)
{
    /* Of one message that is no memory not even that is seen. */
    if (!oracle_is_bad(seen, BAD_HEADER) || seen->op == OP_readv || seen->op == OP_writev ||
        call_many(seen->op))
        seen->places[PLACE_PARTS] = request->part_count;
    memcpy(seen->parts, request->part_sizes, sizeof seen->parts);
}

static void set_control(struct recorded *seen, const struct request *request)
{
    size_t size = request->control.size;

    seen->places[PLACE_CONTROL] = (int32_t)request->control.size;
    if (size > sizeof seen->control || size == 0 || oracle_is_bad(seen, BAD_CONTROL))
        return;
    seen->control_count = size;
    memcpy(seen->control, request->control.data, size);
}

void request_record(struct recorded *seen, const struct request *request)
{
    memset(seen, 0, sizeof *seen);
    seen->op = (enum op)request->op;
    seen->places[PLACE_BAD] = request->bad;
    seen->places[PLACE_NULL] = request->name_null;
    set_places(seen, request);
    if (call_sends(seen->op))
        set_sent(seen, &request->sent);
    if (call_has(seen->op, ARG_ADDRESS) || call_has(seen->op, ARG_SENT_MESSAGE))
        set_address(seen, request);
    set_parts(seen, request);
    set_control(seen, request);
    if (call_has(seen->op, ARG_RECEIVED_MESSAGE))
        seen->places[PLACE_CONTROL] = request->control_room;
    if (call_has(seen->op, ARG_NAME_LENGTH) || call_has(seen->op, ARG_RECEIVED_MESSAGE))
        seen->places[PLACE_LENGTH] = (int32_t)request->name_room;
    if (oracle_is_bad(seen, BAD_LENGTH))
        seen->places[PLACE_LENGTH] = 0;
    if (seen->op == OP_getsockopt) {
        seen->places[PLACE_LENGTH] = oracle_is_bad(seen, BAD_LENGTH) ? 0 : request->room;
        seen->places[PLACE_SIZE] = 0;
    }
    if (seen->op == OP_setsockopt) {
        seen->places[PLACE_LENGTH] = request->optval.size;
        set_copy(seen, request->optval.data, request->optval.size);
    }
    if (call_waits_for_events(seen->op)) {
        seen->places[PLACE_VALUE] = 0;
        set_ready(seen, request);
    }
    if (seen->op == OP_epoll_ctl)
        set_event(seen, request);
    if (seen->op == OP_recvmmsg && !oracle_is_bad(seen, BAD_TIMEOUT))
        seen->places[PLACE_TIMEOUT] = request->timeout_ms;
    if (call_many(seen->op) && request->part_count == 0)
        oracle_no_message(seen);
}
