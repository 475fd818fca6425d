/*
 * oracle: judges what a stack did, call by call. It keeps every world that the outcomes so far
 * allow; an outcome that none of them allows is a deviation. It never makes a call itself, so a
 * trace can be judged as it is recorded or long after.
 */
#ifndef SOCKDRILL_ORACLE_ORACLE_H
#define SOCKDRILL_ORACLE_ORACLE_H

#include "spec/spec.h"

enum {
    WORLDS_MAX = 128,          /* worlds that are kept apart */
    ALLOWED_MAX = 48,          /* outcomes that are told of a deviation */
    ALTERNATIVES_MAX = 4096,   /* ways one call can go in one world */
    ALLOWED_BYTES_MAX = 64,    /* bytes that are told of what would have been received */
    ALLOWED_CONTROL_MAX = 256, /* likewise of ancillary data */
};

/* What the oracle says of a call. A fault of the harness is none of these. */
enum judgement {
    JUDGEMENT_CONFORMS,
    JUDGEMENT_DEVIATES,
    JUDGEMENT_INCONCLUSIVE, /* too many worlds, or a call that the specification does not know */
    JUDGEMENTS
};

/* An outcome that would have been allowed, with the clause that it follows from. */
struct allowed {
    enum clause clause;
    struct outcome outcome; /* of its data only the first ALLOWED_BYTES_MAX bytes */
    uint8_t bytes[PARTS_MAX][ALLOWED_BYTES_MAX];
    uint8_t control[PARTS_MAX][ALLOWED_CONTROL_MAX];
};

/* An oracle. Large: keep it static, for it is taken to be zero at first. */
struct oracle {
    struct coverage coverage;
    struct undo undo;
    unsigned world_count;
    struct world *worlds[WORLDS_MAX]; /* the possible ones */
    struct world *spare[WORLDS_MAX];
    uint64_t hashes[WORLDS_MAX]; /* of the spare ones, settled */
    bool hashed;                 /* the first of them, too */
    bool inconclusive;           /* until the next oracle_begin */
    enum clause clause;          /* which decided the last call that conformed */
    unsigned allowed_count;
    struct allowed allowed[ALLOWED_MAX]; /* of the last call that deviated, or was listed */
    uint8_t bytes[SPEC_BYTES_MAX];       /* what a call would have received */
    struct world storage[2 * WORLDS_MAX];
};

/* oracle_init prepares an oracle. settle_ms: waiting so long, everything under way arrives. */
void oracle_init(struct oracle *oracle, const struct profile *profile, int settle_ms);

/* oracle_without_time_wait says that the system under test was told not to keep TIME-WAIT. */
void oracle_without_time_wait(struct oracle *oracle);

/* oracle_is_slow says that what is sent may be under way while sockets change. */
void oracle_is_slow(struct oracle *oracle);

/* oracle_begin starts a trace: no socket exists. */
void oracle_begin(struct oracle *oracle);

/* oracle_knows_other says that a descriptor is open and no socket. */
void oracle_knows_other(struct oracle *oracle, int fd);

/*
 * oracle_judge judges the next call of the trace. After a deviation it goes on from an allowed
 * outcome.
 */
enum judgement oracle_judge(struct oracle *oracle, const struct request *request,
                            const struct outcome *outcome);

/*
 * oracle_list_allowed lists what is allowed of a call that has not been judged yet, in allowed.
 * What the specification leaves open within a range is settled by outcome.
 */
void oracle_list_allowed(struct oracle *oracle, const struct request *request,
                         const struct outcome *outcome);

/*
 * oracle_must_end tells whether an actor's blocked call ends once everything under way has arrived.
 */
bool oracle_must_end(struct oracle *oracle, unsigned actor);

/* oracle_same_outcome tells whether two outcomes are the same, as far as a call shows them. */
bool oracle_same_outcome(const struct outcome *a, const struct outcome *b);

/* oracle_world returns one of the possible worlds. */
const struct world *oracle_world(const struct oracle *oracle);

#endif
