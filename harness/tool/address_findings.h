/* address_findings: the parsers that are held against the reference, and how they differ. */
#ifndef SOCKDRILL_TOOL_ADDRESS_FINDINGS_H
#define SOCKDRILL_TOOL_ADDRESS_FINDINGS_H

#include "address/judge.h"

enum { ADDRESS_PARSERS_MAX = 128, ADDRESS_FINDINGS_MAX = 1024, ADDRESS_FINDING_BYTES_MAX = 512 };

/* A parser and the library that it is of. */
struct address_parser {
    const char *library;
    const struct sockdrill_address_parser *parser;
    unsigned long long texts; /* that it has read */
};

/* A class of deviations: a parser, a clause and a difference, with the simplest string. */
struct address_finding {
    const struct address_parser *parser;
    enum address_clause clause;
    enum address_difference difference;
    bool known;
    unsigned long long count;
    size_t length;
    char text[ADDRESS_FINDING_BYTES_MAX];
};

struct address_findings {
    struct address_parser parsers[ADDRESS_PARSERS_MAX];
    size_t parser_count;
    struct address_finding findings[ADDRESS_FINDINGS_MAX];
    size_t count;
};

/* address_findings_init takes all parsers that there are, and one more if it is not NULL. */
void address_findings_init(struct address_findings *all,
                           const struct sockdrill_address_parser *own);

/*
 * address_findings_judge has a parser read a text, which ends with a NUL of its own, and keeps what
 * deviates.
 */
void address_findings_judge(struct address_findings *all, struct address_parser *parser,
                            struct address_judgement *judgement, const char *text, size_t length);

/* address_findings_sort puts them in the order of clauses, then of parsers. */
void address_findings_sort(struct address_findings *all);

#endif
