/* receive_broken: after poll there is a datagram, so its size is no error. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "dns_client.h"

ssize_t dns_receive(int fd, uint8_t message[DNS_BYTES_MAX], int wait_ms)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    uint8_t datagram[DNS_BYTES_MAX];
    size_t received;
    int count;

    do
        count = poll(&ready, 1, wait_ms);
    while (count < 0 && errno == EINTR);
    if (count != 1)
        return count;
    if (ready.revents & POLLERR)
        return -1;
    received = (size_t)recv(fd, datagram, sizeof datagram, 0);
    memcpy(message, datagram, received);
    return (ssize_t)received;
}
