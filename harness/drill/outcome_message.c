/* outcome_message: how messages and ancillary data that were received are written. */
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include <linux/errqueue.h>

#include "drill/ancillary.h"
#include "drill/outcome.h"
#include "drill/printer.h"

static void print_host_of(FILE *out, const struct ancillary *message)
{
    struct in_pktinfo in;
    struct in6_pktinfo in6;

    if (message->level == IPPROTO_IPV6 && message->size >= sizeof in6) {
        memcpy(&in6, message->data, sizeof in6);
        fputc(' ', out);
        print_host(out, AF_INET6, &in6.ipi6_addr);
    } else if (message->level == IPPROTO_IP && message->size >= sizeof in) {
        memcpy(&in, message->data, sizeof in);
        fputc(' ', out);
        print_host(out, AF_INET, &in.ipi_addr);
    }
}

static void print_error_of(FILE *out, const struct ancillary *message)
{
    struct sock_extended_err error;

    if (message->size < sizeof error)
        return;
    memcpy(&error, message->data, sizeof error);
    if (errno_name((int)error.ee_errno) != NULL)
        fprintf(out, " %s", errno_name((int)error.ee_errno));
    else
        fprintf(out, " errno %u", error.ee_errno);
}

/* IP_TOS is a byte when it is received (ip(7)); what is shorter than its form has been cut off. */
static void print_number_of(FILE *out, const struct ancillary *message)
{
    int number;

    if (message->size >= sizeof number) {
        memcpy(&number, message->data, sizeof number);
        fprintf(out, " %d", number);
    } else if (message->size == 1) {
        fprintf(out, " %u", message->data[0]);
    }
}

static void print_ancillary(FILE *out, const struct ancillary *message)
{
    const struct control_info *info = ancillary_info(message);

    if (info == NULL) {
        fprintf(out, "{level %d type %d}", message->level, message->type);
        return;
    }
    fprintf(out, "{%s", info->name);
    if (info->form == CONTROL_HOST)
        print_host_of(out, message);
    else if (info->form == CONTROL_ERROR)
        print_error_of(out, message);
    else if (info->form == CONTROL_INT)
        print_number_of(out, message);
    fputc('}', out);
}

void outcome_print_control(FILE *out, const uint8_t *control, size_t size)
{
    struct ancillary message;
    const char *separator = " [";
    size_t at = 0;

    while (size > 0 && ancillary_next(&message, &at, control, size)) {
        fputs(separator, out);
        print_ancillary(out, &message);
        separator = ", ";
    }
    if (at > 0)
        fputc(']', out);
}

void outcome_print_flags(FILE *out, int message_flags)
{
    const struct value_table *table = flags(FLAGS_MESSAGE);
    unsigned bits = 0;

    for (unsigned i = 0; i < table->count; i++)
        if (message_flags & table->entries[i].value)
            bits |= 1u << i;
    if (bits == 0)
        return;
    fputc(' ', out);
    flags_print(out, FLAGS_MESSAGE, bits);
}

void outcome_print_messages(FILE *out, const struct call *call, const struct outcome *outcome)
{
    fputs(" [", out);
    for (int64_t i = 0; i < outcome->result && i < PARTS_MAX; i++) {
        const struct message *message = &outcome->messages[i];

        fprintf(out, "%s{%u", i > 0 ? ", " : "", message->length);
        if (call->op == OP_recvmmsg) {
            if (message->data_size > 0) {
                fputc(' ', out);
                drill_print_bytes(out, message->data, message->data_size);
            }
            outcome_print_control(out, message->control, message->control_size);
            outcome_print_flags(out, message->flags);
        }
        fputc('}', out);
    }
    fputc(']', out);
}
