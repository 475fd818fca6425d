/* print: calls to text. Each kind of argument has one function; the parser reads what these write.
 */
#include <arpa/inet.h>
#include <limits.h>
#include <string.h>

#include "drill/printer.h"
#include "drill/text.h"

void drill_print_bytes(FILE *out, const uint8_t *bytes, size_t size)
{
    fputc('"', out);
    for (size_t i = 0; i < size; i++) {
        const char *escape = memchr(text_escapes, bytes[i], TEXT_ESCAPES);

        if (escape != NULL)
            fprintf(out, "\\%c", text_escape_letters[escape - text_escapes]);
        else if (bytes[i] >= ' ' && bytes[i] <= '~')
            fputc(bytes[i], out);
        else
            fprintf(out, "\\x%02x", bytes[i]);
    }
    fputc('"', out);
}

bool print_bad(struct printer *p, enum bad_pointer pointer)
{
    if (p->call->bad != pointer)
        return false;
    fputs(TEXT_BAD, print_next(p));
    return true;
}

static void print_slot(FILE *out, unsigned slot, const struct drill_notes *notes)
{
    if (notes != NULL && notes->names[slot][0] != '\0')
        fputs(notes->names[slot], out);
    else
        fprintf(out, "s%u", slot);
}

void drill_print_fd(FILE *out, unsigned fd, const struct drill_notes *notes)
{
    if (fd < SLOTS_MAX)
        print_slot(out, fd, notes);
    else
        fputs(text_fd_names[fd - SLOTS_MAX], out);
}

FILE *print_next(struct printer *p)
{
    fputs(p->separator, p->out);
    p->separator = ", ";
    return p->out;
}

static void print_fd(struct printer *p)
{
    drill_print_fd(print_next(p), p->call->fd, p->notes);
}

static void print_other_fd(struct printer *p)
{
    drill_print_fd(print_next(p), p->call->other_fd, p->notes);
}

static const char *value_name(enum value_list list, unsigned index)
{
    return values(list)->entries[index].name;
}

static void print_domain(struct printer *p)
{
    fputs(value_name(VALUES_DOMAIN, p->call->domain), print_next(p));
}

static void print_type(struct printer *p)
{
    FILE *out = print_next(p);

    fputs(value_name(VALUES_TYPE, p->call->type), out);
    if (p->call->flags != 0) {
        fputc('|', out);
        flags_print(out, FLAGS_SOCKET, p->call->flags);
    }
}

static void print_protocol(struct printer *p)
{
    fputs(value_name(VALUES_PROTOCOL, p->call->protocol), print_next(p));
}

static void print_how(struct printer *p)
{
    fputs(value_name(VALUES_HOW, p->call->choice), print_next(p));
}

static void print_fcntl(struct printer *p)
{
    fputs(value_name(VALUES_FCNTL, p->call->choice), print_next(p));
}

static void print_ioctl(struct printer *p)
{
    fputs(value_name(VALUES_IOCTL, p->call->choice), print_next(p));
}

static void print_socket_flags(struct printer *p)
{
    flags_print(print_next(p), FLAGS_SOCKET, p->call->flags);
}

static void print_send_flags(struct printer *p)
{
    flags_print(print_next(p), FLAGS_SEND, p->call->flags);
}

static void print_recv_flags(struct printer *p)
{
    flags_print(print_next(p), FLAGS_RECV, p->call->flags);
}

static void print_recvmsg_flags(struct printer *p)
{
    flags_print(print_next(p), FLAGS_RECVMSG, p->call->flags);
}

static void print_short_timeout(struct printer *p)
{
    if (print_bad(p, BAD_TIMEOUT))
        return;
    if (p->call->choice != SHORT_TIMEOUT_NONE)
        fprintf(print_next(p), "%d", short_timeouts[p->call->choice]);
}

static void print_epoll_flags(struct printer *p)
{
    flags_print(print_next(p), FLAGS_EPOLL_CREATE, p->call->flags);
}

static void print_epoll_command(struct printer *p)
{
    fputs(value_name(VALUES_EPOLL_COMMAND, p->call->choice), print_next(p));
}

static void print_epoll_events(struct printer *p)
{
    if (print_bad(p, BAD_DATA))
        return;
    if (call_command_value(p->call) == COMMAND_FLAGS)
        flags_print(print_next(p), FLAGS_EPOLL, p->call->flags);
}

static void print_event_room(struct printer *p)
{
    print_bad(p, BAD_DATA);
    fprintf(print_next(p), "%d", event_rooms[p->call->choice]);
}

static void print_fcntl_value(struct printer *p)
{
    if (call_command_value(p->call) == COMMAND_FLAGS)
        flags_print(print_next(p), call_fcntl_flags(p->call), p->call->flags);
    else if (call_command_value(p->call) == COMMAND_NUMBER)
        fprintf(print_next(p), "%d", (int)p->call->number);
}

static void print_number(struct printer *p)
{
    if (!print_bad(p, BAD_TIMEOUT))
        fprintf(print_next(p), "%d", (int)p->call->number);
}

static void print_length(struct printer *p)
{
    print_bad(p, BAD_DATA);
    fprintf(print_next(p), "%u", p->call->number);
}

static void print_option(struct printer *p)
{
    size_t count;
    const struct option_info *option = &options(&count)[p->call->choice];

    fprintf(print_next(p), "%s, %s", option->level_name, option->name);
}

static void print_option_length(struct printer *p)
{
    print_bad(p, BAD_DATA);
    if (p->call->bad == BAD_LENGTH)
        fputs("[" TEXT_BAD "]", print_next(p));
    else if (p->call->number > 0)
        fprintf(print_next(p), "%u", p->call->number - 1);
}

static void print_option_value(struct printer *p)
{
    size_t count;
    uint32_t number = p->call->number;
    FILE *out;

    if (p->call->bad == BAD_DATA) {
        print_option_length(p);
        return;
    }
    out = print_next(p);
    if (p->call->raw_value) {
        drill_print_bytes(out, p->call->data, p->call->data_size);
        return;
    }
    switch (options(&count)[p->call->choice].form) {
    case OPTION_LINGER:
        fprintf(out, "{l_onoff=%u, l_linger=%u}", number & 1, number >> 1);
        break;
    case OPTION_TIME:
        fprintf(out, "{tv_sec=%u, tv_usec=%u}", number / 1000, number % 1000 * 1000);
        break;
    default:
        fprintf(out, "[%d]", (int)number);
        break;
    }
}

static void print_ioctl_value(struct printer *p)
{
    if (print_bad(p, BAD_DATA))
        return;
    if (call_command_value(p->call) == COMMAND_NUMBER)
        fprintf(print_next(p), "[%d]", (int)p->call->number);
}

static void print_data(struct printer *p)
{
    FILE *out;

    if (print_bad(p, BAD_DATA)) {
        fprintf(print_next(p), "%u", p->call->number);
        return;
    }
    out = print_next(p);
    if (p->call->number > 0)
        fputs(TEXT_FILL "(", out);
    drill_print_bytes(out, p->call->data, p->call->data_size);
    if (p->call->number > 0)
        fprintf(out, ", %u)", p->call->number);
}

/* --- addresses --- */

void print_host(FILE *out, int family, const void *host)
{
    char text[INET6_ADDRSTRLEN];

    inet_ntop(family, host, text, sizeof text);
    fprintf(out, family == AF_INET6 ? "[%s]" : "%s", text);
}

/* A raw address is written as text when the text means exactly these bytes. */
static void print_raw(FILE *out, const struct address *address)
{
    struct address again = {.kind = ADDRESS_RAW};
    uint8_t room[sizeof(struct sockaddr_storage)] = {0};
    struct text_host host = {.family = AF_UNSPEC};

    if (text_host_of_raw(&host, address->raw, address->raw_size)) {
        text_host_to_address(&again, &host, room);
        if (again.kind == ADDRESS_RAW && again.raw_size == address->raw_size &&
            memcmp(again.raw, address->raw, again.raw_size) == 0) {
            print_host(out, host.family, host.bytes);
            fprintf(out, ":%u", host.port);
            return;
        }
    }
    fputs(TEXT_SOCKADDR "(", out);
    drill_print_bytes(out, address->raw, address->raw_size);
    fputc(')', out);
}

static void print_fixed(struct printer *p, const struct address *address)
{
    const struct host_info *host = &hosts()[address->kind];

    print_host(p->out, host->family, host->bytes);
    if (address->port == PORT_OF_SLOT) {
        fputs(":" TEXT_PORT "(", p->out);
        print_slot(p->out, address->slot, p->notes);
        fputc(')', p->out);
    } else {
        fprintf(p->out, ":%d", address->port == PORT_ZERO ? 0 : PORT_BASE + address->port);
    }
}

void print_name_length(struct printer *p)
{
    if (p->call->name_null)
        fputs(TEXT_NULL, print_next(p));
    else if (p->call->bad == BAD_LENGTH)
        fputs("[" TEXT_BAD "]", print_next(p));
    else if (p->call->bad == BAD_ADDRESS)
        fputs(TEXT_BAD, print_next(p));
    if (p->call->address.length != LENGTH_NATURAL)
        fprintf(print_next(p), "%d", address_lengths[p->call->address.length]);
}

void print_address(struct printer *p)
{
    const struct address *address = &p->call->address;
    FILE *out;

    if (p->call->bad == BAD_ADDRESS) {
        print_name_length(p);
        return;
    }
    out = print_next(p);
    switch (address->kind) {
    case ADDRESS_UNSPEC:
        fputs(TEXT_UNSPEC, out);
        break;
    case ADDRESS_NAME:
    case ADDRESS_PEER:
        fputs(address->kind == ADDRESS_NAME ? TEXT_NAME "(" : TEXT_PEER "(", out);
        print_slot(out, address->slot, p->notes);
        fputc(')', out);
        break;
    case ADDRESS_RAW:
        print_raw(out, address);
        break;
    default:
        print_fixed(p, address);
        break;
    }
    print_name_length(p);
}

static void (*const printers[ARGUMENT_KINDS])(struct printer *) = {
    [ARG_FD] = print_fd,
    [ARG_DOMAIN] = print_domain,
    [ARG_TYPE] = print_type,
    [ARG_PROTOCOL] = print_protocol,
    [ARG_ADDRESS] = print_address,
    [ARG_NUMBER] = print_number,
    [ARG_LENGTH] = print_length,
    [ARG_DATA] = print_data,
    [ARG_SOCKET_FLAGS] = print_socket_flags,
    [ARG_SEND_FLAGS] = print_send_flags,
    [ARG_RECV_FLAGS] = print_recv_flags,
    [ARG_NAME_LENGTH] = print_name_length,
    [ARG_HOW] = print_how,
    [ARG_OPTION] = print_option,
    [ARG_OPTION_VALUE] = print_option_value,
    [ARG_OPTION_LENGTH] = print_option_length,
    [ARG_FCNTL] = print_fcntl,
    [ARG_FCNTL_VALUE] = print_fcntl_value,
    [ARG_IOCTL] = print_ioctl,
    [ARG_IOCTL_VALUE] = print_ioctl_value,
    [ARG_POLL_SET] = print_poll_set,
    [ARG_OTHER_FD] = print_other_fd,
    [ARG_PARTS] = print_parts,
    [ARG_ROOMS] = print_rooms,
    [ARG_SENT_MESSAGE] = print_sent_message,
    [ARG_RECEIVED_MESSAGE] = print_received_message,
    [ARG_RECVMSG_FLAGS] = print_recvmsg_flags,
    [ARG_SHORT_TIMEOUT] = print_short_timeout,
    [ARG_SELECT_SET] = print_select_set,
    [ARG_EPOLL_FLAGS] = print_epoll_flags,
    [ARG_EPOLL_COMMAND] = print_epoll_command,
    [ARG_EPOLL_EVENTS] = print_epoll_events,
    [ARG_EVENT_ROOM] = print_event_room,
};

void drill_print_call(FILE *out, const struct call *call, const struct drill_notes *notes)
{
    const struct call_info *info = call_info(call->op);
    struct printer printer = {.out = out, .call = call, .notes = notes, .separator = ""};

    if (call->actor != 0)
        fprintf(out, "%c: ", text_actor_names[call->actor - 1]);
    if (call->act == ACT_RESUME) {
        fprintf(out, TEXT_RESUMED "%s>", info->name);
        return;
    }
    if (call->act == ACT_SIGNAL) {
        fputs(call->restarts ? TEXT_SIGNAL " " TEXT_RESTARTS " " TEXT_SIGNAL_END
                             : TEXT_SIGNAL " " TEXT_SIGNAL_END,
              out);
        return;
    }
    if (call_creates(call)) {
        print_slot(out, call->result, notes);
        fputs(" = ", out);
    }
    fprintf(out, "%s(", info->name);
    for (size_t i = info->arguments[0] == ARG_NEW;
         i < CALL_ARGUMENTS_MAX && info->arguments[i] != ARG_NONE; i++)
        printers[info->arguments[i]](&printer);
    fputc(')', out);
}

void drill_print(FILE *out, const struct drill *drill, const struct drill_notes *notes)
{
    for (uint32_t i = 0; i < drill->answer_count; i++) {
        answer_print(out, &drill->answers[i]);
        fputc('\n', out);
    }
    for (uint32_t i = 0; i < drill->call_count; i++) {
        drill_print_call(out, &drill->calls[i], notes);
        if (notes != NULL && notes->expected[i] != NULL)
            fprintf(out, " %s", notes->expected[i]);
        fputc('\n', out);
    }
}
