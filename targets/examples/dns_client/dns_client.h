/*
 * dns_client: a stub resolver over UDP, an example of socket code under test. It asks up to
 * TRIES times, each time from a new socket, and waits longer each time. Text: RFC 1035, 4.
 */
#ifndef SOCKDRILL_EXAMPLES_DNS_CLIENT_H
#define SOCKDRILL_EXAMPLES_DNS_CLIENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

enum { DNS_HEADER = 12, DNS_NAME_MAX = 255, DNS_BYTES_MAX = 512, TRIES = 3, WAIT_MS = 1000 };

/* dns_ask asks for the address of host.test; 1 when an answer came, 0 when none did, -1 on failure.
 */
int dns_ask(const struct sockaddr *server, socklen_t size);

/* dns_receive waits for a datagram; its size, 0 when none came in time, -1 on failure. */
ssize_t dns_receive(int fd, uint8_t message[DNS_BYTES_MAX], int wait_ms);

/* dns_name reads the uncompressed name at *at, and moves on behind it; -1 when it is malformed. */
int dns_name(const uint8_t *message, size_t size, size_t *at, char name[DNS_NAME_MAX + 1]);

#endif
