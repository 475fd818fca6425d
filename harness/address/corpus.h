/* corpus: the lines of corpus/addresses: what the texts say of a written address. */
#ifndef SOCKDRILL_ADDRESS_CORPUS_H
#define SOCKDRILL_ADDRESS_CORPUS_H

#include "address/address.h"

enum { ADDRESS_CASE_BYTES_MAX = 256 };

/* A line: what it expects of which text. */
struct address_case {
    bool accepted;
    enum address_clause clause;
    char text[ADDRESS_CASE_BYTES_MAX]; /* with a NUL behind it */
    size_t length;
    char value[ADDRESS_PRINT_MAX]; /* what an accepted text stands for, as address_print has it */
};

enum address_line { ADDRESS_LINE_CASE, ADDRESS_LINE_REMARK, ADDRESS_LINE_WRONG };

/* address_line_read reads a line, without its end; *error, static, tells what is wrong with it. */
enum address_line address_line_read(struct address_case *out, const char *line, const char **error);

/* address_quote writes bytes in quotation marks, as a line has them; at most size bytes, whole. */
void address_quote(char *out, size_t size, const char *text, size_t length);

#endif
