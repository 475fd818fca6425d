/* resolve: the socket address that a drill's address argument means when its call is made. */
#include <netinet/in.h>
#include <string.h>

#include "stacks/calls.h"

static socklen_t resolve_host(struct resolved *out, const struct host_info *host, uint16_t port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = port};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = port};

    if (host->family == AF_INET) {
        memcpy(&in.sin_addr, host->bytes, sizeof in.sin_addr);
        memcpy(&out->address, &in, sizeof in);
        return sizeof in;
    }
    memcpy(&in6.sin6_addr, host->bytes, sizeof in6.sin6_addr);
    memcpy(&out->address, &in6, sizeof in6);
    return sizeof in6;
}

/* A slot's own or its peer's name; AF_UNSPEC and zeros when it has none. */
static socklen_t resolve_name(struct executor *e, struct sockaddr_storage *name, unsigned slot,
                              bool peer)
{
    socklen_t length = sizeof *name;
    int fd = executor_fd(e, slot);
    int (*ask)(int, struct sockaddr *, socklen_t *) =
        peer ? e->stack->getpeername : e->stack->getsockname;

    if (ask != NULL && ask(fd, (struct sockaddr *)name, &length) == 0 && length <= sizeof *name)
        return length;
    memset(name, 0, sizeof *name);
    return sizeof(struct sockaddr_in);
}

/* A fixed host's port in network order. */
static uint16_t resolve_port(struct executor *e, const struct address *address)
{
    struct sockaddr_storage name;
    struct sockaddr_in in;

    if (address->port != PORT_OF_SLOT)
        return address->port == PORT_ZERO ? 0 : htons((uint16_t)(PORT_BASE + address->port));
    /* The port stands at the same place in both families' addresses. */
    resolve_name(e, &name, address->slot, false);
    memcpy(&in, &name, sizeof in);
    return in.sin_port;
}

void resolve_address(struct executor *e, const struct call *call, struct resolved *out)
{
    const struct address *address = &call->address;

    memset(&out->address, 0, sizeof out->address);
    switch (address->kind) {
    case ADDRESS_UNSPEC:
        out->length = sizeof(struct sockaddr_in);
        break;
    case ADDRESS_NAME:
    case ADDRESS_PEER:
        out->length =
            resolve_name(e, &out->address.storage, address->slot, address->kind == ADDRESS_PEER);
        break;
    case ADDRESS_RAW:
        if (address->raw_size > 0)
            memcpy(&out->address, address->raw, address->raw_size);
        out->length = address->raw_size;
        break;
    default:
        out->length = resolve_host(out, &hosts()[address->kind], resolve_port(e, address));
        break;
    }
    if (address->length != LENGTH_NATURAL)
        out->length = (socklen_t)address_lengths[address->length];
}
