/* test_resources: what a process holds is counted right, and growth is seen. */
#include "engines/resources.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/check.h"

enum { HELD = 10 };

static struct resources sample(void)
{
    struct resources resources;

    assert_true(resources_sample(&resources));
    return resources;
}

static void test_descriptors_are_counted(void **state)
{
    struct resources before = sample();
    int fds[HELD];

    (void)state;
    for (int i = 0; i < HELD; i++)
        fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(sample().descriptors, before.descriptors + HELD);
    for (int i = 0; i < HELD; i++)
        close(fds[i]);
    assert_int_equal(sample().descriptors, before.descriptors);
}

/* Bound ones, of both types and families: an unbound one is in no table of the kernel's. */
static void test_sockets_are_counted(void **state)
{
    static const struct sockaddr_in6 any6 = {.sin6_family = AF_INET6,
                                             .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_in any4 = {.sin_family = AF_INET};
    struct resources before = sample();
    int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int udp = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    (void)state;
    any4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(tcp, (struct sockaddr *)&any4, sizeof any4), 0);
    assert_int_equal(listen(tcp, 1), 0);
    assert_int_equal(bind(udp, (const struct sockaddr *)&any6, sizeof any6), 0);
    assert_int_equal(sample().sockets, before.sockets + 2);
    close(tcp);
    close(udp);
    assert_int_equal(sample().sockets, before.sockets);
}

static void test_memory_is_counted(void **state)
{
    enum { BYTES = 64 << 20 };
    struct resources before = sample();
    char *bytes = malloc(BYTES);

    (void)state;
    assert_non_null(bytes);
    memset(bytes, 1, BYTES);
    assert_true(sample().resident_kb >= before.resident_kb + (BYTES >> 10) / 2);
    free(bytes);
}

static void test_nothing_leaves_loopback_here(void **state)
{
    (void)state;
    assert_int_equal(sample().beyond_lo, 0);
}

/* Each kind of growth is a fault; a little memory is not, and less of anything never is for memory.
 */
static void test_planted_growth_is_seen(void **state)
{
    const struct resources first = {10, 20000, 5, 0};
    struct resources second = first;

    (void)state;
    assert_true(resources_kept(&first, &second));
    second.resident_kb += RESOURCES_GROWTH_KB_MAX;
    assert_true(resources_kept(&first, &second));
    second.resident_kb++;
    assert_false(resources_kept(&first, &second));
    second = first;
    second.resident_kb -= 1000;
    assert_true(resources_kept(&first, &second));
    second = first;
    second.descriptors++;
    assert_false(resources_kept(&first, &second));
    second = first;
    second.sockets++;
    assert_false(resources_kept(&first, &second));
    second = first;
    second.beyond_lo++;
    assert_false(resources_kept(&first, &second));
}

CHECK_MAIN_ISOLATED(cmocka_unit_test(test_descriptors_are_counted),
                    cmocka_unit_test(test_sockets_are_counted),
                    cmocka_unit_test(test_memory_is_counted),
                    cmocka_unit_test(test_nothing_leaves_loopback_here),
                    cmocka_unit_test(test_planted_growth_is_seen))
