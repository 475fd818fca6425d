/* settle: how an attempt becomes an outcome, for calls.c and transfer.c alike. */
#include <errno.h>
#include <string.h>

#include "stacks/calls.h"
#include "stacks/isolation.h"

void outcome_returned(struct outcome *o, int64_t result)
{
    o->kind = OUTCOME_RETURNED;
    o->result = result;
    o->error = result < 0 ? errno : 0;
}

void outcome_unfinished(struct outcome *o, int64_t result)
{
    o->kind = OUTCOME_UNFINISHED;
    o->result = result;
    o->error = 0;
}

bool outcome_would_block(int64_t result)
{
    return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool address_allowed(const struct executor *e, struct outcome *o, const struct bytes *address,
                     bool to_wildcard)
{
    if (!e->loopback_only ||
        isolation_allows((const struct sockaddr *)address->data, address->size, to_wildcard))
        return true;
    o->kind = OUTCOME_REFUSED;
    return false;
}

void outcome_named(struct outcome *o, int64_t result, const struct name *name)
{
    outcome_returned(o, result);
    if (result < 0)
        return;
    o->address = name->address.storage;
    o->address_length = name->length;
}

void name_offer(const struct request *r, struct name *name)
{
    memset(&name->address, 0, sizeof name->address);
    name->length = r->name_room;
}
