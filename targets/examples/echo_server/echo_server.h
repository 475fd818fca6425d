/*
 * echo_server: a server with an accept loop and a main of its own, an example of socket code under
 * test. It sends back what comes, to CLIENTS_MAX clients at once, and never blocks but in poll.
 */
#ifndef SOCKDRILL_EXAMPLES_ECHO_SERVER_H
#define SOCKDRILL_EXAMPLES_ECHO_SERVER_H

#include <stddef.h>

enum { CLIENTS_MAX = 8, ECHO_BYTES_MAX = 64 };

/* A client, and what it is still to be sent. */
struct client {
    int fd;
    size_t size;
    char bytes[ECHO_BYTES_MAX];
};

/*
 * echo_accept takes a client from a listener: its socket, non-blocking, or -1. *rest_ms becomes how
 * long it is no use to try again, if that is so.
 */
int echo_accept(int listener, int *rest_ms);

/* echo_serve receives and sends what it can; -1 when the client is gone, and has been freed. */
int echo_serve(struct client *client, short events);

/* echo_free closes a client's socket. */
void echo_free(struct client *client);

#endif
