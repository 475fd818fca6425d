/*
 * accept: a client. Text: POSIX.1-2017 accept(), ERRORS: a connection that is gone is none; without
 * descriptors or memory the listener stays readable, so that it must be left alone for a while.
 */
#include <errno.h>
#include <sys/socket.h>

#include "echo_server.h"

int echo_accept(int listener, int *rest_ms)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);

    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
        *rest_ms = 100;
    return fd;
}
