/* input: reads the files that inputs are kept in, in any of their forms. */
#ifndef SOCKDRILL_ENGINES_INPUT_H
#define SOCKDRILL_ENGINES_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drill/drill.h"

enum { INPUT_ERROR_MAX = 4608, INPUT_BYTES_MAX = 1 << 20 };

/* The escape that stands for nothing. */
#define INPUT_NOTHING "\\&"

/* Receives one input. */
typedef void input_function(void *context, const uint8_t *data, size_t size);

/*
 * input_each calls function for each input of a file: *.drill holds one drill in text form, *.txt
 * an input a line with C's escapes, any other file is one input as it is. Of a *.txt empty lines
 * and those that begin with # do not count; the escape INPUT_NOTHING makes an empty input. rules
 * are those of the target. Returns false, with one line in error that names file, place and fault,
 * when the file cannot be read; then function has not been called.
 */
bool input_each(const char *path, const struct drill_rules *rules, input_function *function,
                void *context, char error[INPUT_ERROR_MAX]);

/* input_read reads a whole file into memory that the caller frees; NULL and error on failure. */
uint8_t *input_read(const char *path, size_t *size, char error[INPUT_ERROR_MAX]);

/* input_read_most is input_read with another limit of its size, in bytes. */
uint8_t *input_read_most(const char *path, size_t *size, size_t most, char error[INPUT_ERROR_MAX]);

/* input_parse reads a drill in text form; false and error, with file, line and column, on failure.
 */
bool input_parse(const char *path, struct drill *drill, struct drill_notes *notes,
                 char error[INPUT_ERROR_MAX]);

/*
 * input_encode turns a parsed drill into a target's input of at most DRILL_ENCODED_MAX bytes.
 * Returns false and error, with file and line, when no input of a target with these rules can say
 * it.
 */
bool input_encode(const char *path, const struct drill *drill, const struct drill_notes *notes,
                  const struct drill_rules *rules, uint8_t *bytes, size_t *size,
                  char error[INPUT_ERROR_MAX]);

/* input_unescape turns a line with C's escapes into bytes, in place; false when one is malformed.
 */
bool input_unescape(char *line, size_t *size, size_t *column);

/* input_has_ending tells whether a path ends so. */
bool input_has_ending(const char *path, const char *ending);

#endif
