/*
 * draw: what the parts of the generator share: chance, the variables of the drill, and how each
 * kind of call draws its arguments.
 */
#ifndef SOCKDRILL_MUTATE_DRAW_H
#define SOCKDRILL_MUTATE_DRAW_H

#include "mutate/generate.h"

enum { ODD_ONE_IN = 24 };

/* A call that is being drawn. */
struct draw {
    struct generator *generator;
    const struct world *world;
    const int *slots; /* the descriptors of the variables */
    struct call *call;
    uint8_t slot;         /* the variable that the call is drawn for */
    const struct sock *s; /* its socket */
};

/* Some of the variables. */
struct choice {
    unsigned count;
    uint8_t slots[SLOTS_MAX];
};

/* draw_below returns a number below a bound, draw_one_in whether it happened; draw_of one of count.
 */
unsigned draw_below(struct draw *d, unsigned bound);
bool draw_one_in(struct draw *d, unsigned count);
uint32_t draw_of(struct draw *d, const uint32_t *numbers, size_t count);

/* draw_open finds the variables that hold sockets, draw_targets those worth sending to. */
void draw_open(const struct draw *d, struct choice *out);
void draw_targets(const struct draw *d, struct choice *out);

/* draw_free_slot draws a variable for a new descriptor. */
uint8_t draw_free_slot(struct draw *d);

/* draw_host draws an address to bind to, draw_target one to connect or send to. */
void draw_host(struct draw *d, struct address *a);
void draw_target(struct draw *d, struct address *a);

/* draw_payload returns that many bytes, or fewer, of what no other call of the drill sends. */
const uint8_t *draw_payload(struct draw *d, uint32_t size);

/* draw_room draws how much a call has room for. */
uint32_t draw_room(struct draw *d);

/* draw_flags draws flags: the usual ones, often the favoured one, one time in so many any other. */
uint8_t draw_flags(struct draw *d, enum flag_set set, unsigned usual, unsigned one_in,
                   uint8_t favoured);

/* draw_descriptor fills in the descriptor and the variable for a new one. */
void draw_descriptor(struct draw *d);

/* draw_arguments draws what follows the descriptor. */
void draw_arguments(struct draw *d);

void draw_data(struct draw *d);

/* draw_no_memory makes one of the call's pointers point to no memory, if that is specified. */
void draw_no_memory(struct draw *d);

/* Arguments that fill a file of their own. */
void draw_options(struct draw *d);
void draw_parts_out(struct draw *d);
void draw_parts_in(struct draw *d);
void draw_sent_message(struct draw *d);
void draw_received_message(struct draw *d);
void draw_set(struct draw *d);

/* draw_actor draws what an actor does, or what may wake one, or does not, which it tells. */
bool draw_actor(struct draw *d);

/* draw_undisturbed draws another call in place of one whose effect on a blocked one no text tells.
 */
void draw_undisturbed(struct draw *d);

/* draw_epoll draws a call for an instance of epoll, or does not, which it tells. */
bool draw_epoll(struct draw *d);

/* draw_transfer_kind draws one of the calls that are drawn where send, recv and the like are. */
void draw_transfer_kind(struct draw *d);

/* draw_poll_kind draws one of the calls that are drawn where poll is. */
uint8_t draw_poll_kind(struct draw *d);

#endif
