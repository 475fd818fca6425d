/*
 * test_edges: when epoll tells of an edge: traces that conform, and beside them faults that must be
 * found: an edge that never comes, one that comes for nothing, and one that is another's. Over IPv4
 * and IPv6.
 */
#include "tests/support/check.h"
#include "tests/support/traces.h"

#define INSTANCE "e = epoll_create1(0) -> 9\n"
#define WATCHES(events) "epoll_ctl(e, EPOLL_CTL_ADD, s, " events "|EPOLLET) -> 0\n"
#define ANEW(events) "epoll_ctl(e, EPOLL_CTL_MOD, s, " events "|EPOLLET) -> 0\n"
#define TOLD(events) "epoll_wait(e, 4, 1000) -> 1 [{s, " events "}]\n"
#define NOTHING "epoll_wait(e, 4, 1000) -> 0 took 1000100\n"
#define SENT "send(c, \"abc\", 0) -> 3\n"
#define HAS_COME "recv(s, 9, MSG_PEEK) -> 3 \"abc\"\n"
#define TAKEN "recv(s, 9, MSG_DONTWAIT) -> 3 \"abc\"\n"
#define A_PART "recv(s, 1, MSG_DONTWAIT) -> 1 \"a\"\n"
#define NO_MORE "shutdown(c, SHUT_WR) -> 0\n"
#define READER INSTANCE WATCHES("EPOLLIN")
#define TOLD_ONCE READER SENT HAS_COME TOLD("EPOLLIN")

struct row {
    const char *what;
    bool conforms;
    const char *text;
};

/* Of streams and of datagrams. */
static const struct row both[] = {
    {"data is an edge", true, TOLD_ONCE},
    {"likewise, and it never comes", false, READER SENT HAS_COME NOTHING},
    {"likewise, and nothing has been sent", false, READER TOLD("EPOLLIN")},
    {"likewise, and of room", false, READER SENT HAS_COME TOLD("EPOLLOUT")},
    {"likewise, and of room too", false, READER SENT HAS_COME TOLD("EPOLLIN|EPOLLOUT")},

    {"an edge comes once", true, TOLD_ONCE NOTHING},
    {"likewise, and again", false, TOLD_ONCE TOLD("EPOLLIN")},
    {"likewise, and again when all is read", false, TOLD_ONCE TAKEN TOLD("EPOLLIN")},
    {"more data is another edge", true, TOLD_ONCE TAKEN SENT HAS_COME TOLD("EPOLLIN") NOTHING},
    {"likewise, and it never comes", false, TOLD_ONCE TAKEN SENT HAS_COME NOTHING},
    {"likewise, though nothing was read", true, TOLD_ONCE SENT TAKEN TOLD("EPOLLIN")},

    {"asked anew, it comes again", true, TOLD_ONCE ANEW("EPOLLIN") TOLD("EPOLLIN") NOTHING},
    {"likewise, and does not", false, TOLD_ONCE ANEW("EPOLLIN") NOTHING},
    {"likewise, and all is read", false, TOLD_ONCE TAKEN ANEW("EPOLLIN") TOLD("EPOLLIN")},
    {"what is there when it is watched is an edge", true,
     INSTANCE SENT HAS_COME WATCHES("EPOLLIN") TOLD("EPOLLIN") NOTHING},
    {"likewise, and it never comes", false, INSTANCE SENT HAS_COME WATCHES("EPOLLIN") NOTHING},

    {"room is an edge", true, INSTANCE WATCHES("EPOLLOUT") TOLD("EPOLLOUT") NOTHING},
    {"likewise, and again", false, INSTANCE WATCHES("EPOLLOUT") TOLD("EPOLLOUT") TOLD("EPOLLOUT")},

    {"once only, until it is asked anew", true,
     INSTANCE WATCHES("EPOLLIN|EPOLLONESHOT") SENT HAS_COME TOLD("EPOLLIN")
         SENT NOTHING ANEW("EPOLLIN") TOLD("EPOLLIN")},
    {"likewise, and more data is told of", false,
     INSTANCE WATCHES("EPOLLIN|EPOLLONESHOT") SENT HAS_COME TOLD("EPOLLIN") SENT TOLD("EPOLLIN")},
    {"no longer watched", false,
     READER "epoll_ctl(e, EPOLL_CTL_DEL, s) -> 0\n" SENT HAS_COME TOLD("EPOLLIN")},
};

static const struct row streams[] = {
    {"a part is read, and no edge", true, TOLD_ONCE A_PART NOTHING},
    {"likewise, and an edge", false, TOLD_ONCE A_PART TOLD("EPOLLIN")},
    {"the end is an edge", true,
     TOLD_ONCE TAKEN NO_MORE "recv(s, 9, 0) -> 0\n" TOLD("EPOLLIN") NOTHING},
    {"likewise, and it never comes", false, TOLD_ONCE TAKEN NO_MORE "recv(s, 9, 0) -> 0\n" NOTHING},
    {"likewise, and again", false,
     TOLD_ONCE TAKEN NO_MORE "recv(s, 9, 0) -> 0\n" TOLD("EPOLLIN") TOLD("EPOLLIN")},
    {"data and the end are one event", true,
     INSTANCE SENT NO_MORE HAS_COME "poll([{s, POLLRDHUP}], 1000) -> 1 [POLLRDHUP]\n" WATCHES(
         "EPOLLIN|EPOLLRDHUP") TOLD("EPOLLIN|EPOLLRDHUP") NOTHING},
    {"likewise, and the end is not told of", false,
     INSTANCE SENT NO_MORE HAS_COME "poll([{s, POLLRDHUP}], 1000) -> 1 [POLLRDHUP]\n" WATCHES(
         "EPOLLIN|EPOLLRDHUP") TOLD("EPOLLIN")},
};

static void check(const struct row *rows, size_t count, const char *start)
{
    for (size_t i = 0; i < count; i++)
        traces_check(rows[i].what, rows[i].conforms, start, rows[i].text);
}

static void test_streams(void **state)
{
    (void)state;
    check(both, CHECK_COUNT(both), TRACE_STREAM);
    check(streams, CHECK_COUNT(streams), TRACE_STREAM);
}

static void test_datagrams(void **state)
{
    (void)state;
    check(both, CHECK_COUNT(both), TRACE_HEADER TRACE_DATAGRAMS);
}

CHECK_MAIN(cmocka_unit_test(test_streams), cmocka_unit_test(test_datagrams))
