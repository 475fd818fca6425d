/*
 * sockdrill/target.h: write a fuzz target in one line.
 *
 *     #include <sockdrill/target.h>
 *     #include "server.h"
 *
 *     SOCKDRILL_TCP_SERVER(handle_client)
 *
 * One macro, once, in one source file; sockdrill_add_target() of the CMake module builds it for
 * libFuzzer, AFL++, coverage and stand-alone replay. A finding is a crash: a sanitizer's report, a
 * signal, abort(), a time-out.
 */
#ifndef SOCKDRILL_TARGET_H
#define SOCKDRILL_TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

struct drill;
struct drill_rules;

/*
 * SOCKDRILL_BYTES(function) fuzzes int function(const uint8_t *data, size_t size). data is an
 * allocation of exactly size bytes. What function returns is ignored.
 */
#define SOCKDRILL_BYTES(function) SOCKDRILL_ENTRY(sockdrill_run_bytes, function)

/*
 * SOCKDRILL_TEXT(function) fuzzes int function(const char *text). text ends with its only NUL and
 * is an allocation of exactly that size; an input is cut at its first NUL.
 */
#define SOCKDRILL_TEXT(function) SOCKDRILL_ENTRY(sockdrill_run_text, function)

/*
 * SOCKDRILL_TCP_SERVER(function) fuzzes int function(int fd): fd is the accepted end of a TCP
 * connection, blocking, which function may close or leave open. The input is a drill whose variable
 * `remote` is the other end; its calls are made whenever function waits, and then the remote ends
 * its stream, and closes. All that function does with sockets and with time is emulated by the
 * specification, in the process: nothing really waits, and the same input gives the same run. A
 * function that waits for what can no longer come is left where it waits.
 *
 * With SOCKDRILL_STACK=kernel in the environment it is a real loopback connection: the drill is
 * carried out first, and a function that does not return within 2 s finds the connection reset.
 */
#define SOCKDRILL_TCP_SERVER(function) SOCKDRILL_ENTRY(sockdrill_run_tcp_server, function)

/*
 * SOCKDRILL_TCP_CLIENT(function) fuzzes int function(const struct sockaddr *server, socklen_t
 * size), which connects to server as often as it likes, over IPv4 or IPv6. The drill's `remote` is
 * the connection that came last; its calls wait until there is one. What the remote sends is what
 * the function reads.
 */
#define SOCKDRILL_TCP_CLIENT(function) SOCKDRILL_ENTRY(sockdrill_run_tcp_client, function)

/*
 * SOCKDRILL_UDP(function) fuzzes int function(int fd): fd is a UDP socket that has a name and takes
 * datagrams from everybody. `remote` is connected to it; a drill may have further sockets send to
 * peer(remote). As of all that follows, an input that is no drill but bytes is what the remote
 * sends.
 *
 * SOCKDRILL_UDP_CLIENT(function) fuzzes int function(const struct sockaddr *server, socklen_t
 * size), which sends to server from sockets of its own. What `remote` sends, goes to whoever has
 * sent to it last.
 */
#define SOCKDRILL_UDP(function) SOCKDRILL_ENTRY(sockdrill_run_udp, function)
#define SOCKDRILL_UDP_CLIENT(function) SOCKDRILL_ENTRY(sockdrill_run_udp_client, function)

/*
 * SOCKDRILL_MAIN(arguments...) fuzzes a program: its main, renamed sockdrill_main when it is
 * compiled (sockdrill_add_target's MAIN names its file), with these arguments, the program's name
 * first. `remote` connects to the first socket on which the program listens, or sends to the one on
 * which it receives datagrams, and again when the drill has closed it; others connect to
 * peer(remote). What the program itself connects to are sockets of the drill's, which its first
 * lines prepare before main begins. exit() ends the run. The process goes on: what main leaves in
 * static variables the next run finds.
 *
 * sockdrill_run(function, context, data, size) is the same for a function of yours, called from a
 * LLVMFuzzerTestOneInput of yours that sets up and tears down outside of the emulation. Returns
 * whether function returned; otherwise it was left where it waited.
 */
#define SOCKDRILL_MAIN(...)                                                                        \
    SOCKDRILL_LINKAGE int sockdrill_main(int count, char **arguments, char **environment);         \
    static const char *const sockdrill_arguments[] = {__VA_ARGS__, NULL};                          \
    SOCKDRILL_ENTRY(sockdrill_run_main, sockdrill_main, sockdrill_arguments)

int sockdrill_run(int (*function)(void *context), void *context, const uint8_t *data, size_t size);

/*
 * SOCKDRILL_DRILL(function, rules) fuzzes void function(const struct drill *drill): the input,
 * decoded under const struct drill_rules *rules (drill/drill.h). For targets within sockdrill.
 */
#define SOCKDRILL_DRILL(function, rules) SOCKDRILL_ENTRY(sockdrill_run_drill, function, rules)

/*
 * sockdrill_pair makes a connected loopback pair: family AF_INET or AF_INET6, type SOCK_STREAM or
 * SOCK_DGRAM, optionally with SOCK_NONBLOCK and SOCK_CLOEXEC. Both ends are connected to each
 * other; the caller closes them. Returns 0, or -1 with errno as the failing socket call set it (or
 * EINVAL for another family or type) and no descriptor open.
 */
int sockdrill_pair(int family, int type, int fds[2]);

/* What the macros expand to; use the macros. */
int sockdrill_run_bytes(int (*function)(const uint8_t *, size_t), const uint8_t *data, size_t size);
int sockdrill_run_text(int (*function)(const char *), const uint8_t *data, size_t size);
int sockdrill_run_tcp_server(int (*function)(int), const uint8_t *data, size_t size);
int sockdrill_run_tcp_client(int (*function)(const struct sockaddr *, socklen_t),
                             const uint8_t *data, size_t size);
int sockdrill_run_udp(int (*function)(int), const uint8_t *data, size_t size);
int sockdrill_run_udp_client(int (*function)(const struct sockaddr *, socklen_t),
                             const uint8_t *data, size_t size);
int sockdrill_run_main(int (*function)(int, char **, char **), const char *const *arguments,
                       const uint8_t *data, size_t size);
int sockdrill_run_drill(void (*function)(const struct drill *), const struct drill_rules *rules,
                        const uint8_t *data, size_t size);

#ifdef __cplusplus
}
#endif

#ifdef __cplusplus
#define SOCKDRILL_LINKAGE extern "C"
#else
#define SOCKDRILL_LINKAGE extern
#endif

#define SOCKDRILL_ENTRY(run, ...)                                                                  \
    SOCKDRILL_LINKAGE int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);                \
    SOCKDRILL_LINKAGE int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                 \
    {                                                                                              \
        return run(__VA_ARGS__, data, size);                                                       \
    }

#endif
