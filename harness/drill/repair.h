/*
 * repair: follows what a drill's variables probably hold, so that a descriptor or address that the
 * input leaves open becomes the one with which the call means something. It assumes that every call
 * succeeds: cheap, and right often enough. Decoder and encoder use it alike, which is what makes
 * them inverse.
 */
#ifndef SOCKDRILL_DRILL_REPAIR_H
#define SOCKDRILL_DRILL_REPAIR_H

#include "drill/drill.h"

/* What a variable probably holds. */
enum slot_state {
    SLOT_EMPTY,
    SLOT_FRESH,
    SLOT_BOUND,
    SLOT_LISTENING,
    SLOT_CONNECTED,
    SLOT_EPOLL,
};

struct slot {
    uint8_t state; /* enum slot_state */
    uint8_t domain;
    uint8_t type;
};

/* The variables, and the open ones in order, the newest first. */
struct repair {
    struct slot slots[SLOTS_MAX];
    uint8_t newest[SLOTS_MAX];
    uint8_t open_count;
};

/* A list of slots that suit, the best first. */
struct candidates {
    uint8_t slots[SLOTS_MAX];
    uint8_t count;
};

/* repair_start sets the variables as they are before the first call. */
void repair_start(struct repair *repair, const struct drill_rules *rules);

/*
 * repair_candidates lists the slots that suit what a call wants; when none does, all open ones;
 * when none is open, slot 0 alone. Never empty.
 */
void repair_candidates(const struct repair *repair, enum wants wants, struct candidates *out);

/*
 * repair_targets lists the slots to whose name the descriptor might connect or send, possibly none:
 * listeners for a stream, other bound sockets for a datagram socket.
 */
void repair_targets(const struct repair *repair, unsigned fd, struct candidates *out);

/* repair_loopback returns the loopback host of the descriptor's family. */
enum host repair_loopback(const struct repair *repair, unsigned fd);

/* repair_connected tells whether the descriptor is probably connected. */
bool repair_connected(const struct repair *repair, unsigned fd);

/* repair_free_slot returns the lowest slot that is not open, or 0 when all are. */
unsigned repair_free_slot(const struct repair *repair);

/* repair_follow updates the variables for a definite call. */
void repair_follow(struct repair *repair, const struct call *call);

#endif
