/*
 * drill: a sequence of socket calls, in memory, and its two written forms. Drills are decoded from
 * a fuzzer's bytes or parsed from text; nothing here executes one.
 */
#ifndef SOCKDRILL_DRILL_H
#define SOCKDRILL_DRILL_H

#include "drill/answer.h"
#include "drill/call.h"

enum {
    DRILL_CALLS_MAX = 128,     /* further calls of an input are not decoded */
    DRILL_BYTES_MAX = 1 << 16, /* further payload of an input is not decoded */
    /* The most that drill_encode writes: each byte escaped, and for each call a fence and a header.
     */
    DRILL_ENCODED_MAX = 2 * DRILL_BYTES_MAX + DRILL_CALLS_MAX * 64 + ANSWERS_MAX * 32,
    DRILL_NAME_MAX = 24,   /* a variable's name, its NUL included */
    DRILL_ERROR_MAX = 256, /* a parser's message, its NUL included */
};

/* Under which rules an input is read: what is there at the start, and what is kept out. */
struct drill_rules {
    bool remote;       /* the variable `remote` is connected to code under test */
    int type;          /* every socket is of this type, SOCK_STREAM or SOCK_DGRAM; 0 for any type */
    uint32_t fill_max; /* how far data may be repeated, at most DATA_BYTES_MAX */
    bool actors;       /* calls are made by other actors too, which need threads */
};

/*
 * The rules by name: with actors; without, and no other restriction; only streams; only datagrams;
 * a remote, which does not flood the code under test: a server that answers 100,000 lines leaves no
 * time for other inputs.
 */
extern const struct drill_rules drill_rules_actors;
extern const struct drill_rules drill_rules_any;
extern const struct drill_rules drill_rules_stream;
extern const struct drill_rules drill_rules_datagram;
extern const struct drill_rules drill_rules_remote;

/* A drill. Large: keep it static. Reset by setting call_count and answer_count to 0. */
struct drill {
    uint32_t call_count;
    uint32_t answer_count;
    struct answer answers[ANSWERS_MAX]; /* of the code that the remote talks to */
    struct call calls[DRILL_CALLS_MAX];
    /* Payload that does not stand verbatim in the input, with the headers before it. */
    uint8_t bytes[DRILL_BYTES_MAX + (DRILL_CALLS_MAX + 1) * 16];
};

/* What only the text form knows of a drill. */
struct drill_notes {
    char names[SLOTS_MAX][DRILL_NAME_MAX]; /* "" for a slot without a name */
    uint32_t lines[DRILL_CALLS_MAX];       /* the line on which each call stands, from 1 */
    uint32_t answer_lines[ANSWERS_MAX];
    const char
        *expected[DRILL_CALLS_MAX]; /* what must follow the call, in canonical form; or NULL */
    bool uses_remote;
    bool uses_actors;
    uint32_t text_used;
    char text[2 * DRILL_BYTES_MAX]; /* where expected points to */
};

/* Where and why a text was refused. Lines and columns count from 1. */
struct drill_error {
    uint32_t line;
    uint32_t column;
    char message[DRILL_ERROR_MAX];
};

/*
 * drill_decode reads the binary form. It is total: every input is a drill. Descriptors and
 * addresses are made definite, preferring sockets in which the call means something
 * (drill/repair.h). The drill points into input, which must outlive it.
 */
void drill_decode(struct drill *drill, const uint8_t *input, size_t size,
                  const struct drill_rules *rules);

/*
 * drill_encode writes the binary form and returns its size, or 0 when it would exceed capacity.
 * Decoding what it wrote gives an equal drill. An empty drill has an empty form.
 */
size_t drill_encode(const struct drill *drill, uint8_t *output, size_t capacity,
                    const struct drill_rules *rules);

/*
 * drill_parse reads the text form, strictly. Returns false and fills error at the first fault;
 * drill and notes are then unspecified.
 */
bool drill_parse(struct drill *drill, struct drill_notes *notes, struct drill_error *error,
                 const char *text, size_t size);

/* drill_print writes the text form. notes may be NULL: variables are then called s0, s1 ... */
void drill_print(FILE *out, const struct drill *drill, const struct drill_notes *notes);

/* drill_print_call writes one call, without a line's end. */
void drill_print_call(FILE *out, const struct call *call, const struct drill_notes *notes);

/* drill_print_bytes writes bytes as a string in C's syntax, in quotes. */
void drill_print_bytes(FILE *out, const uint8_t *bytes, size_t size);

/* drill_print_fd writes a descriptor argument: a variable's name, a number, or not_socket. */
void drill_print_fd(FILE *out, unsigned fd, const struct drill_notes *notes);

/*
 * drill_mend makes what actors do fit the calls that are left when some were taken out: an act is
 * of its actor's last call, and without one it goes.
 */
void drill_mend(struct drill *drill);

/* drill_equal compares two drills call by call. */
bool drill_equal(const struct drill *a, const struct drill *b);

#endif
