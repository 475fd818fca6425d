/* outcome: see outcome.h. */
#include "drill/outcome.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "drill/printer.h"
#include "drill/text.h"

static void print_option(FILE *out, const struct call *call, const struct outcome *outcome)
{
    size_t count;
    int value;
    const struct option_info *option = &options(&count)[call->choice];

    if (option->form != OPTION_INT || outcome->data_size != sizeof value) {
        size_t size = outcome->data_size;

        if (option->form == OPTION_STRING && size > 0)
            size = strnlen((const char *)outcome->data, size);
        fputc(' ', out);
        drill_print_bytes(out, outcome->data, size);
        return;
    }
    memcpy(&value, outcome->data, sizeof value);
    if (option->number == SO_ERROR && option->level == SOL_SOCKET && errno_name(value) != NULL)
        fprintf(out, " [%s]", errno_name(value));
    else
        fprintf(out, " [%d]", value);
}

/* What may follow a result, in this order; each is there or not. */
enum detail { DETAIL_ERROR, DETAIL_VALUE, DETAIL_DATA, DETAIL_LIST, DETAIL_FLAGS, DETAILS };

static void print_error(FILE *out, int error)
{
    if (errno_name(error) != NULL)
        fprintf(out, " %s", errno_name(error));
    else
        fprintf(out, " errno %d", error);
}

static void print_value(FILE *out, const struct call *call, const struct outcome *outcome)
{
    if (outcome->has_value)
        fprintf(out, " [%d]", outcome->value);
    else if (call->op == OP_getsockopt)
        print_option(out, call, outcome);
}

static void print_data(FILE *out, const struct call *call, const struct outcome *outcome)
{
    if (outcome->data_size == 0 || call->op == OP_getsockopt)
        return;
    fputc(' ', out);
    drill_print_bytes(out, outcome->data, outcome->data_size);
}

static void print_list(FILE *out, const struct call *call, const struct outcome *outcome,
                       const struct drill_notes *notes)
{
    if (call_waits_for_events(call->op) && outcome->result > 0)
        outcome_print_ready(out, call, outcome, notes);
    else if (call->op == OP_recvmsg)
        outcome_print_control(out, outcome->control, outcome->control_size);
    else if (call_many(call->op) && outcome->result > 0)
        outcome_print_messages(out, call, outcome);
}

/* Writes a detail with a space before it, or nothing. */
static void print_detail(FILE *out, enum detail detail, const struct call *call,
                         const struct outcome *outcome, const struct drill_notes *notes)
{
    if (outcome->result < 0) {
        if (detail == DETAIL_ERROR)
            print_error(out, outcome->error);
        return;
    }
    if (detail == DETAIL_VALUE)
        print_value(out, call, outcome);
    else if (detail == DETAIL_DATA)
        print_data(out, call, outcome);
    else if (detail == DETAIL_LIST)
        print_list(out, call, outcome, notes);
    else if (detail == DETAIL_FLAGS && call->op == OP_recvmsg)
        outcome_print_flags(out, outcome->message_flags);
}

/* Writes what stands before the details. */
static void print_result(FILE *out, const struct call *call, const struct outcome *outcome)
{
    if (outcome->result >= 0 && call_returns_fd(call))
        fputs(">= 0", out);
    else
        fprintf(out, "= %" PRId64, outcome->result);
}

static bool has_result(const struct call *call, const struct outcome *outcome)
{
    return (outcome->kind == OUTCOME_RETURNED && call->act != ACT_SIGNAL) ||
           (outcome->kind == OUTCOME_UNFINISHED && outcome->result >= 0);
}

void outcome_print(FILE *out, const struct call *call, const struct outcome *outcome,
                   const struct drill_notes *notes)
{
    if (has_result(call, outcome)) {
        print_result(out, call, outcome);
        for (enum detail detail = 0; detail < DETAILS; detail++)
            print_detail(out, detail, call, outcome, notes);
    }
    switch (outcome->kind) {
    case OUTCOME_RETURNED:
        break;
    case OUTCOME_UNFINISHED:
        fputs(has_result(call, outcome) ? " " TEXT_UNFINISHED : TEXT_UNFINISHED, out);
        break;
    case OUTCOME_REFUSED:
        fputs("# refused: not loopback", out);
        break;
    case OUTCOME_UNSUPPORTED:
        fputs("# unsupported by this stack", out);
        break;
    case OUTCOME_BUSY:
        fputs(call->act == ACT_RESUME ? "# not made: the actor is in no call"
                                      : "# not made: the actor is still in another call",
              out);
        break;
    }
}

static void print_name(FILE *out, const struct sockaddr_storage *address)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
    char text[INET6_ADDRSTRLEN];

    if (address->ss_family == AF_INET)
        fprintf(out, "%s:%u", inet_ntop(AF_INET, &in->sin_addr, text, sizeof text),
                ntohs(in->sin_port));
    else if (address->ss_family == AF_INET6)
        fprintf(out, "[%s]:%u", inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text),
                ntohs(in6->sin6_port));
    else
        fprintf(out, "family %u", address->ss_family);
}

void outcome_print_remark(FILE *out, const struct call *call, const struct outcome *outcome)
{
    bool creates = call_returns_fd(call) && outcome->result >= 0;
    bool named = outcome->address_length > 0;

    if (outcome->kind != OUTCOME_RETURNED || (!creates && !named))
        return;
    fputs(" #", out);
    if (creates)
        fprintf(out, " %" PRId64, outcome->result);
    if (named) {
        fputc(' ', out);
        print_name(out, &outcome->address);
    }
}

/* Passes a whole word or detail of an expectation, and tells whether it was there. */
static bool pass(const char **expected, const char *text, size_t length)
{
    if (length == 0 || strncmp(*expected, text, length) != 0)
        return false;
    if ((*expected)[length] != '\0' && (*expected)[length] != ' ')
        return false;
    *expected += length;
    return true;
}

/* Passes what is written of the outcome: its result, which must be there, or one detail. */
static bool pass_printed(const char **expected, int detail, const struct call *call,
                         const struct outcome *outcome, const struct drill_notes *notes)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    bool passed;

    if (out == NULL)
        abort();
    if (detail < 0)
        print_result(out, call, outcome);
    else
        print_detail(out, (enum detail)detail, call, outcome, notes);
    fclose(out);
    passed = pass(expected, text, size);
    free(text);
    return passed;
}

bool outcome_matches(const char *expected, const struct call *call, const struct outcome *outcome,
                     const struct drill_notes *notes)
{
    if (has_result(call, outcome)) {
        if (!pass_printed(&expected, -1, call, outcome, notes))
            return false;
        for (int detail = 0; detail < DETAILS; detail++)
            pass_printed(&expected, detail, call, outcome, notes);
        if (outcome->kind == OUTCOME_UNFINISHED)
            return strcmp(expected, " " TEXT_UNFINISHED) == 0;
        return *expected == '\0';
    }
    return outcome->kind == OUTCOME_UNFINISHED && strcmp(expected, TEXT_UNFINISHED) == 0;
}

/* select counts a descriptor once for each set that it is in. */
static int64_t select_most(const struct call *call)
{
    int64_t most = 0;

    for (size_t i = 0; i < call->entry_count; i++)
        for (unsigned sets = call->entries[i].events; sets != 0; sets &= sets - 1)
            most++;
    return most;
}

/* The most that a call may return, or -1 when it returns no count. */
static int64_t result_most(const struct call *call)
{
    if (call_many(call->op))
        return call->part_count;
    if (call_sends(call->op) || call_has(call->op, ARG_LENGTH) || call_has(call->op, ARG_ROOMS) ||
        call_has(call->op, ARG_RECEIVED_MESSAGE))
        return call_size(call);
    if (call_has(call->op, ARG_POLL_SET))
        return call->entry_count;
    if (call_has(call->op, ARG_SELECT_SET))
        return select_most(call);
    if (call->op == OP_epoll_wait)
        return event_rooms[call->choice] > 0 ? event_rooms[call->choice] : 0;
    return -1;
}

/* With MSG_TRUNC a receive returns a datagram's real length (recv(2)). */
static bool may_exceed(const struct call *call)
{
    if (call_has(call->op, ARG_RECV_FLAGS))
        return (flags_value(FLAGS_RECV, call->flags) & MSG_TRUNC) != 0;
    return call->op == OP_recvmsg && (flags_value(FLAGS_RECVMSG, call->flags) & MSG_TRUNC) != 0;
}

bool outcome_sane(const struct call *call, const struct outcome *outcome, const char **why)
{
    int64_t most = result_most(call);

    if (outcome->kind != OUTCOME_RETURNED)
        return true;
    if (outcome->result < -1)
        *why = "a result below -1";
    else if (outcome->result == -1 && outcome->error <= 0)
        *why = "a failure without an error";
    else if (outcome->result > most && most >= 0 && !may_exceed(call))
        *why = "more than was asked for";
    else
        return true;
    return false;
}
