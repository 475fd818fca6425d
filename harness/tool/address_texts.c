/* address_texts: see address_texts.h. */
#include "tool/address_texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines/input.h"
#include "tool/command.h"

enum { EDITS_MAX = 4 };

/* What distinguishes one notation from another. */
static const char *const tokens[] = {
    "0",     "1", "8",  "00", "0x",  "255",     "256",       "ff",  "10000", "65535",
    "65536", ".", "..", ":",  "::",  ":::",     "%",         "%25", "%lo",   "/",
    "[",     "]", "@",  "-",  "+",   " ",       "\n",        "x",   "g",     "v1.",
    "a",     "A", "?",  "#",  "\\",  "\xff",    ",",         "1.2", "1:2:3", "1.2.3",
    "80",    "*", "\t", "~",  "%41", "::ffff:", "4294967296"};

static uint32_t below(uint64_t *random, size_t bound)
{
    uint64_t z = (*random += 0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (uint32_t)((z >> 32) * bound >> 32);
}

static bool add_line(struct address_texts *texts, enum sockdrill_form form, const char *line)
{
    struct address_case c;
    struct address_text *more;
    const char *error;

    switch (address_line_read(&c, line, &error)) {
    case ADDRESS_LINE_REMARK:
        return true;
    case ADDRESS_LINE_WRONG:
        command_fail("corpus/addresses/%s.txt: %s: %s", address_form_name(form), line, error);
        return false;
    default:
        break;
    }
    more = realloc(texts->texts, (texts->count + 1) * sizeof *more);
    if (more == NULL)
        abort();
    texts->texts = more;
    more += texts->count++;
    *more = (struct address_text){.form = form, .length = c.length};
    memcpy(more->text, c.text, c.length + 1);
    return true;
}

static bool read_form(struct address_texts *texts, enum sockdrill_form form)
{
    char error[INPUT_ERROR_MAX], path[512];
    char *bytes, *rest;
    bool read = true;
    size_t size;

    snprintf(path, sizeof path, SOCKDRILL_ROOT "/corpus/addresses/%s.txt", address_form_name(form));
    bytes = (char *)input_read(path, &size, error);
    if (bytes == NULL) {
        command_fail("%s", error);
        return false;
    }
    if (size > 0)
        bytes[size - 1] = '\0'; /* in place of the last line's end */
    for (char *line = strtok_r(bytes, "\n", &rest); line != NULL && read;
         line = strtok_r(NULL, "\n", &rest))
        read = add_line(texts, form, line);
    free(bytes);
    return read;
}

bool address_texts_read(struct address_texts *texts)
{
    *texts = (struct address_texts){.count = 0};
    for (unsigned form = 0; form < SOCKDRILL_FORMS; form++) {
        texts->form_start[form] = texts->count;
        if (!read_form(texts, (enum sockdrill_form)form))
            return false;
    }
    texts->form_start[SOCKDRILL_FORMS] = texts->count;
    return true;
}

static const struct address_text *one_of(const struct address_texts *texts,
                                         enum sockdrill_form form, uint64_t *random)
{
    size_t start = texts->form_start[form];

    return &texts->texts[start + below(random, texts->form_start[form + 1] - start)];
}

/* Puts bytes in place of those from at to end. */
static void replace(struct address_text *t, size_t at, size_t end, const char *bytes, size_t size)
{
    if (t->length - (end - at) + size >= sizeof t->text)
        return;
    memmove(t->text + at + size, t->text + end, t->length - end + 1);
    memcpy(t->text + at, bytes, size);
    t->length += size - (end - at);
}

static void edit(struct address_text *t, const struct address_texts *texts, uint64_t *random)
{
    const char *token = tokens[below(random, sizeof tokens / sizeof *tokens)];
    size_t at = below(random, t->length + 1);
    size_t end = at + below(random, t->length - at + 1);
    const struct address_text *other = one_of(texts, t->form, random);
    size_t from = below(random, other->length + 1);

    switch (below(random, 4)) {
    case 0:
        replace(t, at, at, token, strlen(token));
        break;
    case 1:
        replace(t, at, at < t->length ? at + 1 : at, token, strlen(token));
        break;
    case 2:
        replace(t, at, end, "", 0);
        break;
    default:
        replace(t, at, t->length, other->text + from, other->length - from);
    }
}

void address_texts_draw(struct address_text *out, const struct address_texts *texts,
                        enum sockdrill_form form, uint64_t *random)
{
    *out = *one_of(texts, form, random);
    for (unsigned edits = 1 + below(random, EDITS_MAX); edits > 0; edits--)
        edit(out, texts, random);
    if (form != SOCKDRILL_FORM_SOCKADDR)
        out->length = strlen(out->text);
}
