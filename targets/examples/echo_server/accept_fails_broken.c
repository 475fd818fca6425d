/* accept_fails_broken: a listener that is readable has a client. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "echo_server.h"

int echo_accept(int listener, int *rest_ms)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);

    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
        *rest_ms = 100;
    else if (fd < 0)
        abort();
    return fd;
}
