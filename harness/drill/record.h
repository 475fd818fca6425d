/*
 * record: the outer layer of the binary form. An input is a sequence of records; each starts at the
 * two-byte fence FE 53 and a call code that is not 0, and ends at the next fence. FE 53 00 is a
 * literal FE 53. What stands before the first fence is the payload of an implicit send. After
 * unescaping, a record is a fixed header, of which missing bytes read as zero, and then payload.
 *
 *     fence code | fd result flags address port choice choice2 number(4, little-endian) | payload
 *
 * What actors do has codes of its own, with the actor in the place of fd: CODE_ACTOR says by whom
 * the next record's call is made, CODE_RESUME and CODE_SIGNAL are acts. They are read only where
 * rules have actors. CODE_ANSWER, read where rules have a remote, is an answer of the adversary: in
 * the place of fd which of the code's sockets, of result which answer, of flags and address its
 * number.
 *
 * Every byte string is a sequence of records, so bytes can be changed, cut off and joined at will.
 */
#ifndef SOCKDRILL_DRILL_RECORD_H
#define SOCKDRILL_DRILL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FENCE_0 = 0xfe, FENCE_1 = 0x53, CODE_LITERAL = 0 };

/* Frozen, as the codes of calls.def are. */
enum { CODE_ACTOR = 0xe0, CODE_RESUME = 0xe1, CODE_SIGNAL = 0xe2, CODE_ANSWER = 0xe3 };

/* Where each field stands in the header. */
enum header_field {
    HEADER_FD,
    HEADER_RESULT,  /* where the call makes no descriptor, as choice where it does: a bad pointer */
    HEADER_FLAGS,   /* of a signal 1: SA_RESTART */
    HEADER_ADDRESS, /* kind in the low half, length in the high half; socket: the domain */
    HEADER_PORT,    /* dup2, epoll_ctl: the other descriptor; recvmmsg: the timeout */
    HEADER_CHOICE,  /* sendmsg: how much ancillary data; recvmsg: the room for it, with choice2 */
    HEADER_CHOICE2, /* socket: the protocol; sendto: size of a raw address; setsockopt: raw value */
    HEADER_NUMBER,  /* calls with parts: in the highest byte how many (drill/codec_message.c) */
    HEADER_SIZE = HEADER_NUMBER + 4
};

/* What stands in the payload before the data: a member of a set, a size, a room, a message. */
enum { PAIR_BYTES = 2, CUT_BYTES = 2, ROOM_BYTES = 3, CONTROL_BYTES = 4 };

/* A record, before its fields mean anything. */
struct record {
    uint8_t code; /* 0 for the implicit first one */
    uint8_t header[HEADER_SIZE];
    const uint8_t *lead; /* written between header and payload; a reader leaves it empty */
    size_t lead_size;
    const uint8_t *payload;
    size_t payload_size;
};

/* Reads records one after another. */
struct record_reader {
    const uint8_t *next;
    const uint8_t *end;
    uint8_t *scratch;    /* where unescaped bodies go */
    size_t payload_left; /* payload beyond it is cut off */
    bool started;
};

/*
 * record_reader_start sets a reader to the beginning of an input; NULL for an empty one. All
 * records together have at most payload_max bytes of payload; scratch has room for as many, and
 * HEADER_SIZE for each record that is read.
 */
void record_reader_start(struct record_reader *reader, const uint8_t *input, size_t size,
                         uint8_t *scratch, size_t payload_max);

/* record_read reads the next record; false at the end of the input. */
bool record_read(struct record_reader *reader, struct record *record);

/*
 * record_write appends a record at output + used and returns the new size, or 0 when it would
 * exceed capacity. Trailing zeros of a header without payload are left out.
 */
size_t record_write(const struct record *record, uint8_t *output, size_t used, size_t capacity);

/* record_number reads the number field. */
uint32_t record_number(const struct record *record);

/* record_set_number writes the number field. */
void record_set_number(struct record *record, uint32_t number);

#endif
