/* pair: connected loopback pairs, the public sockdrill_pair. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sockdrill/target.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TYPE_FLAGS = SOCK_NONBLOCK | SOCK_CLOEXEC };

/* A loopback address of any port. */
static socklen_t loopback(struct sockaddr_storage *address, int family)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};

    if (family == AF_INET) {
        memcpy(address, &in, sizeof in);
        return sizeof in;
    }
    memcpy(address, &in6, sizeof in6);
    return sizeof in6;
}

/* Closes a descriptor on an error path and keeps errno. */
static int fail_close(int fd)
{
    int saved = errno;

    close(fd);
    errno = saved;
    return -1;
}

/* A socket bound to loopback; *address becomes its name. */
static int bound_socket(int family, int type, struct sockaddr_storage *address)
{
    socklen_t length = loopback(address, family);
    int fd = socket(family, type, 0);

    if (fd < 0)
        return -1;
    if (bind(fd, (struct sockaddr *)address, length) != 0 ||
        getsockname(fd, (struct sockaddr *)address, &length) != 0)
        return fail_close(fd);
    return fd;
}

static socklen_t address_size(int family)
{
    return family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

/* A stream's client connects while it blocks, so that connect returns when it is established. */
static int make_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

static int stream_pair(int family, int flags, int fds[2])
{
    struct sockaddr_storage name;
    int listener = bound_socket(family, SOCK_STREAM | SOCK_CLOEXEC, &name);
    int client;
    int server;

    if (listener < 0)
        return -1;
    client = socket(family, SOCK_STREAM | (flags & SOCK_CLOEXEC), 0);
    if (client < 0)
        return fail_close(listener);
    if (listen(listener, 1) != 0 ||
        connect(client, (struct sockaddr *)&name, address_size(family)) != 0) {
        fail_close(client);
        return fail_close(listener);
    }
    server = accept4(listener, NULL, NULL, flags);
    if (server < 0 || ((flags & SOCK_NONBLOCK) && make_nonblocking(client) != 0)) {
        if (server >= 0)
            fail_close(server);
        fail_close(client);
        return fail_close(listener);
    }
    close(listener);
    fds[0] = client;
    fds[1] = server;
    return 0;
}

static int datagram_pair(int family, int flags, int fds[2])
{
    struct sockaddr_storage names[2];
    int first = bound_socket(family, SOCK_DGRAM | flags, &names[0]);
    int second;

    if (first < 0)
        return -1;
    second = bound_socket(family, SOCK_DGRAM | flags, &names[1]);
    if (second < 0)
        return fail_close(first);
    if (connect(first, (struct sockaddr *)&names[1], address_size(family)) != 0 ||
        connect(second, (struct sockaddr *)&names[0], address_size(family)) != 0) {
        fail_close(second);
        return fail_close(first);
    }
    fds[0] = first;
    fds[1] = second;
    return 0;
}

int sockdrill_pair(int family, int type, int fds[2])
{
    int flags = type & TYPE_FLAGS;

    if (family != AF_INET && family != AF_INET6) {
        errno = EINVAL;
        return -1;
    }
    switch (type & ~TYPE_FLAGS) {
    case SOCK_DGRAM:
        return datagram_pair(family, flags, fds);
    case SOCK_STREAM:
        return stream_pair(family, flags, fds);
    default:
        errno = EINVAL;
        return -1;
    }
}
