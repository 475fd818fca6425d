/*
 * model: the specification as a stack. What comes of a call is what the ordinary decider says of
 * it, in a world of the model's own: no socket of the system is used, and nothing is ever late.
 */
#ifndef SOCKDRILL_STACKS_MODEL_H
#define SOCKDRILL_STACKS_MODEL_H

#include <sockdrill/stack.h>

#include "spec/spec.h"

/* sockdrill_stack_model is the model. It has no threads: its calls never block. */
extern const struct sockdrill_stack sockdrill_stack_model;

/* model_request returns a request for a call on a descriptor; the caller fills in the rest. */
struct request model_request(enum op op, int fd);

/*
 * model_make carries the request out. Returns what the call returns and sets errno; a call that
 * would go on waiting fails with EAGAIN, one that is beyond the specification with ENOSYS. What it
 * says beside stays in the prediction until the next call.
 */
int64_t model_make(const struct request *request);
const struct prediction *model_prediction(void);

/* model_goes_on tells whether the last call, which has moved a part, can go on with the rest. */
bool model_goes_on(void);

/* A call that waits. */
struct model_wait {
    int64_t limit_us; /* how long; -1 for ever */
    int64_t until_us; /* what model_waits makes of it; 0 at first */
    bool restarts;    /* after a signal whose handler has SA_RESTART, if it waits for ever */
    bool interrupted; /* model_waits: a signal ends it */
};

/*
 * model_waits is called when a call waits, again and again until it returns false: then no more is
 * to come in time, or a signal has interrupted it, and it has made no call. What stands here lets
 * the time really pass, since nobody else is there.
 */
extern bool (*model_waits)(struct model_wait *wait);

/* model_or_interrupted returns a call's result, or -1 and EINTR if a signal has ended its wait. */
int model_or_interrupted(int result, const struct model_wait *wait);

/*
 * model_idles is called before a call when as many in a row have moved nothing. Those that would
 * have had to wait, or found nothing ready, wait without saying so; others, which fail or meet the
 * end of a stream again and again, are hopeless. What stands here does nothing.
 */
enum { MODEL_IDLE_CALLS = 16, MODEL_HOPELESS_CALLS = 100000 };
extern void (*model_idles)(bool hopeless);

/* Whether ports below 1024 can be bound. */
extern bool model_is_privileged;

/* Whether the calls being made are parts of one that looks for readiness; model_looked ends it. */
extern bool model_is_part;
void model_looked(int ready);

/*
 * model_answers is asked before a call, if it is not NULL: it may make the request smaller, or say
 * that the call fails with errno, has been done, or is interrupted should it wait. model_answered
 * is told what came of it.
 */
enum model_course { MODEL_GOES_ON, MODEL_FAILS, MODEL_IS_DONE, MODEL_IS_INTERRUPTED };
extern enum model_course (*model_answers)(struct request *request);
extern void (*model_answered)(const struct request *request, int64_t result);

/*
 * model_saw is told of every call, as it was made, if it is not NULL: when it begins to wait, and
 * when it has come to its end, of which model_outcome tells all, received bytes in the buffer, as
 * spec_outcome does; or when it was interrupted, or failed with errno and was not carried out.
 */
enum model_stage { MODEL_WAITS, MODEL_ENDS, MODEL_INTERRUPTED, MODEL_REFUSED };
extern void (*model_saw)(const struct request *request, enum model_stage stage);
void model_outcome(struct outcome *outcome, uint8_t *buffer);

/* model_progress returns how many calls have moved anything so far. */
uint64_t model_progress(void);

/*
 * model_keep copies what is about to be sent, all parts together, and lets the request send it; it
 * stays until it has been received. False, and ENOBUFS, when there is no room for it.
 */
bool model_keep(struct request *request, const struct iovec *parts, size_t count);

/* Where a call's data goes. */
struct model_room {
    const struct iovec *parts;
    size_t count;
    size_t filled; /* of the first part */
};

/* model_show writes bytes that a call received into a room, as far as there is any. */
void model_show(uint16_t piece, uint32_t offset, uint32_t length, struct model_room *room);

/*
 * model_name writes an endpoint as the name that a call returns, cut to *size, which becomes what
 * it would have needed.
 */
void model_name(const struct endpoint *name, int family, struct sockaddr *address, socklen_t *size);

/* model_control lays out ancillary data, and says in *flags whether it was cut. */
size_t model_control(const struct shown_message *message, size_t room, void *control, int *flags);

/* model_forget gives up all that was kept. */
void model_forget(void);

/* model_world is the world behind the model. */
struct world *model_world(void);

/* model_reset closes everything and forgets it. */
void model_reset(void);

/*
 * model_save keeps the world as it is, in one of a few places, and model_restore makes it so again:
 * faster than the calls that lead there. What has been sent and not received must not be left.
 */
enum { MODEL_PLACES = 4 };
void model_save(unsigned place);
void model_restore(unsigned place);

#endif
