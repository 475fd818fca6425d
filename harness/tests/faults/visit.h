/*
 * visit: one call on a mutated stack, all calls in one form, so that a fault is written once for
 * every call that can have it; and what the stack remembers of its sockets.
 */
#ifndef SOCKDRILL_TESTS_FAULTS_VISIT_H
#define SOCKDRILL_TESTS_FAULTS_VISIT_H

#include "tests/faults/faults.h"

/* A call. What a call does not use is zero. */
struct visit {
    enum op op;
    int fd;       /* -1: socket, poll */
    int other_fd; /* dup2, epoll_ctl */
    int domain;
    int type;
    int protocol;
    int number; /* backlog, how, the command of fcntl or epoll_ctl, or the timeout in ms */
    int flags;  /* of fcntl its argument */
    const void *out;
    void *in;
    size_t size; /* of out or in */
    const struct sockaddr *to;
    socklen_t to_length;
    struct sockaddr *name;
    socklen_t *length; /* of name, or of an option's value */
    int level;
    int option;
    const void *set; /* an option's value */
    socklen_t set_length;
    void *got;
    unsigned long request;
    int *value;         /* of ioctl */
    struct pollfd *fds; /* poll's set, or select's: POLLIN for the first, POLLOUT, POLLPRI */
    nfds_t count;
    int highest;                 /* select's first argument */
    const struct timespec *time; /* ppoll, select, pselect: NULL waits for ever */
    const sigset_t *mask;
    struct epoll_event *event;  /* epoll_ctl */
    struct epoll_event *events; /* epoll_wait, for so many */
    int room;
    const struct iovec *parts; /* of which out or in is all together */
    size_t part_count;
    struct msghdr *message; /* of sendmsg a copy */
    struct mmsghdr *many;
    unsigned many_count;
    struct timespec *left; /* of recvmmsg */
};

/* What is remembered of an open socket; duplicates start with their original's kind only. */
struct tracked {
    enum kind kind; /* KIND_ANY when the number is not open */
    unsigned count; /* of what faults count */
    int error;      /* an error to be told again; 0 for none */
    bool flag;
    int value;     /* an option's, where the kernel has another */
    int held;      /* a descriptor that the fault holds back; 0 for none */
    uint8_t *rest; /* data that the fault holds back; NULL for none */
    size_t rest_size;
    struct sockaddr_storage peer;
    socklen_t peer_length; /* 0 for no peer */
};

/* visit_make makes the call on the mutated stack. */
int64_t visit_make(struct visit *visit);

/* visit_name is the mutated stack's name, for reports. */
extern char visit_name[FAULT_NAME_MAX];

/* visit_pass makes the call on the kernel. */
int64_t visit_pass(const struct visit *visit);

/* visit_hurry makes a call that waits look once. */
void visit_hurry(struct visit *visit);

/* visit_can tells whether visit_pass knows the call. */
bool visit_can(enum op op);

/* visit_fail fails with an error: sets errno, returns -1. */
int64_t visit_fail(int error);

/* visit_creates tells whether the call makes a new descriptor, be it on a number that was open. */
bool visit_creates(const struct visit *visit);

/* visit_is_mine tells whether the chosen fault is about this descriptor. */
bool visit_is_mine(int fd);

/* visit_kind returns the kind of socket that the chosen fault is about. */
enum kind visit_kind(void);

/* visit_is_memory tells whether there is memory, of which a fault may read size bytes or more. */
bool visit_is_memory(const void *place, size_t size);

/* visit_argument returns the chosen fault's argument. */
int visit_argument(void);

/* visit_tracked returns what is remembered of a descriptor; never NULL. */
struct tracked *visit_tracked(int fd);

/* visit_second tells of every second time that it is asked of a socket, of all when fd is -1. */
bool visit_second(int fd);

/* visit_peer returns the descriptor at the other end of a connection, or -1. */
int visit_peer(int fd);

/* visit_connected tells whether a socket has a peer. */
bool visit_connected(int fd);

/* visit_park takes a descriptor away but keeps what it describes until no socket is open. */
void visit_park(int fd);

/* An argument of two halves, and the halves of the chosen fault's. */
#define TWO(high, low) ((int)((unsigned)(high) << 16 | (unsigned)(low)))
int visit_high(void);
int visit_low(void);

/* fault_NAME makes the visit's call, wrongly, and returns its result. */
#define FAULT(name, strike, ...) int64_t fault_##strike(struct visit *visit);
#define ERROR(...)
#include "tests/faults/faults.def"
#undef FAULT
#undef ERROR
int64_t fault_wrong_error(struct visit *visit);
int64_t fault_no_error(struct visit *visit);

#endif
