/*
 * address: what reading an address costs the reference, and glibc's inet_pton. Usage: bench_address
 * ROUNDS. Prints a line a family: its name, nanoseconds an address of the reference, its strlen
 * included, and of inet_pton; medians of rounds that take turns.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address/address.h"
#include "clock.h"

enum { ROUNDS_MAX = 999, REPEATS = 20000 };

/* Addresses as they stand in logs and configurations. */
static const char *const ipv4[] = {"127.0.0.1",     "192.168.1.10",    "10.0.0.254",
                                   "172.16.31.7",   "203.0.113.195",   "8.8.8.8",
                                   "198.51.100.23", "0.0.0.0",         "100.64.12.9",
                                   "192.0.2.1",     "255.255.255.255", "169.254.0.17"};
static const char *const ipv6[] = {"::1",
                                   "fe80::1",
                                   "2001:db8::8a2e:370:7334",
                                   "2001:db8:85a3::8a2e:370:7334",
                                   "2606:4700:4700::1111",
                                   "fe80::216:3eff:fe12:3456",
                                   "2a00:1450:4001:82a::200e",
                                   "::ffff:192.0.2.128",
                                   "fd12:3456:789a:1::1",
                                   "ff02::fb"};

/* A parser as both sides are timed: whether the text is an address. */
typedef bool reader(uint8_t bytes[16], const char *text);

static bool reference4(uint8_t bytes[16], const char *text)
{
    struct address_verdict v = {0};

    return address_ipv4(&v, bytes, text, strlen(text));
}

static bool reference6(uint8_t bytes[16], const char *text)
{
    struct address_verdict v = {0};

    return address_ipv6(&v, bytes, NULL, text, strlen(text));
}

static bool glibc4(uint8_t bytes[16], const char *text)
{
    return inet_pton(AF_INET, text, bytes) == 1;
}

static bool glibc6(uint8_t bytes[16], const char *text)
{
    return inet_pton(AF_INET6, text, bytes) == 1;
}

/* Nanoseconds an address. */
static double time_reader(reader *read, const char *const *texts, size_t count)
{
    double start = clock_ns();
    uint8_t bytes[16];
    size_t accepted = 0;

    for (unsigned i = 0; i < REPEATS; i++)
        for (size_t t = 0; t < count; t++)
            accepted += read(bytes, texts[t]);
    start = (clock_ns() - start) / REPEATS / (double)count;
    if (accepted != REPEATS * count) {
        fprintf(stderr, "bench_address: an address is refused\n");
        exit(1);
    }
    return start;
}

static void bench(const char *name, reader *reference, reader *glibc, const char *const *texts,
                  size_t count, unsigned rounds)
{
    static double ours[ROUNDS_MAX], theirs[ROUNDS_MAX];

    for (unsigned round = 0; round < rounds; round++) {
        ours[round] = time_reader(reference, texts, count);
        theirs[round] = time_reader(glibc, texts, count);
    }
    printf("%s\t%.1f\t%.1f\n", name, clock_median(ours, rounds), clock_median(theirs, rounds));
}

int main(int argc, char **argv)
{
    long rounds = argc == 2 ? strtol(argv[1], NULL, 10) : 0;

    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_address ROUNDS\n");
        return 1;
    }
    bench("ipv4", reference4, glibc4, ipv4, sizeof ipv4 / sizeof *ipv4, (unsigned)rounds);
    bench("ipv6", reference6, glibc6, ipv6, sizeof ipv6 / sizeof *ipv6, (unsigned)rounds);
    return 0;
}
