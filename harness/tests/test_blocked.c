/*
 * test_blocked: what the oracle says of calls that block and are woken: traces that conform, and
 * the same with a fault planted that it must find. Each over IPv4 and IPv6.
 */
#include "tests/support/check.h"
#include "tests/support/traces.h"

#define LIMITED "setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=0, tv_usec=40000}) -> 0\n"
#define BLOCKED "A: recv(s, 9, 0) -> <unfinished>\n"
#define ALL "A: recv(s, 9, MSG_WAITALL) -> <unfinished>\n"
#define SENT "send(c, \"abc\", 0) -> 3\n"
#define SIGNAL "A: --- SIGUSR1 --- -> 0\n"
#define RESTARTS "A: --- SIGUSR1 {SA_RESTART} --- -> 0\n"
#define RESUMED "A: <... recv> -> "
#define BIG "A: send(c, fill(\"abc\", 200000), 0) -> <unfinished>\n"

static const struct {
    const char *what;
    bool conforms;
    const char *streams; /* after TRACE_STREAM, or NULL */
    const char *datagrams;
} rows[] = {
    {"woken by data", true, BLOCKED SENT RESUMED "3 \"abc\"\n", BLOCKED SENT RESUMED "3 \"abc\"\n"},
    {"told at once", true, BLOCKED SENT "? " RESUMED "3 \"abc\"\n" RESUMED "3 \"abc\"\n",
     BLOCKED SENT "? " RESUMED "3 \"abc\"\n" RESUMED "3 \"abc\"\n"},
    {"late", true, BLOCKED SENT RESUMED "<unfinished>\n", BLOCKED SENT RESUMED "<unfinished>\n"},
    {"never woken", false, BLOCKED SENT RESUMED "<unfinished> waited 200\n",
     BLOCKED SENT RESUMED "<unfinished> waited 200\n"},
    {"woken for nothing", false, BLOCKED RESUMED "-1 EAGAIN\n", BLOCKED RESUMED "-1 EAGAIN\n"},
    {"EINTR instead of data", false, BLOCKED SENT RESUMED "-1 EINTR\n",
     BLOCKED SENT RESUMED "-1 EINTR\n"},
    {"other data", false, BLOCKED SENT RESUMED "3 \"abd\"\n", BLOCKED SENT RESUMED "3 \"abd\"\n"},
    {"interrupted", true, BLOCKED SIGNAL RESUMED "-1 EINTR\n", BLOCKED SIGNAL RESUMED "-1 EINTR\n"},
    {"restarted without SA_RESTART", false, BLOCKED SIGNAL RESUMED "<unfinished>\n",
     BLOCKED SIGNAL RESUMED "<unfinished>\n"},
    {"restarted", true, BLOCKED RESTARTS RESUMED "<unfinished>\n",
     BLOCKED RESTARTS RESUMED "<unfinished>\n"},
    {"interrupted with SA_RESTART", false, BLOCKED RESTARTS RESUMED "-1 EINTR\n",
     BLOCKED RESTARTS RESUMED "-1 EINTR\n"},
    {"its time is over", true, LIMITED "recv(s, 9, 0) -> -1 EAGAIN took 40001\n",
     LIMITED "recv(s, 9, 0) -> -1 EAGAIN took 40001\n"},
    {"over early", false, LIMITED "recv(s, 9, 0) -> -1 EAGAIN took 39000\n",
     LIMITED "recv(s, 9, 0) -> -1 EAGAIN took 39000\n"},
    {"over early for an actor", false, LIMITED BLOCKED RESUMED "-1 EAGAIN took 39000\n",
     LIMITED BLOCKED RESUMED "-1 EAGAIN took 39000\n"},
    {"never over", false, LIMITED BLOCKED RESUMED "<unfinished> waited 540\n",
     LIMITED BLOCKED RESUMED "<unfinished> waited 540\n"},
    {"restarted though its time is limited", false,
     LIMITED BLOCKED RESTARTS RESUMED "<unfinished>\n",
     LIMITED BLOCKED RESTARTS RESUMED "<unfinished>\n"},
    {"poll's time is over", true, "poll([{s, POLLIN}], 50) -> 0 took 50100\n",
     "poll([{s, POLLIN}], 50) -> 0 took 50100\n"},
    {"poll is early", false, "poll([{s, POLLIN}], 50) -> 0 took 49000\n",
     "poll([{s, POLLIN}], 50) -> 0 took 49000\n"},
    {"a part", true, ALL SENT SIGNAL RESUMED "3 \"abc\"\n", NULL},
    {"the partial count lost", false,
     ALL SENT SIGNAL RESUMED "-1 EINTR\n"
                             "poll([{s, POLLIN}], 1000) -> 0\n",
     NULL},
    {"a part without cause", false, ALL SENT RESUMED "3 \"abc\"\n", NULL},
    {"the end", true, BLOCKED "shutdown(c, SHUT_WR) -> 0\n" RESUMED "0\n", NULL},
    {"the end never comes", false,
     BLOCKED "shutdown(c, SHUT_WR) -> 0\n" RESUMED "<unfinished> waited 200\n", NULL},
    {"shut by another", false, BLOCKED "shutdown(s, SHUT_RD) -> 0\n" RESUMED "<unfinished>\n",
     NULL},
    {"a send sent a part", true,
     BIG SIGNAL "A: <... send> -> 3\n"
                "recv(s, 9, 0) -> 3 \"abc\"\nrecv(s, 9, MSG_DONTWAIT) -> -1 EAGAIN\n",
     NULL},
    {"a send's part is more", false,
     BIG SIGNAL "A: <... send> -> 3\n"
                "recv(s, 9, 0) -> 6 \"abcabc\"\n",
     NULL},
    {"a send's part is lost", false,
     BIG "recv(s, 3, 0) -> 3 \"abc\"\n" SIGNAL "A: <... send> -> -1 EINTR\n", NULL},
    {"a send goes on though all was read", false,
     BIG "recv(s, 200000, MSG_WAITALL) -> <unfinished>\n"
         "A: <... send> -> <unfinished>\nA: <... send> -> 7\n",
     NULL},
};

static void test_what_wakes_a_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        traces_check(rows[i].what, rows[i].conforms, TRACE_STREAM, rows[i].streams);
        if (rows[i].datagrams != NULL)
            traces_check(rows[i].what, rows[i].conforms, TRACE_HEADER TRACE_DATAGRAMS,
                         rows[i].datagrams);
    }
}

CHECK_MAIN(cmocka_unit_test(test_what_wakes_a_call))
