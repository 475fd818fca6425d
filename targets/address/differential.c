/* differential: see differential.h. */
#include "differential.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../law.h"
#include "address/address.h"
#include "address/implementations/implementation.h"
#include "address/judge.h"
#include "address/known.h"

enum { EDGE_BYTES = 1 << 20 }; /* what is longer is cut */

/* Memory that ends at a page that cannot be read. */
static char *make_edge(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory =
        mmap(NULL, EDGE_BYTES + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED || mprotect(memory + EDGE_BYTES, page, PROT_NONE) != 0)
        abort();
    return memory + EDGE_BYTES;
}

/* A copy that ends at the edge, with a NUL or without: nobody may look further. */
static const char *at_edge(const uint8_t *text, size_t size, bool terminated)
{
    static char *edge;
    char *copy;

    if (edge == NULL)
        edge = make_edge();
    copy = edge - size - terminated;
    memcpy(copy, text, size);
    if (terminated)
        edge[-1] = '\0';
    return copy;
}

/* --- the reference --- */

/* Whether what address_print writes can be read in this form again. */
static bool prints_back(enum sockdrill_form form, const struct sockdrill_address *address)
{
    if (strlen(address->name) == SOCKDRILL_NAME_MAX - 1)
        return false; /* it may be cut */
    return form != SOCKDRILL_FORM_SOCKADDR &&
           (form != SOCKDRILL_FORM_HOST || address->host == SOCKDRILL_HOST_IPV4);
}

/* Text to address to text to address: the second address is the first, and so is the text. */
static void check_round_trip(enum sockdrill_form form, const struct sockdrill_address *address)
{
    char text[ADDRESS_PRINT_MAX], again[ADDRESS_PRINT_MAX];
    struct sockdrill_address read;
    struct address_verdict v;

    if (!prints_back(form, address))
        return;
    address_print(text, address);
    LAW(address_read(&v, &read, form, text, strlen(text)),
        "the reference accepts what it has printed");
    LAW(address_same(&read, address), "what was printed stands for the same");
    address_print(again, &read);
    LAW(strcmp(again, text) == 0, "what was printed and read is printed the same");
}

static void check_reference(enum sockdrill_form form, const uint8_t *data, size_t size)
{
    struct sockdrill_address address, copy;
    struct address_verdict v, second;
    bool accepted = address_read(&v, &address, form, at_edge(data, size, false), size);

    LAW(address_read(&second, &copy, form, (const char *)data, size) == accepted &&
            second.clause == v.clause && second.offset == v.offset,
        "a verdict does not depend on where the text is");
    LAW(v.offset <= size, "what is wrong is within the text");
    if (accepted) {
        LAW(v.kept >> v.clause & 1, "what allows a text is among what was asked");
        if (size > 0 &&
            memchr(data, '\0', size) == NULL) /* which ends a zone's name in C, and not in a text */
            check_round_trip(form, &address);
    }
}

/* --- the parsers --- */

static void check_parser(const char *library, const struct sockdrill_address_parser *parser,
                         const char *text, size_t length)
{
    struct address_judgement j;
    enum address_clause clause;

    address_judge(&j, parser, text, length);
    clause = j.verdict.clause;
    if (j.difference == ADDRESS_AGREES ||
        address_known(library, parser->name, clause, j.difference))
        return;
    fprintf(stderr, "deviation: %s %s (%s): got %s\n  %s [%s]\n", library, parser->name,
            address_clause_info(clause)->id, address_difference_name(j.difference),
            address_clause_info(clause)->statement, address_clause_info(clause)->citation);
    fflush(stderr);
    abort();
}

/* The parsers take strings, so the text is cut at its first NUL; bytes are not. */
static void check_parsers(enum sockdrill_form form, const uint8_t *data, size_t size)
{
    bool bytes = form == SOCKDRILL_FORM_SOCKADDR;
    size_t length = bytes ? size : strnlen((const char *)data, size);
    size_t count;
    const struct address_library *const *libraries = address_libraries(&count);
    const char *text = at_edge(data, length, true);

    for (size_t i = 0; i < count; i++)
        for (size_t p = 0; p < libraries[i]->count; p++)
            if (libraries[i]->parsers[p].form == form)
                check_parser(libraries[i]->name, &libraries[i]->parsers[p], text, length);
}

int differential_check(const uint8_t *data, size_t size, const enum sockdrill_form *forms,
                       size_t count)
{
    if (size == 0)
        data = (const uint8_t *)""; /* it may be NULL */
    if (size >= EDGE_BYTES)
        size = EDGE_BYTES - 1;
    for (size_t i = 0; i < count; i++) {
        check_reference(forms[i], data, size);
        check_parsers(forms[i], data, size);
    }
    return 0;
}
