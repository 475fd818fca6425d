/* inputs: fuzz inputs of several kinds, as engines make them. */
#ifndef SOCKDRILL_TESTS_INPUTS_H
#define SOCKDRILL_TESTS_INPUTS_H

#include "tests/support/random.h"

/* The kinds of input, from noise to nearly sensible. */
enum input_kind {
    INPUT_NOISE,   /* uniform bytes */
    INPUT_FENCES,  /* bytes of fences, codes and headers, in any order */
    INPUT_RECORDS, /* whole records of calls with random fields */
    INPUT_MUTATED, /* a seed with a few changes */
    INPUT_KINDS
};

enum { INPUT_SIZE_MAX = 4096 };

/* input_make makes an input of a kind in room and returns its size. */
size_t input_make(struct random *random, enum input_kind kind, uint8_t room[INPUT_SIZE_MAX]);

/* input_room allocates exactly so many bytes, which may be none; to be freed. */
uint8_t *input_room(size_t size);

/* input_exact copies an input into an allocation of exactly its size; to be freed. */
uint8_t *input_exact(const uint8_t *input, size_t size);

/* The ways in which one byte of an input can be edited. */
enum input_edit { EDIT_SUBSTITUTE, EDIT_INSERT, EDIT_DELETE, EDITS };

/*
 * input_edit edits one random byte, which after a substitution is another one. room holds one byte
 * more than size; size is not 0. Returns the new size.
 */
size_t input_edit(struct random *random, enum input_edit edit, uint8_t *room, size_t size);

#endif
