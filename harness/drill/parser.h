/* parser: what the parts of the text parser share. Private to harness/drill. */
#ifndef SOCKDRILL_DRILL_PARSER_H
#define SOCKDRILL_DRILL_PARSER_H

#include "drill/scan.h"

struct parser {
    struct scan scan;
    struct drill *drill;
    struct drill_notes *notes;
    struct call *call;
    size_t bytes_used; /* of drill->bytes */
};

/* parse_slot reads a variable that holds a value: assigned before, remote, or s0 to s15. */
bool parse_slot(struct parser *parser, uint8_t *slot);

/* parse_fd_ref reads a descriptor: a variable or one of enum fd_ref. */
bool parse_fd_ref(struct parser *parser, uint8_t *fd);

/* parse_flags reads 0 or a union of the set's names. */
bool parse_flags(struct parser *parser, enum flag_set set, uint8_t *bits);

/* parse_bytes reads a string of at most so many bytes into the drill. */
bool parse_bytes(struct parser *parser, const uint8_t **bytes, size_t most, size_t *size);

/* parse_new_slot takes the variable that a name is assigned to. */
bool parse_new_slot(struct parser *parser, const struct word *name, uint8_t *slot);

/* parse_address reads an address and, after a comma, its length. */
bool parse_address(struct parser *parser);

/* parse_name_length reads the optional length of an address that the call returns. */
bool parse_name_length(struct parser *parser);

/* parse_arguments reads what stands in a call's parentheses. */
bool parse_arguments(struct parser *parser);

/* parse_expectation reads what may follow a call and stores it in canonical form in the notes. */
bool parse_expectation(struct parser *parser);

#endif
