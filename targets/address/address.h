/*
 * address: what the address targets share: a destination with guard bytes around it, and the laws
 * that two functions which undo each other must keep.
 */
#ifndef SOCKDRILL_TARGETS_ADDRESS_H
#define SOCKDRILL_TARGETS_ADDRESS_H

#include <arpa/inet.h>
#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
    GUARD_BYTES = 32,           /* on either side of a destination */
    GUARD_ROOM_MAX = 256,       /* bytes of a destination */
    ADDRESS_BYTES_MAX = 16,     /* an IPv6 address */
    HOST_TEXT_MAX = NI_MAXHOST, /* a numeric host with its zone */
};

/* A destination of at most GUARD_ROOM_MAX bytes; all of it is guard until something writes there.
 */
struct guarded {
    uint8_t before[GUARD_BYTES];
    uint8_t room[GUARD_ROOM_MAX];
    uint8_t after[GUARD_BYTES];
};

/* guard_set makes every byte of g guard and returns the room. */
void *guard_set(struct guarded *g);

/* guard_kept tells whether nothing but the first size bytes of the room was written. */
bool guard_kept(const struct guarded *g, size_t size);

/* address_size returns the bytes of an address: 4 of AF_INET, 16 of AF_INET6. */
size_t address_size(int family);

/*
 * address_survives_text asserts that inet_ntop prints the address within the length that
 * <netinet/in.h> promises for its family, and that inet_pton reads the same address back. The text
 * goes to text.
 */
void address_survives_text(int family, const void *address, char text[INET6_ADDRSTRLEN]);

/* sockaddr_same compares family, port, address and, of AF_INET6, the scope. */
bool sockaddr_same(const struct sockaddr *a, const struct sockaddr *b);

/*
 * getaddrinfo_numeric calls getaddrinfo with AI_NUMERICHOST and AI_NUMERICSERV, and asserts that a
 * failure is one that needs no name service. Returns 0 with *list for freeaddrinfo, or the error
 * with *list NULL.
 */
int getaddrinfo_numeric(int family, int type, const char *host, const char *service,
                        struct addrinfo **list);

/* numeric_text_names asserts that getaddrinfo takes the numeric host and service for address. */
void numeric_text_names(const char *host, const char *service, const struct sockaddr *address);

#endif
