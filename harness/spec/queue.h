/*
 * queue: what is on its way to a socket or waits to be read: the bytes of a stream, the datagrams
 * of a datagram socket. Nothing is copied; pieces refer to what was sent. Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_QUEUE_H
#define SOCKDRILL_SPEC_QUEUE_H

#include "spec/step.h"

/*
 * queue_append puts a send's bytes at the end of a socket's queue; false when the world is full.
 */
bool queue_append(struct step *t, const struct sock *to, struct payload bytes);

/*
 * queue_datagram makes a datagram of a payload and of the one that it goes on with, if that is not
 * NO_PIECE. Returns its first piece, or NO_PIECE when the world is full.
 */
uint16_t queue_datagram(struct step *t, uint16_t begun, struct payload bytes);

/* piece_edit makes a piece changeable. */
struct piece *piece_edit(struct world *w, uint16_t piece);

/* queue_put puts a datagram at the end of a socket's queue. */
void queue_put(struct step *t, const struct sock *to, uint16_t datagram);

/* queue_copy_datagram returns another datagram that is the same, in no queue; or NO_PIECE. */
uint16_t queue_copy_datagram(struct step *t, uint16_t datagram);

/*
 * queue_link has a socket's queue go on with a datagram after another, which is NO_PIECE for the
 * queue's beginning. What followed is no longer there.
 */
void queue_link(struct step *t, const struct sock *to, uint16_t before, uint16_t datagram);

/* queue_error puts a datagram at the end of a socket's queue of errors. */
void queue_error(struct step *t, const struct sock *s, uint16_t datagram);

/* queue_after returns what follows a datagram in its queue, or NO_PIECE. */
uint16_t queue_after(const struct world *w, uint16_t datagram);

/* queue_length returns how many bytes a datagram has. */
uint32_t queue_length(const struct world *w, const struct piece *datagram);

/*
 * queue_show says that the call returns so many bytes of the stream, beginning so many behind the
 * first, and takes none away.
 */
void queue_show(struct step *t, const struct sock *s, uint32_t ahead, uint32_t length);

/* queue_show_datagram says the same of a datagram's bytes, from one on. */
void queue_show_datagram(struct step *t, const struct piece *datagram, uint32_t start,
                         uint32_t length);

/* queue_take takes so many bytes away from the front of a stream. */
void queue_take(struct step *t, const struct sock *s, uint32_t length);

/* queue_lose takes away the last byte of the send that ends there in a stream. */
void queue_lose(struct step *t, const struct sock *s, uint64_t end);

/* queue_cut takes so many bytes, which nobody has read, off the end of a stream's last piece. */
void queue_cut(struct step *t, const struct sock *s, uint32_t length);

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

/* queue_may_fill tells whether what a datagram socket has sent may still fill its send buffer. */
bool queue_may_fill(const struct world *world, const struct sock *sock);

/* queue_copy_part writes so many bytes, from a place in a piece on. */
void queue_copy_part(const struct world *w, uint16_t piece, uint32_t offset, uint32_t length,
                     uint8_t *bytes);

/* queue_certain returns how many datagrams certainly come to a socket, with those it has read. */
uint64_t queue_certain(const struct world *w, const struct sock *s);

#endif
