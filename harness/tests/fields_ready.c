/* fields_ready: fields_oracle's entries for sets of descriptors and what waits on them. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fields_oracle.h"

/* A member of a set: the first in the header, POLLIN unless it takes it away, others in pairs. */
struct member {
    int fd;
    uint8_t events;
};

static size_t members_of(struct member members[4], const struct record *record)
{
    size_t more = record->payload_size / 2 < 3 ? record->payload_size / 2 : 3;

    members[0].fd = oracle_fd(WANTS_ANY, record->header[HEADER_FD]);
    members[0].events = record->header[HEADER_FLAGS] ^ 1;
    for (size_t i = 1; i <= more; i++) {
        members[i].fd = oracle_fd(WANTS_ANY, record->payload[2 * i - 2]);
        members[i].events = record->payload[2 * i - 1];
    }
    return more + 1;
}

/* Of a set that is no memory there is only how many it claims to have: one, unless the header says.
 */
static bool is_claimed(struct recorded *expected, const struct record *record)
{
    if (!oracle_is_bad(expected, BAD_DATA))
        return false;
    expected->places[PLACE_COUNT] = (record->header[HEADER_FLAGS] ^ 1) % 5;
    return true;
}

void oracle_expect_poll_set(struct recorded *expected, const struct record *record)
{
    static const int event[] = {POLLIN, POLLOUT, POLLPRI, POLLRDHUP, POLLERR, POLLHUP, POLLNVAL};
    struct member members[4];
    struct pollfd fds[4];
    size_t count = members_of(members, record);

    if (is_claimed(expected, record))
        return;
    memset(fds, 0, sizeof fds);
    for (size_t i = 0; i < count; i++) {
        fds[i].fd = members[i].fd;
        fds[i].events = (short)oracle_union(event, 7, members[i].events);
    }
    expected->places[PLACE_COUNT] = (int64_t)count;
    oracle_set_bytes(expected, fds, count * sizeof *fds);
}

/* What is never open fits in no set: the lowest number that is not open stands for it (ask.c). */
static int set_fd(int fd)
{
    int dead = 0;

    if (fd >= 0 && fd < FD_SETSIZE)
        return fd;
    while (fcntl(dead, F_GETFD) >= 0)
        dead++;
    return dead;
}

void oracle_expect_select_set(struct recorded *expected, const struct record *record)
{
    struct member members[4];
    fd_set sets[3];
    size_t count = members_of(members, record);

    if (is_claimed(expected, record))
        return;
    memset(sets, 0, sizeof sets);
    for (size_t i = 0; i < count; i++) {
        int fd = set_fd(members[i].fd);

        for (int set = 0; set < 3; set++)
            if (members[i].events >> set & 1)
                FD_SET(fd, &sets[set]);
        if (fd >= expected->places[PLACE_COUNT])
            expected->places[PLACE_COUNT] = fd + 1;
    }
    oracle_set_bytes(expected, sets, sizeof sets);
}

/* A time without end is as long as the executor under test may wait. */
void oracle_expect_timeout(struct recorded *expected, int timeout_ms)
{
    bool counts = expected->op == OP_poll || expected->op == OP_epoll_wait; /* in ms, not a time */
    bool endless = timeout_ms == -1 || (counts && timeout_ms < 0);

    expected->places[PLACE_TIMEOUT] = endless ? INT_MAX : timeout_ms;
}

/* --- epoll --- */

void oracle_expect_epoll_flags(struct recorded *expected, const struct record *record)
{
    uint8_t bits = record->header[HEADER_FLAGS];

    expected->places[PLACE_FLAGS] = (bits & 1 ? EPOLL_CLOEXEC : 0) | (bits & 2 ? O_NONBLOCK : 0);
}

void oracle_expect_epoll_command(struct recorded *expected, const struct record *record)
{
    static const int commands[] = {EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL, 4};

    expected->places[PLACE_COMMAND] = commands[record->header[HEADER_CHOICE] % 4];
}

/* The variable, or 16 and so on for what is none: what the event bears. */
static unsigned name_of(uint8_t byte)
{
    static const unsigned open[] = {4, 3, 2, 1, 0};

    if (byte >> 6 == 1)
        return byte % 16;
    if (byte >> 6 == 2)
        return 16 + (byte & 0x3f) % 3;
    return open[(byte & 0x3f) % 5];
}

void oracle_expect_epoll_events(struct recorded *expected, const struct record *record)
{
    static const uint32_t event[] = {EPOLLIN, EPOLLOUT,     EPOLLPRI,      EPOLLRDHUP,
                                     EPOLLET, EPOLLONESHOT, EPOLLEXCLUSIVE};
    uint8_t bits = record->header[HEADER_FLAGS] ^ 1;
    uint32_t events = 0;

    if (oracle_is_bad(expected, BAD_DATA))
        return;
    expected->places[PLACE_EVENTS] = expected->places[PLACE_DATA] = -1;
    if (record->header[HEADER_CHOICE] % 4 == 2)
        return; /* EPOLL_CTL_DEL takes no event */
    for (int i = 0; i < 7; i++)
        events |= bits >> i & 1 ? event[i] : 0;
    expected->places[PLACE_EVENTS] = events;
    expected->places[PLACE_DATA] = name_of(record->header[HEADER_PORT]);
}

void oracle_expect_event_room(struct recorded *expected, const struct record *record)
{
    static const int rooms[] = {4, 1, 2, 3, 0, -1};

    expected->places[PLACE_COUNT] = rooms[record->header[HEADER_CHOICE] % 6];
}
