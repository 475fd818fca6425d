/* address_findings: see address_findings.h. */
#include "tool/address_findings.h"

#include <stdlib.h>
#include <string.h>

#include "address/implementations/implementation.h"
#include "address/known.h"

static void add_parser(struct address_findings *all, const char *library,
                       const struct sockdrill_address_parser *parser)
{
    if (all->parser_count == ADDRESS_PARSERS_MAX)
        abort();
    all->parsers[all->parser_count++] = (struct address_parser){library, parser, 0};
}

void address_findings_init(struct address_findings *all, const struct sockdrill_address_parser *own)
{
    size_t count;
    const struct address_library *const *libraries = address_libraries(&count);

    all->parser_count = 0;
    all->count = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t p = 0; p < libraries[i]->count; p++)
            add_parser(all, libraries[i]->name, &libraries[i]->parsers[p]);
    if (own != NULL)
        add_parser(all, "own", own);
}

/* The class, which is made if there is none yet. */
static struct address_finding *find(struct address_findings *all,
                                    const struct address_parser *parser,
                                    const struct address_judgement *j)
{
    struct address_finding *f = all->findings;

    for (; f < all->findings + all->count; f++)
        if (f->parser == parser && f->clause == j->verdict.clause && f->difference == j->difference)
            return f;
    if (all->count == ADDRESS_FINDINGS_MAX)
        abort();
    all->count++;
    *f = (struct address_finding){
        .parser = parser,
        .clause = j->verdict.clause,
        .difference = j->difference,
        .known =
            address_known(parser->library, parser->parser->name, j->verdict.clause, j->difference),
        .length = ADDRESS_FINDING_BYTES_MAX,
    };
    return f;
}

void address_findings_judge(struct address_findings *all, struct address_parser *parser,
                            struct address_judgement *judgement, const char *text, size_t length)
{
    char shorter[ADDRESS_FINDING_BYTES_MAX];
    struct address_finding *f;

    parser->texts++;
    address_judge(judgement, parser->parser, text, length);
    if (judgement->difference == ADDRESS_AGREES)
        return;
    f = find(all, parser, judgement);
    f->count++;
    if (f->count > 1 && !address_simpler(text, length, f->text, f->length))
        return;
    if (length >= sizeof shorter)
        return;
    memcpy(shorter, text, length + 1);
    length = address_shorten(parser->parser, shorter, length);
    if (f->count > 1 && !address_simpler(shorter, length, f->text, f->length))
        return;
    memcpy(f->text, shorter, length + 1);
    f->length = length;
}

static int compare(const void *a, const void *b)
{
    const struct address_finding *x = a, *y = b;

    if (x->clause != y->clause)
        return x->clause < y->clause ? -1 : 1;
    if (x->parser != y->parser)
        return x->parser < y->parser ? -1 : 1;
    return (int)x->difference - (int)y->difference;
}

void address_findings_sort(struct address_findings *all)
{
    qsort(all->findings, all->count, sizeof *all->findings, compare);
}
