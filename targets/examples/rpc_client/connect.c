/*
 * connect: a connection. Text: POSIX.1-2017 connect(): after EINTR the connection is established
 * asynchronously; poll tells when, and SO_ERROR how.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "rpc_client.h"

static int established(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t length = sizeof error;
    int count;

    do
        count = poll(&ready, 1, WAIT_MS);
    while (count < 0 && errno == EINTR);
    if (count <= 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
        return -1;
    return error == 0 ? 0 : -1;
}

int rpc_connect(const struct sockaddr *server, socklen_t size)
{
    int fd = socket(server->sa_family, SOCK_STREAM, 0);

    if (fd < 0)
        return -1;
    if (connect(fd, server, size) == 0 || (errno == EINTR && established(fd) == 0))
        return fd;
    close(fd);
    return -1;
}
