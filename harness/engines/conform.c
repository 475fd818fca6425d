/* conform: see conform.h. The audit stands in audit.c. */
#include "engines/conform.h"

#include <string.h>

#include "engines/barrier.h"
#include "stacks/isolation.h"

/*
 * How long everything takes to arrive: Linux holds what is corked back for 200 ms (tcp(7)), and a
 * TCP may delay an acknowledgement by 500 ms.
 */
enum { SETTLE_MS = 600, WAIT_MS = 300, PATIENCE_MS = 100, DRILL_LATE_MS = 6000 };

/* How long a call may wait that ends by its time, and one that was drawn. */
enum { BLOCK_MS = 200, BLOCK_DRAWN_MS = 5 };

static void worse(struct conform *c, enum judgement judgement)
{
    if (judgement == JUDGEMENT_DEVIATES || c->worst == JUDGEMENT_CONFORMS)
        c->worst = judgement;
}

enum standing standing_of(const struct world *w, int fd)
{
    static const uint8_t streams[SOCK_STATES] = {
        [SOCK_LISTENING] = STANDING_LISTENING, [SOCK_CONNECTING] = STANDING_CONNECTING,
        [SOCK_CONNECTED] = STANDING_CONNECTED, [SOCK_FAILED] = STANDING_OVER,
        [SOCK_ENDED] = STANDING_OVER,
    };
    const struct sock *s = world_sock(w, fd);

    if (s == NULL)
        return world_fd(w, fd) != NULL ? STANDING_OTHER : STANDING_CLOSED;
    if (s->type == SOCK_DGRAM && s->has_remote)
        return STANDING_DATAGRAM_CONNECTED;
    if (s->type == SOCK_DGRAM)
        return s->bound ? STANDING_DATAGRAM_BOUND : STANDING_DATAGRAM;
    if (s->state == SOCK_IDLE)
        return s->bound ? STANDING_STREAM_BOUND : STANDING_STREAM;
    return (enum standing)streams[s->state];
}

const char *standing_name(enum standing standing)
{
    static const char *const names[STANDINGS] = {
        "no descriptor", "closed",         "no socket",       "TCP, new",
        "TCP, bound",    "TCP, listening", "TCP, connecting", "TCP, connected",
        "TCP, over",     "UDP, new",       "UDP, bound",      "UDP, connected",
    };

    return names[standing];
}

int conform_not_socket(const struct call *call, const struct request *request)
{
    if (call_has(call->op, ARG_FD) && call->fd == FD_NOT_SOCKET)
        return request->fd;
    if (call_has(call->op, ARG_OTHER_FD) && call->other_fd == FD_NOT_SOCKET)
        return request->other_fd;
    for (unsigned i = 0; i < call->entry_count; i++)
        if (call->entries[i].fd == FD_NOT_SOCKET)
            return request->fds[i].fd;
    return -1;
}

static int entry_fd(const struct request *q)
{
    bool set = call_has((enum op)q->op, ARG_POLL_SET) || call_has((enum op)q->op, ARG_SELECT_SET);

    return set ? (q->fd_count > 0 ? q->fds[0].fd : -1) : q->fd;
}

void judged_describe(struct judged *j, const struct world *w)
{
    const struct request *q = j->request;
    const struct sock *s = q->op == OP_socket ? NULL : world_sock(w, entry_fd(q));

    j->standing = q->op == OP_socket ? STANDING_NONE : standing_of(w, entry_fd(q));
    j->type = q->op == OP_socket ? q->type : s != NULL ? s->type : 0;
    j->family = q->op == OP_socket ? q->domain : s != NULL ? s->family : 0;
}

static void count(struct conform *c, const struct judged *j)
{
    struct conform_count *count = &c->counts[j->request->op];
    bool succeeded = j->outcome->kind == OUTCOME_RETURNED && j->outcome->result >= 0;

    count->deviated += j->judgement == JUDGEMENT_DEVIATES;
    count->inconclusive += j->judgement == JUDGEMENT_INCONCLUSIVE;
    for (unsigned i = 0; i < CLAUSES; i++) {
        count->coverage.clauses[i].exercised += c->oracle.coverage.clauses[i].exercised;
        count->coverage.clauses[i].decided += c->oracle.coverage.clauses[i].decided;
    }
    if (j->call == NULL || j->audit)
        return;
    count->all.made++;
    count->all.succeeded += succeeded;
    count->standings[j->standing].made++;
    count->standings[j->standing].succeeded += succeeded;
}

/* How long a poll that came to nothing was given, if that was too short to tell; otherwise -1. */
static int cut_ms(const struct conform *c, const struct request *q, const struct outcome *o)
{
    const struct executor *e = &c->executor;
    int given_ms = e->wait_ms < c->wait_left_ms ? e->wait_ms : c->wait_left_ms;
    bool cut = q->timeout_ms == -1 || q->timeout_ms > given_ms ||
               (q->timeout_ms < 0 && (q->op == OP_poll || q->op == OP_epoll_wait));

    if (q->act == ACT_RESUME)
        return o->kind == OUTCOME_UNFINISHED ? q->waited_ms : -1;
    if (q->actor != 0 || o->took_us > 0)
        return -1;
    return call_waits_for_events((enum op)q->op) && o->error == 0 && o->result <= 0 &&
                   given_ms < c->settle_ms && cut
               ? given_ms
               : -1;
}

void judged_as_given(const struct judged *j, struct request *request, struct outcome *outcome)
{
    *request = *j->request;
    *outcome = *j->outcome;
    if (j->waited_ms < 0)
        return;
    if (request->act == ACT_RESUME) {
        request->waited_ms = j->waited_ms;
        return;
    }
    request->timeout_ms = j->waited_ms;
    outcome->kind = OUTCOME_RETURNED;
    outcome->result = 0;
}

enum judgement judged_by(struct oracle *oracle, const struct judged *j)
{
    struct request request;
    struct outcome outcome;

    if (j->waited_ms < 0)
        return oracle_judge(oracle, j->request, j->outcome);
    judged_as_given(j, &request, &outcome);
    return oracle_judge(oracle, &request, &outcome);
}

static void judge(void *context, const struct call *call, const struct request *request,
                  const struct outcome *outcome)
{
    struct conform *c = context;
    struct judged j = {.call = call,
                       .request = request,
                       .outcome = outcome,
                       .index = c->index,
                       .audit = c->audits,
                       .waited_ms = cut_ms(c, request, outcome),
                       .made = outcome_made(outcome)};

    /* The executor opens the descriptor that is no socket when a drill first names it. */
    if (call != NULL && conform_not_socket(call, request) >= 0)
        oracle_knows_other(&c->oracle, conform_not_socket(call, request));
    c->result = outcome->result;
    judged_describe(&j, oracle_world(&c->oracle));
    memset(&c->oracle.coverage, 0, sizeof c->oracle.coverage);
    if (j.made) {
        j.judgement = judged_by(&c->oracle, &j);
        worse(c, j.judgement);
        if (c->counts_calls)
            count(c, &j);
    } else if (c->counts_calls) {
        c->counts[request->op].unsupported++;
    }
    if (c->report != NULL)
        c->report(c->context, &j);
}

void conform_init(struct conform *c, const struct sockdrill_stack *stack,
                  const struct profile *profile, bool late)
{
    executor_init(&c->executor, stack);
    c->executor.reveal_names = true;
    c->executor.abort_at_end = true;
    c->executor.drill_wait_ms = late ? DRILL_LATE_MS : WAIT_MS;
    c->executor.observe = judge;
    c->executor.context = c;
    c->settle_ms = SETTLE_MS;
    c->late = late;
    c->slow = false;
    c->patient = false;
    c->counts_calls = true;
    c->report = NULL;
    c->own_ports = false;
    c->port_sets = 0;
    oracle_init(&c->oracle, profile, c->settle_ms);
    if (!conform_keeps_time_wait(stack->name))
        oracle_without_time_wait(&c->oracle);
}

void conform_isolated(struct conform *c, bool isolated)
{
    c->executor.loopback_only = !isolated;
    c->slow = isolated && c->executor.stack == &sockdrill_stack_kernel && barrier_is_slow();
    if (c->slow)
        oracle_is_slow(&c->oracle);
}

bool conform_keeps_time_wait(const char *stack)
{
    return strcmp(stack, sockdrill_stack_kernel.name) == 0;
}

/*
 * What is left of closed connections holds their ports for a minute, and at full speed there are
 * too few for that: then the namespace is changed for a fresh one.
 */
static uint16_t take_ports(struct conform *c)
{
    enum { FIRST = 2000, SETS = 4000 };

    if (c->port_sets == SETS) {
        isolation_renew();
        c->port_sets = 0;
    }
    return (uint16_t)(FIRST + PORTS_FIXED * c->port_sets++);
}

void conform_begin(struct conform *c)
{
    c->worst = JUDGEMENT_CONFORMS;
    c->index = 0;
    c->audits = false;
    c->executor.port_base = c->own_ports ? take_ports(c) : PORT_BASE;
    oracle_begin(&c->oracle);
    executor_begin(&c->executor);
}

static bool awaits(const struct conform *c, unsigned slot)
{
    const struct world *w = oracle_world(&c->oracle);
    const struct sock *s = slot < SLOTS_MAX ? world_sock(w, c->executor.slots[slot]) : NULL;

    return s != NULL && conform_awaits(w, s);
}

/*
 * How long a call is waited for: as long as it takes if the world has something under way. On a
 * stack that is not late the audit sees to that, once for a drill.
 */
static int wait_for(struct conform *c, const struct call *call)
{
    bool waits = call_has(call->op, ARG_FD) && awaits(c, call->fd);

    if (call->act == ACT_RESUME)
        return !c->slow && oracle_must_end(&c->oracle, call->actor) ? c->settle_ms : 0;
    if (!c->late && !c->patient)
        return 0;
    for (unsigned i = 0; i < call->entry_count && !waits; i++)
        waits = awaits(c, call->entries[i].fd);
    if (waits)
        return c->settle_ms;
    return call->op == OP_connect || call_has(call->op, ARG_DATA) ? PATIENCE_MS : 0;
}

void conform_call(struct conform *c, const struct call *call)
{
    c->executor.wait_ms = wait_for(c, call);
    c->executor.block_ms = c->patient ? BLOCK_MS : BLOCK_DRAWN_MS;
    c->wait_left_ms = c->executor.wait_left_ms;
    executor_call(&c->executor, call);
    c->index++;
}

enum judgement conform_end(struct conform *c)
{
    if (c->worst == JUDGEMENT_CONFORMS)
        conform_audit(c);
    executor_end(&c->executor);
    barrier_clear(); /* what is still on its way might reach the next drill */
    return c->worst;
}

enum judgement conform_drill(struct conform *c, const struct drill *drill)
{
    conform_begin(c);
    for (uint32_t i = 0; i < drill->call_count; i++)
        conform_call(c, &drill->calls[i]);
    return conform_end(c);
}

void conform_coverage(const struct conform *c, struct coverage *coverage)
{
    memset(coverage, 0, sizeof *coverage);
    for (unsigned op = 0; op < OPS; op++) {
        for (unsigned i = 0; i < CLAUSES; i++) {
            const struct clause_count *from = &c->counts[op].coverage.clauses[i];

            coverage->clauses[i].exercised += from->exercised;
            coverage->clauses[i].decided += from->decided;
        }
    }
}
