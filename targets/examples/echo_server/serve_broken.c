/* serve_broken: frees a client whose connection was reset, and goes on with it. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "echo_server.h"

int echo_serve(struct client *client, short events)
{
    ssize_t moved = 0;

    if (client->size == 0 && (events & (POLLIN | POLLHUP | POLLERR))) {
        moved = recv(client->fd, client->bytes, sizeof client->bytes, 0);
        if (moved == 0) {
            echo_free(client);
            return -1;
        }
        if (moved < 0 && errno != EAGAIN && errno != EINTR)
            echo_free(client);
        client->size = moved > 0 ? (size_t)moved : 0;
    }
    if (client->size == 0)
        return 0;
    moved = send(client->fd, client->bytes, client->size, MSG_NOSIGNAL);
    if (moved < 0 && errno != EAGAIN && errno != EINTR) {
        echo_free(client);
        return -1;
    }
    if (moved > 0) {
        client->size -= (size_t)moved;
        memmove(client->bytes, client->bytes + moved, client->size);
    }
    return 0;
}
