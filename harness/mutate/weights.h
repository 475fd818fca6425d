/* weights: how often a call is drawn on a socket, by the state that it is in. */
#ifndef SOCKDRILL_MUTATE_WEIGHTS_H
#define SOCKDRILL_MUTATE_WEIGHTS_H

#include "drill/call.h"

/* What a variable holds, as far as it matters to what is worth calling. */
enum holding {
    HOLDS_NOTHING,
    HOLDS_STREAM_NEW,
    HOLDS_STREAM_BOUND,
    HOLDS_LISTENER,
    HOLDS_WAITED_FOR,
    HOLDS_CONNECTING,
    HOLDS_CONNECTED,
    HOLDS_READABLE,
    HOLDS_OVER,
    HOLDS_DATAGRAM_NEW,
    HOLDS_DATAGRAM,
    HOLDS_QUEUED,
    HOLDINGS
};

/* odd_calls are those that are drawn now and then on whatever there is. */
enum { ODD_CALLS = 22 };
extern const uint8_t odd_calls[ODD_CALLS];

/* holding_weights are how often a variable is drawn, by what it holds. */
extern const uint8_t holding_weights[HOLDINGS];

/* call_weights are the weights; 0 for what is not drawn. */
extern const uint8_t call_weights[HOLDINGS][OPS];

#endif
