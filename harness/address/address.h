/*
 * address: reference parsers and printers, written from the texts that lists/address_clauses.def
 * cites. They read text[0] to text[length - 1] and no further, whatever bytes these are; they do
 * not allocate and know no locale.
 *
 * Each parser returns whether it accepts the whole text. Its verdict starts as {0} and tells why;
 * the other output is untouched when it refuses.
 */
#ifndef SOCKDRILL_ADDRESS_ADDRESS_H
#define SOCKDRILL_ADDRESS_ADDRESS_H

#include <sockdrill/address.h>

#include "address/verdict.h"

enum {
    ADDRESS_TEXT_MAX = 46,  /* bytes of the longest text of an address, with its NUL */
    ADDRESS_PRINT_MAX = 128 /* bytes of the longest text of what a text stands for */
};

/* address_ipv4 reads a strict dotted quad: POSIX.1-2017 inet_ntop(). */
bool address_ipv4(struct address_verdict *v, uint8_t bytes[4], const char *text, size_t length);

/* address_numbers reads one to four numbers of any base: POSIX.1-2017 inet_addr(). */
bool address_numbers(struct address_verdict *v, uint8_t bytes[4], const char *text, size_t length);

/* How an IPv6 address was written. */
struct address_shape {
    int gap_at;   /* the piece that "::" stands before, -1 without */
    int gap_size; /* the pieces that it stands for */
    bool quad;    /* the last two pieces are an IPv4 address */
};

/* address_ipv6 reads the three forms of RFC 4291 2.2; shape may be NULL. */
bool address_ipv6(struct address_verdict *v, uint8_t bytes[16], struct address_shape *shape,
                  const char *text, size_t length);

/* address_read reads a text of any form into out, which it fills as <sockdrill/address.h> says. */
bool address_read(struct address_verdict *v, struct sockdrill_address *out,
                  enum sockdrill_form form, const char *text, size_t length);

/* address_same compares what two texts stand for; a scope that is a name is not compared. */
bool address_same(const struct sockdrill_address *a, const struct sockdrill_address *b);

/* address_mapped tells whether an IPv6 address is IPv4-mapped: RFC 4291 2.5.5.2. */
bool address_mapped(const uint8_t bytes[16]);

/* address_print_ipv4 writes the dotted quad and returns its length. */
size_t address_print_ipv4(char out[ADDRESS_TEXT_MAX], const uint8_t bytes[4]);

/* address_print_ipv6 writes the canonical text, RFC 5952, and returns its length. */
size_t address_print_ipv6(char out[ADDRESS_TEXT_MAX], const uint8_t bytes[16]);

/*
 * address_print writes what a text stands for: as a text that leads back to it, except for a name,
 * of which only the beginning is known.
 */
void address_print(char out[ADDRESS_PRINT_MAX], const struct sockdrill_address *address);

/* address_form_name returns "ipv4", "numbers" and so on; address_form_find SOCKDRILL_FORMS for no
 * such name. */
const char *address_form_name(enum sockdrill_form form);
enum sockdrill_form address_form_find(const char *name);

#endif
