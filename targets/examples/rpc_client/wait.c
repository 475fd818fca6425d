/* wait: until there is something to read. Text: POSIX.1-2017 poll(). */
#include <errno.h>
#include <poll.h>

#include "rpc_client.h"

int rpc_wait(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    int count;

    do
        count = poll(&ready, 1, WAIT_MS);
    while (count < 0 && errno == EINTR);
    return count == 1 ? 0 : -1;
}
