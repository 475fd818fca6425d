/* write_broken: drops what a short write has left, and asserts that there is none. */
#include <errno.h>
#include <stdlib.h>

#include "rpc_client.h"

int rpc_write(int fd, const void *data, size_t size)
{
    ssize_t sent;

    do
        sent = send(fd, data, size, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0 && (size_t)sent != size)
        abort();
    return sent < 0 ? -1 : 0;
}
