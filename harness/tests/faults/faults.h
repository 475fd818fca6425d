/*
 * faults: the list of planted faults, and the mutated stacks that it stands for: one for each
 * fault, each call that the fault applies to, and each kind of socket. A mutated stack is the
 * kernel's with that one fault.
 */
#ifndef SOCKDRILL_TESTS_FAULTS_H
#define SOCKDRILL_TESTS_FAULTS_H

#include <sockdrill/stack.h>

#include "drill/call.h"

/* The kinds of socket; a fault strikes sockets of one kind only. */
enum kind {
    KIND_ANY, /* calls that concern no socket: a descriptor that is not open, or not one */
    KIND_TCP4,
    KIND_TCP6,
    KIND_UDP4,
    KIND_UDP6,
    KINDS
};

/* Sets of kinds. */
enum {
    ANY = 1 << KIND_ANY,
    TCP4 = 1 << KIND_TCP4,
    TCP6 = 1 << KIND_TCP6,
    UDP4 = 1 << KIND_UDP4,
    UDP6 = 1 << KIND_UDP6,
    TCP = TCP4 | TCP6,
    UDP = UDP4 | UDP6,
    V4 = TCP4 | UDP4,
    V6 = TCP6 | UDP6,
    ALL = TCP | UDP
};

/* The room that a fault's and a mutated stack's name takes, its NUL included. */
enum { FAULT_NAME_MAX = 64 };

/* In a set of calls, beside a bit for each. */
#define FAULT_WIDE (UINT64_C(1) << 63)

struct visit;

/* A fault, as faults.def tells it. */
struct fault {
    const char *name;
    int64_t (*strike)(struct visit *visit); /* makes the call, wrongly */
    uint64_t calls;     /* set of calls, and FAULT_WIDE when the fault strikes in others too */
    int argument;       /* which error, option or event it is about */
    unsigned kinds;     /* set of kinds */
    const char *broken; /* what the stack does wrong */
    const char *clause; /* what that violates */
    const char *drill;  /* a drill that shows it; see witness.h */
};

/* A mutated stack. */
struct mutant {
    const struct fault *fault;
    enum op op;
    enum kind kind;
};

/* faults returns the list, and sets *count to how many there are. */
const struct fault *faults(size_t *count);

/* mutants returns the mutated stacks, and sets *count to how many there are. */
const struct mutant *mutants(size_t *count);

/* mutant_name writes the mutated stack's name: call.fault.kind. */
void mutant_name(char name[FAULT_NAME_MAX], const struct mutant *mutant);

/* mutant_find returns the mutated stack of that name, or NULL. */
const struct mutant *mutant_find(const char *name);

/* kind_name returns tcp4, tcp6, udp4, udp6 or any. */
const char *kind_name(enum kind kind);

/*
 * faults_choose chooses the fault of sockdrill_stack, which is the kernel's stack but for it; NULL
 * for none, as it is at first. No socket of the stack may be open.
 */
void faults_choose(const struct mutant *mutant);

#endif
