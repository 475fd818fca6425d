/* write: all of it. Text: POSIX.1-2017 send(): less when a signal comes, EINTR before any. */
#include <errno.h>

#include "rpc_client.h"

int rpc_write(int fd, const void *data, size_t size)
{
    const char *at = data;

    while (size > 0) {
        ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return -1;
        at += sent;
        size -= (size_t)sent;
    }
    return 0;
}
