/*
 * plain: the calls of the drills beside this file in a plain C loop. Usage: bench_plain
 * tcp4|tcp6|udp4|udp6 RUNS. Prints nanoseconds per run.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "stacks/isolation.h"

static const char request[] = "GET / HTTP/1.0\r\n\r\n";

static void require(int succeeded, const char *what)
{
    if (succeeded)
        return;
    perror(what);
    exit(1);
}

/* A socket bound to loopback, and its name. */
static int bound(int family, int type, struct sockaddr_storage *name, socklen_t *length)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const void *address = family == AF_INET ? (void *)&in : (void *)&in6;
    int fd = socket(family, type, 0);

    *length = family == AF_INET ? sizeof in : sizeof in6;
    require(fd >= 0, "socket");
    require(bind(fd, address, *length) == 0, "bind");
    if (type == SOCK_STREAM)
        require(listen(fd, 1) == 0, "listen");
    require(getsockname(fd, (struct sockaddr *)name, length) == 0, "getsockname");
    return fd;
}

static void transfer(int from, int to)
{
    static char buffer[4096];

    require(send(from, request, sizeof request - 1, MSG_NOSIGNAL) == sizeof request - 1, "send");
    require(recv(to, buffer, sizeof buffer, 0) == sizeof request - 1, "recv");
}

static void run(int family, int type)
{
    struct sockaddr_storage name;
    socklen_t length;
    int receiver = bound(family, type, &name, &length);
    int sender = socket(family, type, 0);
    int accepted = receiver;

    require(sender >= 0, "socket");
    require(connect(sender, (struct sockaddr *)&name, length) == 0, "connect");
    if (type == SOCK_STREAM) {
        accepted = accept(receiver, NULL, NULL);
        require(accepted >= 0, "accept");
    }
    transfer(sender, accepted);
    close(sender);
    if (accepted != receiver)
        close(accepted);
    close(receiver);
}

int main(int argc, char **argv)
{
    struct timespec start;
    struct timespec end;
    long runs = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    int type;

    if (runs < 1 || strlen(argv[1]) != 4) {
        fprintf(stderr, "usage: bench_plain tcp4|tcp6|udp4|udp6 RUNS\n");
        return 1;
    }
    isolation_enter();
    type = argv[1][0] == 't' ? SOCK_STREAM : SOCK_DGRAM;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long i = 0; i < runs; i++)
        run(argv[1][3] == '6' ? AF_INET6 : AF_INET, type);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.1f\n",
           ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) /
               (double)runs);
    return 0;
}
