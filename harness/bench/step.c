/*
 * step: what one step of the specification costs with the ordinary decider, which is what the
 * fuzzer runs code under test on. Usage: bench_step ROUNDS DRILL. Prints lines of what and how
 * much: nanoseconds of a send and of a recv on an established stream, the mean over the drill's
 * calls (each is checked to come to what the kernel makes of it), the bytes of a world.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "engines/input.h"
#include "spec/spec.h"
#include "stacks/executor.h"
#include "stacks/isolation.h"

enum { ROUNDS_MAX = 999, TRANSFERS = 1000, REPEATS = 50 };

/* A call as it was recorded. */
struct recorded {
    struct request request;
    struct outcome outcome;
    union name_room address;
    uint8_t optval[OPTION_BYTES_MAX];
    struct pollfd fds[POLL_ENTRIES_MAX];
};

static struct world world;
static struct coverage coverage;
static struct decider decider = {.kind = DECIDER_ORDINARY};
static struct step step = {.world = &world, .decider = &decider, .coverage = &coverage};
static struct recorded trace[DRILL_CALLS_MAX];
static unsigned trace_length;

/* Descriptors that the process had before the drill. */
static int inherited[FDS_MAX];
static unsigned inherited_count;

static void begin(void)
{
    world_reset(&world);
    for (unsigned i = 0; i < inherited_count; i++)
        world_open_other(&world, inherited[i]);
}

static void make(const struct request *request)
{
    step.request = request;
    spec_step(&step);
}

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "bench_step: %s\n", what);
    exit(1);
}

/* --- transfers --- */

/* Makes a call that must not fail and returns its result. */
static int must(struct request request)
{
    make(&request);
    require(step.prediction.result >= 0, "a connection cannot be made");
    return (int)step.prediction.result;
}

/* Connects two sockets in an empty world: the ends are in fds. */
static void establish(int fds[2])
{
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(20001), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct bytes address = {(uint8_t *)&name, sizeof name};
    int listener;

    begin();
    listener = must((struct request){.op = OP_socket, .domain = AF_INET, .type = SOCK_STREAM});
    must((struct request){.op = OP_bind, .fd = listener, .address = address});
    must((struct request){.op = OP_listen, .fd = listener, .value = 1});
    fds[0] = must((struct request){.op = OP_socket, .domain = AF_INET, .type = SOCK_STREAM});
    must((struct request){.op = OP_connect, .fd = fds[0], .address = address});
    fds[1] = must((struct request){.op = OP_accept, .fd = listener, .name_null = true});
}

static double time_transfers(const struct request *request, int64_t expected)
{
    double start = clock_ns();

    for (unsigned i = 0; i < TRANSFERS; i++)
        make(request);
    start = (clock_ns() - start) / TRANSFERS;
    require(step.prediction.result == expected, "a transfer went wrong");
    return start;
}

static void bench_transfers(unsigned rounds)
{
    static const uint8_t text[18] = "GET / HTTP/1.0\r\n\r\n";
    static double sends[ROUNDS_MAX];
    static double recvs[ROUNDS_MAX];
    int fds[2];

    for (unsigned round = 0; round < rounds; round++) {
        struct request send = {.op = OP_send, .sent = {text, sizeof text, sizeof text}};
        struct request recv = {.op = OP_recv, .room = sizeof text};

        establish(fds);
        send.fd = fds[0];
        recv.fd = fds[1];
        sends[round] = time_transfers(&send, sizeof text);
        recvs[round] = time_transfers(&recv, sizeof text);
    }
    printf("send\t%.1f\nrecv\t%.1f\n", clock_median(sends, rounds), clock_median(recvs, rounds));
}

/* --- the drill --- */

static void record(void *context, const struct call *call, const struct request *request,
                   const struct outcome *outcome)
{
    struct recorded *r = &trace[trace_length++];

    (void)context;
    (void)call;
    *r = (struct recorded){.request = *request, .outcome = *outcome};
    if (request->address.data != NULL) {
        require(request->address.size <= sizeof r->address, "an address is too long");
        memcpy(&r->address, request->address.data, request->address.size);
        r->request.address.data = r->address.bytes;
    }
    if (request->optval.data != NULL) {
        require(request->optval.size <= sizeof r->optval, "an option is too long");
        memcpy(r->optval, request->optval.data, request->optval.size);
        r->request.optval.data = r->optval;
    }
    if (request->fds != NULL) {
        memcpy(r->fds, request->fds, request->fd_count * sizeof *r->fds);
        r->request.fds = r->fds;
    }
}

static void record_drill(const char *path)
{
    static struct executor executor;
    static struct drill drill;
    static struct drill_notes notes;
    char error[INPUT_ERROR_MAX];

    require(input_parse(path, &drill, &notes, error), error);
    executor_init(&executor, &sockdrill_stack_kernel);
    executor.loopback_only = !isolation_entered();
    executor.observe = record;
    for (int fd = 0; fd < FDS_MAX; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            inherited[inherited_count++] = fd;
    executor_drill(&executor, &drill);
}

/* What is timed must be what happened: the ordinary decider is as the kernel was. */
static void check_drill(void)
{
    begin();
    for (unsigned i = 0; i < trace_length; i++) {
        const struct outcome *o = &trace[i].outcome;

        require(spec_knows(&trace[i].request), "the specification does not know a call");
        make(&trace[i].request);
        if (step.prediction.result == o->result && step.prediction.error == o->error)
            continue;
        fprintf(stderr,
                "bench_step: call %u, %s: the kernel returned %lld, the specification %lld\n",
                i + 1, call_info((enum op)trace[i].request.op)->name, (long long)o->result,
                (long long)step.prediction.result);
        exit(1);
    }
}

static void bench_drill(unsigned rounds)
{
    static double means[ROUNDS_MAX];

    check_drill();
    for (unsigned round = 0; round < rounds; round++) {
        double start = clock_ns();

        for (unsigned repeat = 0; repeat < REPEATS; repeat++) {
            begin();
            for (unsigned i = 0; i < trace_length; i++)
                make(&trace[i].request);
        }
        means[round] = (clock_ns() - start) / REPEATS / trace_length;
    }
    printf("mean\t%.1f\n", clock_median(means, rounds));
}

int main(int argc, char **argv)
{
    long rounds = argc == 3 ? strtol(argv[1], NULL, 10) : 0;

    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_step ROUNDS DRILL\n");
        return 1;
    }
    isolation_enter();
    world_init(&world, &profile_linux);
    record_drill(argv[2]);
    bench_transfers((unsigned)rounds);
    bench_drill((unsigned)rounds);
    printf("world\t%zu\n", sizeof world);
    return 0;
}
