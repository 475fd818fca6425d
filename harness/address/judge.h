/* judge: holds what a parser made of a text against what the reference says of it. */
#ifndef SOCKDRILL_ADDRESS_JUDGE_H
#define SOCKDRILL_ADDRESS_JUDGE_H

#include "address/address.h"

/* How a parser differs from the reference. */
enum address_difference {
    ADDRESS_AGREES,
    ADDRESS_ACCEPTED,  /* what the clause forbids */
    ADDRESS_REFUSED,   /* what the clause allows */
    ADDRESS_OTHERWISE, /* accepted, as standing for something else */
    ADDRESS_DIFFERENCES
};

/* What a parser made of a text, and the verdict on it. */
struct address_judgement {
    struct address_verdict verdict;    /* the reference's */
    struct sockdrill_address expected; /* what an accepted text stands for */
    int reading;                       /* a sockdrill_reading */
    struct sockdrill_address read;     /* what the parser took it for */
    enum address_difference difference;
};

/*
 * address_judge has the parser read the text, with a NUL behind text[length - 1] and none before it
 * unless the form is sockaddr, and fills judgement.
 */
void address_judge(struct address_judgement *judgement,
                   const struct sockdrill_address_parser *parser, const char *text, size_t length);

/* address_difference_name returns "agrees", "accepted", "refused" or "otherwise". */
const char *address_difference_name(enum address_difference difference);

/*
 * address_shorten shortens a text, in place, and makes its characters simpler, as long as the
 * parser differs by the same clause in the same way; returns its length. The text has a NUL behind
 * it.
 */
size_t address_shorten(const struct sockdrill_address_parser *parser, char *text, size_t length);

/*
 * address_simpler tells whether the first text shows something better than the second one: it is
 * shorter, or has simpler characters.
 */
bool address_simpler(const char *text, size_t length, const char *other, size_t other_length);

#endif
