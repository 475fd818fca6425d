/*
 * test_model: the model, which is the specification with the ordinary decider, comes to what the
 * kernel comes to. Every conformance drill is run on the kernel; beside it each request is carried
 * out in a world of the model's own, and what comes of it must be the same.
 *
 * What the implementer chooses is compared by kind, see choices. Ports are compared up to renaming:
 * a port that the kernel chose stands for the one that the model chose. Where a call moved another
 * amount, or showed another size of a buffer, the model goes on from what was seen.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engines/conform.h"
#include "engines/input.h"
#include "stacks/isolation.h"
#include "tests/support/check.h"

#define PLANTED "send/arrives_ipv4.drill"

enum { DRILLS_MAX = 4096, FOLDERS_OPEN_MAX = 16, PORTS = 65536, EPHEMERAL_MIN = 32768 };

static struct conform conform;
static struct drill drill;
static struct drill_notes notes;
static char *paths[DRILLS_MAX];
static size_t path_count;

/* The model, and what a drill's comparison has come to. */
static struct world world;
static struct undo undo;
static struct coverage coverage;
static struct decider decider;
static struct step step = {.world = &world, .decider = &decider, .coverage = &coverage};
static uint16_t model_port[PORTS]; /* by the kernel's; 0 for none */
static const char *path;           /* of the drill */
static bool over;                  /* nothing more can be compared */
static bool differs;
static uint32_t spoilt; /* the call, from 1, whose outcome a planted fault changes; 0 for none */
static bool quiet;      /* a difference is not printed */
static unsigned calls;
static unsigned unknown; /* drills with a call that the specification does not have */
static bool has_chosen;  /* the kernel, what the model would not */

/* --- ports --- */

static uint16_t *port_of(struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET)
        return &((struct sockaddr_in *)address)->sin_port;
    return address->ss_family == AF_INET6 ? &((struct sockaddr_in6 *)address)->sin6_port : NULL;
}

static void rename_port(struct sockaddr_storage *address, socklen_t size)
{
    uint16_t *port = size >= sizeof(struct sockaddr_in) ? port_of(address) : NULL;

    if (port != NULL && model_port[ntohs(*port)] != 0)
        *port = htons(model_port[ntohs(*port)]);
}

/* A port that the kernel has chosen for a socket stands for the one that the model has chosen. */
static void learn_port(struct outcome *seen)
{
    uint16_t *port = seen->address_length > 0 ? port_of(&seen->address) : NULL;
    uint16_t own = step.prediction.name.port;

    if (!step.prediction.has_name || port == NULL || ntohs(*port) < EPHEMERAL_MIN ||
        own < EPHEMERAL_MIN || step.request->op != OP_getsockname)
        return;
    model_port[ntohs(*port)] = own;
}

static void rename_seen(struct outcome *seen)
{
    rename_port(&seen->address, seen->address_length);
    for (unsigned i = 0; i < PARTS_MAX; i++)
        rename_port(&seen->messages[i].address, seen->messages[i].address_length);
}

/* --- one call --- */

static void print_side(const char *who, const struct call *call, const struct outcome *o)
{
    printf("%s ", who);
    if (call != NULL)
        outcome_print(stdout, call, o, &notes);
    else
        printf("%lld", (long long)o->result);
    if (o->address_length > 0) {
        struct sockaddr_storage name = o->address;
        uint16_t *port = port_of(&name);

        printf(" @%u", port == NULL ? 0U : ntohs(*port));
    }
}

static void report(const struct judged *j, const struct outcome *seen)
{
    static uint8_t bytes[SPEC_BYTES_MAX];
    static struct outcome model;
    const struct call *call = j->call != NULL ? j->call : j->request->resumed;

    differs = over = true;
    if (quiet)
        return;
    spec_outcome(&step, &model, bytes);
    printf("%s:%u: ", path, notes.lines[j->index]);
    if (j->call != NULL)
        drill_print_call(stdout, call, &notes);
    else
        fputs(call_info((enum op)j->request->op)->name, stdout);
    print_side(": kernel", call, seen);
    print_side(", model", call, &model);
    printf(" (%s)\n", clause_info(step.prediction.clause)->id);
}

/* --- what the implementer chooses, beside ports --- */

/* Bytes of a stream that are on their way or unread, beyond which the buffers may be full. */
enum { ROOM_SURE = 4096 };

/* How much room there is in the buffers that what a stream sends goes to. */
static bool is_full(int fd)
{
    const struct sock *s = world_sock(&world, fd);
    const struct sock *peer = s != NULL && s->peer != NO_SOCK ? &world.socks[s->peer] : NULL;

    return peer != NULL && peer->in.written - peer->in.read > ROOM_SURE;
}

static bool is_room_to_send(const struct outcome *seen)
{
    bool waits = seen->kind == OUTCOME_UNFINISHED || seen->error == EAGAIN;

    return call_sends((enum op)step.request->op) && (seen->result > 0 || waits) &&
           is_full(step.request->fd);
}

/* What the buffers have no room for comes later. */
static bool is_part_of_stream(const struct outcome *seen)
{
    const struct sock *s = world_sock(&world, step.request->fd);

    return step.request->op == OP_recv && s != NULL && s->type == SOCK_STREAM &&
           seen->result > ROOM_SURE && seen->result < step.prediction.result;
}

static bool is_room_to_write(const struct outcome *seen)
{
    const struct request *q = step.request;

    if (q->op != OP_poll)
        return false;
    for (uint32_t i = 0; i < q->fd_count; i++) {
        int other = seen->fds[i].revents ^ step.prediction.ready[i];

        if ((other & ~POLLOUT) || (other && !is_full(q->fds[i].fd)))
            return false;
    }
    return true;
}

/* A datagram for which the receive buffer need not have had room. */
static bool is_dropped(const struct outcome *seen)
{
    uint16_t piece = step.prediction.piece;

    return step.request->op == OP_recv && seen->error == EAGAIN && piece != NO_PIECE &&
           world.pieces[piece].droppable;
}

/* How large a buffer is, what the path to loopback carries, how fine the clock is. */
static bool is_size(const struct outcome *seen)
{
    static const enum clause sizes[] = {CLAUSE_OPTION_BUFFER, CLAUSE_OPTION_IP_MTU,
                                        CLAUSE_OPTION_RCVTIMEO, CLAUSE_OPTION_SNDTIMEO,
                                        CLAUSE_OPTION_LINGER};

    if (step.request->op == OP_ioctl && step.prediction.clause == CLAUSE_IOCTL_UNSENT)
        return seen->result == 0;
    for (size_t i = 0; i < CHECK_COUNT(sizes); i++)
        if (step.request->op == OP_getsockopt && step.prediction.clause == sizes[i])
            return seen->result == 0 && seen->data_size == step.prediction.option_size;
    return false;
}

/* In which order events that are there are told: epoll_wait(2) gives none. */
static bool is_order(const struct outcome *seen)
{
    const struct prediction *p = &step.prediction;
    unsigned found = 0;

    if (step.request->op != OP_epoll_wait || seen->result != p->result)
        return false;
    for (int64_t i = 0; i < p->result; i++)
        for (int64_t k = 0; k < p->result; k++)
            if (!(found >> k & 1) && seen->events[i].events == p->events[k].events &&
                seen->events[i].data.u64 == p->events[k].data.u64) {
                found |= 1U << k;
                break;
            }
    return found == (1U << p->result) - 1;
}

/* What time of day it is: SO_TIMESTAMP. All else that comes with the message must be the same. */
static bool is_time_of_day(const struct outcome *seen)
{
    static uint8_t bytes[SPEC_BYTES_MAX];
    static uint8_t control[CONTROL_BYTES_MAX];
    static struct outcome model;
    struct msghdr of_seen = {.msg_control = control, .msg_controllen = seen->control_size};
    struct msghdr of_model = {0};
    struct cmsghdr *b;
    bool any = false;

    spec_outcome(&step, &model, bytes);
    if (!step.prediction.has_message || model.control_size != seen->control_size)
        return false;
    memcpy(control, seen->control, seen->control_size);
    of_model.msg_control = bytes + DATA_BYTES_MAX;
    of_model.msg_controllen = model.control_size;
    b = CMSG_FIRSTHDR(&of_model);
    for (struct cmsghdr *a = CMSG_FIRSTHDR(&of_seen); a != NULL && b != NULL;
         a = CMSG_NXTHDR(&of_seen, a), b = CMSG_NXTHDR(&of_model, b))
        if (a->cmsg_level == SOL_SOCKET && a->cmsg_type == SO_TIMESTAMP &&
            a->cmsg_len == b->cmsg_len) {
            memcpy(CMSG_DATA(a), CMSG_DATA(b), a->cmsg_len - CMSG_LEN(0));
            any = true;
        }
    return any && memcmp(control, bytes + DATA_BYTES_MAX, seen->control_size) == 0;
}

/* When an actor's call is looked at, its time may be over: the world has no clock. */
static bool is_time_over(const struct outcome *seen)
{
    const struct blocked *b;

    if (step.request->act != ACT_RESUME)
        return false;
    b = &world.actors[step.request->actor - 1];
    return b->under_way && b->limit_us > 0 && seen->took_us >= b->limit_us;
}

static struct {
    const char *what;
    bool (*is)(const struct outcome *seen);
    unsigned calls;
} choices[] = {
    {"how much room the buffers have", is_room_to_send, 0},
    {"how much comes through them at once", is_part_of_stream, 0},
    {"whether there is room for more", is_room_to_write, 0},
    {"whether a datagram beyond the buffer is dropped", is_dropped, 0},
    {"a size, or how fine a time is", is_size, 0},
    {"the order of events that are ready", is_order, 0},
    {"the time of day", is_time_of_day, 0},
    {"that the time of an actor's call is over", is_time_over, 0},
};

/* The choice that the outcome is, from 1; 0 for none. */
static unsigned choice_of(const struct outcome *seen)
{
    for (unsigned i = 0; i < CHECK_COUNT(choices); i++)
        if (choices[i].is(seen))
            return i + 1;
    return 0;
}

/* Whether the model can go on from what was seen. */
static bool follows(const struct outcome *seen)
{
    const struct sock *s = world_sock(&world, step.request->fd);

    world_undo(&world);
    if (is_part_of_stream(seen)) /* what else it holds to have arrived has not */
        sock_edit(&world, s)->in.arrived = s->in.read + (uint64_t)seen->result;
    decider = (struct decider){.kind = DECIDER_WITNESS, .seen = seen};
    do {
        spec_step(&step);
        if (spec_matches(&step, seen)) {
            decider.kind = DECIDER_ORDINARY; /* the witness says nothing of what has arrived */
            spec_settle(&step);
            return true;
        }
        world_undo(&world);
    } while (!decider.overflow && decider_next(&decider));
    return false;
}

static void compare(const struct judged *j, struct request *request, struct outcome *seen)
{
    step.request = request;
    decider = (struct decider){.kind = DECIDER_ORDINARY, .seen = seen};
    spec_step(&step);
    if (spoilt == j->index + 1 && j->call != NULL)
        seen->result++;
    learn_port(seen);
    rename_seen(seen);
    calls++;
    if (!spec_matches(&step, seen)) {
        unsigned choice = choice_of(seen);

        if (choice > 0 && follows(seen)) {
            choices[choice - 1].calls++;
            has_chosen = true;
        } else {
            report(j, seen);
        }
    }
    world_commit(&world);
}

static void beside(void *context, const struct judged *j)
{
    static struct request request;
    static struct outcome seen;
    struct sockaddr_storage address;

    (void)context;
    if (over || j->audit || !j->made)
        return;
    judged_as_given(j, &request, &seen);
    if (j->call != NULL && conform_not_socket(j->call, &request) >= 0)
        world_open_other(&world, conform_not_socket(j->call, &request));
    if (!spec_knows(&request)) {
        unknown++;
        over = true;
        return;
    }
    if (request.address.data != NULL && request.address.size <= sizeof address) {
        memcpy(&address, request.address.data, request.address.size);
        rename_port(&address, request.address.size);
        request.address.data = (const uint8_t *)&address;
    }
    compare(j, &request, &seen);
}

/* --- drills --- */

static void run(const char *drill_path)
{
    static char error[INPUT_ERROR_MAX];

    path = drill_path;
    if (!input_parse(path, &drill, &notes, error))
        fail_msg("%s", error);
    memset(model_port, 0, sizeof model_port);
    over = differs = has_chosen = false;
    world_commit(&world);
    world_reset(&world);
    for (int fd = 0; fd < FDS_MAX; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            world_open_other(&world, fd);
    world_commit(&world);
    conform_drill(&conform, &drill);
}

static int visit(const char *file, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)where;
    if (type != FTW_F || !input_has_ending(file, ".drill"))
        return 0;
    assert_true(path_count < DRILLS_MAX);
    paths[path_count++] = strdup(file);
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int set_up(void **state)
{
    (void)state;
    nftw(SOCKDRILL_ROOT "/corpus/conformance", visit, FOLDERS_OPEN_MAX, FTW_PHYS);
    qsort(paths, path_count, sizeof *paths, by_name);
    conform_init(&conform, &sockdrill_stack_kernel, &profile_linux, false);
    conform.patient = true;
    conform.own_ports = true;
    conform.report = beside;
    world_init(&world, &profile_linux);
    world.settle_ms = conform.settle_ms;
    world.undo = &undo;
    return 0;
}

static void test_drills_come_to_the_same(void **state)
{
    unsigned wrong = 0;
    unsigned open = 0;

    (void)state;
    assert_true(path_count > 0);
    for (size_t i = 0; i < path_count; i++) {
        run(paths[i]);
        wrong += differs;
        open += has_chosen;
    }
    printf("%zu drills, %u calls compared; %u differ, %u in what is the kernel's choice, "
           "%u beyond the specification\n",
           path_count, calls, wrong, open, unknown);
    for (size_t i = 0; i < CHECK_COUNT(choices); i++) {
        printf("chosen by the kernel: %s: %u calls\n", choices[i].what, choices[i].calls);
        assert_true(choices[i].calls > 0);
    }
    assert_int_equal(wrong, 0);
}

/* A result that is another than the kernel's is noticed, in every call of a drill. */
static void test_a_changed_outcome_differs(void **state)
{
    const char *drill_path = SOCKDRILL_ROOT "/corpus/conformance/" PLANTED;

    (void)state;
    quiet = true;
    run(drill_path);
    assert_false(differs);
    for (uint32_t i = 0, count = drill.call_count; i < count; i++) {
        spoilt = i + 1;
        run(drill_path);
        spoilt = 0;
        assert_true(differs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_drills_come_to_the_same),
                                       cmocka_unit_test(test_a_changed_outcome_differs)};

    signal(SIGPIPE, SIG_IGN);
    if (!isolation_enter_keeping())
        return CHECK_SKIPPED;
    return cmocka_run_group_tests(tests, set_up, NULL);
}
