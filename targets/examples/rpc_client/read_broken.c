/* read_broken: takes it that what is sent together comes together. */
#include <errno.h>
#include <stdlib.h>

#include "rpc_client.h"

int rpc_read(int fd, void *data, size_t size)
{
    ssize_t received;

    if (size == 0)
        return 0;
    do
        received = rpc_wait(fd) == 0 ? recv(fd, data, size, 0) : 0;
    while (received < 0 && errno == EINTR);
    if (received <= 0)
        return -1;
    if ((size_t)received != size)
        abort();
    return 0;
}
