/*
 * answer: what the adversary answers to code under test. The answers of a drill are queues: one for
 * each socket of the code and each kind of call, so that a change in one moves no other.
 */
#ifndef SOCKDRILL_DRILL_ANSWER_H
#define SOCKDRILL_DRILL_ANSWER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
    ANSWERS_MAX = 64,    /* of a drill; further ones of an input are not decoded */
    ANSWER_SOCKETS = 16, /* the code's sockets in the order in which it got them */
    ANSWER_NUMBER_MAX = 0xffff,
};

/* The kinds of call that are answered. Those of socket and wait, which have none, are of socket 0.
 */
enum answered {
    ANSWERED_socket,
    ANSWERED_accept,
    ANSWERED_connect,
    ANSWERED_recv,
    ANSWERED_send,
    ANSWERED_wait,
    ANSWERED_KINDS
};

enum answer_form {
    ANSWER_SHORT,     /* no more than so many bytes; none is an ordinary answer */
    ANSWER_FAIL,      /* nothing is done */
    ANSWER_INTERRUPT, /* likewise, where it would wait */
    ANSWER_LOST,      /* what would be taken is lost */
    ANSWER_FULL,      /* there is no room at the moment */
    ANSWER_EXHAUST,   /* and so fails every call like it until a descriptor is closed or time passes
                       */
    ANSWER_NUMBER,    /* the new descriptor is so high */
    ANSWER_BEGIN,     /* what it waits for has begun */
    ANSWER_EXPIRE     /* once it has waited for long */
};

enum answer_level { LEVEL_NONE, LEVEL_IO, LEVEL_FAULTS, ANSWER_LEVELS };

/* What answers.def says of an answer; its index is its code. */
struct answer_info {
    const char *answer;
    const char *text;
    enum answered call;
    enum answer_form form;
    enum answer_level level;
    int error;
};

/* Every code, and how many there are. */
enum answer_kind {
#define ANSWER(code, ...) ANSWER_##code = code,
#include "lists/answers.def"
#undef ANSWER
    ANSWER_KINDS
};

/* An answer of a drill. */
struct answer {
    uint8_t kind;    /* index of answer_info */
    uint8_t socket;  /* of ANSWERED_socket and ANSWERED_wait 0 */
    uint16_t number; /* of ANSWER_SHORT and ANSWER_NUMBER; of others 0 */
};

/* answer_info returns the row of answers.def. */
const struct answer_info *answer_info(unsigned kind);

/* answer_takes_number tells whether a number follows. */
bool answer_takes_number(unsigned kind);

/* answer_names_socket tells whether a socket may follow. */
bool answer_names_socket(unsigned kind);

/* answer_call_name returns the name of a kind of call. */
const char *answer_call_name(enum answered call);

/* answer_level_name returns the name of a level, or NULL beyond the last. */
const char *answer_level_name(unsigned level);

/* answer_equal compares two answers. */
bool answer_equal(const struct answer *a, const struct answer *b);

/* answer_print writes an answer as the text form has it, without a line's end. */
void answer_print(FILE *out, const struct answer *answer);

#endif
