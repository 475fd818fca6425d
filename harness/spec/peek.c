/* peek: see peek.h. */
#include "spec/peek.h"

#include "spec/option.h"

uint32_t peek_start(const struct step *t, const struct sock *s)
{
    int offset = t->request->flags & MSG_PEEK ? option_int(t->world, s, OPT_SO_PEEK_OFF) : 0;

    return offset > 0 ? (uint32_t)offset : 0;
}

void peek_move(struct step *t, const struct sock *s, int64_t amount)
{
    int64_t offset = option_int(t->world, s, OPT_SO_PEEK_OFF);

    if (!applies(t, CLAUSE_OPTION_PEEK_OFF, offset >= 0))
        return;
    offset += t->request->flags & MSG_PEEK ? amount : -amount;
    if (offset < 0)
        offset = 0;
    if (offset > INT32_MAX)
        offset = INT32_MAX;
    option_store(t->world, world_index(t->world, s), OPT_SO_PEEK_OFF, (int)offset, SETTING_SET);
}

void peek_forget(struct step *t, const struct sock *s)
{
    uint16_t index = world_index(t->world, s);

    if (option_is_set(t->world, index, OPT_SO_PEEK_OFF) &&
        t->world->profile->dissolving_stops_peeking)
        option_store(t->world, index, OPT_SO_PEEK_OFF, -1, SETTING_SET);
}
