/*
 * recorder: a stack without sockets that writes down what it is asked, argument by argument, and
 * answers as it is told. Every call succeeds unless it has been told otherwise.
 */
#ifndef SOCKDRILL_TESTS_RECORDER_H
#define SOCKDRILL_TESTS_RECORDER_H

#include <sockdrill/stack.h>

#include "drill/call.h"

/* The arguments of the calls, by their meaning. */
enum place {
    PLACE_FD,
    PLACE_OTHER_FD,
    PLACE_DOMAIN,
    PLACE_TYPE,
    PLACE_PROTOCOL,
    PLACE_BACKLOG,
    PLACE_FLAGS,
    PLACE_SIZE,
    PLACE_HOW,
    PLACE_LEVEL,
    PLACE_OPTION,
    PLACE_COMMAND,
    PLACE_VALUE, /* what follows an fcntl or ioctl command */
    PLACE_COUNT, /* of a poll set */
    PLACE_TIMEOUT,
    PLACE_LENGTH,  /* of an address or of an option's value */
    PLACE_PARTS,   /* how many parts, or messages of sendmmsg and recvmmsg */
    PLACE_CONTROL, /* the length of ancillary data */
    PLACE_EVENTS,  /* of epoll_ctl, and what the event bears; -1 without one */
    PLACE_DATA,
    PLACE_BAD,  /* which pointer is no memory, enum bad_pointer */
    PLACE_NULL, /* 1: no room is offered for a name */
    PLACES
};

enum {
    RECORDED_MAX = 1024,
    RECORDER_FIRST_FD = 1000,
    RECORDER_PORT = 4000, /* plus the descriptor: the port of its name; 1000 more of its peer */
    RECORDER_FIONREAD = 7
};

/* One call: its arguments, and the bytes of its data, address, option value or poll set. */
struct recorded {
    enum op op;
    int64_t places[PLACES]; /* 0 where the call has no such argument */
    size_t byte_count;
    uint8_t *bytes; /* data, option value, poll set */
    uint8_t address[sizeof(struct sockaddr_storage) + 1];
    size_t address_count;      /* how many bytes of an address could be read */
    uint32_t parts[PARTS_MAX]; /* the sizes of the parts, or of the messages */
    uint8_t control[256];
    size_t control_count;
};

struct recorder {
    size_t count;
    int next_fd;
    int errors[OPS];   /* not 0: the call fails with it */
    bool answers[OPS]; /* the call returns the result below, and leaves errno alone */
    int64_t results[OPS];
    int errno_after_poll; /* not 0: what a successful poll leaves in errno */
    enum place planted;   /* the argument that the recorder gets wrong, PLACES for none */
    struct recorded calls[RECORDED_MAX];
};

extern struct recorder recorder;

/* recorder_reset forgets all calls and answers. */
void recorder_reset(void);

/* recorder_stack returns the stack; the table may be changed until the next call. */
struct sockdrill_stack *recorder_stack(void);

/* recorder_find returns the first recorded call of that kind from an index on, or NULL. */
const struct recorded *recorder_find(enum op op, size_t from);

/* recorded_print writes a call as it was recorded: all places, the address, the first bytes. */
void recorded_print(const struct recorded *recorded);

/* recorded_equal compares two recorded calls. */
bool recorded_equal(const struct recorded *a, const struct recorded *b);

#endif
