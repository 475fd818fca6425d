/*
 * rpc_client: a client of a length-prefixed protocol, an example of socket code under test.
 *
 * A request and a reply are four bytes of length, in network byte order, and as many bytes. A reply
 * begins with a status byte, 0 for done; what follows is text of at most REPLY_BYTES_MAX bytes.
 */
#ifndef SOCKDRILL_EXAMPLES_RPC_CLIENT_H
#define SOCKDRILL_EXAMPLES_RPC_CLIENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum { REPLY_BYTES_MAX = 256, WAIT_MS = 5000 };

struct reply {
    uint8_t status;
    size_t size;
    char text[REPLY_BYTES_MAX];
};

/*
 * rpc_session makes three calls over one connection to server. Returns how many were done, or -1
 * when there is no connection.
 */
int rpc_session(const struct sockaddr *server, socklen_t size);

/* rpc_connect returns a connected socket, or -1. */
int rpc_connect(const struct sockaddr *server, socklen_t size);

/* rpc_wait waits until there is something to read; -1 when nothing came in time. */
int rpc_wait(int fd);

/* rpc_read and rpc_write move all of it, or return -1. */
int rpc_read(int fd, void *data, size_t size);
int rpc_write(int fd, const void *data, size_t size);

/* rpc_reply reads a reply; -1 when there is none, or it is malformed. */
int rpc_reply(int fd, struct reply *reply);

#endif
