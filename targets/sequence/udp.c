/* sequence/udp: sequences of calls on UDP sockets, IPv4 and IPv6, over real loopback. */
#include "sequence.h"

SOCKDRILL_DRILL(sequence_run, &drill_rules_datagram)
