/* sequence/mixed: sequences of calls on TCP and UDP sockets of both families in one drill. */
#include "sequence.h"

SOCKDRILL_DRILL(sequence_run, &drill_rules_any)
