/*
 * executor: the one place where a drill becomes calls. It never blocks: descriptors are
 * non-blocking for the stack, and a call that would block in the drill's eyes is waited for within
 * a bound and then reported unfinished. Only an actor's call, or one that ends by its time, really
 * blocks, on a thread of its own. It leaves no descriptor behind, and no call under way.
 */
#ifndef SOCKDRILL_STACKS_EXECUTOR_H
#define SOCKDRILL_STACKS_EXECUTOR_H

#include <limits.h>
#include <sockdrill/stack.h>
#include <sys/uio.h>

#include "drill/drill.h"
#include "drill/outcome.h"
#include "drill/request.h"

enum {
    EXECUTOR_ADOPTED_MAX = 32, /* of a drill */
    EXECUTOR_FDS_MAX = DRILL_CALLS_MAX + 2 + EXECUTOR_ADOPTED_MAX,
    CONTROL_SENT_MAX = 256, /* more than control_lengths claim */
    NOT_SOCKET_MIN = 512,   /* a drill's descriptor that is no socket is this or higher */
};

/* An open descriptor; duplicates share a description. */
struct open_fd {
    int fd;
    uint8_t description;
};

/* What duplicates of a descriptor share, as the drill sees it. */
struct description {
    bool nonblocking;
    bool stream;
    bool revealed; /* the socket's name is known to have a port */
};

/* A socket address with room beyond what any length allows, zeroed where it is not set. */
union name_room {
    struct sockaddr any;
    struct sockaddr_storage storage;
    uint8_t bytes[sizeof(struct sockaddr_storage) + 8];
};

/* What a request points to, besides the drill's own bytes. */
struct request_room {
    union name_room address;
    uint8_t optval[OPTION_BYTES_MAX] __attribute__((aligned(16)));
    uint8_t control[CONTROL_SENT_MAX] __attribute__((aligned(16)));
    struct pollfd fds[POLL_ENTRIES_MAX];
    struct epoll_event event;
};

/* Where ancillary data is received, of each message. */
struct control_room {
    uint8_t bytes[CONTROL_BYTES_MAX] __attribute__((aligned(16)));
};

/* What the executor knows of an actor; the first is the drill's own thread. */
struct actor {
    struct worker *worker; /* NULL until it is needed */
    bool pending;          /* its call blocked, and the drill has not been told what came of it */
    bool told;             /* but the observer has */
    int limit_ms;          /* how long the call may wait; 0 for ever */
    struct call call;      /* as it is resumed */
    struct request request;
    struct outcome outcome;
};

/* An executor. Large: keep it static. */
struct executor {
    const struct sockdrill_stack *stack;
    bool loopback_only; /* refuse other addresses: the process is not isolated */
    uint16_t port_base; /* fixed ports count from here; executor_init sets PORT_BASE */
    int wait_ms;        /* how long one call may be waited for */
    int drill_wait_ms;  /* how long all calls of a drill may be */
    bool abort_at_end;  /* executor_end resets connections, so that none outlives its drill */
    /*
     * How long a call whose time is limited may really wait. 0: no call ever blocks, actors' calls
     * are not made, and no thread is started.
     */
    int block_ms;
    bool reveal_names; /* ask for a socket's name as soon as the stack may have chosen its port */
    /*
     * Called after each call, if not NULL; what it is given lives until it returns. The request is
     * what the drill asked, without what the executor adds so as not to block. call is NULL when
     * the executor asks on its own account: getsockname and getpeername, to resolve an address of
     * the call that comes next or to reveal a name; or when an actor's call has ended before the
     * drill resumes it (ACT_RESUME).
     */
    void (*observe)(void *context, const struct call *call, const struct request *request,
                    const struct outcome *outcome);
    void *context;

    int wait_left_ms;
    unsigned waits_left; /* of the current call, without progress */
    bool lingers;        /* the drill has set SO_LINGER on something */
    bool times_out;      /* the drill has set SO_RCVTIMEO or SO_SNDTIMEO on something */
    bool has_actors;     /* some of actors are in use */
    unsigned blocked;    /* actors' calls that are under way */
    int not_socket;
    int slots[SLOTS_MAX]; /* descriptor numbers, -1 before the first assignment */
    unsigned open_count;
    unsigned description_count;
    struct open_fd open[EXECUTOR_FDS_MAX];
    struct description descriptions[EXECUTOR_FDS_MAX];
    struct actor actors[ACTORS + 1];
    struct request_room room;
    struct control_room controls[PARTS_MAX];
    uint8_t buffer[DATA_BYTES_MAX];
    struct iovec parts[IOV_MAX + 1]; /* only the first PARTS_MAX are ever set */
};

/*
 * executor_init prepares an executor for a stack, without waiting: over loopback everything has
 * arrived at the next call. Set the public fields afterwards as needed.
 */
void executor_init(struct executor *executor, const struct sockdrill_stack *stack);

/* executor_begin sets the variables as they are before a drill's first call. */
void executor_begin(struct executor *executor);

/*
 * executor_adopt gives a slot a connected stream that the executor from now on owns. Returns its
 * description, for executor_holder.
 */
unsigned executor_adopt(struct executor *executor, unsigned slot, int fd);

/*
 * executor_holder returns a descriptor that still holds a description open, be it a duplicate or
 * one whose variable has been given away; -1 when all are closed.
 */
int executor_holder(const struct executor *executor, unsigned description);

/* executor_call makes one call. */
void executor_call(struct executor *executor, const struct call *call);

/* executor_run makes the drill's calls. */
void executor_run(struct executor *executor, const struct drill *drill);

/* executor_end interrupts calls that are under way, closes every descriptor that is still open, and
 * resets the stack. */
void executor_end(struct executor *executor);

/* executor_drill is begin, run and end. */
void executor_drill(struct executor *executor, const struct drill *drill);

#endif
