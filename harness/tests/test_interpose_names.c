/*
 * test_interpose_names: code under test resolves names, and neither a network is asked nor a file,
 * for none can be opened.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "interpose/interpose.h"
#include "interpose/run.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

/* Shows each address of an answer. */
static void show(const struct addrinfo *all)
{
    char text[NI_MAXHOST + NI_MAXSERV];

    for (; all != NULL; all = all->ai_next) {
        char host[NI_MAXHOST];
        char port[NI_MAXSERV];

        getnameinfo(all->ai_addr, all->ai_addrlen, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV);
        see(text, snprintf(text, sizeof text, "%s %s", host, port));
    }
}

static int64_t ask(const char *host, const char *service, int family, int flags)
{
    const struct addrinfo hints = {
        .ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = flags};
    struct addrinfo *all = NULL;
    int failed = getaddrinfo(host, service, &hints, &all);

    if (failed != 0)
        return failed;
    show(all);
    if (flags & AI_CANONNAME)
        see(all->ai_canonname, (ssize_t)strlen(all->ai_canonname));
    freeaddrinfo(all);
    return 0;
}

static int ask_for_addresses(int fd)
{
    numbers[0] = ask("192.0.2.7", "80", AF_UNSPEC, 0);
    numbers[1] = ask("2001:db8::7", "81", AF_UNSPEC, AI_NUMERICHOST);
    numbers[2] = ask("www.example.com", "82", AF_UNSPEC, AI_ADDRCONFIG | AI_CANONNAME);
    numbers[3] = ask("localhost", "83", AF_INET, 0);
    numbers[4] = ask("www.example.com", "84", AF_INET, AI_NUMERICHOST);
    numbers[5] = ask(NULL, "85", AF_UNSPEC, AI_PASSIVE);
    numbers[6] = ask(NULL, "86", AF_UNSPEC, 0);
    numbers[7] = ask("www.example.com", "no port", AF_INET6, AI_NUMERICSERV);
    return fd;
}

static void check_addresses(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 0);
    assert_int_equal(numbers[2], 0);
    assert_int_equal(numbers[3], 0);
    assert_int_equal(numbers[4], EAI_NONAME);
    assert_int_equal(numbers[5], 0);
    assert_int_equal(numbers[6], 0);
    assert_int_equal(numbers[7], EAI_NONAME);
    assert_string_equal(seen, "192.0.2.7 80|2001:db8::7 81|::1 82|127.0.0.1 82|www.example.com|"
                              "127.0.0.1 83|0.0.0.0 85|:: 85|::1 86|127.0.0.1 86|");
}

static void test_names_are_this_machine(void **state)
{
    struct rlimit was;
    struct rlimit none;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = was.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    serve_both("", ask_for_addresses, check_addresses);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
}

static int name_address(uint32_t address, int flags)
{
    const struct sockaddr_in in = {
        .sin_family = AF_INET, .sin_addr = {htonl(address)}, .sin_port = htons(7)};
    char host[16] = "";
    char port[8] = "";
    int failed = getnameinfo((const struct sockaddr *)&in, sizeof in, host, sizeof host, port,
                             sizeof port, flags | NI_NUMERICSERV);

    see(host, (ssize_t)strlen(host));
    see(port, (ssize_t)strlen(port));
    return failed;
}

static int ask_for_names(int fd)
{
    enum { DOCUMENTATION = 0xc0000207 };
    const struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    char host[16];

    numbers[0] = name_address(INADDR_LOOPBACK, 0);
    numbers[1] = name_address(INADDR_LOOPBACK, NI_NUMERICHOST);
    numbers[2] = name_address(DOCUMENTATION, 0);
    numbers[3] = name_address(DOCUMENTATION, NI_NAMEREQD);
    numbers[4] = getnameinfo((const struct sockaddr *)&in6, sizeof in6, host, sizeof host, NULL, 0,
                             NI_NAMEREQD);
    see(host, (ssize_t)strlen(host));
    numbers[5] =
        getnameinfo((const struct sockaddr *)&in6, sizeof in6, host, 4, NULL, 0, NI_NAMEREQD);
    return fd;
}

static void check_names(void)
{
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 0);
    assert_int_equal(numbers[2], 0);
    assert_int_equal(numbers[3], EAI_NONAME);
    assert_int_equal(numbers[4], 0);
    assert_int_equal(numbers[5], EAI_OVERFLOW);
    assert_string_equal(seen, "localhost|7|127.0.0.1|7|192.0.2.7|7|||localhost|");
}

static void test_this_machine_has_a_name(void **state)
{
    (void)state;
    serve_both("", ask_for_names, check_names);
}

CHECK_MAIN(cmocka_unit_test(test_names_are_this_machine),
           cmocka_unit_test(test_this_machine_has_a_name))
