/*
 * judge: judges the calls that an executor makes as they are made, for whoever runs drills and
 * wants to know only whether the stack conforms. The oracle says how; explain.h says it in words.
 */
#ifndef SOCKDRILL_ORACLE_JUDGE_H
#define SOCKDRILL_ORACLE_JUDGE_H

#include "drill/call.h"
#include "oracle/oracle.h"

/* What a call was about, as it was before the call. */
struct subject {
    bool is_open; /* the descriptor */
    bool is_sock;
    bool bound;
    bool has_remote;
    uint8_t family;
    uint8_t type;
    uint8_t state; /* enum sock_state */
};

/* A judge. Large: keep it static. */
struct judge {
    struct oracle oracle;
    enum judgement judgement; /* of the last call */
    struct subject subject;   /* of the last call */
};

/* judge_init prepares a judge. settle_ms: waiting so long, everything under way arrives. */
void judge_init(struct judge *judge, const struct profile *profile, int settle_ms);

/* judge_begin starts a drill. */
void judge_begin(struct judge *judge);

/*
 * judge_call judges the next call of the drill: what an executor tells its observer, whose
 * reveal_names is set. After a call that cannot be judged, or was not made, none is until
 * judge_begin.
 */
enum judgement judge_call(struct judge *judge, const struct call *call,
                          const struct request *request, const struct outcome *outcome);

#endif
