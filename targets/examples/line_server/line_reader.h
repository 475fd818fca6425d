/*
 * line_reader: lines out of a stream socket, however the stream is cut into pieces.
 */
#ifndef SOCKDRILL_EXAMPLES_LINE_READER_H
#define SOCKDRILL_EXAMPLES_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "line_server.h"

/* A piece of a line. It is not terminated, and may contain any byte. */
struct bytes {
    const char *at;
    size_t size;
};

/* The unread rest of what was received is buffer[start] to buffer[end - 1]. */
struct line_reader {
    int fd;
    size_t start, end;
    bool skipping; /* within a line that was too long */
    char buffer[LINE_BYTES_MAX];
};

enum line_result {
    LINE_FAILED = -1, /* errno tells why */
    LINE_END,         /* the stream has ended */
    LINE_READ,
    LINE_TOO_LONG, /* its rest will be skipped */
};

/* line_reader_init makes a reader of fd that has read nothing. */
void line_reader_init(struct line_reader *r, int fd);

/*
 * line_read waits for the next line and gives it without its line end; it is valid until the next
 * call.
 */
enum line_result line_read(struct line_reader *r, struct bytes *line);

#endif
