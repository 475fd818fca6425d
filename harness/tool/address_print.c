/* address_print: see address_print.h. */
#include "tool/address_print.h"

#include <stdio.h>
#include <string.h>

#include "address/corpus.h"
#include "address/implementations/implementation.h"

enum { TEXT_SHOWN_MAX = 160 };

/* A reading as people see it. */
static void describe(char out[ADDRESS_PRINT_MAX], int reading,
                     const struct sockdrill_address *address)
{
    if (reading == SOCKDRILL_REFUSED)
        snprintf(out, ADDRESS_PRINT_MAX, "refused");
    else if (reading == SOCKDRILL_UNCLEAR)
        snprintf(out, ADDRESS_PRINT_MAX, "-1");
    else if (reading == SOCKDRILL_UNASKED)
        snprintf(out, ADDRESS_PRINT_MAX, "not asked");
    else
        address_print(out, address);
    /* A name may hold anything. */
    for (char *c = out; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
}

void address_print_reading(const struct address_parser *parser,
                           const struct address_judgement *judgement)
{
    char made[ADDRESS_PRINT_MAX], name[96];

    snprintf(name, sizeof name, "%s %s", parser->library, parser->parser->name);
    describe(made, judgement->reading, &judgement->read);
    printf("    %-42s %s", name, made);
    if (judgement->difference != ADDRESS_AGREES)
        printf("  <- %s, %s", address_clause_info(judgement->verdict.clause)->id,
               address_difference_name(judgement->difference));
    putchar('\n');
}

void address_print_reference(enum sockdrill_form form, const char *text)
{
    struct sockdrill_address expected;
    char made[ADDRESS_PRINT_MAX];
    struct address_verdict v;

    address_read(&v, &expected, form, text, strlen(text));
    describe(made, v.accepted ? SOCKDRILL_ACCEPTED : SOCKDRILL_REFUSED, &expected);
    printf("  %-9s %-34s %s", address_form_name(form), "the texts", made);
    if (!v.accepted)
        printf(" at %zu", v.offset);
    printf(" [%s%s]\n", address_clause_info(v.clause)->id, v.open ? ", or refused" : "");
}

json_t *address_json_reading(const struct address_parser *parser,
                             const struct address_judgement *judgement)
{
    char made[ADDRESS_PRINT_MAX];

    describe(made, judgement->reading, &judgement->read);
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "library", parser->library, "function",
                     parser->parser->name, "form", address_form_name(parser->parser->form),
                     "reading", made, "difference", address_difference_name(judgement->difference));
}

/* The simplest string of a class, read once more. */
static void read_again(struct address_judgement *j, const struct address_finding *f)
{
    address_judge(j, f->parser->parser, f->text, f->length);
}

/* What the texts say of a string, and what the parser made of it. */
static void describe_both(char texts[ADDRESS_PRINT_MAX], char made[ADDRESS_PRINT_MAX],
                          const struct address_finding *f)
{
    struct address_judgement j;

    read_again(&j, f);
    describe(texts, j.verdict.accepted ? SOCKDRILL_ACCEPTED : SOCKDRILL_REFUSED, &j.expected);
    describe(made, j.reading, &j.read);
}

static bool begins_clause(const struct address_findings *all, size_t i)
{
    return i == 0 || all->findings[i].clause != all->findings[i - 1].clause;
}

void address_print_findings(const struct address_findings *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct address_finding *f = &all->findings[i];
        const struct address_clause_info *info = address_clause_info(f->clause);
        char text[TEXT_SHOWN_MAX], texts[ADDRESS_PRINT_MAX], made[ADDRESS_PRINT_MAX], name[96];

        if (begins_clause(all, i))
            printf("\n%s (%s): %s [%s]\n", info->id, strength_name(info->strength), info->statement,
                   info->citation);
        address_quote(text, sizeof text, f->text, f->length);
        describe_both(texts, made, f);
        snprintf(name, sizeof name, "%s %s", f->parser->library, f->parser->parser->name);
        printf("    %-42s %-9s %s: %s, not %s (%llu)%s\n", name,
               address_difference_name(f->difference), text, made, texts, f->count,
               f->known ? "" : " new");
    }
}

json_t *address_json_findings(const struct address_findings *all)
{
    json_t *list = json_array();

    for (size_t i = 0; i < all->count; i++) {
        const struct address_finding *f = &all->findings[i];
        char text[TEXT_SHOWN_MAX], texts[ADDRESS_PRINT_MAX], made[ADDRESS_PRINT_MAX];

        address_quote(text, sizeof text, f->text, f->length);
        describe_both(texts, made, f);
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:b}", "clause",
                            address_clause_info(f->clause)->id, "library", f->parser->library,
                            "function", f->parser->parser->name, "difference",
                            address_difference_name(f->difference), "text", text, "made", made,
                            "texts", texts, "count", (json_int_t)f->count, "known", (int)f->known));
    }
    return list;
}

/* --- the report --- */

/* A cell; a bar would end it. */
static void print_cell(const char *text)
{
    printf(" `");
    for (; *text != '\0'; text++)
        printf(*text == '|' ? "\\|" : "%c", *text);
    printf("` |");
}

static void print_row(const struct address_finding *f)
{
    char text[TEXT_SHOWN_MAX], texts[ADDRESS_PRINT_MAX], made[ADDRESS_PRINT_MAX];

    address_quote(text, sizeof text, f->text, f->length);
    describe_both(texts, made, f);
    printf("| %s %s | %s |", f->parser->library, f->parser->parser->name,
           address_difference_name(f->difference));
    print_cell(text);
    print_cell(made[0] != '\0' ? made : "accepted");
    print_cell(texts[0] != '\0' ? texts : "accepted");
    putchar('\n');
}

static unsigned classes_of(const struct address_findings *all, const struct address_parser *parser)
{
    unsigned classes = 0;

    for (size_t i = 0; i < all->count; i++)
        classes += all->findings[i].parser == parser;
    return classes;
}

static void print_parsers(const struct address_findings *all)
{
    puts("| library | function | form | strings | classes |\n|---|---|---|---|---|");
    for (size_t i = 0; i < all->parser_count; i++) {
        const struct address_parser *p = &all->parsers[i];

        printf("| %s | %s | %s | %llu | %u |\n", p->library, p->parser->name,
               address_form_name(p->parser->form), p->texts, classes_of(all, p));
    }
}

void address_print_report(const struct address_findings *all)
{
    puts(
        "# Where parsers of addresses depart from the texts\n\n"
        "Written by `sockdrill addresses --markdown`: each parser and printer that sockdrill "
        "knows, "
        "against\nthe reference, by [clause](../../harness/lists/address_clauses.def). A printer "
        "is "
        "held against a text that\nit would have to write. For each class of deviations the "
        "shortest string that shows it, as the program\nhas found and shortened it. What a text "
        "leaves open is no deviation.\n\n"
        "`accepted`: the clause forbids the string. `refused`: the clause allows it. `otherwise`: "
        "it stands for\nsomething else than what it was taken for. Some of it is documented, as by "
        "inet_net_pton(3): a class\nis where two parsers of the same text may part, not always a "
        "mistake.\n");
    print_parsers(all);
    for (size_t i = 0; i < all->count; i++) {
        const struct address_clause_info *info = address_clause_info(all->findings[i].clause);

        if (begins_clause(all, i))
            printf("\n## %s\n\n%s: %s [%s]\n\n| function | | string | is | should be "
                   "|\n|---|---|---|---|---|\n",
                   info->id, strength_name(info->strength), info->statement, info->citation);
        print_row(&all->findings[i]);
    }
}

void address_print_absent(void)
{
    size_t count;
    const struct address_absent *absent = address_libraries_absent(&count);

    for (size_t i = 0; i < count; i++)
        printf("skipped: %s, of package %s, was not there when sockdrill was built\n",
               absent[i].name, absent[i].package);
}
