/* actors: see actors.h. */
#include "drill/actors.h"

void actors_start(struct actors *actors)
{
    actors->next = 0;
    for (unsigned i = 0; i < ACTORS; i++)
        actors->made[i] = false;
}

void actors_call(struct actors *actors, struct call *call)
{
    call->actor = actors->next;
    actors->next = 0;
    if (call->actor == 0)
        return;
    actors->made[call->actor - 1] = true;
    actors->last[call->actor - 1] = *call;
}

uint8_t actors_suitable(const struct actors *actors, uint8_t actor)
{
    if (actors->made[actor - 1])
        return actor;
    for (unsigned i = 0; i < ACTORS; i++)
        if (actors->made[i])
            return (uint8_t)(i + 1);
    return 0;
}

bool actors_act(const struct actors *actors, enum act act, uint8_t actor, struct call *call)
{
    if (actor == 0 || !actors->made[actor - 1])
        return false;
    *call = actors->last[actor - 1];
    call->act = (uint8_t)act;
    return true;
}
