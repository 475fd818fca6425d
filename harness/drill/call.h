/*
 * call: one socket call of a drill, its arguments, and how its addresses and descriptors are named.
 * Includes lists only.
 */
#ifndef SOCKDRILL_DRILL_CALL_H
#define SOCKDRILL_DRILL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lists/lists.h"

enum {
    SLOTS_MAX = 16,           /* variables of a drill */
    SLOT_REMOTE = 15,         /* the variable `remote`, connected to the code under test */
    DATA_BYTES_MAX = 1 << 18, /* what one call sends or has room to receive */
    POLL_ENTRIES_MAX = 4,     /* members of a poll set */
    PARTS_MAX = 4,            /* parts of a payload or a buffer, messages of sendmmsg, recvmmsg */
    CONTROLS_MAX = 3,         /* ancillary messages that one call sends */
    CONTROL_BYTES_MAX = 1024, /* room for ancillary data */
    OPTION_BYTES_MAX = 256,   /* a socket option's value */
    DUPFD_LEAST_MAX = 1023,   /* the number from which F_DUPFD looks; higher ones are invalid */
    ACTORS = 3,               /* who make calls beside the drill's own thread: A, B, C */
};

/*
 * What a line of a drill does. An actor's call may block; then it is unfinished until a later line,
 * its resumption, tells what came of it. A signal goes to an actor, blocked or not.
 */
enum act { ACT_CALL, ACT_RESUME, ACT_SIGNAL };

/*
 * Which pointer argument of a call points to no memory; one at most. The number is the binary form,
 * so new ones go to the end.
 */
enum bad_pointer {
    BAD_NONE,
    BAD_DATA,    /* the payload, the buffer, an option's value, the poll set, the event array */
    BAD_ADDRESS, /* the socket address, or the room for one */
    BAD_LENGTH,  /* the value-result length of a name or an option */
    BAD_HEADER,  /* readv, writev: the iovec array; the msghdr, the mmsghdr array */
    BAD_CONTROL, /* the control buffer */
    BAD_TIMEOUT, /* the timespec */
    BAD_PARTS,   /* sendmsg, recvmsg: the iovec array */
    BAD_POINTERS
};

/* Every call, numbered in the order of calls.def. */
enum op {
#define CALL(code, name, wants, n_default, ...) OP_##name,
#include "lists/calls.def"
#undef CALL
    OPS
};

/* The kinds of argument. What each means is told where it is stored, in struct call. */
enum argument {
    ARG_NONE,
    ARG_NEW,
    ARG_FD,
    ARG_DOMAIN,
    ARG_TYPE,
    ARG_PROTOCOL,
    ARG_ADDRESS,
    ARG_NUMBER,
    ARG_LENGTH,
    ARG_DATA,
    ARG_SOCKET_FLAGS,
    ARG_SEND_FLAGS,
    ARG_RECV_FLAGS,
    ARG_NAME_LENGTH,
    ARG_HOW,
    ARG_OPTION,
    ARG_OPTION_VALUE,
    ARG_OPTION_LENGTH,
    ARG_FCNTL,
    ARG_FCNTL_VALUE,
    ARG_IOCTL,
    ARG_IOCTL_VALUE,
    ARG_POLL_SET,
    ARG_OTHER_FD,
    ARG_PARTS,
    ARG_ROOMS,
    ARG_SENT_MESSAGE,
    ARG_RECEIVED_MESSAGE,
    ARG_RECVMSG_FLAGS,
    ARG_SHORT_TIMEOUT,
    ARG_SELECT_SET,
    ARG_EPOLL_FLAGS,
    ARG_EPOLL_COMMAND,
    ARG_EPOLL_EVENTS,
    ARG_EVENT_ROOM,
    ARGUMENT_KINDS
};

/* The states of a variable's socket in which a call does something interesting. */
enum wants {
    WANTS_NONE,         /* the call takes no descriptor */
    WANTS_OPEN,         /* any open descriptor */
    WANTS_ANY,          /* any socket */
    WANTS_FRESH,        /* neither bound nor connected */
    WANTS_STREAM_BOUND, /* a stream, bound and no more */
    WANTS_UNCONNECTED,  /* neither connected nor listening */
    WANTS_LISTENING,
    WANTS_CONNECTED,
    WANTS_DATAGRAM,
    WANTS_EPOLL, /* an instance of epoll */
    WANTS_KINDS
};

enum { CALL_ARGUMENTS_MAX = 4 };

/* What calls.def says of a call. */
struct call_info {
    const char *name;
    uint8_t code;
    enum wants wants;
    uint32_t number_default;
    enum argument arguments[CALL_ARGUMENTS_MAX];
};

/* A descriptor argument: a slot 0 to SLOTS_MAX - 1, or one of these. */
enum fd_ref {
    FD_NEGATIVE = SLOTS_MAX, /* -1 */
    FD_HUGE,                 /* INT_MAX, never open */
    FD_NOT_SOCKET,           /* an open descriptor that is no socket */
    FD_REFS_END
};

/* What an address argument names; below HOSTS it is a fixed host of addresses.def. */
enum address_kind {
    ADDRESS_UNSPEC = HOSTS, /* AF_UNSPEC and zeros: dissolves an association */
    ADDRESS_NAME,           /* what getsockname says of a slot, when the call is made */
    ADDRESS_PEER,           /* what getpeername says of a slot, when the call is made */
    ADDRESS_RAW,            /* bytes as they stand in the drill */
    ADDRESS_KINDS,
    ADDRESS_NONE = ADDRESS_KINDS /* no address at all: of ARG_SENT_MESSAGE only */
};

/* The port of a fixed host. */
enum port_ref {
    PORT_ZERO,
    PORTS_FIXED = 5, /* 1 to 4 are the rendezvous ports, PORT_BASE + index */
    PORT_OF_SLOT     /* the port of a slot's name */
};
enum { PORT_BASE = 20000 };

/* The index of the address length that is right for the address. */
enum { LENGTH_NATURAL = 0, LENGTHS = 16 };

/* An address argument. */
struct address {
    uint8_t kind;       /* enum host or enum address_kind */
    uint8_t slot;       /* of ADDRESS_NAME, ADDRESS_PEER and PORT_OF_SLOT */
    uint8_t port;       /* enum port_ref */
    uint8_t length;     /* index of address_lengths */
    uint8_t raw_size;   /* of ADDRESS_RAW, at most sizeof(struct sockaddr_storage) */
    const uint8_t *raw; /* of ADDRESS_RAW; lives as long as the drill's input */
};

/* The sets of select that a member may be in. */
enum { SELECT_READ = 1, SELECT_WRITE = 2, SELECT_EXCEPT = 4, SELECT_ALL = 7 };

/* A member of a poll set, or one of select's. */
struct poll_entry {
    uint8_t fd;     /* slot or enum fd_ref */
    uint8_t events; /* bits of FLAGS_POLL, or SELECT_* */
};

/* The index of the length that is right for ancillary data, or one message of it. */
enum { CONTROL_NATURAL = 0, CONTROL_LENGTHS = 16 };

/* An ancillary message to send. */
struct control {
    uint8_t kind;   /* index of controls() */
    uint8_t length; /* index of control_lengths: what its header says */
    int16_t value;  /* of CONTROL_HOST an enum host of its family */
};

/* How many parts a call says that it has; 0 when it has none. */
enum part_claim { PARTS_ALL, PARTS_MOST, PARTS_TOO_MANY, PART_CLAIMS };

/* One call. What a call does not use is zero. */
struct call {
    uint8_t op;     /* enum op */
    uint8_t act;    /* enum act; of what is no ACT_CALL the rest is that of the actor's last call */
    uint8_t actor;  /* who makes it: 0 the drill's own thread, 1 to ACTORS the others */
    bool restarts;  /* ACT_SIGNAL: its handler was installed with SA_RESTART */
    uint8_t bad;    /* enum bad_pointer: what stands beside it means nothing and is zero, but for
                       lengths; of a set entry_count is the number that is claimed */
    bool name_null; /* a call that returns a name: no room is offered */
    uint8_t result; /* ARG_NEW: the slot that receives the new descriptor */
    uint8_t fd;     /* ARG_FD: slot or enum fd_ref */
    uint8_t other_fd; /* ARG_OTHER_FD: slot or enum fd_ref, of dup2 not FD_NOT_SOCKET */
    uint8_t flags;    /* ARG_*_FLAGS, ARG_FCNTL_VALUE, ARG_EPOLL_EVENTS: bits of the set */
    uint8_t domain;   /* ARG_DOMAIN: index of VALUES_DOMAIN */
    uint8_t type;     /* ARG_TYPE: index of VALUES_TYPE */
    uint8_t protocol; /* ARG_PROTOCOL: index of VALUES_PROTOCOL */
    uint8_t choice;   /* ARG_HOW, ARG_OPTION, ARG_FCNTL, ARG_IOCTL, ARG_EPOLL_COMMAND: index of the
                         list; ARG_SHORT_TIMEOUT: of short_timeouts; ARG_EVENT_ROOM: of event_rooms */
    bool raw_value;   /* ARG_OPTION_VALUE: the value is data, not number */
    uint8_t entry_count;
    struct poll_entry entries[POLL_ENTRIES_MAX]; /* ARG_POLL_SET, ARG_SELECT_SET */
    /* ARG_ADDRESS, ARG_SENT_MESSAGE; of ARG_NAME_LENGTH and ARG_RECEIVED_MESSAGE only the length.
     */
    struct address address;
    /*
     * ARG_NUMBER (backlog; timeout in ms) and ARG_OPTION_VALUE, ARG_IOCTL_VALUE as they are;
     * ARG_FCNTL_VALUE up to DUPFD_LEAST_MAX, -1 or INT32_MAX;
     * ARG_RECEIVED_MESSAGE: the room for ancillary data, at most CONTROL_BYTES_MAX;
     * ARG_LENGTH at most DATA_BYTES_MAX; ARG_OPTION_LENGTH plus 1, and 0 is the option's own;
     * ARG_DATA, ARG_PARTS, ARG_SENT_MESSAGE: data repeats up to so many bytes, 0 when it stands
     * once; with BAD_DATA the size that is claimed. ARG_OPTION_VALUE with it: as ARG_OPTION_LENGTH.
     */
    uint32_t number;
    uint32_t data_size;
    const uint8_t *data; /* of the same three; lives as long as the drill's input */
    /*
     * ARG_PARTS, ARG_SENT_MESSAGE: into which parts data is cut, of which the last takes what is
     * repeated; ARG_ROOMS, ARG_RECEIVED_MESSAGE: the rooms, together at most DATA_BYTES_MAX. Of
     * sendmmsg and recvmmsg each is a message of its own.
     */
    uint8_t part_count;
    uint8_t part_claim; /* enum part_claim */
    uint32_t parts[PARTS_MAX];
    uint8_t control_count;
    uint8_t control_length;                /* index of control_lengths: of all ancillary data */
    struct control controls[CONTROLS_MAX]; /* ARG_SENT_MESSAGE */
};

/* call_info returns the row of calls.def. */
const struct call_info *call_info(enum op op);

/* call_has tells whether the call takes an argument of that kind. */
bool call_has(enum op op, enum argument argument);

/* call_creates tells whether the call makes a new descriptor and assigns it to a variable. */
bool call_creates(const struct call *call);

/* call_returns_fd tells whether the call returns a descriptor, be it new or not. */
bool call_returns_fd(const struct call *call);

/* call_has_pointer tells whether the call has that pointer argument. */
bool call_has_pointer(enum op op, enum bad_pointer pointer);

/* call_may_offer_no_name tells whether the pointer to a name may be NULL. */
bool call_may_offer_no_name(enum op op);

/* What follows a call's fcntl, ioctl or epoll_ctl command. */
enum command_value { COMMAND_ALONE, COMMAND_FLAGS, COMMAND_NUMBER };

/* call_command_value tells what follows the call's command. */
enum command_value call_command_value(const struct call *call);

/* call_fcntl_flags returns the set of which an fcntl command takes a union. */
enum flag_set call_fcntl_flags(const struct call *call);

/* call_equal compares two calls, their bytes by content. */
bool call_equal(const struct call *a, const struct call *b);

/* call_sends tells whether the call has data to send. */
bool call_sends(enum op op);

/* call_receives tells whether the call takes what has been sent to its socket. */
bool call_receives(enum op op);

/* call_waits_for_events tells whether the call returns how many descriptors are ready. */
bool call_waits_for_events(enum op op);

/* call_many tells whether the call's parts are messages of their own. */
bool call_many(enum op op);

/* call_size returns how many bytes a call sends, or has room for. */
uint32_t call_size(const struct call *call);

/* short_timeouts are the times in ms that recvmmsg can be given; -1 is none, -2 is no valid time.
 */
enum { SHORT_TIMEOUT_NONE = 0, SHORT_TIMEOUTS = 6 };
extern const int short_timeouts[SHORT_TIMEOUTS];

/* event_rooms are how many events epoll_wait may return; the last two no system takes. */
enum { EVENT_ROOMS = 6 };
extern const int event_rooms[EVENT_ROOMS];

/* part_claims are the numbers of parts of enum part_claim; [PARTS_ALL] is unused. */
extern const int part_claims[PART_CLAIMS];

/* control_lengths are the lengths that can be claimed; [CONTROL_NATURAL] is unused. */
extern const int control_lengths[CONTROL_LENGTHS];

/* address_lengths are the lengths an address argument can be given; [LENGTH_NATURAL] is unused. */
extern const int address_lengths[LENGTHS];

#endif
