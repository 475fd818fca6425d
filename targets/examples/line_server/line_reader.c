/*
 * line_reader: see line_reader.h. Texts: POSIX.1-2017 recv(): data is returned as soon as it is
 * available, 0 after an orderly shutdown, EINTR when a signal came before any data.
 */
#include "line_reader.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

void line_reader_init(struct line_reader *r, int fd)
{
    r->fd = fd;
    r->start = r->end = 0;
    r->skipping = false;
}

/* take_line gives the next line if all of it is in the buffer. */
static bool take_line(struct line_reader *r, struct bytes *line)
{
    char *start = r->buffer + r->start;
    char *newline = memchr(start, '\n', r->end - r->start);

    if (!newline)
        return false;
    *line = (struct bytes){start, (size_t)(newline - start)};
    if (line->size > 0 && newline[-1] == '\r')
        line->size--;
    r->start = (size_t)(newline + 1 - r->buffer);
    return true;
}

/* receive adds to the buffer, of which some must be free, what one recv brings. */
static ssize_t receive(struct line_reader *r)
{
    ssize_t received;

    memmove(r->buffer, r->buffer + r->start, r->end - r->start);
    r->end -= r->start;
    r->start = 0;
    do
        received = recv(r->fd, r->buffer + r->end, sizeof(r->buffer) - r->end, 0);
    while (received == -1 && errno == EINTR);
    if (received > 0)
        r->end += (size_t)received;
    return received;
}

enum line_result line_read(struct line_reader *r, struct bytes *line)
{
    for (;;) {
        ssize_t received;

        if (take_line(r, line)) {
            if (!r->skipping)
                return LINE_READ;
            r->skipping = false;
            continue;
        }
        if (r->end - r->start == sizeof(r->buffer)) {
            bool told = r->skipping;

            r->skipping = true;
            r->start = r->end = 0;
            if (!told)
                return LINE_TOO_LONG;
        }
        received = receive(r);
        if (received <= 0)
            return received == 0 ? LINE_END : LINE_FAILED;
    }
}
