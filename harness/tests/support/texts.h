/* texts: the text form as tests use it: printing to memory, parsing from exact allocations. */
#ifndef SOCKDRILL_TESTS_TEXTS_H
#define SOCKDRILL_TESTS_TEXTS_H

#include "drill/drill.h"

/* text_printed prints a drill; to be freed. notes may be NULL. */
char *text_printed(const struct drill *drill, const struct drill_notes *notes, size_t *size);

/* text_parse is drill_parse of an exact copy, which it keeps until the next call. */
bool text_parse(struct drill *drill, struct drill_notes *notes, struct drill_error *error,
                const char *text, size_t size);

/* text_parse_valid is text_parse of a text that must be a drill. */
void text_parse_valid(struct drill *drill, struct drill_notes *notes, const char *text,
                      size_t size);

/*
 * text_replaced returns text with every occurrence of each name replaced by its value; names and
 * values alternate, NULL ends them. To be freed.
 */
char *text_replaced(const char *text, const char *const *names_and_values);

#endif
