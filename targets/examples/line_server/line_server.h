/*
 * line_server: a small server of a line protocol, an example of socket code under test.
 *
 * A client sends lines that end with LF or CR LF; each is answered with one or more lines that end
 * with CR LF, the first of which begins with "+" (done) or "-" (refused):
 *
 *     ECHO bytes         + and the bytes
 *     SET key value      stores value, which may hold spaces, under key
 *     GET key            + and the value
 *     DEL key            forgets key
 *     LIST               + and the number of keys, then one line for each key
 *     SUM n n ...        + and the sum of the numbers
 *     QUIT               + and the end of the conversation
 *
 * A line is any bytes but LF, NUL among them. A line that is too long is refused and skipped; what
 * comes after the last LF is no line and is dropped, for half a command must not be carried out.
 */
#ifndef SOCKDRILL_EXAMPLES_LINE_SERVER_H
#define SOCKDRILL_EXAMPLES_LINE_SERVER_H

enum {
    LINE_BYTES_MAX = 512,  /* a line with its line end */
    KEYS_MAX = 16,         /* that one connection may store */
    KEY_BYTES_MAX = 32,    /* of a key */
    VALUE_BYTES_MAX = 256, /* of a value */
};

/*
 * handle_client serves the client at the other end of the connected, blocking stream socket fd
 * until it quits or ends its stream. What the client stored is forgotten then; fd stays open and is
 * the caller's. Returns 0, or -1 with errno when the connection failed.
 */
int handle_client(int fd);

#endif
