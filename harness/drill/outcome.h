/* outcome: what one call of a drill came to, how it is written, and how an expectation is checked.
 */
#ifndef SOCKDRILL_DRILL_OUTCOME_H
#define SOCKDRILL_DRILL_OUTCOME_H

#include <poll.h>
#include <sys/epoll.h>

#include "drill/drill.h"

/* How a call ended. */
enum outcome_kind {
    OUTCOME_RETURNED,   /* result and error say how */
    OUTCOME_UNFINISHED, /* it would still block; result is what it has moved so far, or -1 */
    OUTCOME_REFUSED,    /* not made: its address is not loopback, and the process is not isolated */
    OUTCOME_UNSUPPORTED, /* not made: the stack does not have the call */
    OUTCOME_BUSY, /* not made: the actor is still in a call; or it is to resume one and is in none
                   */
};

/* One message of sendmmsg, of which only the length counts, or of recvmmsg. */
struct message {
    uint32_t length; /* as the call says */
    int flags;
    const uint8_t *data; /* until the next call, like the ancillary data */
    size_t data_size;
    const uint8_t *control;
    size_t control_size;
    struct sockaddr_storage address;
    socklen_t address_length; /* 0 when it has none */
};

struct outcome {
    enum outcome_kind kind;
    int64_t result;
    int error;           /* errno when result is -1 */
    uint32_t took_us;    /* how long a call took that may have ended by its time; 0: not measured */
    const uint8_t *data; /* what was received or an option's value; until the next call */
    size_t data_size;
    bool has_value; /* FIONREAD */
    int value;
    struct sockaddr_storage address; /* the name that the call returned */
    socklen_t address_length;        /* 0 when it returned none */
    int message_flags;               /* recvmsg: MSG_TRUNC, MSG_CTRUNC ... */
    const uint8_t *control;          /* recvmsg: the ancillary data; until the next call */
    size_t control_size;
    struct message messages[PARTS_MAX];          /* sendmmsg, recvmmsg: as many as result says */
    struct pollfd fds[POLL_ENTRIES_MAX];         /* poll, select */
    struct epoll_event events[POLL_ENTRIES_MAX]; /* epoll_wait */
};

/* outcome_made tells whether the call was made at all. */
static inline bool outcome_made(const struct outcome *o)
{
    return o->kind == OUTCOME_RETURNED || o->kind == OUTCOME_UNFINISHED;
}

/*
 * outcome_print writes the outcome as an expectation could stand: "= 3", "= -1 EAGAIN",
 * "= 5 "hello"", ">= 0" for a new descriptor, "<unfinished>"; of a signal nothing.
 */
void outcome_print(FILE *out, const struct call *call, const struct outcome *outcome,
                   const struct drill_notes *notes);

/* outcome_print_remark writes what is not fixed, such as a port, as a comment; or nothing. */
void outcome_print_remark(FILE *out, const struct call *call, const struct outcome *outcome);

/*
 * outcome_matches tells whether an outcome is what a drill expects. An expectation may leave out
 * the details after the result: "= 5" is met by "= 5 "hello"".
 */
bool outcome_matches(const char *expected, const struct call *call, const struct outcome *outcome,
                     const struct drill_notes *notes);

/*
 * outcome_sane tells whether the outcome is one that any stack may have: a result below -1, more
 * bytes than asked for, or a failure without an error are not. *why names the fault.
 */
bool outcome_sane(const struct call *call, const struct outcome *outcome, const char **why);

#endif
