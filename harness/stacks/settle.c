/* settle: how an attempt becomes an outcome, for calls.c and transfer.c alike. */
#include <errno.h>
#include <netinet/in.h>
#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "drill/ancillary.h"
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

/*
 * Pages that nobody may touch, as many as a call may claim, mapped when they are first asked for.
 * To the sanitizers they are as good as any memory, or their interceptors would end the process.
 */
static void *no_memory(void)
{
    static void *pages;

    if (pages != NULL)
        return pages;
    pages = mmap(NULL, DATA_BYTES_MAX, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        abort();
    ASAN_UNPOISON_MEMORY_REGION(pages, DATA_BYTES_MAX);
    return pages;
}

void *given(const struct request *r, enum bad_pointer pointer, const void *good)
{
    return r->bad == pointer ? no_memory() : (void *)good;
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

/* Of an interface's name nothing, and only addresses that stay; what is not known might leave. */
static bool ancillary_stays(const struct ancillary *message)
{
    const struct control_info *info = ancillary_info(message);
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct in_pktinfo pktinfo = {.ipi_ifindex = 0};
    struct in6_pktinfo pktinfo6 = {.ipi6_ifindex = 0};

    if (info == NULL || info->form != CONTROL_HOST)
        return info != NULL;
    if (info->level == IPPROTO_IPV6) {
        if (message->size >= sizeof pktinfo6)
            memcpy(&pktinfo6, message->data, sizeof pktinfo6);
        in6.sin6_addr = pktinfo6.ipi6_addr;
        return pktinfo6.ipi6_ifindex == 0 &&
               isolation_allows((struct sockaddr *)&in6, sizeof in6, true);
    }
    if (message->size >= sizeof pktinfo)
        memcpy(&pktinfo, message->data, sizeof pktinfo);
    in.sin_addr = pktinfo.ipi_spec_dst;
    return pktinfo.ipi_ifindex == 0 && isolation_allows((struct sockaddr *)&in, sizeof in, true);
}

bool control_allowed(const struct executor *e, struct outcome *o, const struct bytes *control)
{
    struct ancillary message;
    size_t size = control->size < CONTROL_SENT_MAX ? control->size : CONTROL_SENT_MAX;
    size_t at = 0;

    if (!e->loopback_only || control->data == NULL)
        return true;
    while (ancillary_next(&message, &at, control->data, size))
        if (!ancillary_stays(&message)) {
            o->kind = OUTCOME_REFUSED;
            return false;
        }
    return true;
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

struct sockaddr *name_at(const struct request *r, struct name *name)
{
    return r->name_null ? NULL : given(r, BAD_ADDRESS, &name->address.any);
}

socklen_t *length_at(const struct request *r, struct name *name)
{
    return r->name_null ? NULL : given(r, BAD_LENGTH, &name->length);
}
