/* parser: what the parts of the text parser share. Private to harness/drill. */
#ifndef SOCKDRILL_DRILL_PARSER_H
#define SOCKDRILL_DRILL_PARSER_H

#include "drill/actors.h"
#include "drill/scan.h"
#include "drill/text.h"

struct parser {
    struct scan scan;
    struct drill *drill;
    struct drill_notes *notes;
    struct call *call;
    struct actors actors;
    size_t bytes_used; /* of drill->bytes */
    size_t reserved;   /* further payload of the binary form, for what stands in no drill->bytes */
};

/*
 * parse_call reads a call, with the actor that makes it and the variable that it assigns, or what
 * an actor does else, into parser->call.
 */
bool parse_call(struct parser *parser);

/* parse_slot reads a variable that holds a value: assigned before, remote, or s0 to s15. */
bool parse_slot(struct parser *parser, uint8_t *slot);

/* parse_fd_ref reads a descriptor: a variable or one of enum fd_ref. */
bool parse_fd_ref(struct parser *parser, uint8_t *fd);

/* parse_flags reads 0 or a union of the set's names. */
bool parse_flags(struct parser *parser, enum flag_set set, uint8_t *bits);

/* parse_bytes reads a string of at most so many bytes into the drill. */
bool parse_bytes(struct parser *parser, const uint8_t **bytes, size_t most, size_t *size);

/* parse_bad reads that a pointer is no memory, if that comes next, and tells whether it did. */
bool parse_bad(struct parser *parser, enum bad_pointer pointer);

/* parse_bad_length reads it of a value-result length, in brackets. */
bool parse_bad_length(struct parser *parser);

/* parse_room_left returns how many bytes the drill still has room for. */
size_t parse_room_left(const struct parser *parser);

/* parse_reserve counts payload that the binary form of the call needs besides its bytes. */
bool parse_reserve(struct parser *parser, size_t size);

/* parse_new_slot takes the variable that a name is assigned to. */
bool parse_new_slot(struct parser *parser, const struct word *name, uint8_t *slot);

/* parse_address reads an address and, after a comma, its length. */
bool parse_address(struct parser *parser);

/* parse_socket_address reads an address without a length. */
bool parse_socket_address(struct parser *parser);

/* parse_host reads a host, of IPv6 in brackets, and sets its family. */
bool parse_host(struct parser *parser, struct text_host *host);

/* parse_address_length reads one of address_lengths. */
bool parse_address_length(struct parser *parser);

/* parse_name_length reads the optional length of an address that the call is given. */
bool parse_name_length(struct parser *parser);

/*
 * parse_name_room reads, after its comma, what is offered for a name: a length, nothing, or no
 * memory.
 */
bool parse_name_room(struct parser *parser);

/* The arguments of calls that send and receive in parts. */
bool parse_parts(struct parser *parser);
bool parse_rooms(struct parser *parser);
bool parse_sent_message(struct parser *parser);
bool parse_received_message(struct parser *parser);

/* parse_short_timeout reads the optional time of recvmmsg. */
bool parse_short_timeout(struct parser *parser);

/* The arguments that are sets of descriptors. */
bool parse_poll_set(struct parser *parser);
bool parse_select_set(struct parser *parser);

/* parse_arguments reads what stands in a call's parentheses. */
bool parse_arguments(struct parser *parser);

/*
 * What an expectation has, each written to out in canonical form: an error's name; and, where they
 * come next, what was received, of which an empty string means nothing if it is empty, and flags.
 */
bool parse_errno(struct parser *parser, FILE *out);
bool parse_received_data(struct parser *parser, FILE *out, bool empty);
bool parse_received_flags(struct parser *parser, FILE *out);

/* parse_ready reads the members of a set that are ready, of the call that is being parsed. */
bool parse_ready(struct parser *parser, FILE *out);

/* After the first brace: ancillary messages of recvmsg; messages of sendmmsg and recvmmsg. */
bool parse_received_control(struct parser *parser, FILE *out);
bool parse_received_messages(struct parser *parser, FILE *out);

/* parse_expectation reads what may follow a call and stores it in canonical form in the notes. */
bool parse_expectation(struct parser *parser);

#endif
