/*
 * world: everything the sockets layer knows: descriptors, sockets, what is under way between them.
 * Fixed capacities, no allocation; copied and reset in time proportional to what is used.
 *
 * Delivery takes time that nobody can see, so it is not enumerated: a stream knows how much was
 * written and how much has certainly arrived, and what else is on its way to a socket (a FIN, a
 * reset, the end of a handshake) stays in `flying` until an outcome shows that it has arrived.
 */
#ifndef SOCKDRILL_SPEC_WORLD_H
#define SOCKDRILL_SPEC_WORLD_H

#include <string.h>

#include "spec/endpoint.h"
#include "spec/profile.h"

enum {
    SOCKS_MAX = 384,          /* sockets, those without a descriptor included */
    FDS_MAX = 1024,           /* descriptor numbers that a world can know */
    PIECES_MAX = 2048,        /* sends whose bytes have not been read */
    SETTINGS_MAX = 512,       /* options that are known to have a value, of all sockets */
    EPOLLS_MAX = 128,         /* instances of epoll */
    INTERESTS_MAX = 128,      /* what they watch, all together */
    LEFT_MAX = 16,            /* SYNs of attempts that were given up, where what is sent is late */
    PASSED_MAX = 4,           /* urgent bytes of a stream that newer ones may pass over yet */
    UNDO_BYTES_MAX = 1 << 22, /* what one call may change: each piece, ten times over */
    NO_SOCK = 0xffff,
    NO_PIECE = 0xffff,
    NO_EPOLL = 0xffff,
};

/* A socket's state. A datagram socket is only ever idle. */
enum sock_state {
    SOCK_IDLE, /* neither listening nor on the way to a connection */
    SOCK_LISTENING,
    SOCK_CONNECTING, /* its handshake has begun */
    SOCK_CONNECTED,  /* and so until both directions have ended */
    SOCK_FAILED,     /* its handshake failed */
    SOCK_ENDED,      /* its connection is over, by a reset or by a FIN each way */
    SOCK_STATES
};

/* What may be on its way to a socket. */
enum flying {
    FLYING_ESTABLISHED = 1, /* the handshake's end: to the side that began it */
    FLYING_REFUSED = 2,     /* the refusal of a connection */
    FLYING_QUEUED = 4,      /* the handshake's end: to the side that accepts */
    FLYING_RESET = 8,
    FLYING_FIN = 16,
    FLYING_UNREACHABLE = 32, /* nobody had the port that a datagram went to */
    FLYING_ABORTED = 128,    /* a self-connection of a socket that cannot write */
    FLYING_CLOSED = 64,      /* the last acknowledgement: both directions have ended */
};

/* Why the listener may learn late that a handshake is over: what has to come first. */
enum held {
    HELD_ACK = 1,   /* an acknowledgement that may be delayed */
    HELD_DATA = 2,  /* data, or a FIN: tcp(7), TCP_DEFER_ACCEPT */
    HELD_LIMBO = 4, /* that its listener, which has stopped, listens again (Linux) */
    HELD_AGAIN = 8, /* the acknowledgement once more, which may have found the queue full */
};

/*
 * What follows is compared as bytes when worlds are, so there is no padding but fields of that
 * name, always zero.
 */

/*
 * One send's bytes, or one datagram, on the way to a socket or in its queue. A datagram that was
 * gathered over several sends has several pieces, of which the first speaks for all.
 */
struct piece {
    struct payload bytes;
    struct endpoint from; /* of a datagram; of an error, and while it is gathered, whereto */
    struct endpoint to;   /* of a datagram; while it is gathered, the source it asked for */
    uint16_t next;        /* of the same socket, or NO_PIECE */
    uint16_t sender;      /* the socket that sent a datagram */
    int32_t hops;         /* of a datagram: the hop limit it was sent with, or enum packet_field */
    int32_t traffic;      /* likewise its type of service or traffic class */
    bool droppable;       /* a datagram beyond what the receive buffer is sure to hold */
    bool goes_on;         /* the next piece belongs to the same datagram */
    bool local;           /* an error that no other host has told */
    bool noted;           /* who receives it had asked for its addresses when it was sent */
    uint16_t receiver;    /* of a datagram that may be late, or NO_SOCK: see late.h */
    uint16_t origin;      /* likewise the piece with which it was sent, or NO_PIECE */
    uint16_t order;       /* likewise: how many were sent before */
    uint8_t way;          /* of that one: enum way */
    bool source_open;     /* its source's port was given up since it was begun */
};

/* How far a datagram that may be late has come. */
enum way {
    WAY_AFOOT = 1,   /* it may still be under way */
    WAY_REFUSED = 2, /* at some time since it was sent nobody took it */
    WAY_TOLD = 4,    /* and its sender has been told */
};

/* A field of a packet's header that is no known number. */
enum packet_field {
    FIELD_DEFAULT = -1, /* the system's default */
    FIELD_OPEN = -2,    /* nothing is promised */
};

/* What comes in: a stream of bytes or a queue of datagrams. Amounts are bytes. */
struct stream {
    uint64_t written;            /* by the peer */
    uint64_t read;               /* by this socket's owner */
    uint64_t arrived;            /* at least */
    uint64_t mark;               /* where the newest urgent byte stands, plus 1; 0 for none */
    uint64_t passed[PASSED_MAX]; /* likewise older ones, which a newer may pass over yet */
    uint32_t offset;             /* of the first piece, read already */
    uint16_t first;              /* piece, or NO_PIECE */
    uint16_t last;
    bool ended;     /* a FIN has arrived */
    bool cut;       /* reset: what has not arrived may never arrive */
    bool mark_read; /* the urgent byte was read with MSG_OOB */
    bool mark_lost; /* urgent data came when nothing was received any more */
    uint32_t
        unsent; /* of what was written: the last bytes, which a blocked send may not have sent */
};

/* A socket. What it is called may be unknown until a call shows it: see name.h. */
struct sock {
    uint8_t family; /* AF_INET or AF_INET6 */
    uint8_t type;   /* SOCK_STREAM or SOCK_DGRAM */
    uint8_t state;  /* enum sock_state */
    uint8_t flying; /* enum flying */
    uint16_t error; /* pending, an errno; 0 for none */
    bool nonblocking;
    bool bound;      /* has a port, known or not */
    bool was_bound;  /* and lost its name again */
    bool host_given; /* bind named a host that is no wildcard */
    bool port_given; /* bind named a port */
    bool host_known; /* local's host is what getsockname shows */
    bool port_known; /* likewise its port */
    bool reported;   /* a connect has reported that the connection stands */
    bool has_remote; /* a datagram socket's default destination */
    bool filters;    /* it takes datagrams from remote's host only */
    bool shut_read;
    bool shut_write;
    bool fin_sent;
    bool was_reset; /* its connection ended by a reset */
    bool v6only;
    bool disconnecting; /* shut down while its handshake was over and unreported (Linux) */
    bool mapped_before; /* it has had, or tried for, a v4-mapped peer */
    bool reuse_address;
    bool reuse_port;
    bool linger;
    bool oob_inline;
    bool reuse_odd;       /* SO_REUSEADDR or SO_REUSEPORT changed after bind */
    bool stalled;         /* its handshake need not come to an end */
    bool has_failed;      /* to connect */
    bool remote_kept;     /* remote is what the peer was called, which has another name by now */
    uint8_t held;         /* enum held: of a connection that waits to be accepted */
    uint16_t descriptors; /* that refer to it; 0 once it is closed */
    uint16_t peer;        /* the other end of a connection, or NO_SOCK */
    uint16_t listener;    /* in whose queue it waits, or NO_SOCK */
    uint16_t next;        /* in that queue, or NO_SOCK */
    uint16_t queue;       /* of a listener: the first that waits, or NO_SOCK */
    uint16_t queued;      /* how many wait */
    uint16_t gathered;    /* the datagram that MSG_MORE has begun, or NO_PIECE; it keeps whereto */
    uint16_t errors;      /* the first of its queue of errors, or NO_PIECE */
    uint16_t turns;       /* how often something has come to it but data: an edge for epoll */
    uint16_t stirs;       /* how often something has happened that may be one */
    uint16_t quiets;      /* how often its readiness may have changed without one */
    bool met;             /* its SYN has certainly arrived */
    bool meets_again;     /* its SYN has not arrived where it was expected: see late.h */
    bool closed_first; /* its FIN came before the peer's; only ordinarily, for it cannot be seen */
    bool corked;       /* TCP_CORK: what it sends may be held back */
    uint16_t strays;   /* a piece that keeps whereto datagrams go instead of remote, or NO_PIECE */
    int backlog;
    int linger_s;
    uint16_t slot; /* kept for the other end of its attempt to connect, or NO_SOCK: see late.h */
    bool left_waiting;  /* what its connection has left in TIME-WAIT may hold the port */
    bool refused_again; /* while an actor that waits may have taken the first refusal */
    struct endpoint local;
    struct endpoint remote;
    struct stream in;
};

/* What a descriptor number refers to. */
struct descriptor {
    uint16_t sock;  /* plus 1; 0 when it is no socket */
    uint16_t epoll; /* plus 1; 0 when it is no instance of epoll */
    bool close_on_exec;
    bool other; /* open, but no socket: an instance of epoll, or a file that is always ready */
    bool freed; /* was closed by a call of this world, so it is certainly free */
    bool exec_unknown; /* whether it is closed on exec has not shown yet */
};

/* How much is known of an option's value. */
enum setting_state {
    SETTING_SHOWN, /* it was never set, but a call has shown it */
    SETTING_SET,   /* it was set, and this is its value */
    SETTING_ASKED, /* this was asked for; what came of it has not shown yet */
    SETTING_OPEN,  /* it was set, to what is not promised and has not shown yet */
};

/* The value of a socket's option, once it was set or shown. */
struct setting {
    uint16_t sock;
    uint8_t option; /* line of options.def */
    uint8_t state;  /* enum setting_state */
    int32_t value;
};

/* An instance of epoll. */
struct epoll {
    uint16_t descriptors; /* that refer to it; 0 when it is free */
    uint16_t rounds;      /* waits that returned as many events as they had room for */
};

/*
 * What an instance of epoll watches: the key is the number and what it referred to. What had come
 * when it was last reported is a range, like all that is on its way, and does not tell worlds
 * apart: see oracle.c.
 */
struct interest {
    uint64_t data;
    uint64_t least;   /* data that had certainly come when it was last reported */
    uint64_t most;    /* and that may have */
    uint64_t fetched; /* of what it had sent, so much had been read by then */
    uint32_t events;
    int32_t fd;
    uint16_t epoll; /* plus 1; 0 when the entry is free */
    uint16_t sock;  /* or NO_SOCK */
    uint16_t inner; /* the instance that it watches, plus 1; 0 for none */
    uint16_t turns_least;
    uint16_t turns_most;
    uint16_t stirs;
    uint16_t quiets;
    uint16_t passed; /* the round since which it was certainly ready and passed over; 0 for none */
    uint16_t served; /* the round in which it was last reported */
    uint16_t reported; /* the events of the last report */
    bool fresh;        /* not reported since it was added or modified */
    bool disabled;     /* EPOLLONESHOT, and reported */
    bool ended;        /* its connection was certainly over when it was last reported */
    uint8_t padding;
};

/* An actor's call that is blocked: with what it is looked at again. */
struct blocked {
    struct payload sent;
    struct pollfd fds[POLL_ENTRIES_MAX];
    int fd;
    int flags;
    uint32_t room;
    uint32_t name_room;
    uint32_t limit_us; /* how long it may wait; 0 for ever */
    uint32_t fd_count;
    uint16_t members[POLL_ENTRIES_MAX]; /* of a set, each plus 1: it stays while the call waits */
    uint16_t sock;                      /* on which the call waits; NO_SOCK for a set */
    uint8_t op;
    bool under_way;
    bool name_null;
    bool closed;      /* its descriptor, or one of its set, has been closed since */
    bool astray;      /* and it was restarted with that number, whatever it refers to now */
    bool may_end;     /* a signal was caught, and it may be interrupted */
    bool must_end;    /* and it must */
    bool may_shorten; /* a signal was caught: what was moved before may be all, SA_RESTART or not */
    bool again;       /* a connect that did not begin the attempt */
    uint8_t padding[5];
};

/* What one call has changed, so that it can be taken back. */
struct undo {
    uint32_t used;
    uint32_t turn;             /* another one after each mark, commit and undo */
    uint32_t saved[SOCKS_MAX]; /* plus 1: the turn in which the socket was last saved */
    uint8_t log[UNDO_BYTES_MAX];
};

/* The SYN of an attempt that was given up: it may still be under way. See late.h. */
struct left_syn {
    struct endpoint from;
    struct endpoint to;
};

/* A world. Large: keep it static. */
struct world {
    const struct profile *profile;
    bool slow;            /* what is sent may be under way while the sockets change: see late.h */
    bool full;            /* it had no room for what has happened: what is so is not known */
    bool keeps_time_wait; /* as RFC 9293, 3.6.1 wants it; a namespace for drills may not */
    int settle_ms;        /* waiting so long, everything that is under way arrives */
    uint32_t sock_count;  /* sockets from here on were never used */
    uint32_t fd_count;    /* likewise for descriptor numbers */
    uint32_t piece_count; /* likewise for pieces */
    uint32_t late_count;  /* datagrams sent that may be late */
    uint32_t left_count;  /* SYNs that may be late */
    uint32_t setting_count;
    uint32_t epoll_count;
    uint32_t interest_count;
    uint32_t blocked_count;
    struct undo *undo; /* NULL when nothing is ever taken back */
    struct blocked actors[ACTORS];
    struct descriptor fds[FDS_MAX];
    struct sock socks[SOCKS_MAX];
    struct setting settings[SETTINGS_MAX];
    struct piece pieces[PIECES_MAX];
    struct epoll epolls[EPOLLS_MAX];
    struct interest interests[INTERESTS_MAX];
    struct left_syn left[LEFT_MAX];
};

/* world_init prepares a world without a socket. */
void world_init(struct world *world, const struct profile *profile);

/* world_reset closes everything, in time proportional to what was used. It cannot be undone. */
void world_reset(struct world *world);

/* world_copy copies what is used. to keeps its own undo. */
void world_copy(struct world *to, const struct world *from);

/*
 * world_hash returns the same for worlds that nothing distinguishes, or only what had come to a
 * socket when epoll last reported it.
 */
uint64_t world_hash(const struct world *world);

/* world_hash_but is world_hash of all but the sockets for which gone is set, and their options. */
uint64_t world_hash_but(const struct world *world, const bool *gone);

/* world_fd returns a number's descriptor, or NULL when the world knows of none open. */
static inline const struct descriptor *world_fd(const struct world *w, int fd)
{
    if (fd < 0 || (uint32_t)fd >= w->fd_count || (w->fds[fd].sock == 0 && !w->fds[fd].other))
        return NULL;
    return &w->fds[fd];
}

/* world_sock returns the socket that a descriptor refers to, or NULL. */
static inline const struct sock *world_sock(const struct world *w, int fd)
{
    if (fd < 0 || (uint32_t)fd >= w->fd_count || w->fds[fd].sock == 0)
        return NULL;
    return &w->socks[w->fds[fd].sock - 1];
}

/* world_epoll returns the instance of epoll that a descriptor refers to, or NO_EPOLL. */
static inline uint16_t world_epoll(const struct world *w, int fd)
{
    if (fd < 0 || (uint32_t)fd >= w->fd_count || w->fds[fd].epoll == 0)
        return NO_EPOLL;
    return (uint16_t)(w->fds[fd].epoll - 1);
}

/* world_index returns a socket's number. */
static inline uint16_t world_index(const struct world *w, const struct sock *s)
{
    return (uint16_t)(s - w->socks);
}

/* changeable takes the const away from what a world holds; only for what world_edit has saved. */
static inline void *changeable(const void *place)
{
    void *same;

    memcpy(&same, &place, sizeof same);
    return same;
}

/* world_is_full says that there was no room in a world for what has happened. */
void world_is_full(struct world *world);

/* world_edit says that what stands at place is about to change, and returns place. */
void world_save(struct world *world, const void *place, uint32_t size);
static inline void *world_edit(struct world *w, const void *place, uint32_t size)
{
    if (w->undo != NULL)
        world_save(w, place, size);
    return changeable(place);
}

/* sock_edit makes a socket changeable. */
void sock_save(struct world *world, const struct sock *sock);
static inline struct sock *sock_edit(struct world *w, const struct sock *s)
{
    if (w->undo != NULL)
        sock_save(w, s);
    return changeable(s);
}

/* world_mark returns a place to which world_undo_to can go back. */
static inline uint32_t world_mark(const struct world *w)
{
    w->undo->turn++;
    return w->undo->used;
}

/* world_undo_to takes back everything since that mark. */
void world_undo_to(struct world *world, uint32_t mark);

/* world_undo takes back everything since world_commit. */
void world_undo(struct world *world);

/* world_commit makes what has changed final. */
void world_commit(struct world *world);

/* sock_stirs says that something has happened that epoll may report as an edge, or may not. */
static inline void sock_stirs(struct world *w, const struct sock *s)
{
    sock_edit(w, s)->stirs++;
}

/* sock_is_quiet says that its readiness may have changed though nothing has come to it. */
static inline void sock_is_quiet(struct world *w, const struct sock *s)
{
    sock_edit(w, s)->quiets++;
}

/* world_open opens a number that is free; false when the world is full. */
bool world_open(struct world *world, int fd, struct descriptor what);

/* world_open_other says that a number is open but no socket, unless that is known. */
void world_open_other(struct world *world, int fd);

/* world_close takes a descriptor away. */
void world_close(struct world *world, int fd);

/* world_new_sock returns a fresh socket's number, or NO_SOCK when the world is full. */
uint16_t world_new_sock(struct world *world, int family, int type);

/* world_renew_sock makes a socket's number that of a fresh one, of which nothing is known. */
void world_renew_sock(struct world *world, uint16_t sock, int family, int type);

/* world_new_epoll returns a fresh instance of epoll, or NO_EPOLL when the world is full. */
uint16_t world_new_epoll(struct world *world);

/* sock_become changes a socket's state; the one place where that happens. */
void sock_become(struct world *world, const struct sock *sock, enum sock_state state);

#endif
