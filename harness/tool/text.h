/* text: inputs in the form in which people read and keep them. */
#ifndef SOCKDRILL_TOOL_TEXT_H
#define SOCKDRILL_TOOL_TEXT_H

#include <stdio.h>

#include "tool/targets.h"

/*
 * text_print_commented prints a drill in canonical form with the comments and empty lines of the
 * file that it was parsed from.
 */
void text_print_commented(FILE *out, const char *source, size_t size, const struct drill *drill,
                          const struct drill_notes *notes);

/* text_print_line prints an input as a line with escapes, such as a *.txt file holds. */
void text_print_line(FILE *out, const uint8_t *bytes, size_t size);

/*
 * text_of_input prints a raw input of a target in its text form: a drill, or a line. Returns false
 * after one line on stderr when the file cannot be read.
 */
bool text_of_input(FILE *out, const struct target *target, const char *path);

#endif
