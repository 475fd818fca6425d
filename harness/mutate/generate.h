/*
 * generate: draws the next call of a drill from the state of a world, so that drills get far: most
 * calls mean something on the socket that they name, and a few are wrong on purpose.
 */
#ifndef SOCKDRILL_MUTATE_GENERATE_H
#define SOCKDRILL_MUTATE_GENERATE_H

#include "drill/drill.h"
#include "spec/world.h"

enum { PATTERN_BYTES = 1 << 16 };

/*
 * What a drill is drawn towards. Drills that each favour a few things get further into rare states
 * than drills that are all alike: swarm testing (Groce et al., ISSTA 2012).
 */
struct leaning {
    uint8_t ops[OPS];  /* how many times as often as usual each call is drawn; 0 never */
    uint8_t domain;    /* of most sockets: index of VALUES_DOMAIN */
    uint8_t type;      /* index of VALUES_TYPE */
    bool mixed;        /* domain and type mean nothing: sockets of all kinds */
    bool nonblocking;  /* sockets are mostly made so */
    bool fills;        /* much is sent at once */
    bool keeps_ports;  /* most addresses have fixed ports */
    uint8_t send_flag; /* bit that is set often; 0 for none */
    uint8_t recv_flag;
    uint8_t option; /* index of options() that is set and asked for often */
};

/* A generator. */
struct generator {
    uint64_t random;
    struct leaning leaning;
    uint32_t sent;                  /* bytes of the pattern that the drill has used */
    struct call last[ACTORS];       /* what each actor has called last */
    uint8_t pattern[PATTERN_BYTES]; /* payload, different everywhere */
};

/* generate_init prepares a generator; the same seed gives the same drills on the same stack. */
void generate_init(struct generator *generator, uint64_t seed);

/* generate_begin starts a drill, and draws what it leans to. */
void generate_begin(struct generator *generator);

/*
 * generate_call draws a call. slots are the descriptor numbers of the drill's variables. The call
 * points into the generator.
 */
void generate_call(struct generator *generator, const struct world *world,
                   const int slots[SLOTS_MAX], struct call *call);

#endif
