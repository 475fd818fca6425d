/* read: all of it. Text: POSIX.1-2017 recv(): as soon as data is available; EINTR before any. */
#include <errno.h>

#include "rpc_client.h"

int rpc_read(int fd, void *data, size_t size)
{
    char *at = data;

    while (size > 0) {
        ssize_t received;

        if (rpc_wait(fd) != 0)
            return -1;
        received = recv(fd, at, size, 0);
        if (received < 0 && errno == EINTR)
            continue;
        if (received <= 0)
            return -1;
        at += received;
        size -= (size_t)received;
    }
    return 0;
}
