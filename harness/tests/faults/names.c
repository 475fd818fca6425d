/* names: faults of the socket addresses that calls return. Each is told in faults.def. */
#include <netinet/in.h>
#include <string.h>

#include "tests/faults/visit.h"

/* A name that a call has returned, whole; of its own sort in each family. */
union name {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
};

/* Makes the call and takes out the name. Returns false when there is none, or not all of it. */
static bool take(struct visit *v, union name *name, int64_t *result)
{
    socklen_t room = v->length != NULL ? *v->length : 0;

    *result = visit_pass(v);
    if (*result < 0 || v->name == NULL || v->length == NULL || *v->length < sizeof name->in ||
        *v->length > room || *v->length > sizeof *name)
        return false;
    memcpy(name, v->name, *v->length);
    return true;
}

static void give(const struct visit *v, const union name *name)
{
    memcpy(v->name, name, *v->length);
}

int64_t fault_name_port(struct visit *v)
{
    union name name;
    int64_t result;

    if (take(v, &name, &result)) {
        /* It stands at the same place in both families' addresses. */
        name.in.sin_port = htons((uint16_t)(ntohs(name.in.sin_port) + 1));
        give(v, &name);
    }
    return result;
}

int64_t fault_name_scope(struct visit *v)
{
    union name name;
    int64_t result;

    if (take(v, &name, &result)) {
        name.in6.sin6_scope_id = 1;
        give(v, &name);
    }
    return result;
}

int64_t fault_name_port_swapped(struct visit *v)
{
    union name name;
    int64_t result;

    if (take(v, &name, &result)) {
        name.in.sin_port = (in_port_t)(name.in.sin_port << 8 | name.in.sin_port >> 8);
        give(v, &name);
    }
    return result;
}

int64_t fault_name_address(struct visit *v)
{
    union name name;
    int64_t result;

    if (take(v, &name, &result)) {
        if (name.any.sa_family == AF_INET)
            name.in.sin_addr.s_addr ^= htonl(2);
        else
            name.in6.sin6_addr.s6_addr[15] ^= 2;
        give(v, &name);
    }
    return result;
}

int64_t fault_name_family(struct visit *v)
{
    union name name;
    int64_t result;

    if (take(v, &name, &result)) {
        name.any.sa_family = name.any.sa_family == AF_INET ? AF_INET6 : AF_INET;
        give(v, &name);
    }
    return result;
}

int64_t fault_name_length(struct visit *v)
{
    union name name;
    int64_t result;

    if (take(v, &name, &result))
        *v->length -= 4;
    return result;
}

int64_t fault_name_length_cut(struct visit *v)
{
    socklen_t room = v->length != NULL ? *v->length : 0;
    int64_t result = visit_pass(v);

    if (result >= 0 && v->length != NULL && *v->length > room)
        *v->length = room;
    return result;
}

int64_t fault_name_empty(struct visit *v)
{
    int64_t result = visit_pass(v);

    if (result >= 0 && v->name != NULL)
        *v->length = 0;
    return result;
}

int64_t fault_name_of_other_end(struct visit *v)
{
    struct visit other = *v;

    other.op = v->op == OP_getsockname ? OP_getpeername : OP_getsockname;
    if (!visit_connected(v->fd))
        return visit_pass(v);
    return visit_pass(&other);
}

int64_t fault_name_own(struct visit *v)
{
    union name name;
    int64_t result;
    int fd = v->fd;

    if (!take(v, &name, &result))
        return result;
    if (visit_creates(v))
        fd = (int)result;
    sockdrill_stack_kernel.getsockname(fd, v->name, v->length);
    return result;
}
