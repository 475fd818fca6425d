/*
 * habits: what servers do that has broken other ways of running them beneath a fuzzer. Compiled
 * without any header of ours; each habit says on standard output what came of it.
 *
 *     habits HABIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 7007 };

static int fd_on(int type)
{
    struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_port = htons(PORT)};
    int fd = socket(AF_INET6, type, 0);

    if (bind(fd, (struct sockaddr *)&name, sizeof name) != 0 ||
        ((type & SOCK_STREAM) && listen(fd, 8) != 0)) {
        perror("habits");
        exit(1);
    }
    return fd;
}

static void say(const char *what, long size, const char *text)
{
    printf("%s %ld %.*s\n", what, size, size > 0 ? (int)size : 0, text);
    fflush(stdout);
}

/* Whoever comes, for ever: nothing but the end of the world ends it. */
static void serve(int listener)
{
    char text[64];
    ssize_t size;

    for (;;) {
        int fd = accept(listener, NULL, NULL);

        do {
            size = recv(fd, text, sizeof text, 0);
            say("read", size, text);
        } while (size > 0);
        close(fd);
    }
}

static void datagrams(void)
{
    int fd = fd_on(SOCK_DGRAM);
    char text[64];

    for (;;)
        say("datagram", recv(fd, text, sizeof text, 0), text);
}

/* A server that looks first whether it can be reached. */
static void probe_itself(void)
{
    struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_port = htons(PORT)};
    int listener = fd_on(SOCK_STREAM);
    int client = socket(AF_INET6, SOCK_STREAM, 0);
    char text[64];
    int fd;

    name.sin6_addr = in6addr_loopback;
    say("connect", connect(client, (struct sockaddr *)&name, sizeof name), "");
    fd = accept(listener, NULL, NULL);
    send(client, "probe", 5, 0);
    say("probe", recv(fd, text, sizeof text, 0), text);
    close(fd);
    close(client);
    serve(listener);
}

/* What a datagram was sent to is where the answer is from. */
static void answer_by_control(void)
{
    union {
        char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
        struct cmsghdr header;
    } control;
    int fd = fd_on(SOCK_DGRAM);
    struct sockaddr_in6 from;
    char text[64];
    char address[INET6_ADDRSTRLEN];
    struct iovec part = {text, sizeof text};
    struct msghdr message = {.msg_name = &from, .msg_iov = &part, .msg_iovlen = 1};
    struct in6_pktinfo to;
    const int on = 1;

    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    for (;;) {
        message.msg_namelen = sizeof from;
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        part.iov_len = sizeof text;
        part.iov_len = (size_t)recvmsg(fd, &message, 0);
        if (CMSG_FIRSTHDR(&message) == NULL) {
            say("without", (long)part.iov_len, text);
            continue;
        }
        memcpy(&to, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof to);
        say("to", (long)strlen(inet_ntop(AF_INET6, &to.ipi6_addr, address, sizeof address)),
            address);
        say("answer", sendmsg(fd, &message, 0), "");
    }
}

static void accept_all(void)
{
    int listener = fd_on(SOCK_STREAM | SOCK_NONBLOCK);
    struct pollfd member = {.fd = listener, .events = POLLIN};

    for (;;) {
        poll(&member, 1, -1);
        while (accept(listener, NULL, NULL) >= 0)
            say("accept", 0, "");
        say(strerror(errno), -1, "");
    }
}

/* A signal handler or a thread wakes the loop by a pipe. */
static void wake_itself(void)
{
    int listener = fd_on(SOCK_STREAM);
    struct pollfd members[2] = {{.fd = listener, .events = POLLIN}, {.events = POLLIN}};
    char byte;
    int ends[2];

    if (pipe(ends) != 0 || write(ends[1], "w", 1) != 1)
        exit(1);
    members[1].fd = ends[0];
    for (;;) {
        int ready = poll(members, 2, -1);

        if (members[1].revents & POLLIN)
            say("woken", read(ends[0], &byte, 1), &byte);
        if (members[0].revents & POLLIN) {
            close(accept(listener, NULL, NULL));
            say("client", ready, "");
            if (write(ends[1], "c", 1) != 1)
                exit(1);
        }
    }
}

static void sleep_long(void)
{
    int listener = fd_on(SOCK_STREAM);

    for (;;) {
        int fd = accept(listener, NULL, NULL);

        say("left", (long)sleep(10000), "");
        close(fd);
    }
}

static void watch_files(void)
{
    int watcher = inotify_init1(IN_CLOEXEC);
    char path[64];
    char kind[64];
    ssize_t size;

    snprintf(path, sizeof path, "/proc/self/fd/%d", watcher);
    size = readlink(path, kind, sizeof kind);
    say("watch", inotify_add_watch(watcher, "/tmp", IN_MODIFY) > 0, "");
    say("nowhere", inotify_add_watch(watcher, "/nowhere", IN_MODIFY), "");
    say("kind", size, kind);
    serve(fd_on(SOCK_STREAM));
}

/* More than there is room for, whatever comes. */
static void overflow(void)
{
    static volatile size_t too_much = 64;
    char *text = malloc(4);
    int fd = accept(fd_on(SOCK_STREAM), NULL, NULL);

    say("read", recv(fd, text, too_much, 0), "");
    free(text);
}

static void serve_alone(void)
{
    serve(fd_on(SOCK_STREAM));
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        void (*habit)(void);
    } habits[] = {
        {"serve", serve_alone},         {"datagrams", datagrams},   {"probe", probe_itself},
        {"control", answer_by_control}, {"accept_all", accept_all}, {"wake", wake_itself},
        {"sleep", sleep_long},          {"watch", watch_files},     {"overflow", overflow},
    };

    for (unsigned i = 0; i < sizeof habits / sizeof *habits && count > 1; i++)
        if (strcmp(arguments[1], habits[i].name) == 0)
            habits[i].habit();
    return 1;
}
