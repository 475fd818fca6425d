/* judge: see judge.h. */
#include "address/judge.h"

#include <string.h>

static enum address_difference difference_of(const struct address_judgement *j)
{
    bool same = j->verdict.accepted && address_same(&j->read, &j->expected);

    if (j->reading == SOCKDRILL_UNASKED)
        return ADDRESS_AGREES;
    if (j->reading == SOCKDRILL_UNCLEAR && (!j->verdict.accepted || same))
        return ADDRESS_AGREES;
    if (j->reading == SOCKDRILL_REFUSED)
        return !j->verdict.accepted || j->verdict.open ? ADDRESS_AGREES : ADDRESS_REFUSED;
    if (j->verdict.accepted)
        return same ? ADDRESS_AGREES : ADDRESS_OTHERWISE;
    return address_clause_info(j->verdict.clause)->strength == STRENGTH_MAY ? ADDRESS_AGREES
                                                                            : ADDRESS_ACCEPTED;
}

void address_judge(struct address_judgement *judgement,
                   const struct sockdrill_address_parser *parser, const char *text, size_t length)
{
    *judgement = (struct address_judgement){.read = {.prefix = -1, .port = -1}};
    address_read(&judgement->verdict, &judgement->expected, parser->form, text, length);
    judgement->reading = parser->read(&judgement->read, text, length);
    judgement->difference = difference_of(judgement);
}

const char *address_difference_name(enum address_difference difference)
{
    static const char *const names[ADDRESS_DIFFERENCES] = {"agrees", "accepted", "refused",
                                                           "otherwise"};

    return names[difference];
}

/* --- shortening --- */

/* A text that is being shortened, and what it must go on to show. */
struct shortening {
    const struct sockdrill_address_parser *parser;
    char *text;
    size_t length;
    enum address_clause clause;
    enum address_difference difference;
};

static bool still_shows(const struct shortening *s)
{
    struct address_judgement j;

    address_judge(&j, s->parser, s->text, s->length);
    return j.difference == s->difference && j.verdict.clause == s->clause;
}

/* Takes size characters out where that shows the same; returns whether it did anywhere. */
static bool cut(struct shortening *s, size_t size)
{
    char removed[64];
    bool any = false;

    for (size_t at = 0; at + size <= s->length;) {
        memcpy(removed, s->text + at, size);
        memmove(s->text + at, s->text + at + size, s->length - at - size + 1);
        s->length -= size;
        if (still_shows(s)) {
            any = true;
            continue;
        }
        memmove(s->text + at + size, s->text + at, s->length - at + 1);
        memcpy(s->text + at, removed, size);
        s->length += size;
        at++;
    }
    return any;
}

static const char simple[] = "0123456789a:. ";

/* How simple a character is; less is simpler. */
static unsigned rank_of(char c)
{
    const char *at = c != '\0' ? strchr(simple, c) : NULL;

    return at != NULL ? (unsigned)(at - simple) : (unsigned)sizeof simple + (unsigned char)c;
}

static bool simplify(struct shortening *s)
{
    bool any = false;

    for (size_t at = 0; at < s->length; at++) {
        char was = s->text[at];

        for (size_t i = 0; i + 1 < sizeof simple && rank_of(simple[i]) < rank_of(was); i++) {
            s->text[at] = simple[i];
            if (still_shows(s)) {
                any = true;
                break;
            }
            s->text[at] = was;
        }
    }
    return any;
}

size_t address_shorten(const struct sockdrill_address_parser *parser, char *text, size_t length)
{
    enum { CUT_MAX = 64 };
    struct shortening s = {.parser = parser, .text = text, .length = length};
    struct address_judgement j;
    bool any = true;

    address_judge(&j, parser, text, length);
    s.difference = j.difference;
    s.clause = j.verdict.clause;
    while (any) {
        any = false;
        for (size_t size = CUT_MAX; size > 0; size /= 2)
            any |= cut(&s, size);
        any |= simplify(&s);
    }
    return s.length;
}

bool address_simpler(const char *text, size_t length, const char *other, size_t other_length)
{
    if (length != other_length)
        return length < other_length;
    for (size_t i = 0; i < length; i++)
        if (text[i] != other[i])
            return rank_of(text[i]) < rank_of(other[i]);
    return false;
}
