/* list: the faults of faults.def, and the mutated stacks that they stand for. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>

#include "tests/faults/visit.h"

enum { MUTANTS_MAX = 4096 };

/* Sets of calls, for the rows. A new call joins the sets that it belongs to. */
#define BIT(call) (UINT64_C(1) << OP_##call)
#define ACCEPTS (BIT(accept) | BIT(accept4))
#define SENDS_FLAGGED (BIT(send) | BIT(sendto))
#define SENDS (SENDS_FLAGGED | BIT(write))
#define RECEIVES_FLAGGED (BIT(recv) | BIT(recvfrom))
#define RECEIVES (RECEIVES_FLAGGED | BIT(read))
#define NAMES (BIT(getsockname) | BIT(getpeername))
#define OPTIONS (BIT(setsockopt) | BIT(getsockopt))
#define MESSAGES (BIT(sendmsg) | BIT(recvmsg) | BIT(sendmmsg) | BIT(recvmmsg))
/* Calls on sockets only, and those on any descriptor. */
#define SOCKET_CALLS                                                                               \
    (BIT(bind) | BIT(listen) | BIT(connect) | ACCEPTS | SENDS_FLAGGED | RECEIVES_FLAGGED |         \
     BIT(shutdown) | NAMES | OPTIONS | MESSAGES)
#define FILE_CALLS                                                                                 \
    (BIT(read) | BIT(write) | BIT(readv) | BIT(writev) | BIT(close) | BIT(fcntl) | BIT(ioctl) |    \
     BIT(dup) | BIT(dup2))
#define POLLS (BIT(poll) | BIT(ppoll))
#define SELECTS (BIT(select) | BIT(pselect))
/* Calls that make a descriptor: no success can be made up for them. */
#define CREATES (BIT(socket) | ACCEPTS | BIT(dup) | BIT(dup2))

#define ENTRY(name, strike, argument, calls, kinds, broken, clause, drill)                         \
    {name, fault_##strike, calls, argument, kinds, broken, clause, drill},
#define FAULT(name, ...) ENTRY(#name, __VA_ARGS__)
#define ERROR(given, wrong, calls, kinds, clause, drill)                                           \
    ENTRY("wrong_" #given, wrong_error, TWO(given, wrong), calls, kinds,                           \
          "fails with " #wrong " where " #given " is due", clause, drill)                          \
    ENTRY("no_" #given, no_error, given, (calls) & ~CREATES, kinds,                                \
          "succeeds where " #given " is due", clause, drill)
static const struct fault list[] = {
#include "tests/faults/faults.def"
};
#undef FAULT
#undef ERROR
#undef ENTRY

enum { FAULTS = sizeof list / sizeof *list };

const struct fault *faults(size_t *count)
{
    *count = FAULTS;
    return list;
}

static void generate(struct mutant *all, size_t *made, const struct fault *fault)
{
    for (enum op op = 0; op < OPS; op++)
        for (enum kind kind = 0; kind < KINDS; kind++)
            if ((fault->calls >> op & 1) && (fault->kinds >> kind & 1) && *made < MUTANTS_MAX)
                all[(*made)++] = (struct mutant){fault, op, kind};
}

const struct mutant *mutants(size_t *count)
{
    static struct mutant all[MUTANTS_MAX];
    static size_t made;

    if (made == 0)
        for (size_t i = 0; i < FAULTS; i++)
            generate(all, &made, &list[i]);
    *count = made;
    return all;
}

const char *kind_name(enum kind kind)
{
    static const char *const names[KINDS] = {"any", "tcp4", "tcp6", "udp4", "udp6"};

    return names[kind];
}

void mutant_name(char name[FAULT_NAME_MAX], const struct mutant *mutant)
{
    snprintf(name, FAULT_NAME_MAX, "%s.%s.%s", call_info(mutant->op)->name, mutant->fault->name,
             kind_name(mutant->kind));
}

const struct mutant *mutant_find(const char *wanted)
{
    size_t count;
    const struct mutant *all = mutants(&count);
    char name[FAULT_NAME_MAX];

    for (size_t i = 0; i < count; i++) {
        mutant_name(name, &all[i]);
        if (strcmp(name, wanted) == 0)
            return &all[i];
    }
    return NULL;
}
