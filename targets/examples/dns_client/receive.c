/*
 * receive: a datagram. Text: select(2), BUGS: what was readable may not be any more, so EAGAIN
 * after readiness is no failure.
 */
#include <errno.h>
#include <poll.h>

#include "dns_client.h"

ssize_t dns_receive(int fd, uint8_t message[DNS_BYTES_MAX], int wait_ms)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    ssize_t received;
    int count;

    do {
        count = poll(&ready, 1, wait_ms);
        received = count == 1 ? recv(fd, message, DNS_BYTES_MAX, 0) : count;
    } while (received < 0 && (errno == EAGAIN || errno == EINTR));
    return received;
}
