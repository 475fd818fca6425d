/* test_keeping: the namespaces of conformance runs: ports are free again in a fresh one. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stacks/isolation.h"
#include "tests/support/check.h"

enum { PORT = 20001 };

static int bound(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(fd, (struct sockaddr *)&here, sizeof here) == 0)
        return fd;
    close(fd);
    return -1;
}

static void test_ports_are_free_after_renewal(void **state)
{
    int first = bound();
    int second;

    (void)state;
    assert_true(first >= 0);
    assert_int_equal(bound(), -1);
    assert_true(isolation_renew());
    second = bound();
    assert_true(second >= 0);
    close(first);
    close(second);
}

/* tcp(7): 0 would mean that no connection stays in TIME-WAIT. */
static void test_time_wait_is_kept(void **state)
{
    FILE *file = fopen("/proc/sys/net/ipv4/tcp_max_tw_buckets", "r");
    char line[32];

    (void)state;
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    assert_true(strtol(line, NULL, 10) > 0);
}

/* What renewing takes is not there for other calls: a privileged port stays privileged. */
static void test_no_capability_has_an_effect(void **state)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(1)};
    int priority = 7;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    (void)state;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &priority, sizeof priority), -1);
    assert_int_equal(errno, EPERM);
    assert_int_equal(bind(fd, (struct sockaddr *)&here, sizeof here), -1);
    assert_int_equal(errno, EACCES);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ports_are_free_after_renewal),
        cmocka_unit_test(test_time_wait_is_kept),
        cmocka_unit_test(test_no_capability_has_an_effect),
    };

    if (!isolation_enter_keeping()) {
        puts("skipped: no private network namespace is permitted here");
        return CHECK_SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
