/* connect_broken: knows two ways in which connect fails; a signal is none of them. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "rpc_client.h"

int rpc_connect(const struct sockaddr *server, socklen_t size)
{
    int fd = socket(server->sa_family, SOCK_STREAM, 0);

    if (fd < 0)
        return -1;
    if (connect(fd, server, size) == 0)
        return fd;
    if (errno != ECONNREFUSED && errno != ETIMEDOUT)
        abort();
    close(fd);
    return -1;
}
