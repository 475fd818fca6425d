/*
 * calls: makes single calls for the executor, and what they need of its variables. Private to
 * harness/stacks.
 */
#ifndef SOCKDRILL_STACKS_CALLS_H
#define SOCKDRILL_STACKS_CALLS_H

#include "stacks/executor.h"

/* calls_make makes one call and fills outcome. */
void calls_make(struct executor *executor, const struct call *call, struct outcome *outcome);

/* executor_find returns the entry of an open descriptor, or NULL. */
struct open_fd *executor_find(struct executor *executor, int fd);

/* executor_description returns what a descriptor shares with its duplicates; never NULL. */
struct description *executor_description(struct executor *executor, int fd);

/* executor_open records a new descriptor and assigns it to a slot. */
void executor_open(struct executor *executor, unsigned slot, int fd,
                   struct description description);

/* executor_duplicate records a duplicate of an open descriptor and assigns it to a slot. */
void executor_duplicate(struct executor *executor, unsigned slot, int fd, int original);

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

/* resolve_address fills in a call's address; room is larger than any. Returns the length to pass.
 */
struct resolved {
    union {
        struct sockaddr any;
        struct sockaddr_storage storage;
        uint8_t bytes[sizeof(struct sockaddr_storage) + 8];
    } address;
    socklen_t length;
};

/* resolve_address finds what a call's address means now. */
void resolve_address(struct executor *executor, const struct call *call, struct resolved *out);

/* address_allowed tells whether the address may be used; if not, the outcome says so. */
bool address_allowed(const struct executor *executor, struct outcome *outcome,
                     const struct resolved *to, bool to_wildcard);

/* name_room offers the call so much room for a name as its argument says. */
void name_room(const struct call *call, struct resolved *name);

/* outcome_named is outcome_returned of a call that returns a name. */
void outcome_named(struct outcome *outcome, int64_t result, const struct resolved *name);

/* make_NAME makes the call NAME; the stack has it. */
#define CALL(code, name, wants, n_default, ...)                                                    \
    void make_##name(struct executor *executor, const struct call *call, struct outcome *outcome);
#include "lists/calls.def"
#undef CALL

#endif
