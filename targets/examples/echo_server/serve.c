/* serve: bytes back and forth. Text: POSIX.1-2017 recv(), send(), ERRORS. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "echo_server.h"

static int gone(struct client *client)
{
    echo_free(client);
    return -1;
}

static int later(void)
{
    return errno == EAGAIN || errno == EINTR;
}

int echo_serve(struct client *client, short events)
{
    ssize_t moved;

    if (client->size == 0 && (events & (POLLIN | POLLHUP | POLLERR))) {
        moved = recv(client->fd, client->bytes, sizeof client->bytes, 0);
        if (moved == 0 || (moved < 0 && !later()))
            return gone(client);
        client->size = moved > 0 ? (size_t)moved : 0;
    }
    if (client->size == 0)
        return 0;
    moved = send(client->fd, client->bytes, client->size, MSG_NOSIGNAL);
    if (moved < 0)
        return later() ? 0 : gone(client);
    client->size -= (size_t)moved;
    memmove(client->bytes, client->bytes + moved, client->size);
    return 0;
}
