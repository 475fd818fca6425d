/*
 * grammar: the written forms of an address as the texts give them, read anew and slowly, to hold
 * the C library's parsers against.
 */
#ifndef SOCKDRILL_TARGETS_GRAMMAR_H
#define SOCKDRILL_TARGETS_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * grammar_quad reads "ddd.ddd.ddd.ddd", each ddd one to three decimal digits between 0 and 255
 * (POSIX.1-2017 inet_ntop(), DESCRIPTION). *padded tells whether a number has leading zeros.
 */
bool grammar_quad(const char *text, size_t length, uint8_t address[4], bool *padded);

/*
 * grammar_ipv6 reads the three forms of RFC 4291 2.2, which POSIX.1-2017 inet_ntop() repeats: eight
 * groups of one to four hexadecimal digits; "::" once, for one or more groups of zeros; a dotted
 * quad in place of the last two groups. *padded as above, of the quad.
 */
bool grammar_ipv6(const char *text, uint8_t address[16], bool *padded);

/*
 * grammar_numbers_and_dots reads one to four numbers, decimal, octal (0) or hexadecimal (0x), the
 * last of them filling the bytes that are left (POSIX.1-2017 inet_addr(), inet(3)).
 */
bool grammar_numbers_and_dots(const char *text, size_t length, uint8_t address[4]);

#endif
