/* test_isolation: the table of addresses, and what there is in the private network namespace. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stacks/executor.h"
#include "stacks/isolation.h"
#include "tests/support/check.h"
#include "tests/support/inputs.h"
#include "tests/support/seeds.h"

static struct drill drill;
static struct executor executor;

/* --- isolation_allows --- */

/* A host as text, or a family and a length of its own; may it be bound, may it be sent to. */
static const struct {
    const char *host;
    int family;
    bool to_bind;
    bool to_send;
} hosts_allowed[] = {
    {"127.0.0.0", AF_INET, true, true},
    {"127.0.0.1", AF_INET, true, true},
    {"127.255.255.255", AF_INET, true, true},
    {"126.255.255.255", AF_INET, false, false},
    {"128.0.0.0", AF_INET, false, false},
    {"0.0.0.0", AF_INET, false, true},
    {"0.0.0.1", AF_INET, false, false},
    {"1.0.0.127", AF_INET, false, false},
    {"192.0.2.1", AF_INET, false, false},
    {"255.255.255.255", AF_INET, false, false},
    {"::1", AF_INET6, true, true},
    {"::", AF_INET6, false, true},
    {"::2", AF_INET6, false, false},
    {"::7f00:1", AF_INET6, false, false},
    {"::ffff:127.0.0.1", AF_INET6, true, true},
    {"::ffff:127.9.9.9", AF_INET6, true, true},
    {"::ffff:0.0.0.0", AF_INET6, false, true},
    {"::ffff:192.0.2.1", AF_INET6, false, false},
    {"::fffe:127.0.0.1", AF_INET6, false, false},
    {"2001:db8::1", AF_INET6, false, false},
    {"fe80::1", AF_INET6, false, false},
    {"ff01::1", AF_INET6, false, false},
    {"64:ff9b::7f00:1", AF_INET6, false, false},
};

static socklen_t set_host(struct sockaddr_storage *address, int family, const char *host)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(80)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(80)};

    memset(address, 0, sizeof *address);
    if (family == AF_INET) {
        assert_int_equal(inet_pton(family, host, &in.sin_addr), 1);
        memcpy(address, &in, sizeof in);
        return sizeof in;
    }
    assert_int_equal(inet_pton(family, host, &in6.sin6_addr), 1);
    memcpy(address, &in6, sizeof in6);
    return sizeof in6;
}

static bool allows(const struct sockaddr_storage *address, socklen_t length, bool to_wildcard)
{
    return isolation_allows((const struct sockaddr *)address, length, to_wildcard);
}

static void test_hosts(void **state)
{
    struct sockaddr_storage address;

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(hosts_allowed); i++) {
        socklen_t length = set_host(&address, hosts_allowed[i].family, hosts_allowed[i].host);

        /* With its own length and with a longer one, which the kernel takes too. */
        for (socklen_t more = 0; length + more <= sizeof address; more += 25)
            if (allows(&address, length + more, false) != hosts_allowed[i].to_bind ||
                allows(&address, length + more, true) != hosts_allowed[i].to_send)
                fail_msg("%s with %u bytes more", hosts_allowed[i].host, more);
    }
}

/* Other families: IPv4 takes AF_UNSPEC for AF_INET; no IP socket takes the rest (connect(2)). */
static void test_families(void **state)
{
    struct sockaddr_storage address;
    socklen_t length = set_host(&address, AF_INET, "192.0.2.1");

    (void)state;
    address.ss_family = AF_UNSPEC;
    assert_false(allows(&address, length, false));
    assert_false(allows(&address, length, true));
    address.ss_family = AF_UNIX;
    assert_true(allows(&address, length, false));
    length = set_host(&address, AF_INET, "0.0.0.0");
    address.ss_family = AF_UNSPEC;
    assert_true(allows(&address, length, true)); /* dissolves an association */
    assert_false(allows(&address, length, false));
}

/* RFC 2133's address of IPv6 without a scope, which ends with the host. */
static void test_short_ipv6(void **state)
{
    struct sockaddr_storage address;

    (void)state;
    set_host(&address, AF_INET6, "2001:db8::1");
    assert_false(allows(&address, 24, true));
    set_host(&address, AF_INET6, "::1");
    assert_true(allows(&address, 24, false));
}

/* Any length, in an allocation of so many bytes: none is read beyond. */
static void test_any_length(void **state)
{
    (void)state;
    for (socklen_t length = 0; length <= sizeof(struct sockaddr_storage); length++)
        for (unsigned family = 0; family < 12; family++) {
            uint8_t *exact = calloc(1, length > 0 ? length : 1);

            if (length > 0)
                exact[0] = (uint8_t)family;
            (void)isolation_allows((const struct sockaddr *)exact, length, true);
            free(exact);
        }
}

/* --- inside --- */

static void test_only_loopback_exists(void **state)
{
    struct if_nameindex *interfaces = if_nameindex();

    (void)state;
    assert_true(isolation_entered());
    assert_true(isolation_enter()); /* a second call only says so */
    assert_non_null(interfaces);
    assert_string_equal(interfaces[0].if_name, "lo");
    assert_int_equal(interfaces[1].if_index, 0);
    if_freenameindex(interfaces);
}

/* Neither family nor type has a way out; network_namespaces(7), POSIX connect() ENETUNREACH. */
static void test_nothing_else_has_a_route(void **state)
{
    static const char *const hosts_out[2] = {"192.0.2.1", "2001:db8::1"};
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM};
    struct sockaddr_storage address;

    (void)state;
    for (int v6 = 0; v6 < 2; v6++)
        for (size_t t = 0; t < CHECK_COUNT(types); t++) {
            int family = v6 ? AF_INET6 : AF_INET;
            socklen_t length = set_host(&address, family, hosts_out[v6]);
            int fd = socket(family, types[t] | SOCK_CLOEXEC, 0);

            assert_true(fd >= 0);
            assert_int_equal(connect(fd, (struct sockaddr *)&address, length), -1);
            assert_int_equal(errno, ENETUNREACH);
            if (types[t] == SOCK_DGRAM) {
                assert_int_equal(sendto(fd, "x", 1, 0, (struct sockaddr *)&address, length), -1);
                assert_int_equal(errno, ENETUNREACH);
            }
            close(fd);
        }
}

/* capabilities(7): the effective, permitted and inheritable sets are empty. */
static void test_no_capability_is_left(void **state)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    unsigned sets = 0;

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "CapInh:", 7) == 0 || strncmp(line, "CapPrm:", 7) == 0 ||
            strncmp(line, "CapEff:", 7) == 0) {
            assert_true(strtoull(line + 7, NULL, 16) == 0);
            sets++;
        }
    fclose(file);
    assert_int_equal(sets, 3);
}

/* --- traffic --- */

struct traffic {
    unsigned long long lo;
    unsigned long long beyond; /* packets on any other interface, either way */
};

/* Adds one line of /proc/net/dev (proc(5)): name, 8 fields of receiving, 8 of sending. */
static void add_line(struct traffic *traffic, const char *line)
{
    enum { RECEIVED = 1, SENT = 9, FIELDS = 16 };
    const char *colon = strchr(line, ':');
    unsigned long long packets = 0;
    char *rest;

    if (colon == NULL)
        return;
    rest = (char *)colon + 1;
    for (int field = 0; field < FIELDS; field++) {
        unsigned long long number = strtoull(rest, &rest, 10);

        if (field == RECEIVED || field == SENT)
            packets += number;
    }
    line += strspn(line, " ");
    if (strncmp(line, "lo:", 3) == 0)
        traffic->lo += packets;
    else
        traffic->beyond += packets;
}

static struct traffic read_traffic(void)
{
    FILE *file = fopen("/proc/self/net/dev", "r");
    struct traffic traffic = {0};
    char line[512];

    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        add_line(&traffic, line);
    fclose(file);
    return traffic;
}

static void test_random_drills_send_on_loopback_only(void **state)
{
    struct random random;
    uint8_t room[INPUT_SIZE_MAX];
    struct traffic before = read_traffic();
    struct traffic after;

    (void)state;
    random_start(&random);
    executor_init(&executor, &sockdrill_stack_kernel);
    for (uint64_t i = random_count(3000, 100000); i > 0; i--) {
        enum input_kind kind = i % 2 ? INPUT_RECORDS : INPUT_MUTATED;

        drill_decode(&drill, room, input_make(&random, kind, room),
                     seeds_every_rules[i % (SEEDS_RULES - 1)]);
        executor_drill(&executor, &drill);
    }
    after = read_traffic();
    assert_true(after.lo > before.lo);
    assert_int_equal(after.beyond, 0);
}

/* What reads the counters sees packets on another interface, received or sent. */
static void test_planted_packets_are_seen(void **state)
{
    struct traffic traffic = {0};

    (void)state;
    add_line(&traffic, "Inter-|   Receive                  |  Transmit");
    add_line(&traffic, " face |bytes    packets errs drop fifo frame compressed multicast|bytes");
    add_line(&traffic, "    lo:    500      5    0    0    0     0          0         0      500"
                       "       5    0    0    0     0       0          0");
    assert_int_equal(traffic.lo, 10);
    assert_int_equal(traffic.beyond, 0);
    add_line(&traffic, "  eth0: 1000 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0");
    assert_int_equal(traffic.beyond, 1);
    add_line(&traffic, "lo2: 0 0 0 0 0 0 0 0 1000 2 0 0 0 0 0 0");
    assert_int_equal(traffic.beyond, 3);
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_hosts), cmocka_unit_test(test_families),
                    cmocka_unit_test(test_short_ipv6), cmocka_unit_test(test_any_length),
                    cmocka_unit_test(test_only_loopback_exists),
                    cmocka_unit_test(test_nothing_else_has_a_route),
                    cmocka_unit_test(test_no_capability_is_left),
                    cmocka_unit_test(test_random_drills_send_on_loopback_only),
                    cmocka_unit_test(test_planted_packets_are_seen))
