/*
 * actors: what each actor of a drill has last called, while the drill is read: what it resumes is
 * that call. Private to harness/drill.
 */
#ifndef SOCKDRILL_DRILL_ACTORS_H
#define SOCKDRILL_DRILL_ACTORS_H

#include "drill/call.h"

struct actors {
    uint8_t next; /* by whom the next call is made */
    bool made[ACTORS];
    struct call last[ACTORS];
};

/* actors_start: nobody has called anything. */
void actors_start(struct actors *actors);

/* actors_call says that the next call is this one, and who makes it. */
void actors_call(struct actors *actors, struct call *call);

/* actors_suitable returns the actor if it has made a call, else the first that has, else 0. */
uint8_t actors_suitable(const struct actors *actors, uint8_t actor);

/* actors_act fills in an act of the actor's last call; false when it has made none. */
bool actors_act(const struct actors *actors, enum act act, uint8_t actor, struct call *call);

#endif
