/* model: see model.h. The table's functions stand in model_calls.c. */
#include "stacks/model.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "spec/ancillary.h"
#include "spec/queue.h"
#include "stacks/executor.h"

/* Room for what all calls of a drill may send; pages that are not touched cost nothing. */
enum { SENT_BYTES_MAX = DRILL_CALLS_MAX * DATA_BYTES_MAX };

static struct world world;
static struct coverage coverage;
static struct decider decider = {.kind = DECIDER_ORDINARY};
static struct request request;
static struct step step = {
    .world = &world, .request = &request, .decider = &decider, .coverage = &coverage};
static uint8_t *sent; /* what has been sent, one after another */
static size_t sent_size;

/* Descriptors of the process itself show as what they are: open, and no socket. */
static void look_at(int fd)
{
    bool open;

    if (fd < NOT_SOCKET_MIN || fd >= FDS_MAX || world_sock(&world, fd) != NULL)
        return;
    open = fcntl(fd, F_GETFD) >= 0;
    if (open)
        world_open_other(&world, fd);
    else if (world_fd(&world, fd) != NULL)
        world_close(&world, fd);
}

struct request *model_begin(enum op op, int fd)
{
    if (world.profile == NULL)
        world_init(&world, &profile_linux);
    look_at(fd);
    request = (struct request){.op = (uint8_t)op, .fd = fd, .other_fd = -1, .timeout_ms = -1};
    return &request;
}

static void pass(int64_t us)
{
    struct timespec rest = {.tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000};

    while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
        continue;
}

int64_t model_make(void)
{
    const struct prediction *p = &step.prediction;

    look_at(request.other_fd);
    for (uint32_t i = 0; i < request.fd_count; i++)
        look_at(request.fds[i].fd);
    if (!spec_knows(&request)) {
        errno = ENOSYS;
        return -1;
    }
    spec_step(&step);
    pass(p->least_us);
    if (p->result < 0)
        errno = p->kind == OUTCOME_UNFINISHED ? EAGAIN : p->error;
    return p->result;
}

const struct prediction *model_prediction(void)
{
    return &step.prediction;
}

bool model_keep(const struct iovec *parts, size_t count)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++)
        size += parts[i].iov_len;
    if (sent == NULL)
        sent = mmap(NULL, SENT_BYTES_MAX, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (sent == MAP_FAILED || size > SENT_BYTES_MAX - sent_size) {
        errno = ENOBUFS;
        return false;
    }
    request.sent = (struct payload){sent + sent_size, (uint32_t)size, (uint32_t)size};
    for (size_t i = 0; i < count; i++) {
        if (parts[i].iov_len > 0)
            memcpy(sent + sent_size, parts[i].iov_base, parts[i].iov_len);
        sent_size += parts[i].iov_len;
    }
    return true;
}

void model_show(uint16_t piece, uint32_t offset, uint32_t length, const struct iovec *parts,
                size_t count)
{
    for (size_t i = 0; i < count && length > 0; i++) {
        uint32_t size = parts[i].iov_len < length ? (uint32_t)parts[i].iov_len : length;

        for (; offset > 0 && offset >= world.pieces[piece].bytes.length;
             piece = world.pieces[piece].next)
            offset -= world.pieces[piece].bytes.length;
        queue_copy_part(&world, piece, offset, size, parts[i].iov_base);
        offset += size;
        length -= size;
    }
}

void model_name(const struct endpoint *name, int family, struct sockaddr *address, socklen_t *size)
{
    struct sockaddr_storage whole;
    socklen_t needed = endpoint_write(name, family, &whole);

    memcpy(address, &whole, needed < *size ? needed : *size);
    *size = needed;
}

size_t model_control(const struct shown_message *message, size_t room, void *control, int *flags)
{
    return ancillary_write(message, room, control, flags);
}

void model_reset(void)
{
    if (world.profile != NULL)
        world_reset(&world);
    sent_size = 0;
}
