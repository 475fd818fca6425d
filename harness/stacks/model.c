/* model: see model.h. The table's functions stand in model_calls.c. */
#include "stacks/model.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "spec/ancillary.h"
#include "spec/queue.h"
#include "stacks/executor.h"

static struct world world;
static struct coverage coverage;
static struct decider decider = {.kind = DECIDER_ORDINARY};
static struct step step = {.world = &world, .decider = &decider, .coverage = &coverage};

/* Descriptors of the process itself show as what they are: open, and no socket. */
static void look_at(int fd)
{
    bool open;

    if (fd < NOT_SOCKET_MIN || fd >= FDS_MAX || world_sock(&world, fd) != NULL ||
        world_epoll(&world, fd) != NO_EPOLL)
        return;
    open = fcntl(fd, F_GETFD) >= 0;
    if (open)
        world_open_other(&world, fd);
    else if (world_fd(&world, fd) != NULL)
        world_close(&world, fd);
}

struct request model_request(enum op op, int fd)
{
    if (world.profile == NULL)
        world_init(&world, &profile_linux);
    look_at(fd);
    return (struct request){.op = (uint8_t)op, .fd = fd, .other_fd = -1, .timeout_ms = -1};
}

/* Nobody else is there whom waiting could help. */
static bool pass(struct model_wait *wait)
{
    struct timespec rest = {.tv_sec = wait->limit_us / 1000000,
                            .tv_nsec = (long)(wait->limit_us % 1000000) * 1000};

    while (wait->limit_us > 0 && nanosleep(&rest, &rest) != 0 && errno == EINTR)
        continue;
    return false;
}

bool (*model_waits)(struct model_wait *wait) = pass;

int model_or_interrupted(int result, const struct model_wait *wait)
{
    if (!wait->interrupted)
        return result;
    errno = EINTR;
    return -1;
}

static void nothing(bool hopeless)
{
    (void)hopeless;
}

void (*model_idles)(bool hopeless) = nothing;

/* Calls in a row that have moved nothing: those that were too early, and others. */
static unsigned early;
static unsigned hopeless;

static uint64_t moved;

uint64_t model_progress(void)
{
    return moved;
}

static void look_for_progress(void)
{
    if (early >= MODEL_IDLE_CALLS) {
        early = 0;
        model_idles(false);
    }
    if (hopeless >= MODEL_HOPELESS_CALLS) {
        hopeless = 0;
        model_idles(true);
    }
}

/* Calls of which it counts whether they move anything. */
static bool moves(enum op op)
{
    return call_sends(op) || call_receives(op) || op == OP_accept || op == OP_accept4 ||
           op == OP_connect;
}

bool model_is_part;

static void count_look(int64_t ready)
{
    early += ready == 0;
    hopeless += ready != 0;
}

void model_looked(int ready)
{
    model_is_part = false;
    count_look(ready);
}

static void count_idle(enum op op, int64_t result)
{
    bool is_early = errno == EAGAIN || errno == EINPROGRESS || errno == EALREADY;

    if (model_is_part)
        return;
    if (call_waits_for_events(op)) {
        count_look(result);
    } else if (moves(op)) {
        bool progress = result > 0 || (op == OP_connect && result == 0);

        moved += progress;
        early = progress ? 0 : early + (result < 0 && is_early);
        hopeless = progress ? 0 : hopeless + !(result < 0 && is_early);
    }
}

static bool is_waiting(void)
{
    return step.prediction.kind == OUTCOME_UNFINISHED || step.prediction.least_us > 0;
}

static int64_t limit_of(const struct prediction *p)
{
    return p->kind == OUTCOME_UNFINISHED ? -1 : p->least_us;
}

bool model_is_privileged;

/* A process that may bind any port: what most others fail with is only one of the outcomes. */
static void bind_privileged(void)
{
    static const struct outcome seen = {.kind = OUTCOME_RETURNED};

    decider = (struct decider){.kind = DECIDER_WITNESS, .seen = &seen};
    spec_step(&step);
    decider = (struct decider){.kind = DECIDER_ORDINARY};
}

enum model_course (*model_answers)(struct request *request);
void (*model_answered)(const struct request *request, int64_t result);

void (*model_saw)(const struct request *request, enum model_stage stage);

void model_outcome(struct outcome *outcome, uint8_t *buffer)
{
    spec_outcome(&step, outcome, buffer);
}

static void tell(const struct request *asked, enum model_stage stage)
{
    if (model_saw != NULL)
        model_saw(asked, stage);
}

/* What a call comes to that is not carried out. */
static int64_t answered(const struct request *asked, enum model_course course)
{
    int64_t result = course == MODEL_FAILS ? -1 : 0;

    if (result < 0)
        tell(asked, MODEL_REFUSED);
    count_idle((enum op)asked->op, result);
    return result;
}

/* A call as it was asked for, of which the request may be less. */
static int64_t carry_out(const struct request *asked, const struct request *request,
                         bool is_interrupted)
{
    const struct prediction *p = &step.prediction;
    struct model_wait wait = {.restarts = !call_waits_for_events((enum op)request->op)};
    bool told = false;

    look_at(request->other_fd);
    for (uint32_t i = 0; i < request->fd_count; i++)
        look_at(request->fds[i].fd);
    if (!spec_knows(request)) {
        errno = ENOSYS;
        return -1;
    }
    do {
        step.request = request;
        spec_step(&step);
        if (p->error == EACCES && p->result < 0 && request->op == OP_bind && model_is_privileged)
            bind_privileged();
        wait.limit_us = limit_of(p);
        if (is_waiting() && p->result <= 0 && !told) {
            tell(asked, MODEL_WAITS);
            told = true;
        }
        if (is_interrupted && told) {
            tell(asked, MODEL_INTERRUPTED);
            errno = EINTR;
            return -1;
        }
    } while (is_waiting() && p->result <= 0 && model_waits(&wait));
    if (wait.interrupted) {
        tell(asked, MODEL_INTERRUPTED);
        return model_or_interrupted(-1, &wait);
    }
    tell(asked, MODEL_ENDS);
    if (p->result < 0)
        errno = p->kind == OUTCOME_UNFINISHED ? EAGAIN : p->error;
    count_idle((enum op)request->op, p->result);
    return p->result;
}

int64_t model_make(const struct request *asked)
{
    struct request request;
    enum model_course course;
    int64_t result;

    look_for_progress();
    if (model_answers == NULL || model_is_part)
        return carry_out(asked, asked, false);
    request = *asked;
    course = model_answers(&request);
    if (course == MODEL_FAILS || course == MODEL_IS_DONE)
        return answered(asked, course);
    result = carry_out(asked, &request, course == MODEL_IS_INTERRUPTED);
    model_answered(&request, result);
    return result;
}

bool model_goes_on(void)
{
    struct model_wait wait = {.limit_us = limit_of(&step.prediction)};

    return is_waiting() && step.prediction.result > 0 && model_waits(&wait);
}

struct world *model_world(void)
{
    return &world;
}

const struct prediction *model_prediction(void)
{
    return &step.prediction;
}

void model_show(uint16_t piece, uint32_t offset, uint32_t length, struct model_room *room)
{
    while (length > 0 && room->count > 0) {
        size_t left = room->parts->iov_len - room->filled;
        uint32_t size = left < length ? (uint32_t)left : length;

        for (; offset > 0 && offset >= world.pieces[piece].bytes.length;
             piece = world.pieces[piece].next)
            offset -= world.pieces[piece].bytes.length;
        queue_copy_part(&world, piece, offset, size,
                        (uint8_t *)room->parts->iov_base + room->filled);
        offset += size;
        length -= size;
        room->filled += size;
        if (room->filled == room->parts->iov_len)
            *room = (struct model_room){.parts = room->parts + 1, .count = room->count - 1};
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
    early = hopeless = 0;
    model_forget();
}

static struct world places[MODEL_PLACES];

void model_save(unsigned place)
{
    world_init(&places[place], world.profile);
    world_copy(&places[place], &world);
}

void model_restore(unsigned place)
{
    world_copy(&world, &places[place]);
    early = hopeless = 0;
    model_forget();
}
