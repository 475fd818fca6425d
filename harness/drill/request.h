/*
 * request: one socket call as a stack is asked to make it, its arguments resolved: descriptors are
 * numbers, addresses are bytes, flags have the system's values. The executor makes requests of a
 * drill's calls; the specification is asked with them what may come of it.
 *
 * Where bad names a pointer, what it would point to is zeros here (descriptors of a set are -1), of
 * the size that the call is given; the stack gets an address at which there is no memory.
 */
#ifndef SOCKDRILL_DRILL_REQUEST_H
#define SOCKDRILL_DRILL_REQUEST_H

#include <poll.h>
#include <sys/epoll.h>

#include "drill/call.h"

/* A socket address, or another run of bytes that the call reads. */
struct bytes {
    const uint8_t *data; /* NULL for a null pointer */
    uint32_t size;       /* as passed: of an address it may exceed what data has */
};

/*
 * What is sent: the bytes repeat with their size as the period up to length. A drill's payload is
 * never written out; neither side copies what it only compares.
 */
struct payload {
    const uint8_t *data;
    uint32_t period; /* 0 only when length is */
    uint32_t length;
};

/* A request. What a call does not use is zero. */
struct request {
    uint8_t op;            /* enum op */
    uint8_t act;           /* enum act; of what is no ACT_CALL only actor and restarts count */
    uint8_t actor;         /* who makes the call: 0, or 1 to ACTORS */
    bool restarts;         /* ACT_SIGNAL: its handler was installed with SA_RESTART */
    uint8_t bad;           /* enum bad_pointer */
    bool name_null;        /* accept, recvfrom, recvmsg: no room for a name is offered */
    int fd;                /* the descriptor; of epoll_ctl and epoll_wait the instance */
    int other_fd;          /* dup2: the number wanted; epoll_ctl: the member */
    int domain;            /* socket */
    int type;              /* socket, without its flags */
    int protocol;          /* socket */
    int flags;             /* SOCK_*, MSG_* or EPOLL_CLOEXEC, as passed */
    int command;           /* shutdown's how; of fcntl, ioctl and epoll_ctl the command */
    int level;             /* getsockopt, setsockopt */
    int option;            /* getsockopt, setsockopt */
    int timeout_ms;        /* the poll family, recvmmsg; -1 waits for ever, -2 is no time */
    int64_t value;         /* backlog; the argument of fcntl or ioctl; epoll_wait's maxevents */
    struct bytes address;  /* bind, connect, sendto, sendmsg: the socket address, or none */
    socklen_t name_room;   /* the length offered for a name */
    struct bytes optval;   /* setsockopt: the value */
    struct bytes control;  /* sendmsg: ancillary data, as struct cmsghdr lays it out */
    struct payload sent;   /* what is sent, all parts together */
    uint32_t room;         /* the room for what is received, all parts together; for an option */
    uint32_t control_room; /* recvmsg: the room for ancillary data */
    int part_count;        /* elements of the iovec array, as passed; of sendmmsg messages */
    uint32_t part_sizes[PARTS_MAX]; /* of those that are not empty; of sendmmsg one a message */
    uint32_t fd_count;              /* members of fds */
    const struct pollfd *fds; /* poll: the set; select: one entry a descriptor that is named, POLLIN
                                 for the first set, POLLOUT, POLLPRI */
    const struct epoll_event *event; /* epoll_ctl, but to delete */
    const struct call *resumed;      /* ACT_RESUME, made by the executor itself: what is resumed */
    int waited_ms;                   /* ACT_RESUME that is unfinished: how long it was given */
};

#endif
