/* receive_interrupted_broken: poll with a good descriptor cannot fail. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "dns_client.h"

ssize_t dns_receive(int fd, uint8_t message[DNS_BYTES_MAX], int wait_ms)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    ssize_t received;
    int count;

    do {
        count = poll(&ready, 1, wait_ms);
        if (count < 0)
            abort();
        received = count == 1 ? recv(fd, message, DNS_BYTES_MAX, 0) : 0;
    } while (received < 0 && (errno == EAGAIN || errno == EINTR));
    return received;
}
