/* resolve: the socket address that a drill's address argument means when its call is made. */
#include <netinet/in.h>
#include <string.h>

#include "stacks/calls.h"

static uint32_t resolve_host(union name_room *room, const struct host_info *host, uint16_t port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = port};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = port};

    if (host->family == AF_INET) {
        memcpy(&in.sin_addr, host->bytes, sizeof in.sin_addr);
        memcpy(room, &in, sizeof in);
        return sizeof in;
    }
    memcpy(&in6.sin6_addr, host->bytes, sizeof in6.sin6_addr);
    memcpy(room, &in6, sizeof in6);
    return sizeof in6;
}

/* A slot's own or its peer's name; AF_UNSPEC and zeros when it has none. */
static uint32_t resolve_name(struct executor *e, union name_room *room, unsigned slot, enum op op)
{
    struct outcome named;

    if (!executor_ask(e, op, executor_fd(e, slot), &named) ||
        named.address_length > sizeof named.address)
        return sizeof(struct sockaddr_in);
    room->storage = named.address;
    return named.address_length;
}

/* A fixed host's port in network order. */
static uint16_t resolve_port(struct executor *e, const struct address *address)
{
    union name_room name = {.bytes = {0}};
    struct sockaddr_in in;

    if (address->port != PORT_OF_SLOT)
        return address->port == PORT_ZERO ? 0 : htons((uint16_t)(e->port_base + address->port));
    /* The port stands at the same place in both families' addresses. */
    resolve_name(e, &name, address->slot, OP_getsockname);
    memcpy(&in, &name, sizeof in);
    return in.sin_port;
}

void resolve_address(struct executor *e, const struct address *address, struct request *r)
{
    union name_room *room = &e->room.address;

    memset(room, 0, sizeof *room);
    r->address.data = room->bytes;
    switch (address->kind) {
    case ADDRESS_UNSPEC:
        r->address.size = sizeof(struct sockaddr_in);
        break;
    case ADDRESS_NAME:
        r->address.size = resolve_name(e, room, address->slot, OP_getsockname);
        break;
    case ADDRESS_PEER:
        r->address.size = resolve_name(e, room, address->slot, OP_getpeername);
        break;
    case ADDRESS_RAW:
        if (address->raw_size > 0)
            memcpy(room, address->raw, address->raw_size);
        r->address.size = address->raw_size;
        break;
    default:
        r->address.size = resolve_host(room, &hosts()[address->kind], resolve_port(e, address));
        break;
    }
    if (address->length != LENGTH_NATURAL)
        r->address.size = (uint32_t)address_lengths[address->length];
}
