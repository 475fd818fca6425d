/* witness: see witness.h. */
#include "tests/faults/witness.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "stacks/executor.h"
#include "tests/support/check.h"
#include "tests/support/texts.h"

enum { WAIT_MS = 20, DRILL_WAIT_MS = 100, BLOCK_MS = 60, TEXT_MAX = 512 };

/* --- words --- */

/* How a call is written: on a descriptor, %s; what ends its arguments; see witness.h. */
struct form {
    const char *on;
    const char *rest;
    const char *destination;
    const char *later;
};

static const struct form forms[OPS] = {
    [OP_bind] = {"bind(%s, 127.0.0.1:0)", "", "", ""},
    [OP_listen] = {"listen(%s, 1)", "", "", ""},
    [OP_connect] = {"connect(%s, 127.0.0.1:20001)", "", "", ""},
    [OP_accept] = {"x = accept(%s)", "", "", ""},
    [OP_accept4] = {"x = accept4(%s, 0)", ", 0", "", ""},
    [OP_send] = {"send(%s, \"x\", 0)", ", 0", "", ", 0"},
    [OP_sendto] = {"sendto(%s, \"x\", 0, 127.0.0.1:20001)", ", 0, name(s)", ", name(s)",
                   ", 0, peer(c)"},
    [OP_recv] = {"recv(%s, 64, 0)", ", 0", "", ", 0"},
    [OP_recvfrom] = {"recvfrom(%s, 64, 0)", ", 0", "", ", 0"},
    [OP_read] = {"read(%s, 64)", "", "", ""},
    [OP_write] = {"write(%s, \"x\")", "", "", ""},
    [OP_shutdown] = {"shutdown(%s, SHUT_WR)", "", "", ""},
    [OP_close] = {"close(%s)", "", "", ""},
    [OP_getsockname] = {"getsockname(%s)", "", "", ""},
    [OP_getpeername] = {"getpeername(%s)", "", "", ""},
    [OP_setsockopt] = {"setsockopt(%s, SOL_SOCKET, SO_KEEPALIVE, [1])", "", "", ""},
    [OP_getsockopt] = {"getsockopt(%s, SOL_SOCKET, SO_TYPE)", "", "", ""},
    [OP_fcntl] = {"fcntl(%s, F_GETFL)", "", "", ""},
    [OP_ioctl] = {"ioctl(%s, FIONREAD)", "", "", ""},
    [OP_dup] = {"x = dup(%s)", "", "", ""},
    [OP_dup2] = {"dup2(%s, -1)", "", "", ""},
    [OP_readv] = {"readv(%s, [64])", "", "", ""},
    [OP_writev] = {"writev(%s, [\"x\"])", "", "", ""},
    [OP_sendmsg] = {"sendmsg(%s, {NULL, [\"x\"]}, 0)", "", "", ""},
    [OP_recvmsg] = {"recvmsg(%s, {[64]}, 0)", "", "", ""},
    [OP_sendmmsg] = {"sendmmsg(%s, {NULL, [\"x\"]}, 0)", "", "", ""},
    [OP_recvmmsg] = {"recvmmsg(%s, {[64]}, 0)", "", "", ""},
};

/* What the words stand for. */
#define BOUND(name) name " = socket($AF, $TYPE, 0)\nbind(" name ", $LO:0)\n"
#define SEND_MUCH "~send(c, fill(\"x\", 262144), 0)\n"
static const char listening[] = "l = socket($AF, SOCK_STREAM, 0)\nbind(l, $LO:0)\nlisten(l, 2)\n";
static const char knock[] = "$LISTEN"
                            "c = socket($AF, $TYPE, 0)\nconnect(c, name(l))\n";
static const char full[] =
    BOUND("l") "listen(l, 0)\na = socket($AF, $TYPE, 0)\nconnect(a, name(l))\n"
               "b = socket($AF, $TYPE, 0)\n~connect(b, name(l))\nc = socket($AF, $TYPE, 0)\n";
static const char stream_pair[] = "$KNOCK"
                                  "s = accept(l)\n";
static const char datagram_pair[] =
    BOUND("s") BOUND("c") "connect(c, name(s))\nconnect(s, name(c))\n";
static const char abc[] = "$PAIR"
                          "send(c, \"abc\", 0)\n";
static const char reset[] =
    "setsockopt(c, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0})\nclose(c)\n";
static const char stuffed[] =
    "$PAIR"
    "fcntl(c, F_SETFL, O_NONBLOCK)\nsetsockopt(c, SOL_SOCKET, SO_SNDBUF, [4608])\n" SEND_MUCH
        SEND_MUCH SEND_MUCH SEND_MUCH SEND_MUCH;
static const char bound[] = "s = socket($AF, $TYPE, 0)\nbind(s, $LO:20001)\n";

static bool is_stream(enum kind kind)
{
    return kind != KIND_UDP4 && kind != KIND_UDP6;
}

static bool is_v6(enum kind kind)
{
    return kind == KIND_TCP6 || kind == KIND_UDP6;
}

/* The call on a descriptor, as a line. */
static void write_on(char text[TEXT_MAX], enum op op, const char *fd)
{
    const char *form = forms[op].on != NULL ? forms[op].on : "";
    const char *place = strstr(form, "%s");

    text[0] = '\0';
    if (place != NULL)
        snprintf(text, TEXT_MAX, "%.*s%s%s", (int)(place - form), form, fd, place + 2);
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* The drill's text with its words replaced; to be freed. */
static char *replaced(const struct mutant *mutant)
{
    const struct form *form = &forms[mutant->op];
    bool stream = is_stream(mutant->kind);
    bool v6 = is_v6(mutant->kind);
    char bad[TEXT_MAX];
    char not_socket[TEXT_MAX];
    /* clang-format off */
    const char *const words[] = {
        "$ABC", abc,
        "$RESET", reset,
        "$STUFFED", stuffed,
        "$NAMED", mutant->op == OP_getpeername ? "$PAIR" : bound,
        "$PAIR", stream ? stream_pair : datagram_pair,
        "$KNOCK", knock,
        "$LISTEN", listening,
        "$FULL", full,
        "$BAD", bad,
        "$NOTSOCK", not_socket,
        "$CALL", call_info(mutant->op)->name,
        "$REST", or_empty(form->rest),
        "$DEST", or_empty(form->destination),
        "$LATER", or_empty(form->later),
        "$AF", v6 ? "AF_INET6" : "AF_INET",
        "$TYPE", stream ? "SOCK_STREAM" : "SOCK_DGRAM",
        "$LO", v6 ? "[::1]" : "127.0.0.1",
        "$ELSEWHERE", v6 ? "[2001:db8::1]" : "192.0.2.1",
        NULL};
    /* clang-format on */

    write_on(bad, mutant->op, "-1");
    write_on(not_socket, mutant->op, "not_socket");
    return text_replaced(mutant->fault->drill, words);
}

/* Takes the marks out of the text. */
static void take_promises(struct witness *witness, char *text)
{
    char *out = text;
    unsigned line = 0;
    bool begins = true;

    for (const char *in = text; *in != '\0'; in++) {
        assert_true(line < DRILL_CALLS_MAX);
        if (begins)
            witness->promises[line] = *in == '!'   ? PROMISE_DIFFERENT
                                      : *in == '~' ? PROMISE_NONE
                                                   : PROMISE_SAME;
        if (!begins || witness->promises[line] == PROMISE_SAME)
            *out++ = *in;
        begins = *in == '\n';
        line += begins;
    }
    *out = '\0';
}

void witness_of(struct witness *witness, const struct mutant *mutant)
{
    char *text = replaced(mutant);

    take_promises(witness, text);
    text_parse_valid(&witness->drill, &witness->notes, text, strlen(text));
    for (uint32_t i = 0; i < witness->drill.call_count; i++)
        assert_int_equal(witness->notes.lines[i], i + 1);
    free(text);
}

/* --- runs --- */

static struct executor executor;

static struct {
    struct witness_run *run;
    const struct witness *witness;
} running;

/* Whose port it is, where the stack has chosen it: -1 for nobody's. */
static int owner_of(in_port_t port)
{
    for (int slot = 0; slot < SLOTS_MAX; slot++) {
        struct sockaddr_in6 name;
        socklen_t length = sizeof name;

        /* It stands at the same place in both families' addresses. */
        if (executor.slots[slot] >= 0 &&
            sockdrill_stack_kernel.getsockname(executor.slots[slot], (struct sockaddr *)&name,
                                               &length) == 0 &&
            name.sin6_port == port)
            return slot;
    }
    return -1;
}

static void print_name(FILE *out, const struct outcome *outcome)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)&outcome->address;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&outcome->address;
    unsigned port = ntohs(in->sin_port);
    bool chosen = port != 0 && (port < PORT_BASE || port >= PORT_BASE + PORTS_FIXED);
    char text[INET6_ADDRSTRLEN];

    fprintf(out, " family %d length %u ", outcome->address.ss_family,
            (unsigned)outcome->address_length);
    if (outcome->address.ss_family == AF_INET)
        fputs(inet_ntop(AF_INET, &in->sin_addr, text, sizeof text), out);
    if (outcome->address.ss_family == AF_INET6)
        fputs(inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text), out);
    if (outcome->address.ss_family == AF_INET6 && in6->sin6_scope_id != 0)
        fprintf(out, " scope %u", in6->sin6_scope_id);
    if (chosen)
        fprintf(out, " port of %d", owner_of(in->sin_port));
    else
        fprintf(out, " port %u", port);
}

static void observe(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome)
{
    struct witness_run *run = running.run;
    size_t size;
    FILE *out;

    (void)context;
    (void)request;
    if (call == NULL)
        return;
    out = open_memstream(&run->outcomes[run->count], &size);
    assert_non_null(out);
    outcome_print(out, call, outcome, &running.witness->notes);
    if (outcome->kind == OUTCOME_RETURNED && outcome->result >= 0) {
        if (outcome->address_length > 0)
            print_name(out, outcome);
        /* A number that is wrong moves those that come after it. */
        if (call_returns_fd(call) && running.witness->promises[run->count] == PROMISE_DIFFERENT)
            fprintf(out, " descriptor %d", (int)outcome->result);
    }
    fclose(out);
    run->count++;
}

void witness_run(struct witness_run *run, const struct witness *witness,
                 const struct sockdrill_stack *stack)
{
    executor_init(&executor, stack);
    executor.wait_ms = WAIT_MS;
    executor.drill_wait_ms = DRILL_WAIT_MS;
    executor.block_ms = BLOCK_MS;
    executor.observe = observe;
    run->count = 0;
    running.run = run;
    running.witness = witness;
    executor_drill(&executor, &witness->drill);
}

void witness_release(struct witness_run *run)
{
    for (unsigned i = 0; i < run->count; i++)
        free(run->outcomes[i]);
    run->count = 0;
}

bool witness_holds(FILE *out, const struct witness *witness, const struct witness_run *kernel,
                   const struct witness_run *mutated)
{
    bool holds = kernel->count == mutated->count;

    for (unsigned i = 0; i < kernel->count && i < mutated->count; i++) {
        bool same = strcmp(kernel->outcomes[i], mutated->outcomes[i]) == 0;

        if (witness->promises[i] == PROMISE_NONE || same == (witness->promises[i] == PROMISE_SAME))
            continue;
        holds = false;
        fputs("  ", out);
        drill_print_call(out, &witness->drill.calls[i], &witness->notes);
        fprintf(out, "\n    kernel  %s\n    mutated %s\n", kernel->outcomes[i],
                mutated->outcomes[i]);
    }
    return holds;
}
