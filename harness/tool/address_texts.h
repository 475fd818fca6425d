/* address_texts: the strings of corpus/addresses, and strings drawn from them. */
#ifndef SOCKDRILL_TOOL_ADDRESS_TEXTS_H
#define SOCKDRILL_TOOL_ADDRESS_TEXTS_H

#include "address/corpus.h"

/* A string; with a NUL behind it. */
struct address_text {
    enum sockdrill_form form; /* of the file that it stands in */
    size_t length;
    char text[ADDRESS_CASE_BYTES_MAX];
};

struct address_texts {
    struct address_text *texts;
    size_t count;
    size_t form_start[SOCKDRILL_FORMS + 1]; /* they are in the order of their forms */
};

/* address_texts_read reads the corpus; false after one line on stderr when it cannot. */
bool address_texts_read(struct address_texts *texts);

/* address_texts_draw makes a string of a form out of those of that form, by chance. */
void address_texts_draw(struct address_text *out, const struct address_texts *texts,
                        enum sockdrill_form form, uint64_t *random);

#endif
