/* outcome: see outcome.h. */
#include "drill/outcome.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lists/lists.h"

static void print_ready(FILE *out, const struct call *call, const struct outcome *outcome,
                        const struct drill_notes *notes)
{
    const struct value_table *table = flags(FLAGS_POLL);
    const char *separator = "";

    fputs(" [", out);
    for (size_t i = 0; i < call->entry_count; i++) {
        unsigned bits = 0;

        for (unsigned b = 0; b < table->count; b++)
            if (outcome->fds[i].revents & table->entries[b].value)
                bits |= 1u << b;
        if (bits == 0)
            continue;
        fprintf(out, "%s{", separator);
        drill_print_fd(out, call->entries[i].fd, notes);
        fputs(", ", out);
        flags_print(out, FLAGS_POLL, bits);
        fputc('}', out);
        separator = ", ";
    }
    fputc(']', out);
}

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

static void print_details(FILE *out, const struct call *call, const struct outcome *outcome,
                          const struct drill_notes *notes)
{
    if (outcome->has_value)
        fprintf(out, " [%d]", outcome->value);
    else if (call->op == OP_getsockopt)
        print_option(out, call, outcome);
    else if (call->op == OP_poll && outcome->result > 0)
        print_ready(out, call, outcome, notes);
    else if (outcome->data_size > 0) {
        fputc(' ', out);
        drill_print_bytes(out, outcome->data, outcome->data_size);
    }
}

static void print_result(FILE *out, const struct call *call, const struct outcome *outcome,
                         const struct drill_notes *notes)
{
    const char *name = errno_name(outcome->error);

    if (outcome->result < 0) {
        fprintf(out, "= %" PRId64, outcome->result);
        if (name != NULL)
            fprintf(out, " %s", name);
        else
            fprintf(out, " errno %d", outcome->error);
    } else if (call_returns_fd(call)) {
        fputs(">= 0", out);
    } else {
        fprintf(out, "= %" PRId64, outcome->result);
        print_details(out, call, outcome, notes);
    }
}

void outcome_print(FILE *out, const struct call *call, const struct outcome *outcome,
                   const struct drill_notes *notes)
{
    switch (outcome->kind) {
    case OUTCOME_RETURNED:
        print_result(out, call, outcome, notes);
        break;
    case OUTCOME_UNFINISHED:
        if (outcome->result >= 0) {
            print_result(out, call, outcome, notes);
            fputc(' ', out);
        }
        fputs("<unfinished>", out);
        break;
    case OUTCOME_REFUSED:
        fputs("# refused: not loopback", out);
        break;
    case OUTCOME_UNSUPPORTED:
        fputs("# unsupported by this stack", out);
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

bool outcome_matches(const char *expected, const struct call *call, const struct outcome *outcome,
                     const struct drill_notes *notes)
{
    char *text = NULL;
    size_t size = 0;
    size_t length = strlen(expected);
    FILE *out = open_memstream(&text, &size);
    bool matches;

    if (out == NULL)
        abort();
    outcome_print(out, call, outcome, notes);
    fclose(out);
    matches = size >= length && memcmp(text, expected, length) == 0 &&
              (text[length] == '\0' || (text[length] == ' ' && outcome->kind == OUTCOME_RETURNED));
    free(text);
    return matches;
}

/* The most that a call may return, or -1 when it returns no count. */
static int64_t result_most(const struct call *call)
{
    if (call_has(call->op, ARG_LENGTH))
        return call->number;
    if (call_has(call->op, ARG_DATA))
        return call->number > call->data_size ? call->number : call->data_size;
    if (call->op == OP_poll)
        return call->entry_count;
    return -1;
}

/* With MSG_TRUNC a receive returns a datagram's real length (recv(2)). */
static bool may_exceed(const struct call *call)
{
    return call_has(call->op, ARG_RECV_FLAGS) &&
           (flags_value(FLAGS_RECV, call->flags) & MSG_TRUNC) != 0;
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
