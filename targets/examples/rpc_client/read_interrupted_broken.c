/* read_interrupted_broken: knows how a connection fails, and takes EINTR for something worse. */
#include <errno.h>
#include <stdlib.h>

#include "rpc_client.h"

int rpc_read(int fd, void *data, size_t size)
{
    char *at = data;

    while (size > 0) {
        ssize_t received = recv(fd, at, size, 0);

        if (received < 0 && errno != ECONNRESET && errno != EPIPE && errno != ETIMEDOUT)
            abort();
        if (received <= 0)
            return -1;
        at += received;
        size -= (size_t)received;
    }
    return 0;
}
