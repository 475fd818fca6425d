/* isolation: see isolation.h. Sources: user_namespaces(7), network_namespaces(7), tcp(7). */
#include "stacks/isolation.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sockdrill/target.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool entered;
static bool renewable;
static atomic_uint renewals;
static _Thread_local unsigned followed; /* as many of them */

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written;

    if (fd < 0)
        return false;
    written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return written;
}

/* Maps one user or group to itself, so that files keep their owners' names. */
static bool write_map(const char *path, unsigned id)
{
    char line[40];

    snprintf(line, sizeof line, "%u %u 1", id, id);
    return write_file(path, line);
}

static bool enter_namespaces(void)
{
    unsigned user = geteuid();
    unsigned group = getegid();

    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return unshare(CLONE_NEWNET) == 0; /* root where user namespaces are switched off */
    return write_file("/proc/self/setgroups", "deny") && write_map("/proc/self/uid_map", user) &&
           write_map("/proc/self/gid_map", group);
}

static bool raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;

    if (fd >= 0)
        close(fd);
    return up;
}

enum { RENEWING = 1u << CAP_SYS_ADMIN | 1u << CAP_NET_ADMIN };

/* The capabilities that may be taken, and those that calls have. */
static void set_capabilities(uint32_t permitted, uint32_t effective)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {
        {.permitted = permitted, .effective = effective}};

    syscall(SYS_capset, &header, sets);
}

static bool loopback_connects(void)
{
    int fds[2];

    if (sockdrill_pair(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, fds) != 0)
        return false;
    close(fds[0]);
    close(fds[1]);
    return true;
}

/* Whether the namespace that the process was started in has no interface but loopback. */
static bool only_loopback(void)
{
    struct if_nameindex *names = if_nameindex();
    bool only = names != NULL;

    for (struct if_nameindex *i = names; only && i->if_index != 0; i++)
        only = strcmp(i->if_name, "lo") == 0;
    if (names != NULL)
        if_freenameindex(names);
    return only;
}

static bool enter(bool keeps)
{
    const char *wish = getenv("SOCKDRILL_ISOLATION");

    if (entered || (wish != NULL && strcmp(wish, "off") == 0))
        return entered;
    if (wish != NULL && strcmp(wish, "here") == 0) {
        entered = only_loopback() && loopback_connects();
        return entered;
    }
    if (!enter_namespaces() || !raise_loopback())
        return false;
    if (!keeps) /* millions of connections would leave as many sockets in TIME_WAIT */
        write_file("/proc/sys/net/ipv4/tcp_max_tw_buckets", "0");
    entered = loopback_connects();
    renewable = keeps && entered;
    set_capabilities(renewable ? RENEWING : 0, 0);
    return entered;
}

bool isolation_enter(void)
{
    return enter(false);
}

bool isolation_enter_keeping(void)
{
    return enter(true);
}

bool isolation_renew(void)
{
    bool renewed;

    if (!renewable)
        return false;
    set_capabilities(RENEWING, RENEWING);
    renewed = unshare(CLONE_NEWNET) == 0;
    if (renewed && !raise_loopback())
        abort(); /* there would be no network at all */
    set_capabilities(RENEWING, 0);
    followed = renewed ? ++renewals : renewals;
    return renewed;
}

void isolation_follow(void)
{
    int fd;

    if (followed == renewals)
        return;
    followed = renewals;
    fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC); /* the main thread's */
    set_capabilities(RENEWING, RENEWING);
    if (fd < 0 || setns(fd, CLONE_NEWNET) != 0)
        abort(); /* its sockets would be in another network than the rest of the drill's */
    set_capabilities(RENEWING, 0);
    close(fd);
}

bool isolation_entered(void)
{
    return entered;
}

static bool host4_allowed(uint32_t host, bool to_wildcard)
{
    return host >> 24 == IN_LOOPBACKNET || (host == INADDR_ANY && to_wildcard);
}

static bool host6_allowed(const struct in6_addr *host, bool to_wildcard)
{
    uint32_t mapped;

    if (IN6_IS_ADDR_V4MAPPED(host)) {
        memcpy(&mapped, host->s6_addr + 12, sizeof mapped);
        return host4_allowed(ntohl(mapped), to_wildcard);
    }
    return IN6_IS_ADDR_LOOPBACK(host) || (IN6_IS_ADDR_UNSPECIFIED(host) && to_wildcard);
}

bool isolation_allows(const struct sockaddr *address, socklen_t length, bool to_wildcard)
{
    struct sockaddr_in in = {0};
    struct sockaddr_in6 in6 = {0};
    size_t size = length < sizeof(struct sockaddr_storage) ? length : sizeof in6;

    memcpy(&in, address, size < sizeof in ? size : sizeof in);
    memcpy(&in6, address, size < sizeof in6 ? size : sizeof in6);
    switch (in.sin_family) {
    case AF_UNSPEC: /* IPv4 sockets take it for AF_INET when they send and bind */
    case AF_INET:
        return host4_allowed(ntohl(in.sin_addr.s_addr), to_wildcard);
    case AF_INET6:
        return host6_allowed(&in6.sin6_addr, to_wildcard);
    default:
        return true;
    }
}
