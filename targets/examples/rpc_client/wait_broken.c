/* wait_broken: puts any descriptor into a set that has room for 1024. */
#include <errno.h>
#include <sys/select.h>

#include "rpc_client.h"

int rpc_wait(int fd)
{
    int count;

    do {
        struct timeval limit = {.tv_sec = WAIT_MS / 1000};
        fd_set readable;

        FD_ZERO(&readable);
        FD_SET(fd, &readable);
        count = select(fd + 1, &readable, NULL, NULL, &limit);
    } while (count < 0 && errno == EINTR);
    return count == 1 ? 0 : -1;
}
