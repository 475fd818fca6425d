/*
 * address/getnameinfo: any bytes as a socket address, any room for the texts: numeric texts or a
 * documented error, no byte beyond the room, and texts that lead back to the same address.
 *
 * Texts: POSIX.1-2017 getnameinfo(), getnameinfo(3). The input is the room for the host, the room
 * for the service, and then the socket address as it lies in memory.
 */
#include <sockdrill/target.h>

#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "../law.h"
#include "address.h"

enum {
    NUMERIC = NI_NUMERICHOST | NI_NUMERICSERV,      /* never a name service */
    HOST_ROOM = INET6_ADDRSTRLEN + 1 + IF_NAMESIZE, /* the longest host: an address and its zone */
    SERVICE_ROOM = sizeof("65535"),
};

struct input {
    socklen_t host_size, service_size;
    socklen_t length;
    struct sockaddr_storage address;
    uint8_t end; /* of a path, see check() */
};

static void input_decode(const uint8_t *data, size_t size, struct input *in)
{
    memset(in, 0, sizeof(*in));
    in->host_size = size > 0 ? data[0] : 0;
    in->service_size = size > 1 ? data[1] : 0;
    if (size <= 2)
        return;
    in->length = size - 2 < sizeof(in->address) ? (socklen_t)(size - 2) : sizeof(in->address);
    memcpy(&in->address, data + 2, in->length);
}

static bool documented(int error)
{
    static const int errors[] = {EAI_AGAIN,  EAI_BADFLAGS, EAI_FAIL,     EAI_FAMILY,
                                 EAI_MEMORY, EAI_NONAME,   EAI_OVERFLOW, EAI_SYSTEM};

    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (errors[i] == error)
            return true;
    }
    return false;
}

/* The length is one that the family's addresses have: anything else is EAI_FAMILY. */
static bool internet(const struct input *in)
{
    if (in->length < sizeof(sa_family_t))
        return false;
    if (in->address.ss_family == AF_INET)
        return in->length >= sizeof(struct sockaddr_in);
    return in->address.ss_family == AF_INET6 && in->length >= sizeof(struct sockaddr_in6);
}

static bool is_text(const struct guarded *g, socklen_t size)
{
    return memchr(g->room, '\0', size) != NULL;
}

static void check_texts(const struct input *in, const struct guarded *host,
                        const struct guarded *service)
{
    LAW(!in->host_size || is_text(host, in->host_size), "the host is terminated within its room");
    LAW(!in->service_size || is_text(service, in->service_size),
        "the service is terminated within its room");
    if (in->host_size && in->service_size)
        numeric_text_names((const char *)host->room, (const char *)service->room,
                           (const struct sockaddr *)&in->address);
}

/*
 * An AF_INET or AF_INET6 address has texts; want of room is the only reason to fail. glibc departs:
 * with no room for either text it succeeds, where both texts say EAI_NONAME.
 */
static void check_internet(const struct input *in, int error, const struct guarded *host,
                           const struct guarded *service)
{
    bool roomy = (!in->host_size || in->host_size >= HOST_ROOM) &&
                 (!in->service_size || in->service_size >= SERVICE_ROOM);

    LAW(!error || error == EAI_OVERFLOW, "an Internet address has a numeric text");
    LAW(!error || !roomy, "a numeric text fits the room of the longest");
    if (!error)
        check_texts(in, host, service);
}

static int check(const uint8_t *data, size_t size)
{
    struct guarded host, service;
    struct input in;
    int error;

    input_decode(data, size, &in);
    error = getnameinfo((const struct sockaddr *)&in.address, in.length, guard_set(&host),
                        in.host_size, guard_set(&service), in.service_size, NUMERIC);
    LAW(guard_kept(&host, in.host_size), "getnameinfo writes nothing beyond the host's room");
    LAW(guard_kept(&service, in.service_size),
        "getnameinfo writes nothing beyond the service's room");
    LAW(!error || documented(error), "getnameinfo fails with a documented error");
    if (internet(&in)) {
        check_internet(&in, error, &host, &service);
        return 0;
    }
    /*
     * glibc departs: it also knows AF_UNIX, and there reads the path up to the next NUL, beyond the
     * length that it was given; in.end keeps that within the input.
     */
    LAW(error || in.address.ss_family == AF_UNIX, "no other address has a numeric text");
    return 0;
}

SOCKDRILL_BYTES(check)
