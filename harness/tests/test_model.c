/*
 * test_model: the model, which is the specification with the ordinary decider, comes to what the
 * kernel comes to. Every conformance drill is run on the kernel; beside it each request is carried
 * out in a world of the model's own, and what comes of it must be the same.
 *
 * What the implementer chooses is compared by kind. Ports are compared up to renaming: a port that
 * the kernel chose stands for the one that the model chose. Where a call moved another amount, or
 * showed another size of a buffer, the model goes on from what was seen.
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
#include "tests/model_differs.h"
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
static unsigned chosen[CLAUSES];

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

/* What the implementer chooses beside ports, by the clause that leaves it to him. */
static const enum clause choices[] = {
    CLAUSE_SEND_COUNT,        /* how much a buffer takes */
    CLAUSE_OPTION_BUFFER,     /* how large it is */
    CLAUSE_OPTION_IP_MTU,     /* what the path to loopback carries */
    CLAUSE_OPTION_TCP_MAXSEG, /* the initial sizes of segments and windows */
    CLAUSE_OPTION_TCP_WINDOW_CLAMP,
    CLAUSE_IOCTL_UNSENT, /* when what was sent is acknowledged */
    CLAUSE_EPOLL_COUNT,  /* the order of events that are ready */
};

/*
 * Of several errors any may be told: POSIX.1-2017, XSH 2.3. And only the machine knows what the
 * process is permitted.
 */
static bool is_other_error(const struct outcome *seen)
{
    const struct verdict *v = &step.verdict;
    bool privilege = seen->error == EACCES || seen->error == EPERM;

    for (unsigned i = 0; i < v->count && seen->result < 0; i++)
        if (v->reasons[i].error == seen->error)
            return step.prediction.result < 0 || privilege;
    return false;
}

static bool is_choice(const struct outcome *seen)
{
    const struct prediction *p = &step.prediction;
    bool amount = call_sends((enum op)step.request->op);

    if (is_other_error(seen))
        return true;
    if (step.request->act == ACT_RESUME && seen->took_us > 0)
        return true; /* an actor's call whose time was over: the world has no clock */
    if (p->has_message && seen->result == p->result && p->clause == CLAUSE_DATAGRAM_WHOLE)
        return true; /* SO_TIMESTAMP: the time of day */
    for (size_t i = 0; i < CHECK_COUNT(choices); i++)
        if (p->clause == choices[i])
            return amount || (seen->kind == p->kind && seen->result == p->result);
    return false;
}

/* Whether the model can go on from what was seen. */
static bool follows(const struct outcome *seen)
{
    world_undo(&world);
    decider = (struct decider){.kind = DECIDER_WITNESS, .seen = seen};
    do {
        spec_step(&step);
        if (spec_matches(&step, seen))
            return true;
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
        enum clause clause = step.prediction.clause;

        if (is_choice(seen) && follows(seen))
            chosen[clause]++;
        else
            report(j, seen);
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
    over = differs = false;
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

/* The reason why a drill is listed as one that differs; NULL when it is not. */
static const char *listed(const char *drill_path)
{
    const char *name = drill_path + strlen(SOCKDRILL_ROOT "/corpus/conformance/");

    for (size_t i = 0; i < CHECK_COUNT(model_differs); i++)
        if (strcmp(model_differs[i].drill, name) == 0)
            return model_differs[i].why;
    return NULL;
}

/* Runs one drill, and tells whether it differs where it must not or the other way round. */
static bool is_wrong(const char *drill_path)
{
    const char *why = listed(drill_path);

    quiet = why != NULL;
    run(drill_path);
    if (why == NULL)
        return differs;
    if (differs)
        return false;
    printf("%s: is listed and comes to the same\n", drill_path);
    return true;
}

static void test_drills_come_to_the_same(void **state)
{
    unsigned wrong = 0;
    unsigned found = 0;

    (void)state;
    assert_true(path_count > 0);
    for (size_t i = 0; i < path_count; i++) {
        found += listed(paths[i]) != NULL;
        wrong += is_wrong(paths[i]);
    }
    printf("%zu drills, %u calls compared, %u drills listed, %u beyond the specification\n",
           path_count, calls, found, unknown);
    for (unsigned i = 0; i < CLAUSES; i++)
        if (chosen[i] > 0)
            printf("chosen by the kernel: %s %u\n", clause_info((enum clause)i)->id, chosen[i]);
    assert_int_equal(wrong, 0);
    assert_int_equal(found, CHECK_COUNT(model_differs));
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
