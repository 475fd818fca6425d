/*
 * step: one call carried out on a world. A call is checks, then an effect: checks collect every
 * reason for which it may or must fail, the effect says what success does. What the texts leave
 * open is asked of the decider, naming the clause. Private to harness/spec, but for spec.h.
 */
#ifndef SOCKDRILL_SPEC_STEP_H
#define SOCKDRILL_SPEC_STEP_H

#include "drill/outcome.h"
#include "spec/clause.h"
#include "spec/decide.h"
#include "spec/world.h"

enum { REASONS_MAX = 24 };

/* A reason to fail. */
struct reason {
    uint16_t error;
    uint16_t clause;
};

/* What checks found. */
struct verdict {
    bool barred; /* it must not succeed */
    uint8_t count;
    uint8_t usual; /* the reason, from 1, with which an ordinary machine fails; 0 for the first */
    struct reason reasons[REASONS_MAX];
};

/* An ancillary message that is received. */
enum { SHOWN_CONTROLS_MAX = 10, SHOWN_CONTROL_BYTES_MAX = 48 };
struct shown_control {
    int level;
    int type;
    uint32_t size; /* of data */
    uint8_t data[SHOWN_CONTROL_BYTES_MAX];
};

/* What recvmsg shows beside the data. */
struct shown_message {
    int flags;        /* but for MSG_CTRUNC, which follows from the room */
    int open_flags;   /* of which nothing is promised */
    bool keeps_name;  /* msg_name and msg_namelen stay as they are */
    bool has_no_name; /* msg_namelen becomes 0 */
    bool is_cut;      /* there is no room for all controls, in whichever order */
    uint8_t count;
    struct shown_control controls[SHOWN_CONTROLS_MAX];
};

/* One message of sendmmsg or recvmmsg: as much of a prediction as an outcome tells. */
struct moved_message {
    uint32_t length;
    uint16_t piece;
    uint32_t offset;
    uint32_t shown;
    bool has_name;
    int name_family;
    struct endpoint name;
    struct shown_message message;
};

/* What the specification says comes of a call. */
struct prediction {
    enum outcome_kind kind; /* OUTCOME_RETURNED or OUTCOME_UNFINISHED */
    int error;
    int64_t result;
    enum clause clause; /* which decided it */
    bool unfounded;     /* a clause that it rests on as well has been taken out */
    bool has_name;
    bool has_value;
    bool has_message;  /* recvmsg: message says more */
    bool beyond;       /* the specification does not follow what comes after it */
    bool any;          /* nothing is promised: every outcome conforms */
    bool any_data;     /* what comes with success is open */
    bool contradicted; /* sendmmsg, recvmmsg: a message was not as it was seen */
    uint16_t piece;    /* what was received begins here; NO_PIECE for nothing */
    uint32_t offset;
    uint32_t length; /* of what was received */
    int value;
    int name_family;
    socklen_t option_size;
    uint8_t option[16];
    struct endpoint name;
    int64_t least_us; /* the call takes so long at least, if that was measured */
    short ready[POLL_ENTRIES_MAX];
    struct epoll_event events[POLL_ENTRIES_MAX]; /* of epoll_wait, as many as result says */
    struct shown_message message;
    uint8_t many_count; /* sendmmsg, recvmmsg: messages that were moved */
    struct moved_message many[PARTS_MAX];
};

/* A call being carried out. */
struct step {
    struct world *world;
    const struct request *request;
    struct request resumed; /* what request is while an actor's call is looked at again */
    uint8_t resumes;        /* enum resumption */
    struct decider *decider;
    struct coverage *coverage;
    struct verdict verdict;
    struct prediction prediction;
};

/* applies says that a clause was asked, and returns whether its condition holds. */
static inline bool applies(struct step *t, enum clause clause, bool condition)
{
    t->coverage->clauses[clause].exercised++;
    if (!condition || clause_removed(clause))
        return false;
    t->coverage->clauses[clause].decided++;
    return true;
}

static inline void verdict_add(struct step *t, int error, enum clause clause)
{
    struct verdict *v = &t->verdict;

    if (v->count < REASONS_MAX)
        v->reasons[v->count++] = (struct reason){(uint16_t)error, (uint16_t)clause};
}

/* rests_on says that what comes of the call follows from a clause too, if the condition holds. */
static inline void rests_on(struct step *t, enum clause clause, bool condition)
{
    if (!applies(t, clause, condition) && condition)
        t->prediction.unfounded = true;
}

/* What only Linux documents binds no other system. */
static inline bool clause_binds(const struct step *t, enum clause clause)
{
    return t->world->profile->linux_clauses_bind || clause_info(clause)->strength != STRENGTH_LINUX;
}

/* shall_fail bars success if the condition holds. */
static inline void shall_fail(struct step *t, bool condition, int error, enum clause clause)
{
    if (!applies(t, clause, condition))
        return;
    t->verdict.barred = t->verdict.barred || clause_binds(t, clause);
    verdict_add(t, error, clause);
}

/* may_fail allows a failure beside success if the condition holds. */
static inline void may_fail(struct step *t, bool condition, int error, enum clause clause)
{
    if (applies(t, clause, condition))
        verdict_add(t, error, clause);
}

/* usually_fails is may_fail where an ordinary machine does fail. */
static inline void usually_fails(struct step *t, bool condition, int error, enum clause clause)
{
    if (!applies(t, clause, condition))
        return;
    verdict_add(t, error, clause);
    t->verdict.usual = t->verdict.count;
}

/* step_failed settles the checks: whether the call fails by one of the reasons collected. */
bool step_failed(struct step *t);

/*
 * step_passes settles them too, for a call on a socket: whether it is open and nothing fails.
 */
static inline bool step_passes(struct step *t, const struct sock *s)
{
    return !step_failed(t) && s != NULL;
}

/* returns, fails and blocks say what came of the call. */
void returns(struct step *t, int64_t result, enum clause clause);
void fails(struct step *t, int error, enum clause clause);

/* returns_anything says that nothing is promised. */
void returns_anything(struct step *t, enum clause clause);

/* must_not_wait tells whether a transfer returns rather than waits. */
static inline bool must_not_wait(struct step *t, const struct sock *s)
{
    if (t->resumes != 0)
        return t->resumes > 1; /* its time is over, or a signal came: block.h */
    return s->nonblocking ||
           ((t->request->flags & MSG_DONTWAIT) && applies(t, CLAUSE_DONTWAIT, true));
}

/* leads_beyond says that the specification does not follow what comes after the call. */
static inline void leads_beyond(struct step *t, bool condition)
{
    t->prediction.beyond = t->prediction.beyond || condition;
}

/* waits says that the call goes on waiting. */
void waits(struct step *t, enum clause clause);

/* blocks says that the call waits: unfinished, or EAGAIN when it must not wait. */
void blocks(struct step *t, bool nonblocking, int64_t moved, enum clause clause);

/* check_open collects what every call says of its descriptor; NULL when it is not open. */
const struct descriptor *check_open(struct step *t, int fd);

/*
 * check_sock collects what every call says of its descriptor and returns its socket, or NULL when
 * nothing else can be said.
 */
const struct sock *check_sock(struct step *t, int fd);

/*
 * moves_nothing collects what is wrong with the parts of readv and writev, and tells whether the
 * call ends there.
 */
bool moves_nothing(struct step *t);

/* uses_other tells whether the call reads or writes what is no socket, of which nothing is said. */
bool uses_other(const struct step *t);

/* check_pending collects the error that is pending on a socket. */
void check_pending(struct step *t, const struct sock *s, enum clause clause);

/* clear_pending takes the pending error away, if the call failed with it by that clause. */
void clear_pending(struct step *t, const struct sock *s, enum clause clause);

/* opens gives a new descriptor to a socket and returns it. */
void opens(struct step *t, uint16_t sock, bool close_on_exec);

/* opens_copy returns a new descriptor, from a number on, that is like one there is. */
void opens_copy(struct step *t, struct descriptor what, int from, enum clause clause);

/* sock_released takes a holder of a socket away that is no descriptor. */
void sock_released(struct step *t, const struct sock *s);

/* closes takes an open descriptor away, and with its last one the socket. */
void closes(struct step *t, int fd);

/* name_room_is_negative lets a call fail that was to show a name in less than nothing. */
void name_room_is_negative(struct step *t);

/* returns_name says that the call shows a socket address. */
void returns_name(struct step *t, const struct endpoint *name, int family);

/* The calls that the specification knows. */
#define SPEC_CALLS(X)                                                                              \
    X(socket)                                                                                      \
    X(bind)                                                                                        \
    X(listen)                                                                                      \
    X(connect)                                                                                     \
    X(accept)                                                                                      \
    X(accept4)                                                                                     \
    X(send)                                                                                        \
    X(sendto)                                                                                      \
    X(write)                                                                                       \
    X(recv)                                                                                        \
    X(recvfrom)                                                                                    \
    X(read)                                                                                        \
    X(shutdown)                                                                                    \
    X(close)                                                                                       \
    X(getsockname)                                                                                 \
    X(getpeername)                                                                                 \
    X(getsockopt)                                                                                  \
    X(setsockopt)                                                                                  \
    X(fcntl)                                                                                       \
    X(ioctl)                                                                                       \
    X(poll)                                                                                        \
    X(ppoll)                                                                                       \
    X(select)                                                                                      \
    X(pselect)                                                                                     \
    X(epoll_create1)                                                                               \
    X(epoll_ctl)                                                                                   \
    X(epoll_wait)                                                                                  \
    X(dup)                                                                                         \
    X(dup2)                                                                                        \
    X(readv)                                                                                       \
    X(writev)                                                                                      \
    X(sendmsg)                                                                                     \
    X(recvmsg)                                                                                     \
    X(sendmmsg)                                                                                    \
    X(recvmmsg)

/* step_NAME carries out the call NAME. */
#define X(name) void step_##name(struct step *t);
SPEC_CALLS(X)
#undef X

#endif
