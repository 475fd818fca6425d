/*
 * conform: runs drills on a stack and has the oracle judge every call. After a drill's last call an
 * audit asks for what is still under way, so that late is told from never.
 */
#ifndef SOCKDRILL_ENGINES_CONFORM_H
#define SOCKDRILL_ENGINES_CONFORM_H

#include "oracle/oracle.h"
#include "stacks/executor.h"

/* What a call's descriptor referred to before the call. */
enum standing {
    STANDING_NONE, /* the call takes no descriptor */
    STANDING_CLOSED,
    STANDING_OTHER, /* no socket */
    STANDING_STREAM,
    STANDING_STREAM_BOUND,
    STANDING_LISTENING,
    STANDING_CONNECTING,
    STANDING_CONNECTED,
    STANDING_OVER, /* its handshake failed, or its connection has ended */
    STANDING_DATAGRAM,
    STANDING_DATAGRAM_BOUND,
    STANDING_DATAGRAM_CONNECTED,
    STANDINGS
};

/* Calls made, and those among them that succeeded. */
struct success {
    uint64_t made;
    uint64_t succeeded;
};

/* Counts of one kind of call. */
struct conform_count {
    struct success all;
    struct success standings[STANDINGS];
    uint64_t deviated; /* the executor's own questions included */
    uint64_t inconclusive;
    uint64_t unsupported; /* the stack does not have it, or it was refused: not made */
    struct coverage coverage;
};

/* A call that was judged, or one that was not made. */
struct judged {
    const struct call *call; /* NULL where the executor asked for a name */
    const struct request *request;
    const struct outcome *outcome;
    enum judgement judgement;
    bool made;
    enum standing standing;
    int type; /* of the socket that it is about; 0 for none */
    int family;
    uint32_t index; /* of the drill's call, also of one for which the executor asks */
    bool audit;     /* index means nothing */
    int waited_ms;  /* that a poll was given, if less than it asked for; otherwise -1 */
};

/* A conformance run. Large: keep it static. */
struct conform {
    struct executor executor;
    struct oracle oracle;
    struct conform_count counts[OPS];
    bool counts_calls;    /* switched off for calls that do not belong to the run */
    enum judgement worst; /* of the drill */
    int settle_ms;
    bool late;      /* the stack delivers in its own time */
    bool slow;      /* it is the kernel, whose loopback was made slow */
    bool own_ports; /* drills take fixed ports of their own, so that none meets another's remains */
    bool patient;   /* wait also for what the world does not know to be under way */
    /* Called for each call, if not NULL; oracle is as after its judgement. */
    void (*report)(void *context, const struct judged *judged);
    void *context;

    unsigned port_sets; /* of own ports that were taken in this namespace */
    uint32_t index;     /* of the call being made */
    bool audits;
    int wait_left_ms; /* before that call */
    int64_t result;   /* of the last call */
};

/*
 * conform_init prepares a run of a stack under a profile, whose counts go on from what they are.
 * late: delivery takes time, so that calls are waited for. The kernel's sockets are held to
 * TIME-WAIT (isolation_enter_keeping).
 */
void conform_init(struct conform *conform, const struct sockdrill_stack *stack,
                  const struct profile *profile, bool late);

/*
 * conform_isolated says whether the run has a private namespace. Without one nothing but loopback
 * is allowed; in one the kernel's loopback may have been made slow, so that what is sent stays
 * under way.
 */
void conform_isolated(struct conform *conform, bool isolated);

/* conform_keeps_time_wait tells whether a stack, by its name, is held to TIME-WAIT. */
bool conform_keeps_time_wait(const char *stack);

/* conform_begin starts a drill. */
void conform_begin(struct conform *conform);

/* conform_call makes and judges the drill's next call. */
void conform_call(struct conform *conform, const struct call *call);

/* conform_end audits and ends a drill, and returns its worst judgement. */
enum judgement conform_end(struct conform *conform);

/* conform_drill runs a whole drill. */
enum judgement conform_drill(struct conform *conform, const struct drill *drill);

/* conform_coverage adds up how often each clause was exercised and decided, over all calls. */
void conform_coverage(const struct conform *conform, struct coverage *coverage);

/*
 * conform_not_socket returns the number of the descriptor that is no socket if the call names it,
 * and -1 otherwise.
 */
int conform_not_socket(const struct call *call, const struct request *request);

/* judged_describe fills in what a call is about, in a world before it. */
void judged_describe(struct judged *judged, const struct world *world);

/*
 * judged_as_given writes a call and its outcome as they are judged: a poll that was cut short by
 * the time that it was given, for the executor does not wait as long as a drill may say.
 */
void judged_as_given(const struct judged *judged, struct request *request, struct outcome *outcome);

/* judged_by has an oracle judge a call. */
enum judgement judged_by(struct oracle *oracle, const struct judged *judged);

/* standing_of says how a world has a descriptor. */
enum standing standing_of(const struct world *world, int fd);

/* standing_name returns a few words for a standing. */
const char *standing_name(enum standing standing);

/*
 * conform_audit polls and reads each socket of the drill that has something under way. Private to
 * conform.c.
 */
void conform_audit(struct conform *conform);

/* conform_awaits tells whether something may be under way to a socket. */
bool conform_awaits(const struct world *world, const struct sock *sock);

#endif
