/*
 * scan: one bounded cursor over a text, which does all reading of characters for the parser and
 * keeps the place for its messages. Private to harness/drill.
 */
#ifndef SOCKDRILL_DRILL_SCAN_H
#define SOCKDRILL_DRILL_SCAN_H

#include "drill/drill.h"

struct scan {
    const char *next;
    const char *end;
    const char *line_start;
    uint32_t line;
    struct drill_error *error;
};

/* A word: letters, digits and underscores, not starting with a digit. */
struct word {
    const char *text;
    size_t size;
};

/* scan_start sets the cursor to the beginning of a text. */
void scan_start(struct scan *scan, const char *text, size_t size, struct drill_error *error);

/* scan_fail records "expected WHAT, found ..." at the cursor, and returns false. */
bool scan_fail(struct scan *scan, const char *what);

/* scan_fail_at records a message of its own at a place of the current line, and returns false. */
bool scan_fail_at(struct scan *scan, const char *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* scan_blank passes spaces and tabs. */
void scan_blank(struct scan *scan);

/* scan_line_end passes a comment and the end of a line; false when something else stands there. */
bool scan_line_end(struct scan *scan);

/* scan_accept passes a character, with spaces before it, if it is the next one. */
bool scan_accept(struct scan *scan, char c);

/* scan_accept_text passes these characters, with spaces before them, if they are the next ones. */
bool scan_accept_text(struct scan *scan, const char *text);

/* scan_accept_word passes this word if it is the next one. */
bool scan_accept_word(struct scan *scan, const char *text);

/* scan_expect is scan_accept, with a message when something else stands there. */
bool scan_expect(struct scan *scan, char c);

/* scan_word reads a word, with spaces before it; false, without message, when there is none. */
bool scan_word(struct scan *scan, struct word *word);

/* scan_peek_word is scan_word without passing the word. */
bool scan_peek_word(struct scan *scan, struct word *word);

/* scan_number reads a decimal number between least and most; message otherwise. */
bool scan_number(struct scan *scan, int64_t *number, int64_t least, int64_t most, const char *what);

/* The escapes that are read, for messages. */
#define SCAN_ESCAPES "\\n \\r \\t \\0 \\\" \\\\ or \\xHH"

/* scan_escape reads one escape at a backslash; returns its width, or 0 when it is malformed. */
size_t scan_escape(const char *text, size_t size, uint8_t *byte);

/*
 * scan_string reads a string in C's syntax into output, which has room for capacity bytes, and sets
 * *size; message otherwise.
 */
bool scan_string(struct scan *scan, uint8_t *output, size_t capacity, size_t *size);

/* word_is compares a word with a text. */
bool word_is(const struct word *word, const char *text);

#endif
