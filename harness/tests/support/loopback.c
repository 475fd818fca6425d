/*
 * loopback: see loopback.h. What the kernel makes of addresses: ip(7), ipv6(7), connect(2).
 * Loopback is 127.0.0.0/8 (RFC 1122 3.2.1.3) and ::1 (RFC 4291 2.5.3); ::ffff:a.b.c.d is IPv4's
 * a.b.c.d.
 */
#include "tests/support/loopback.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

enum { IPV6_LENGTH_MIN = 24 }; /* RFC 2133's structure, which the kernel still takes */

struct loopback_seen loopback_seen;

static bool host4_stays(const uint8_t host[4], bool destination)
{
    static const uint8_t any[4];

    return host[0] == 127 || (destination && memcmp(host, any, sizeof any) == 0);
}

static bool host6_stays(const uint8_t host[16], bool destination)
{
    static const uint8_t one[16] = {[15] = 1};
    static const uint8_t any[16];
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

    if (memcmp(host, mapped, sizeof mapped) == 0)
        return host4_stays(host + 12, destination);
    return memcmp(host, one, sizeof one) == 0 ||
           (destination && memcmp(host, any, sizeof any) == 0);
}

bool loopback_stays(const void *address, socklen_t length, bool destination)
{
    uint8_t bytes[sizeof(struct sockaddr_storage)] = {0};
    uint16_t family;

    if (length < sizeof family || length > sizeof bytes)
        return true;
    memcpy(bytes, address, length);
    memcpy(&family, bytes, sizeof family);
    /* IPv4 takes AF_UNSPEC for its own family when it binds the wildcard and when it sends. */
    if (family == AF_INET || family == AF_UNSPEC)
        return length < sizeof(struct sockaddr_in) || host4_stays(bytes + 4, destination);
    if (family == AF_INET6)
        return length < IPV6_LENGTH_MIN || host6_stays(bytes + 8, destination);
    return true;
}

/* Counts an address and tells whether it stays. */
static bool passes(const void *address, socklen_t length, bool destination)
{
    bool stays = loopback_stays(address, length, destination);

    if (stays)
        loopback_seen.passed++;
    else
        loopback_seen.leaks++;
    if (!stays)
        errno = EACCES;
    return stays;
}

static int guard_bind(int fd, const struct sockaddr *address, socklen_t length)
{
    return passes(address, length, false) ? sockdrill_stack_kernel.bind(fd, address, length) : -1;
}

static int guard_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    return passes(address, length, true) ? sockdrill_stack_kernel.connect(fd, address, length) : -1;
}

static ssize_t guard_sendto(int fd, const void *data, size_t size, int flags,
                            const struct sockaddr *address, socklen_t length)
{
    return passes(address, length, true)
               ? sockdrill_stack_kernel.sendto(fd, data, size, flags, address, length)
               : -1;
}

static bool source4_stays(const struct cmsghdr *header)
{
    struct in_pktinfo info;

    if (header->cmsg_len != CMSG_LEN(sizeof info))
        return true;
    memcpy(&info, CMSG_DATA(header), sizeof info);
    return info.ipi_ifindex == 0 && host4_stays((uint8_t *)&info.ipi_spec_dst, true);
}

static bool source6_stays(const struct cmsghdr *header)
{
    struct in6_pktinfo info;

    if (header->cmsg_len < CMSG_LEN(sizeof info))
        return true;
    memcpy(&info, CMSG_DATA(header), sizeof info);
    return info.ipi6_ifindex == 0 && host6_stays(info.ipi6_addr.s6_addr, true);
}

/* The source that a message asks for; RFC 3542 6.1, ip(7). What is malformed the kernel refuses. */
static bool source_stays(const struct msghdr *message)
{
    struct msghdr copy = *message;

    if (copy.msg_control == NULL || copy.msg_controllen > INT_MAX)
        return true;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&copy); c != NULL; c = CMSG_NXTHDR(&copy, c)) {
        size_t left = copy.msg_controllen - (size_t)((uint8_t *)c - (uint8_t *)copy.msg_control);

        if (c->cmsg_len < sizeof *c || c->cmsg_len > left)
            return true;
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO && !source4_stays(c))
            return false;
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO && !source6_stays(c))
            return false;
    }
    return true;
}

static bool message_passes(const struct msghdr *message)
{
    if (!source_stays(message)) {
        loopback_seen.leaks++;
        errno = EACCES;
        return false;
    }
    return message->msg_name == NULL || passes(message->msg_name, message->msg_namelen, true);
}

static ssize_t guard_sendmsg(int fd, const struct msghdr *message, int flags)
{
    return message_passes(message) ? sockdrill_stack_kernel.sendmsg(fd, message, flags) : -1;
}

static int guard_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    for (unsigned i = 0; i < count; i++)
        if (!message_passes(&messages[i].msg_hdr))
            return -1;
    return sockdrill_stack_kernel.sendmmsg(fd, messages, count, flags);
}

/* A stream that is not bound would listen on every address. */
static int guard_listen(int fd, int backlog)
{
    struct sockaddr_storage name = {.ss_family = AF_UNSPEC};
    socklen_t length = sizeof name;
    int type = 0;
    socklen_t type_length = sizeof type;

    if (getsockname(fd, (struct sockaddr *)&name, &length) == 0 &&
        getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_length) == 0 && type == SOCK_STREAM &&
        !passes(&name, length, false))
        return -1;
    return sockdrill_stack_kernel.listen(fd, backlog);
}

const struct sockdrill_stack *loopback_guard(void)
{
    static struct sockdrill_stack stack;

    stack = sockdrill_stack_kernel;
    stack.name = "guard";
    stack.checks_memory = false; /* it reads what it guards */
    stack.bind = guard_bind;
    stack.connect = guard_connect;
    stack.sendto = guard_sendto;
    stack.listen = guard_listen;
    stack.sendmsg = guard_sendmsg;
    stack.sendmmsg = guard_sendmmsg;
    return &stack;
}
