/*
 * planted: the fault of a program whose calls of send reach another function than sockdrill's,
 * which the linker has thrown away, as it does where a sanitizer's comes first. See e2e/probe.sh.
 */
#include <stdio.h>
#include <sys/socket.h>

#include "interpose/run.h"

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    return sendto(fd, data, size, flags, NULL, 0);
}

int main(void)
{
    static struct drill nothing;

    interpose_begin(&nothing);
    puts("this was not to be reached");
    return 0;
}
