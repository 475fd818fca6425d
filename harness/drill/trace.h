/*
 * trace: what a drill came to, as text that a person can read and that can be judged later without
 * the stack. It is the drill, with every outcome after an arrow:
 *
 *     trace 1 stack "kernel" profile "linux" settle 300 ports 20000
 *     l = socket(AF_INET, SOCK_STREAM, 0) -> 3
 *     bind(l, 127.0.0.1:0) -> 0
 *     ? getsockname(3) -> 0 @ 127.0.0.1:40123
 *     not_socket -> 512
 *     listen(not_socket, 1) -> -1 ENOTSOCK
 *     poll([{l, POLLIN}], 1000) -> 0 waited 300
 *     end 5
 *
 * A line that begins with ? is what the executor asked by itself, or an actor's call that ended
 * before the drill resumes it, `? A: <... recv> -> 3 "abc"`; not_socket is the number of the
 * descriptor that is none. After the result stand the error, a value or the events of each member
 * in brackets, the bytes, the name behind @, of a message its flags as a number and its
 * ancillary data as bytes, <unfinished>, how many microseconds a call took that may have ended by
 * its time, and how long a poll was really given. sendmmsg and recvmmsg have the same of each
 * message in braces, its length first.
 * Over a slow loopback the first line ends with slow. The end counts the lines between it and the
 * first.
 */
#ifndef SOCKDRILL_DRILL_TRACE_H
#define SOCKDRILL_DRILL_TRACE_H

#include "drill/outcome.h"
#include "drill/parser.h"

enum { TRACE_VERSION = 1, TRACE_NAME_MAX = 64 };

/* What is told of a whole trace. */
struct trace_header {
    char stack[TRACE_NAME_MAX];
    char profile[TRACE_NAME_MAX]; /* by which it was judged when it was recorded */
    int settle_ms;
    bool slow; /* what was sent could be under way while sockets changed */
    int ports; /* fixed ports counted from here; not told, from PORT_BASE */
};

enum trace_kind { TRACE_CALL, TRACE_ASKED, TRACE_RESUMED, TRACE_NOT_SOCKET, TRACE_END };

/* A line of a trace. What it points to lives until the next one is read. */
struct trace_line {
    enum trace_kind kind;
    uint32_t number; /* of the line, from 1 */
    const char *text;
    size_t size; /* of text, without the line's end */
    const struct call *call;
    enum op op; /* TRACE_ASKED: getsockname or getpeername */
    int fd;     /* TRACE_ASKED, TRACE_NOT_SOCKET */
    struct outcome outcome;
    int waited_ms; /* that a poll was given, if less than it asked for; otherwise -1 */
};

/* Reads a trace line by line. Large: keep it static. */
struct trace_reader {
    struct trace_header header;
    struct drill_notes notes; /* the names of the variables */
    struct drill_error *error;
    struct parser parser;
    struct drill drill; /* the call, and the bytes that all calls have sent */
    uint32_t lines;     /* read, the first and the last not counted */
    bool ended;
    uint8_t data[DATA_BYTES_MAX];
    uint8_t controls[PARTS_MAX][CONTROL_BYTES_MAX];
};

/*
 * trace_print_header, trace_print_call, trace_print_asked, trace_print_resumed, an actor's call
 * that ended before the drill asks for it, trace_print_not_socket and trace_print_end write one
 * line each.
 */
void trace_print_header(FILE *out, const struct trace_header *header);
void trace_print_call(FILE *out, const struct call *call, const struct outcome *outcome,
                      int waited_ms, const struct drill_notes *notes);
void trace_print_asked(FILE *out, enum op op, int fd, const struct outcome *outcome);
void trace_print_resumed(FILE *out, const struct call *call, const struct outcome *outcome,
                         const struct drill_notes *notes);
void trace_print_not_socket(FILE *out, int fd);
void trace_print_end(FILE *out, uint32_t lines);

/*
 * trace_read_start begins to read a text, which must outlive the reader. Returns false and fills
 * error when it does not begin as a trace.
 */
bool trace_read_start(struct trace_reader *reader, struct drill_error *error, const char *text,
                      size_t size);

/*
 * trace_read_line reads the next line that says something; its kind is TRACE_END at the end of the
 * trace. Returns false and fills error when it is malformed, or the trace ends before its end.
 */
bool trace_read_line(struct trace_reader *reader, struct trace_line *line);

#endif
