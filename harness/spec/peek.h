/*
 * peek: SO_PEEK_OFF, with which peeks move on through what is queued. Source: socket(7). Private to
 * harness/spec.
 */
#ifndef SOCKDRILL_SPEC_PEEK_H
#define SOCKDRILL_SPEC_PEEK_H

#include "spec/step.h"

/* peek_start returns how many bytes behind the front the receive begins. */
uint32_t peek_start(const struct step *t, const struct sock *s);

/* peek_forget: the stream's association has been dissolved. */
void peek_forget(struct step *t, const struct sock *s);

/* peek_move: so many bytes were received, or peeked at. */
void peek_move(struct step *t, const struct sock *s, int64_t amount);

#endif
