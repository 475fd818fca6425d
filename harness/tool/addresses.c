/* addresses: holds parsers and printers of addresses against the reference. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/address_print.h"
#include "tool/address_texts.h"
#include "tool/command.h"

static struct address_findings all;

/* --- a parser of one's own --- */

/* Loads it; one line when that cannot be. */
static bool load(const char *path, const struct sockdrill_address_parser **parser)
{
    static const char symbol[] = "sockdrill_address_parser";
    void *object;

    if (access(path, R_OK) != 0) {
        command_fail("%s: %m: a parser is a shared object that exports %s", path, symbol);
        return false;
    }
    object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    *parser = object != NULL ? dlsym(object, symbol) : NULL;
    if (object == NULL)
        command_fail("%s: cannot be loaded: build it with cc -shared -fPIC, and link all it needs",
                     path);
    else if (*parser == NULL)
        command_fail("%s: exports no %s: see <sockdrill/address.h>", path, symbol);
    else if ((*parser)->version != SOCKDRILL_ADDRESS_VERSION)
        command_fail("%s: its %s is of version %u, not %u: build it with this sockdrill's "
                     "<sockdrill/address.h>",
                     path, symbol, (*parser)->version, SOCKDRILL_ADDRESS_VERSION);
    else if ((*parser)->name == NULL || (*parser)->read == NULL ||
             (unsigned)(*parser)->form >= SOCKDRILL_FORMS)
        command_fail("%s: its %s lacks a name, a form or a function", path, symbol);
    else
        return true;
    return false;
}

/* --- strings that are given --- */

static bool is_read_by(const struct address_parser *parser, enum sockdrill_form form)
{
    return parser->parser->form == form;
}

/* Whether all refuse it, as they should: one line says so. */
static bool all_refuse(enum sockdrill_form form, const char *text)
{
    struct address_judgement j;

    for (size_t i = 0; i < all.parser_count; i++) {
        if (!is_read_by(&all.parsers[i], form))
            continue;
        address_judge(&j, all.parsers[i].parser, text, strlen(text));
        if (j.verdict.accepted || j.reading == SOCKDRILL_ACCEPTED)
            return false;
    }
    return true;
}

static void judge_form(enum sockdrill_form form, const char *text, json_t *rows)
{
    bool brief = all_refuse(form, text);
    unsigned parsers = 0;

    if (rows == NULL)
        address_print_reference(form, text);
    for (size_t i = 0; i < all.parser_count; i++) {
        struct address_judgement j;

        if (!is_read_by(&all.parsers[i], form))
            continue;
        address_findings_judge(&all, &all.parsers[i], &j, text, strlen(text));
        if (rows != NULL)
            json_array_append_new(rows, address_json_reading(&all.parsers[i], &j));
        else if (!brief)
            address_print_reading(&all.parsers[i], &j);
        parsers++;
    }
    if (brief && parsers > 0 && rows == NULL)
        puts("    all refuse it");
}

static void judge_strings(const struct words *words, json_t *strings)
{
    for (size_t i = 0; i < words->count; i++) {
        json_t *rows = strings != NULL ? json_array() : NULL;

        if (rows == NULL)
            printf("%s%s\n", i > 0 ? "\n" : "", words->words[i]);
        for (unsigned form = 0; form < SOCKDRILL_FORM_SOCKADDR; form++)
            judge_form((enum sockdrill_form)form, words->words[i], rows);
        if (rows != NULL)
            json_array_append_new(strings, json_pack("{s:s%, s:o}", "text", words->words[i],
                                                     strlen(words->words[i]), "readings", rows));
    }
}

/* --- the corpus --- */

static void judge_text(const struct address_text *text)
{
    bool bytes = text->form == SOCKDRILL_FORM_SOCKADDR;
    size_t length = bytes ? text->length : strlen(text->text);
    struct address_judgement j;

    /* A text is tried on every parser, bytes only on those of bytes. */
    for (size_t i = 0; i < all.parser_count; i++)
        if (is_read_by(&all.parsers[i], SOCKDRILL_FORM_SOCKADDR) == bytes)
            address_findings_judge(&all, &all.parsers[i], &j, text->text, length);
}

static bool judge_corpus(const struct words *words)
{
    struct address_texts texts;
    uint64_t random = words->seed;
    bool read = address_texts_read(&texts);

    for (size_t i = 0; i < texts.count && read; i++)
        judge_text(&texts.texts[i]);
    for (unsigned long long i = 0; i < words->calls && read; i++) {
        struct address_text drawn;

        address_texts_draw(&drawn, &texts, (enum sockdrill_form)(i % SOCKDRILL_FORMS), &random);
        judge_text(&drawn);
    }
    free(texts.texts);
    return read;
}

/* --- the command --- */

static void print_json(json_t *strings)
{
    json_t *whole =
        json_pack("{s:o, s:o}", "strings", strings, "deviations", address_json_findings(&all));

    json_dumpf(whole, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(whole);
}

static void print(const struct words *words, json_t *strings)
{
    unsigned long long texts = 0;

    address_findings_sort(&all);
    for (size_t i = 0; i < all.parser_count; i++)
        texts += all.parsers[i].texts;
    if (words->json) {
        print_json(strings);
    } else if (words->markdown) {
        address_print_report(&all);
    } else {
        address_print_findings(&all);
        printf("\n%zu parsers and printers, %llu strings read, %zu classes of deviations\n",
               all.parser_count, texts, all.count);
        address_print_absent();
    }
}

int command_addresses(int argc, char **argv)
{
    static const struct argp_option options[] = {
        OPTION_JSON,
        {"calls", 'n', "N", 0, "Besides the corpus, draw N strings at random", 0},
        {"seed", 'S', "SEED", 0, "Begin to draw at SEED; 1 by default", 0},
        {"parser", 'a', "FILE", 0, "Judge the parser that this shared object exports, too", 0},
        {"markdown", 'm', NULL, 0, "Write the report of reports/conformance/addresses.md", 0},
        {0}};
    const struct sockdrill_address_parser *own = NULL;
    struct words words;
    json_t *strings;

    command_words(&words, argc, argv, options, "[STRING...]",
                  "Holds parsers and printers of addresses against the texts: for each STRING what "
                  "each makes of it, without one all of corpus/addresses. Deviations are listed by "
                  "clause, each with the shortest string that shows it.",
                  0, SIZE_MAX);
    if (words.parser != NULL && !load(words.parser, &own))
        return EXIT_COULD_NOT_RUN;
    address_findings_init(&all, own);
    strings = words.json ? json_array() : NULL;
    if (words.count > 0)
        judge_strings(&words, strings);
    else if (!judge_corpus(&words))
        return EXIT_COULD_NOT_RUN;
    print(&words, strings);
    if (fflush(stdout) != 0)
        return command_fail("cannot write the output: %m");
    return all.count > 0 ? EXIT_FOUND : EXIT_CLEAN;
}
