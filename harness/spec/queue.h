/*
 * queue: what is on its way to a socket or waits to be read: the bytes of a stream, the datagrams
 * of a datagram socket. Nothing is copied; pieces refer to what was sent. Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_QUEUE_H
#define SOCKDRILL_SPEC_QUEUE_H

#include "spec/step.h"

/*
 * queue_append puts a send's bytes, or a datagram, at the end of a socket's queue and returns its
 * piece, or NULL when the world is full.
 */
struct piece *queue_append(struct step *t, const struct sock *to, struct payload bytes);

/*
 * queue_show says that the call returns so many bytes of the stream, beginning so many behind the
 * first, and takes none away.
 */
void queue_show(struct step *t, const struct sock *s, uint32_t ahead, uint32_t length);

/* queue_take takes so many bytes away from the front of a stream. */
void queue_take(struct step *t, const struct sock *s, uint32_t length);

/* queue_drop takes the datagram away that stands so many places behind the first. */
void queue_drop(struct step *t, const struct sock *s, unsigned position);

/* queue_at returns the datagram that stands so many places behind the first, or NULL. */
const struct piece *queue_at(const struct world *w, const struct sock *s, unsigned position);

/*
 * queue_matches tells whether bytes are those that a prediction says the call received. pieces are
 * those of the world from which it was made.
 */
bool queue_matches(const struct world *w, const struct prediction *p, const uint8_t *bytes);

/* queue_copy writes the bytes that a prediction says the call received. */
void queue_copy(const struct world *w, const struct prediction *p, uint8_t *bytes);

#endif
