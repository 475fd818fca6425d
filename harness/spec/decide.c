/* decide: see decide.h. */
#include "spec/decide.h"

#include "spec/step.h"

#ifdef SOCKDRILL_CLAUSE_REMOVAL
int clause_removal = -1;
#endif

unsigned decide_case(struct step *t, enum clause clause, unsigned count)
{
    struct decider *d = t->decider;
    unsigned i = d->count;

    if (!applies(t, clause, true) || d->kind != DECIDER_WITNESS || count < 2)
        return 0;
    if (i == CHOICES_MAX) {
        d->overflow = true;
        return 0;
    }
    d->count++;
    if (i >= d->scripted)
        d->choice[i] = 0;
    d->most[i] = (uint8_t)(count - 1);
    return d->choice[i];
}

/* The amount that the witness saw move; nothing, where the call would have waited. */
static int64_t seen_amount(const struct outcome *seen)
{
    return seen->result < 0 ? 0 : seen->result;
}

int64_t decide_amount(struct step *t, enum clause clause, int64_t least, int64_t most)
{
    int64_t amount;

    if (!applies(t, clause, true) || t->decider->kind != DECIDER_WITNESS)
        return most;
    amount = seen_amount(t->decider->seen);
    return amount < least ? least : amount > most ? most : amount;
}

int64_t decide_value(struct step *t, enum clause clause, int64_t seen, int64_t least, int64_t most,
                     int64_t ordinary)
{
    if (!applies(t, clause, true) || t->decider->kind != DECIDER_WITNESS)
        return ordinary;
    return seen < least || seen > most ? ordinary : seen;
}

/* How many choices there are up to the last of which an alternative is left. */
static unsigned choices_left(const struct decider *d)
{
    unsigned last = d->count;

    while (last > 0 && d->choice[last - 1] == d->most[last - 1])
        last--;
    return last;
}

bool decider_is_last(const struct decider *d)
{
    return choices_left(d) == 0;
}

bool decider_next(struct decider *d)
{
    unsigned last = choices_left(d);

    d->count = 0;
    if (last == 0)
        return false;
    d->choice[last - 1]++;
    d->scripted = (uint8_t)last;
    return true;
}
