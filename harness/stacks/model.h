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

/* model_begin prepares a request for a call on a descriptor. The caller fills in the rest. */
struct request *model_begin(enum op op, int fd);

/*
 * model_make carries the request out. Returns what the call returns and sets errno; a call that
 * would wait fails with EAGAIN, one that is beyond the specification with ENOSYS, and time that
 * passes within a call does pass. What it says beside stays in the prediction until the next call.
 */
int64_t model_make(void);
const struct prediction *model_prediction(void);

/*
 * model_keep copies what is about to be sent, all parts together, into the request; it stays until
 * the model is reset. False, and ENOBUFS, when there is no room for it.
 */
bool model_keep(const struct iovec *parts, size_t count);

/* model_show writes bytes that a call received into parts, as far as there are any. */
void model_show(uint16_t piece, uint32_t offset, uint32_t length, const struct iovec *parts,
                size_t count);

/*
 * model_name writes an endpoint as the name that a call returns, cut to *size, which becomes what
 * it would have needed.
 */
void model_name(const struct endpoint *name, int family, struct sockaddr *address, socklen_t *size);

/* model_control lays out ancillary data, and says in *flags whether it was cut. */
size_t model_control(const struct shown_message *message, size_t room, void *control, int *flags);

/* model_reset closes everything and forgets it. */
void model_reset(void);

#endif
