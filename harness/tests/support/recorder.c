/* recorder: see recorder.h. */
#include "tests/support/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "stacks/calls.h"
#include "tests/support/check.h"
#include "tests/support/recording.h"

struct recorder recorder;

void recorder_reset(void)
{
    /* The calls are many: only those that were used. */
    for (size_t i = 0; i < recorder.count; i++) {
        free(recorder.calls[i].bytes);
        recorder.calls[i].bytes = NULL;
    }
    memset(&recorder, 0, offsetof(struct recorder, calls));
    recorder.next_fd = RECORDER_FIRST_FD;
    recorder.planted = PLACES;
}

/* --- writing down --- */

struct recorded *recording_add(enum op op, int fd)
{
    struct recorded *recorded = &recorder.calls[recorder.count];

    if (recorder.count + 1 < RECORDED_MAX)
        recorder.count++;
    free(recorded->bytes);
    memset(recorded, 0, sizeof *recorded);
    recorded->op = op;
    recorded->places[PLACE_FD] = fd;
    return recorded;
}

bool recording_reads(struct recorded *recorded, const void *pointer, enum bad_pointer which)
{
    const struct request bad = {.bad = BAD_DATA};

    if (pointer != given(&bad, BAD_DATA, NULL))
        return true;
    recorded->places[PLACE_BAD] = which;
    return false;
}

void recording_bytes(struct recorded *recorded, const void *bytes, size_t size)
{
    if (size == 0)
        return;
    recorded->bytes = realloc(recorded->bytes, recorded->byte_count + size + 1);
    memcpy(recorded->bytes + recorded->byte_count, bytes, size);
    recorded->byte_count += size;
}

void recording_address(struct recorded *recorded, const void *address, socklen_t length)
{
    recorded->places[PLACE_LENGTH] = (int32_t)length;
    if (!recording_reads(recorded, address, BAD_ADDRESS) || length > sizeof recorded->address)
        return;
    recorded->address_count = length;
    if (length > 0)
        memcpy(recorded->address, address, length);
}

/* The planted fault is put in last, and then the answer is given. */
int64_t recording_answer(struct recorded *recorded, int64_t result)
{
    enum op op = recorded->op;

    if (recorder.planted < PLACES)
        recorded->places[recorder.planted]++;
    if (recorder.errors[op] != 0 || recorded->places[PLACE_BAD] != BAD_NONE) {
        errno = recorder.errors[op] != 0 ? recorder.errors[op] : EFAULT;
        return -1;
    }
    return recorder.answers[op] ? recorder.results[op] : result;
}

static bool fails(enum op op)
{
    return recorder.errors[op] != 0 || (recorder.answers[op] && recorder.results[op] < 0);
}

/* -1 and INT_MAX are what a drill's variable without descriptor comes to. */
static bool is_open(int fd)
{
    return fd >= 0 && fd != INT_MAX;
}

/* --- the calls --- */

static int record_socket(int domain, int type, int protocol)
{
    struct recorded *r = recording_add(OP_socket, 0);

    r->places[PLACE_DOMAIN] = domain;
    r->places[PLACE_TYPE] = type;
    r->places[PLACE_PROTOCOL] = protocol;
    return (int)recording_answer(r, recorder.next_fd++);
}

static int record_bind(int fd, const struct sockaddr *address, socklen_t length)
{
    struct recorded *r = recording_add(OP_bind, fd);

    recording_address(r, address, length);
    return (int)recording_answer(r, 0);
}

static int record_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    struct recorded *r = recording_add(OP_connect, fd);

    recording_address(r, address, length);
    return (int)recording_answer(r, 0);
}

static int record_listen(int fd, int backlog)
{
    struct recorded *r = recording_add(OP_listen, fd);

    r->places[PLACE_BACKLOG] = backlog;
    return (int)recording_answer(r, 0);
}

/* The name of every descriptor is a loopback address of its own port. */
void recording_name(void *address, socklen_t *length, unsigned port)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    memcpy(address, &in, *length < sizeof in ? *length : sizeof in);
    *length = sizeof in;
}

void recording_offer(struct recorded *recorded, const void *address, const socklen_t *length)
{
    recorded->places[PLACE_NULL] = address == NULL && length == NULL;
    recording_reads(recorded, address, BAD_ADDRESS);
    if (length != NULL && recording_reads(recorded, length, BAD_LENGTH))
        recorded->places[PLACE_LENGTH] = (int32_t)*length;
}

/* The calls that return a name: the length that they are offered is their argument. */
static int64_t record_named(struct recorded *r, struct sockaddr *address, socklen_t *length,
                            unsigned port, int64_t result)
{
    recording_offer(r, address, length);
    result = recording_answer(r, result);
    if (result >= 0 && length != NULL && *length <= sizeof(struct sockaddr_storage))
        recording_name(address, length, port);
    return result;
}

/* The next number, which is taken unless the call fails. */
static int64_t record_accepted(struct recorded *r, struct sockaddr *address, socklen_t *length)
{
    int64_t result = record_named(r, address, length, RECORDER_PORT, recorder.next_fd);

    recorder.next_fd += result == recorder.next_fd;
    return result;
}

static int record_accept(int fd, struct sockaddr *address, socklen_t *length)
{
    struct recorded *r = recording_add(OP_accept, fd);

    return (int)record_accepted(r, address, length);
}

static int record_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    struct recorded *r = recording_add(OP_accept4, fd);

    r->places[PLACE_FLAGS] = flags;
    return (int)record_accepted(r, address, length);
}

static int record_getsockname(int fd, struct sockaddr *address, socklen_t *length)
{
    struct recorded *r = recording_add(OP_getsockname, fd);

    return (int)record_named(r, address, length, RECORDER_PORT + (unsigned)fd,
                             is_open(fd) ? 0 : -1);
}

static int record_getpeername(int fd, struct sockaddr *address, socklen_t *length)
{
    struct recorded *r = recording_add(OP_getpeername, fd);

    return (int)record_named(r, address, length, RECORDER_PORT + 1000 + (unsigned)fd,
                             is_open(fd) ? 0 : -1);
}

static struct recorded *record_data(enum op op, int fd, const void *data, size_t size, int flags)
{
    struct recorded *r = recording_add(op, fd);

    if (recording_reads(r, data, BAD_DATA))
        recording_bytes(r, data, size);
    r->places[PLACE_SIZE] = (int64_t)size;
    r->places[PLACE_FLAGS] = flags;
    return r;
}

static ssize_t record_send(int fd, const void *data, size_t size, int flags)
{
    return (ssize_t)recording_answer(record_data(OP_send, fd, data, size, flags), (int64_t)size);
}

static ssize_t record_write(int fd, const void *data, size_t size)
{
    return (ssize_t)recording_answer(record_data(OP_write, fd, data, size, 0), (int64_t)size);
}

static ssize_t record_sendto(int fd, const void *data, size_t size, int flags,
                             const struct sockaddr *address, socklen_t length)
{
    struct recorded *r = record_data(OP_sendto, fd, data, size, flags);

    recording_address(r, address, length);
    return (ssize_t)recording_answer(r, (int64_t)size);
}

/* A receive gives as many bytes as it is told, all 'r'; without being told, all that fit. */
static ssize_t receive(struct recorded *r, void *data, size_t size)
{
    int64_t result;

    recording_reads(r, data, BAD_DATA);
    result = recording_answer(r, (int64_t)size);
    if (result > 0)
        memset(data, 'r', (size_t)result < size ? (size_t)result : size);
    return (ssize_t)result;
}

static ssize_t record_recv(int fd, void *data, size_t size, int flags)
{
    struct recorded *r = recording_add(OP_recv, fd);

    r->places[PLACE_SIZE] = (int64_t)size;
    r->places[PLACE_FLAGS] = flags;
    return receive(r, data, size);
}

static ssize_t record_read(int fd, void *data, size_t size)
{
    struct recorded *r = recording_add(OP_read, fd);

    r->places[PLACE_SIZE] = (int64_t)size;
    return receive(r, data, size);
}

static ssize_t record_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *address,
                               socklen_t *length)
{
    struct recorded *r = recording_add(OP_recvfrom, fd);

    r->places[PLACE_SIZE] = (int64_t)size;
    r->places[PLACE_FLAGS] = flags;
    recording_offer(r, address, length);
    if (!fails(OP_recvfrom) && r->places[PLACE_BAD] == BAD_NONE && length != NULL &&
        *length <= sizeof(struct sockaddr_storage))
        recording_name(address, length, RECORDER_PORT);
    return receive(r, data, size);
}

static int record_shutdown(int fd, int how)
{
    struct recorded *r = recording_add(OP_shutdown, fd);

    r->places[PLACE_HOW] = how;
    return (int)recording_answer(r, 0);
}

static int record_close(int fd)
{
    return (int)recording_answer(recording_add(OP_close, fd), 0);
}

static int record_dup(int fd)
{
    return (int)recording_answer(recording_add(OP_dup, fd), is_open(fd) ? recorder.next_fd++ : -1);
}

static int record_dup2(int fd, int other_fd)
{
    struct recorded *r = recording_add(OP_dup2, fd);

    r->places[PLACE_OTHER_FD] = other_fd;
    return (int)recording_answer(r, is_open(fd) && is_open(other_fd) ? other_fd : -1);
}

static struct recorded *record_option(enum op op, int fd, int level, int name)
{
    struct recorded *r = recording_add(op, fd);

    r->places[PLACE_LEVEL] = level;
    r->places[PLACE_OPTION] = name;
    return r;
}

static int record_setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
    struct recorded *r = record_option(OP_setsockopt, fd, level, name);

    r->places[PLACE_LENGTH] = (int32_t)length;
    if (recording_reads(r, value, BAD_DATA))
        recording_bytes(r, value, length);
    return (int)recording_answer(r, 0);
}

static int record_getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
    struct recorded *r = record_option(OP_getsockopt, fd, level, name);

    if (recording_reads(r, length, BAD_LENGTH)) {
        r->places[PLACE_LENGTH] = (int32_t)*length;
        if (recording_reads(r, value, BAD_DATA))
            memset(value, 0, *length);
    }
    return (int)recording_answer(r, 0);
}

static int record_fcntl(int fd, int command, int argument)
{
    struct recorded *r = recording_add(OP_fcntl, fd);
    bool duplicates = command == F_DUPFD || command == F_DUPFD_CLOEXEC;

    r->places[PLACE_COMMAND] = command;
    r->places[PLACE_VALUE] = argument;
    if (duplicates)
        return (int)recording_answer(r, is_open(fd) ? recorder.next_fd++ : -1);
    return (int)recording_answer(r, command == F_GETFL ? O_RDWR | O_NONBLOCK : 0);
}

static int record_ioctl(int fd, unsigned long request, int *value)
{
    struct recorded *r = recording_add(OP_ioctl, fd);

    r->places[PLACE_COMMAND] = (int64_t)request;
    if (!recording_reads(r, value, BAD_DATA))
        return (int)recording_answer(r, 0);
    r->places[PLACE_VALUE] = *value;
    if (request == FIONREAD && !fails(OP_ioctl))
        *value = RECORDER_FIONREAD;
    return (int)recording_answer(r, 0);
}

struct sockdrill_stack *recorder_stack(void)
{
    static struct sockdrill_stack stack;

    stack = (struct sockdrill_stack){
        .version = SOCKDRILL_STACK_VERSION, .name = "recorder", .checks_memory = true};
#define CALL(code, name, wants, n_default, ...) stack.name = record_##name;
#include "lists/calls.def"
#undef CALL
    return &stack;
}

const struct recorded *recorder_find(enum op op, size_t from)
{
    for (size_t i = from; i < recorder.count; i++)
        if (recorder.calls[i].op == op)
            return &recorder.calls[i];
    return NULL;
}

void recorded_print(const struct recorded *recorded)
{
    print_message("%s", call_info(recorded->op)->name);
    for (int place = 0; place < PLACES; place++)
        print_message(" %lld", (long long)recorded->places[place]);
    print_message(" parts");
    for (size_t i = 0; i < PARTS_MAX; i++)
        print_message(" %u", recorded->parts[i]);
    print_message(" control");
    for (size_t i = 0; i < recorded->control_count; i++)
        print_message(" %02x", recorded->control[i]);
    print_message(" address");
    for (size_t i = 0; i < recorded->address_count; i++)
        print_message(" %02x", recorded->address[i]);
    print_message(" bytes");
    for (size_t i = 0; i < recorded->byte_count && i < 64; i++)
        print_message(" %02x", recorded->bytes[i]);
    print_message("\n");
}

bool recorded_equal(const struct recorded *a, const struct recorded *b)
{
    return a->op == b->op && memcmp(a->places, b->places, sizeof a->places) == 0 &&
           a->byte_count == b->byte_count &&
           (a->byte_count == 0 || memcmp(a->bytes, b->bytes, a->byte_count) == 0) &&
           a->address_count == b->address_count &&
           memcmp(a->address, b->address, a->address_count) == 0 &&
           memcmp(a->parts, b->parts, sizeof a->parts) == 0 &&
           a->control_count == b->control_count &&
           memcmp(a->control, b->control, a->control_count) == 0;
}
