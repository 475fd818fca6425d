/*
 * calls: makes single calls for the executor, and what they need of its variables. Private to
 * harness/stacks.
 */
#ifndef SOCKDRILL_STACKS_CALLS_H
#define SOCKDRILL_STACKS_CALLS_H

#include "stacks/executor.h"

/* request_resolve finds what a call's arguments mean now; the request points into the executor. */
void request_resolve(struct executor *executor, const struct call *call, struct request *request);

/* resolve_address is request_resolve for the socket address alone. */
void resolve_address(struct executor *executor, const struct address *address,
                     struct request *request);

/* calls_make makes a request and fills outcome. */
void calls_make(struct executor *executor, const struct request *request, struct outcome *outcome);

/*
 * acts_make does what an actor does, and fills outcome. It sets of the request what only the
 * actor's call tells.
 */
void acts_make(struct executor *executor, const struct call *call, struct request *request,
               struct outcome *outcome);

/*
 * acts_timed makes a call of the drill's own thread that waits for no more than the executor may
 * block, really blocking; false, and nothing done, for any other.
 */
bool acts_timed(struct executor *executor, const struct request *request, struct outcome *outcome);

/* acts_notice lets calls that have ended since be observed. */
void acts_notice(struct executor *executor);

/* acts_end interrupts what is under way. */
void acts_end(struct executor *executor);

/*
 * executor_ask makes a getsockname or getpeername on the executor's own account and lets it be
 * observed. Returns whether it gave a name.
 */
bool executor_ask(struct executor *executor, enum op op, int fd, struct outcome *outcome);

/* executor_reveal asks for the name of a request's socket if the request may have given it one. */
void executor_reveal(struct executor *executor, const struct request *request);

/* given returns a pointer argument: the good one, or an address at which there is no memory. */
void *given(const struct request *request, enum bad_pointer pointer, const void *good);

/* executor_find returns the entry of an open descriptor, or NULL. */
struct open_fd *executor_find(struct executor *executor, int fd);

/* executor_description returns what a descriptor shares with its duplicates; never NULL. */
struct description *executor_description(struct executor *executor, int fd);

/* executor_open records a new descriptor. */
void executor_open(struct executor *executor, int fd, struct description description);

/* executor_duplicate records a duplicate of an open descriptor. */
void executor_duplicate(struct executor *executor, int fd, int original);

/* executor_forget drops a descriptor that has been closed. */
void executor_forget(struct executor *executor, int fd);

/* executor_fd returns a descriptor argument's number; INT_MAX for a variable that is not open. */
int executor_fd(struct executor *executor, unsigned ref);

/*
 * executor_wait waits within the bounds until poll reports an event, and tells whether it did.
 * Readiness is a hint: a call that would still block asks again, but only so often without
 * progress.
 */
enum { EXECUTOR_WAITS_MAX = 4 };
bool executor_wait(struct executor *executor, int fd, short events);

/* executor_unblock makes a descriptor non-blocking for the stack. */
void executor_unblock(struct executor *executor, int fd);

/* executor_close closes a descriptor on the stack that it belongs to. */
int executor_close(struct executor *executor, int fd);

/* executor_no_linger makes sure that closing the descriptor does not wait. */
void executor_no_linger(struct executor *executor, int fd);

/* outcome_returned says that the call returned so; reads errno. */
void outcome_returned(struct outcome *outcome, int64_t result);

/* outcome_unfinished says that the call would go on blocking, having moved so much; -1 for none. */
void outcome_unfinished(struct outcome *outcome, int64_t result);

/* outcome_would_block tells whether an attempt failed with EAGAIN; reads errno. */
bool outcome_would_block(int64_t result);

/* address_allowed tells whether the address may be used; if not, the outcome says so. */
bool address_allowed(const struct executor *executor, struct outcome *outcome,
                     const struct bytes *address, bool to_wildcard);

/* A name that a call returns: where to, and the length offered, then returned. */
struct name {
    union name_room address;
    socklen_t length;
};

/* control_allowed tells whether ancillary data may be sent; if not, the outcome says so. */
bool control_allowed(const struct executor *executor, struct outcome *outcome,
                     const struct bytes *control);

/* data_of returns the bytes that are sent; repeated ones are written out into the buffer. */
const uint8_t *data_of(struct executor *executor, const struct payload *sent);

/* transfer_send sends everything, as far as the bounds let it. */
void transfer_send(struct executor *executor, const struct request *request,
                   struct outcome *outcome);

/* transfer_receive receives, and waits where the drill's call does. */
void transfer_receive(struct executor *executor, const struct request *request,
                      struct outcome *outcome);

/* transfer_blocks tells whether the drill's call waits. */
bool transfer_blocks(struct executor *executor, const struct request *request);

/*
 * transfer_is_shut tells whether a datagram socket is shut down for reading: then a call that would
 * wait returns at once, as only a blocking call shows.
 */
bool transfer_is_shut(struct executor *executor, int fd);

/*
 * parts_point sets the executor's parts to those of a request in bytes, without the first ones that
 * are done with. Returns how many there are, as the request claims.
 */
int parts_point(struct executor *executor, const struct request *request, const uint8_t *bytes,
                size_t done);

/* message_send is one attempt of sendmsg. */
ssize_t message_send(struct executor *executor, const struct request *request, const uint8_t *data,
                     size_t sent);

/* message_receive is one attempt of recvmsg, which fills what the outcome has of the message. */
ssize_t message_receive(struct executor *executor, const struct request *request,
                        struct outcome *outcome, struct name *name);

/* name_offer offers the call so much room for a name as the request says. */
void name_offer(const struct request *request, struct name *name);

/* name_at and length_at are the pointers that a call gets which returns a name. */
struct sockaddr *name_at(const struct request *request, struct name *name);
socklen_t *length_at(const struct request *request, struct name *name);

/* outcome_named is outcome_returned of a call that returns a name. */
void outcome_named(struct outcome *outcome, int64_t result, const struct name *name);

/* make_NAME makes a request for the call NAME; the stack has it. */
#define CALL(code, name, wants, n_default, ...)                                                    \
    void make_##name(struct executor *executor, const struct request *request,                     \
                     struct outcome *outcome);
#include "lists/calls.def"
#undef CALL

#endif
