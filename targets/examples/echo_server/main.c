/* main: see echo_server.h. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "echo_server.h"

static int listen_on(in_port_t port)
{
    struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);

    if (fd >= 0 && bind(fd, (struct sockaddr *)&name, sizeof name) == 0 && listen(fd, 8) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

void echo_free(struct client *client)
{
    close(client->fd);
    free(client);
}

static void add(struct client **place, int fd)
{
    *place = malloc(sizeof **place);
    if (*place == NULL)
        close(fd);
    else
        **place = (struct client){.fd = fd};
}

static struct client **free_place(struct client **clients)
{
    for (unsigned i = 0; i < CLIENTS_MAX; i++)
        if (clients[i] == NULL)
            return &clients[i];
    return NULL;
}

/* Who waits to be heard: clients that have room, and the listener while there is a place. */
static void watch(struct pollfd *fds, struct client **clients, int listener)
{
    for (unsigned i = 0; i < CLIENTS_MAX; i++) {
        fds[i] = (struct pollfd){.fd = -1};
        if (clients[i] != NULL)
            fds[i] = (struct pollfd){.fd = clients[i]->fd,
                                     .events = clients[i]->size > 0 ? POLLOUT : POLLIN};
    }
    fds[CLIENTS_MAX] = (struct pollfd){.fd = listener, .events = POLLIN};
}

static int round_of(struct client **clients, int listener, int *rest_ms)
{
    struct pollfd fds[CLIENTS_MAX + 1];
    struct client **place = free_place(clients);
    int wait_ms = *rest_ms > 0 ? *rest_ms : -1;

    watch(fds, clients, place != NULL && *rest_ms == 0 ? listener : -1);
    *rest_ms = 0;
    if (poll(fds, CLIENTS_MAX + 1, wait_ms) < 0)
        return errno == EINTR ? 0 : -1;
    for (unsigned i = 0; i < CLIENTS_MAX; i++)
        if (fds[i].revents != 0 && echo_serve(clients[i], fds[i].revents) != 0)
            clients[i] = NULL;
    if (fds[CLIENTS_MAX].revents != 0) {
        int fd = echo_accept(listener, rest_ms);

        if (fd >= 0)
            add(place, fd);
    }
    return 0;
}

int main(int count, char **arguments)
{
    static struct client *clients[CLIENTS_MAX];
    int listener = listen_on((in_port_t)(count > 1 ? strtol(arguments[1], NULL, 10) : 7));
    int rest_ms = 0;

    memset(clients, 0, sizeof clients);
    if (listener < 0)
        return EXIT_FAILURE;
    while (round_of(clients, listener, &rest_ms) == 0)
        continue;
    return EXIT_FAILURE;
}
