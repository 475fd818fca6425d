/*
 * text: what the printer and the parser of the text form share: its words, string escapes, and
 * addresses that stand as literals. Private to harness/drill.
 */
#ifndef SOCKDRILL_DRILL_TEXT_H
#define SOCKDRILL_DRILL_TEXT_H

#include "drill/drill.h"

#define TEXT_REMOTE "remote"
#define TEXT_FILL "fill"
#define TEXT_NAME "name"
#define TEXT_PEER "peer"
#define TEXT_PORT "port"
#define TEXT_SOCKADDR "sockaddr"
#define TEXT_NULL "NULL"
#define TEXT_BAD "EFAULT"
#define TEXT_PARTS "iov"
#define TEXT_CONTROL "control"
#define TEXT_UNSPEC "AF_UNSPEC"
#define TEXT_UNFINISHED "<unfinished>"
#define TEXT_RESUMED "<... "
#define TEXT_SIGNAL "--- SIGUSR1"
#define TEXT_RESTARTS "{SA_RESTART}"
#define TEXT_SIGNAL_END "---"

/* The bytes that are escaped by a letter, and the letters in the same order. */
enum { TEXT_ESCAPES = 5 };
extern const char text_escapes[TEXT_ESCAPES + 1];
extern const char text_escape_letters[TEXT_ESCAPES + 1];

/* The letters of select's sets, in the order of SELECT_READ, SELECT_WRITE, SELECT_EXCEPT. */
enum { TEXT_SELECT_SETS = 3 };
extern const char text_select_sets[TEXT_SELECT_SETS + 1];

/* The actors' names. */
extern const char text_actor_names[ACTORS + 1];

/* The names of enum fd_ref, from SLOTS_MAX on. */
extern const char *const text_fd_names[FD_REFS_END - SLOTS_MAX];

/* A literal address and port. */
struct text_host {
    int family;
    uint8_t bytes[16];
    uint16_t port;
};

/* text_host_parse reads a host without brackets; returns whether it is one of the family. */
bool text_host_parse(struct text_host *host, int family, const char *text, size_t size);

/* text_host_of_raw reads a socket address; returns whether it is whole and of a known family. */
bool text_host_of_raw(struct text_host *host, const uint8_t *raw, size_t size);

/* text_host_write writes the socket address of a host into room and returns its size. */
uint8_t text_host_write(const struct text_host *host, uint8_t *room);

/*
 * text_host_to_address makes the address that a literal stands for: a fixed host and port where
 * there is one, otherwise a raw socket address, stored in room.
 */
void text_host_to_address(struct address *address, const struct text_host *host,
                          uint8_t room[sizeof(struct sockaddr_storage)]);

/* text_fixed_host finds the fixed host with these bytes; false when there is none. */
bool text_fixed_host(const struct text_host *host, uint8_t *kind);

#endif
