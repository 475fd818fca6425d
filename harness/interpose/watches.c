/*
 * watches: inotify in a program. Nobody changes files while it runs on the model, and to take leave
 * of the system's watches costs each end of a process up to 16 ms; so a watcher here is a
 * descriptor on which nothing ever comes. Source: inotify(7), inotify_add_watch(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "interpose/program.h"

static bool is_watcher[NUMBERS];
static int watches;

static bool stands_in(int fd)
{
    return interpose_inside && program_is && fd >= 0 && fd < NUMBERS && is_watcher[fd];
}

void watches_closed(int fd)
{
    if (fd >= 0 && fd < NUMBERS)
        is_watcher[fd] = false;
}

INTERPOSED(int, inotify_init1, (int flags))
{
    int fd;

    if (!interpose_inside || !program_is)
        return real()->inotify_init1(flags);
    fd = eventfd(0, flags); /* whose flags are the same ones */
    if (fd >= 0 && fd < NUMBERS)
        is_watcher[fd] = true;
    return fd;
}

INTERPOSED(int, inotify_init, (void))
{
    return interposed_inotify_init1(0);
}

INTERPOSED(int, inotify_add_watch, (int fd, const char *path, uint32_t mask))
{
    (void)mask;
    if (number_emulated(fd)) {
        errno = EINVAL;
        return -1;
    }
    if (!stands_in(fd))
        return real()->inotify_add_watch(fd, path, mask);
    return access(path, R_OK) == 0 ? ++watches : -1;
}

INTERPOSED(int, inotify_rm_watch, (int fd, int watch))
{
    if (number_emulated(fd)) {
        errno = EINVAL;
        return -1;
    }
    if (!stands_in(fd))
        return real()->inotify_rm_watch(fd, watch);
    if (watch > 0 && watch <= watches)
        return 0;
    errno = EINVAL;
    return -1;
}
