/* fields_oracle: see fields_oracle.h. */
#include "tests/fields_oracle.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>

const char oracle_prefix[] = "s0 = socket(AF_INET, SOCK_STREAM, 0)\n"
                             "s1 = socket(AF_INET, SOCK_STREAM, 0)\n"
                             "bind(s1, 127.0.0.1:20001)\n"
                             "listen(s1, 5)\n"
                             "s2 = socket(AF_INET6, SOCK_DGRAM, 0)\n"
                             "bind(s2, [::1]:20002)\n"
                             "s3 = socket(AF_INET, SOCK_STREAM, 0)\n"
                             "connect(s3, name(s1))\n"
                             "s4 = socket(AF_INET, SOCK_STREAM, 0)\n"
                             "bind(s4, 127.0.0.1:20003)\n";

int oracle_not_socket;

/* --- descriptors --- */

/* Which variables of the prefix suit what a call wants, the newest first; -1 ends them. */
static const int suitable[WANTS_KINDS][ORACLE_PREFIX_SLOTS + 1] = {
    [WANTS_OPEN] = {4, 3, 2, 1, 0, -1},
    [WANTS_ANY] = {4, 3, 2, 1, 0, -1},
    [WANTS_FRESH] = {0, -1},
    [WANTS_STREAM_BOUND] = {4, -1},
    [WANTS_UNCONNECTED] = {4, 2, 0, -1},
    [WANTS_LISTENING] = {1, -1},
    [WANTS_CONNECTED] = {3, -1},
    [WANTS_DATAGRAM] = {2, -1},
    [WANTS_EPOLL] = {4, 3, 2, 1, 0, -1}, /* there is none, so any */
};

/* A variable that is not open comes to a number that never is (stacks/calls.h). */
static int fd_of_slot(unsigned slot)
{
    return slot < ORACLE_PREFIX_SLOTS ? RECORDER_FIRST_FD + (int)slot : INT_MAX;
}

/* The two top bits: 01 a slot as it is, 10 something special, otherwise one that suits. */
int oracle_fd(enum wants wants, uint8_t byte)
{
    const int special[] = {-1, INT_MAX, oracle_not_socket};
    const int *slots = suitable[wants];
    unsigned count = 0;

    if (byte >> 6 == 1)
        return fd_of_slot(byte % 16);
    if (byte >> 6 == 2)
        return special[(byte & 0x3f) % 3];
    while (slots[count] >= 0)
        count++;
    return count > 0 ? fd_of_slot((unsigned)slots[(byte & 0x3f) % count]) : -1;
}

static void expect_fd(struct recorded *expected, const struct record *record)
{
    expected->places[PLACE_FD] =
        oracle_fd(call_info(expected->op)->wants, record->header[HEADER_FD]);
}

/* dup2 replaces no process's file: a special one is -1 or never open; one that suits is the next.
 */
static void expect_other_fd(struct recorded *expected, const struct record *record)
{
    uint8_t byte = record->header[HEADER_PORT];

    if (expected->op == OP_dup2 && byte >> 6 == 2)
        byte = byte % 2 ? 0x81 : 0x80;
    else if (expected->op == OP_dup2 && byte >> 6 != 1)
        byte = (byte + 1) & 0x3f;
    expected->places[PLACE_OTHER_FD] = oracle_fd(WANTS_ANY, byte);
}

/* --- values and flags: an index counts modulo its list's length --- */

static void expect_domain(struct recorded *expected, const struct record *record)
{
    static const int domains[] = {AF_INET, AF_INET6, AF_UNSPEC, 255};

    expected->places[PLACE_DOMAIN] = domains[record->header[HEADER_ADDRESS] % 4];
}

/* Descriptors are always non-blocking for the stack (executor.h). */
static int socket_flags(uint8_t bits)
{
    return SOCK_NONBLOCK | (bits & 2 ? SOCK_CLOEXEC : 0);
}

static void expect_type(struct recorded *expected, const struct record *record)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, 15};

    expected->places[PLACE_TYPE] =
        types[record->header[HEADER_CHOICE] % 4] | socket_flags(record->header[HEADER_FLAGS]);
}

static void expect_protocol(struct recorded *expected, const struct record *record)
{
    static const int protocols[] = {0, IPPROTO_TCP, IPPROTO_UDP, -1};

    expected->places[PLACE_PROTOCOL] = protocols[record->header[HEADER_CHOICE2] % 4];
}

static void expect_socket_flags(struct recorded *expected, const struct record *record)
{
    expected->places[PLACE_FLAGS] = socket_flags(record->header[HEADER_FLAGS]);
}

int oracle_union(const int *flag, size_t count, uint8_t bits)
{
    int value = 0;

    for (size_t i = 0; i < count; i++)
        value |= bits >> i & 1 ? flag[i] : 0;
    return value;
}

static void expect_send_flags(struct recorded *expected, const struct record *record)
{
    static const int flag[] = {MSG_NOSIGNAL, MSG_DONTWAIT,  MSG_OOB,    MSG_MORE,
                               MSG_EOR,      MSG_DONTROUTE, MSG_CONFIRM};

    expected->places[PLACE_FLAGS] = oracle_union(flag, 7, record->header[HEADER_FLAGS]);
}

static void expect_recv_flags(struct recorded *expected, const struct record *record)
{
    static const int flag[] = {MSG_DONTWAIT, MSG_PEEK, MSG_WAITALL,
                               MSG_TRUNC,    MSG_OOB,  MSG_ERRQUEUE};

    expected->places[PLACE_FLAGS] = oracle_union(flag, 6, record->header[HEADER_FLAGS]);
}

static void expect_recvmsg_flags(struct recorded *expected, const struct record *record)
{
    static const int flag[] = {MSG_DONTWAIT, MSG_PEEK,     MSG_WAITALL,      MSG_TRUNC,
                               MSG_OOB,      MSG_ERRQUEUE, MSG_CMSG_CLOEXEC, MSG_WAITFORONE};

    expected->places[PLACE_FLAGS] = oracle_union(flag, 8, record->header[HEADER_FLAGS]);
}

/* -1 is no time at all, and -2 none that is valid; call.h. */
static void expect_short_timeout(struct recorded *expected, const struct record *record)
{
    static const int times[] = {-1, 0, 1, 20, 1000, -2};

    if (!oracle_is_bad(expected, BAD_TIMEOUT))
        expected->places[PLACE_TIMEOUT] = times[record->header[HEADER_PORT] % 6];
}

static void expect_how(struct recorded *expected, const struct record *record)
{
    expected->places[PLACE_HOW] = record->header[HEADER_CHOICE] % 4; /* SHUT_RD 0 ... invalid 3 */
}

/* --- numbers: zero in the header is the call's default --- */

uint32_t oracle_number(enum op op, const struct record *record)
{
    static const uint32_t defaults[OPS] = {
        [OP_listen] = 1,     [OP_recv] = 4096,    [OP_recvfrom] = 4096,
        [OP_read] = 4096,    [OP_setsockopt] = 1, [OP_ioctl] = 1,
        [OP_recvmsg] = 4096, [OP_readv] = 4096,   [OP_recvmmsg] = 4096};
    uint32_t number = 0;

    for (int i = 3; i >= 0; i--)
        number = number << 8 | record->header[HEADER_NUMBER + i];
    return number ^ defaults[op];
}

static void expect_number(struct recorded *expected, const struct record *record)
{
    int number = (int)oracle_number(expected->op, record);

    if (oracle_is_bad(expected, BAD_TIMEOUT))
        return;
    if (expected->op == OP_listen)
        expected->places[PLACE_BACKLOG] = number;
    else
        oracle_expect_timeout(expected, number);
}

static void expect_length(struct recorded *expected, const struct record *record)
{
    expected->places[PLACE_SIZE] = oracle_number(expected->op, record) % (DATA_BYTES_MAX + 1);
}

/* --- options and modes --- */

static const struct option_info *option_of(const struct record *record)
{
    size_t count;
    const struct option_info *option = options(&count);

    return &option[record->header[HEADER_CHOICE] % count];
}

static void expect_option(struct recorded *expected, const struct record *record)
{
    expected->places[PLACE_LEVEL] = option_of(record)->level;
    expected->places[PLACE_OPTION] = option_of(record)->number;
}

void oracle_set_bytes(struct recorded *expected, const void *bytes, size_t size)
{
    expected->bytes = malloc(size);
    expected->byte_count = size;
    if (size > 0)
        memcpy(expected->bytes, bytes, size);
}

static const int form_sizes[] = {[OPTION_INT] = sizeof(int),
                                 [OPTION_LINGER] = sizeof(struct linger),
                                 [OPTION_TIME] = sizeof(struct timeval),
                                 [OPTION_STRING] = 16,
                                 [OPTION_BYTES] = sizeof(struct tcp_info)};

/* The size that is claimed: 0 is the form's own, others are one less. */
static int64_t claimed_size(const struct record *record, uint32_t number)
{
    number %= OPTION_BYTES_MAX + 2;
    return number > 0 ? (int64_t)number - 1 : form_sizes[option_of(record)->form];
}

static void expect_option_value(struct recorded *expected, const struct record *record)
{
    uint32_t number = oracle_number(expected->op, record);
    struct linger linger = {(int)(number & 1), (int)(number >> 1)};
    struct timeval time = {number / 1000, (suseconds_t)(number % 1000) * 1000};

    if (oracle_is_bad(expected, BAD_DATA)) {
        expected->places[PLACE_LENGTH] = claimed_size(record, record_number(record));
        return;
    }
    if (record->header[HEADER_CHOICE2] & 1)
        oracle_set_bytes(expected, record->payload,
                         record->payload_size < 256 ? record->payload_size : 256);
    else if (option_of(record)->form == OPTION_LINGER)
        oracle_set_bytes(expected, &linger, sizeof linger);
    else if (option_of(record)->form == OPTION_TIME)
        oracle_set_bytes(expected, &time, sizeof time);
    else
        oracle_set_bytes(expected, &number, sizeof number);
    expected->places[PLACE_LENGTH] = (int64_t)expected->byte_count;
}

static void expect_option_length(struct recorded *expected, const struct record *record)
{
    if (!oracle_is_bad(expected, BAD_LENGTH))
        expected->places[PLACE_LENGTH] = claimed_size(record, oracle_number(expected->op, record));
}

static void expect_fcntl(struct recorded *expected, const struct record *record)
{
    static const int commands[] = {F_GETFL, F_SETFL, F_GETFD, F_SETFD, F_DUPFD, F_DUPFD_CLOEXEC};

    expected->places[PLACE_COMMAND] = commands[record->header[HEADER_CHOICE] % 6];
}

static void expect_fcntl_value(struct recorded *expected, const struct record *record)
{
    uint32_t number = oracle_number(expected->op, record);
    int64_t *value = &expected->places[PLACE_VALUE];

    if (record->header[HEADER_CHOICE] % 6 == 1)
        *value = record->header[HEADER_FLAGS] & 1 ? O_NONBLOCK : 0;
    else if (record->header[HEADER_CHOICE] % 6 == 3)
        *value = record->header[HEADER_FLAGS] & 1 ? FD_CLOEXEC : 0;
    else if (record->header[HEADER_CHOICE] % 6 >= 4)
        *value = (int)number == -1 || number == INT_MAX ? (int)number : (int)(number % 1024);
}

static void expect_ioctl(struct recorded *expected, const struct record *record)
{
    static const unsigned requests[] = {FIONREAD, FIONBIO, SIOCATMARK, SIOCOUTQ};

    expected->places[PLACE_COMMAND] = requests[record->header[HEADER_CHOICE] % 4];
}

static void expect_ioctl_value(struct recorded *expected, const struct record *record)
{
    if (record->header[HEADER_CHOICE] % 4 == 1 && !oracle_is_bad(expected, BAD_DATA))
        expected->places[PLACE_VALUE] = (int)oracle_number(expected->op, record);
}

/* --- the table --- */

#define NUMBER_FIELDS HEADER_NUMBER, HEADER_NUMBER + 1, HEADER_NUMBER + 2, HEADER_NUMBER + 3

/* Indices of options.def: an integer, a linger, a time. */
enum { CHOICE_REUSEADDR = 0, CHOICE_LINGER = 8, CHOICE_RCVTIMEO = 12 };

#define CHOICES                                                                                    \
    {HEADER_CHOICE, 1}, {HEADER_CHOICE, CHOICE_LINGER},                                            \
    {                                                                                              \
        HEADER_CHOICE, CHOICE_RCVTIMEO                                                             \
    }

/* fcntl: F_SETFL, F_SETFD, F_DUPFD. */
#define COMMANDS                                                                                   \
    {HEADER_CHOICE, 1}, {HEADER_CHOICE, 3},                                                        \
    {                                                                                              \
        HEADER_CHOICE, 4                                                                           \
    }

/* How many cuts there are, or which shape a list of parts has; further down, of rooms. */
#define CUTS                                                                                       \
    {HEADER_NUMBER + 3, 1}, {HEADER_NUMBER + 3, 2}, {HEADER_NUMBER + 3, 3},                        \
    {                                                                                              \
        HEADER_NUMBER + 3, 9                                                                       \
    }
#define SHAPES                                                                                     \
    {HEADER_NUMBER + 3, 1}, {HEADER_NUMBER + 3, 2},                                                \
    {                                                                                              \
        HEADER_NUMBER + 3, 3                                                                       \
    }

/* Every kind of address, so that the port and the size of a raw one are varied for each. */
#define KINDS_OF_ADDRESS                                                                           \
    {HEADER_ADDRESS, 1}, {HEADER_ADDRESS, 2}, {HEADER_ADDRESS, 3}, {HEADER_ADDRESS, 4},            \
        {HEADER_ADDRESS, 5}, {HEADER_ADDRESS, 6}, {HEADER_ADDRESS, 7}, {HEADER_ADDRESS, 8},        \
        {HEADER_ADDRESS, 9}, {HEADER_ADDRESS, 10}, {HEADER_ADDRESS, 11}, {HEADER_ADDRESS, 12},     \
    {                                                                                              \
        HEADER_ADDRESS, 13                                                                         \
    }

/* A host, a name, raw bytes, none, and what suits. */
#define SORTS_OF_ADDRESS                                                                           \
    {HEADER_ADDRESS, 1}, {HEADER_ADDRESS, 11}, {HEADER_ADDRESS, 13}, {HEADER_ADDRESS, 14},         \
    {                                                                                              \
        HEADER_ADDRESS, 15                                                                         \
    }

#define END HEADER_SIZE

const struct oracle oracles[ARGUMENT_KINDS] = {
    [ARG_NEW] = {{HEADER_RESULT, END}, {{0}}, 0, NULL},
    [ARG_FD] = {{HEADER_FD, END}, {{0}}, 0, expect_fd},
    [ARG_DOMAIN] = {{HEADER_ADDRESS, END}, {{0}}, 0, expect_domain},
    [ARG_TYPE] = {{HEADER_CHOICE, HEADER_FLAGS, END}, {{0}}, 0, expect_type},
    [ARG_PROTOCOL] = {{HEADER_CHOICE2, END}, {{0}}, 0, expect_protocol},
    [ARG_ADDRESS] = {{HEADER_ADDRESS, HEADER_PORT, HEADER_CHOICE2, END},
                     {KINDS_OF_ADDRESS, {HEADER_PORT, 0x81}},
                     14,
                     oracle_expect_address},
    [ARG_NUMBER] = {{NUMBER_FIELDS, END}, {{0}}, 0, expect_number},
    [ARG_LENGTH] = {{NUMBER_FIELDS, END}, {{0}}, 0, expect_length},
    [ARG_DATA] = {{NUMBER_FIELDS, END}, {{0}}, 0, oracle_expect_data},
    [ARG_SOCKET_FLAGS] = {{HEADER_FLAGS, END}, {{0}}, 0, expect_socket_flags},
    [ARG_SEND_FLAGS] = {{HEADER_FLAGS, END}, {{0}}, 0, expect_send_flags},
    [ARG_RECV_FLAGS] = {{HEADER_FLAGS, END}, {{0}}, 0, expect_recv_flags},
    [ARG_NAME_LENGTH] = {{HEADER_ADDRESS, END}, {{0}}, 0, oracle_expect_name_length},
    [ARG_HOW] = {{HEADER_CHOICE, END}, {{0}}, 0, expect_how},
    [ARG_OPTION] = {{HEADER_CHOICE, END}, {{0}}, 0, expect_option},
    [ARG_OPTION_VALUE] = {{HEADER_CHOICE2, NUMBER_FIELDS, END}, {CHOICES}, 3, expect_option_value},
    [ARG_OPTION_LENGTH] = {{NUMBER_FIELDS, END}, {CHOICES}, 3, expect_option_length},
    [ARG_FCNTL] = {{HEADER_CHOICE, END}, {{0}}, 0, expect_fcntl},
    [ARG_FCNTL_VALUE] = {{HEADER_FLAGS, NUMBER_FIELDS, END}, {COMMANDS}, 3, expect_fcntl_value},
    [ARG_IOCTL] = {{HEADER_CHOICE, END}, {{0}}, 0, expect_ioctl},
    [ARG_IOCTL_VALUE] = {{NUMBER_FIELDS, END}, {CHOICES}, 1, expect_ioctl_value},
    [ARG_POLL_SET] = {{HEADER_FD, HEADER_FLAGS, END}, {{0}}, 0, oracle_expect_poll_set},
    [ARG_OTHER_FD] = {{HEADER_PORT, END}, {{0}}, 0, expect_other_fd},
    [ARG_PARTS] = {{NUMBER_FIELDS, END}, {CUTS}, 4, oracle_expect_parts},
    [ARG_ROOMS] = {{NUMBER_FIELDS, END}, {SHAPES}, 3, oracle_expect_rooms},
    [ARG_SENT_MESSAGE] = {{HEADER_ADDRESS, HEADER_PORT, HEADER_CHOICE, HEADER_CHOICE2,
                           NUMBER_FIELDS, END},
                          {SORTS_OF_ADDRESS, CUTS},
                          9,
                          oracle_expect_sent_message},
    [ARG_RECEIVED_MESSAGE] = {{HEADER_ADDRESS, HEADER_CHOICE, HEADER_CHOICE2, NUMBER_FIELDS, END},
                              {SHAPES},
                              3,
                              oracle_expect_received_message},
    [ARG_RECVMSG_FLAGS] = {{HEADER_FLAGS, END}, {{0}}, 0, expect_recvmsg_flags},
    [ARG_SELECT_SET] = {{HEADER_FD, HEADER_FLAGS, END}, {{0}}, 0, oracle_expect_select_set},
    [ARG_EPOLL_FLAGS] = {{HEADER_FLAGS, END}, {{0}}, 0, oracle_expect_epoll_flags},
    [ARG_EPOLL_COMMAND] = {{HEADER_CHOICE, END}, {{0}}, 0, oracle_expect_epoll_command},
    [ARG_EPOLL_EVENTS] = {{HEADER_FLAGS, END}, {{HEADER_CHOICE, 2}}, 1, oracle_expect_epoll_events},
    [ARG_EVENT_ROOM] = {{HEADER_CHOICE, END}, {{0}}, 0, oracle_expect_event_room},
    [ARG_SHORT_TIMEOUT] = {{HEADER_PORT, END}, {{0}}, 0, expect_short_timeout},
};

/* The descriptor first, because what suits as an address depends on it. */
void oracle_expect(struct recorded *expected, enum op op, const struct record *record)
{
    const enum argument *arguments = call_info(op)->arguments;

    memset(expected, 0, sizeof *expected);
    expected->op = op;
    oracle_expect_bad(expected, record);
    for (size_t i = 0; i < CALL_ARGUMENTS_MAX && arguments[i] != ARG_NONE; i++)
        if (oracles[arguments[i]].expect != NULL)
            oracles[arguments[i]].expect(expected, record);
}
