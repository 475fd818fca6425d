/* test_address_corpus: the reference says of every line of corpus/addresses what the line does. */
#include <stdlib.h>
#include <string.h>

#include "address/corpus.h"
#include "engines/input.h"
#include "tests/support/check.h"

enum { CASES_MIN = 400 };

/* How many lines are for each clause. */
struct sides {
    unsigned accepted[ADDRESS_CLAUSES];
    unsigned refused[ADDRESS_CLAUSES];
    unsigned cases;
};

/* A reference parser: the real one, or one with a planted fault. */
typedef bool reference(struct address_verdict *v, struct sockdrill_address *out,
                       enum sockdrill_form form, const char *text, size_t length);

/* What the line expects that the reference does not do; NULL when it does. */
static const char *judge(const struct address_case *c, enum sockdrill_form form, reference *read)
{
    struct sockdrill_address address;
    struct address_verdict v;
    char value[ADDRESS_PRINT_MAX];

    if (read(&v, &address, form, c->text, c->length) != c->accepted)
        return c->accepted ? "refused" : "accepted";
    if (!c->accepted)
        return v.clause == c->clause ? NULL : "refused for another clause";
    if (!(v.kept >> c->clause & 1))
        return "the clause was not asked";
    address_print(value, &address);
    return strcmp(value, c->value) == 0 ? NULL : "another value";
}

static unsigned judge_line(struct sides *sides, enum sockdrill_form form, reference *read,
                           const char *line, bool say)
{
    struct address_case c;
    const char *wrong;

    if (address_line_read(&c, line, &wrong) == ADDRESS_LINE_REMARK)
        return 0;
    if (wrong == NULL) {
        (c.accepted ? sides->accepted : sides->refused)[c.clause]++;
        sides->cases++;
        wrong = judge(&c, form, read);
    }
    if (wrong != NULL && say)
        print_message("%s: %s: %s\n", address_form_name(form), line, wrong);
    return wrong != NULL;
}

/* Reads the lines of a form; returns how many the reference does not do. */
static unsigned judge_form(struct sides *sides, enum sockdrill_form form, reference *read, bool say)
{
    char path[512], error[INPUT_ERROR_MAX];
    unsigned wrong = 0;
    char *text, *line, *rest;
    size_t size;

    snprintf(path, sizeof path, "%s/corpus/addresses/%s.txt", SOCKDRILL_ROOT,
             address_form_name(form));
    text = (char *)input_read(path, &size, error);
    assert_non_null(text);
    text = realloc(text, size + 1);
    assert_non_null(text);
    text[size] = '\0';
    for (line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
        wrong += judge_line(sides, form, read, line, say);
    free(text);
    return wrong;
}

static unsigned judge_all(struct sides *sides, reference *read, bool say)
{
    unsigned wrong = 0;

    *sides = (struct sides){.cases = 0};
    for (unsigned form = 0; form < SOCKDRILL_FORMS; form++)
        wrong += judge_form(sides, (enum sockdrill_form)form, read, say);
    return wrong;
}

static void test_the_reference_is_right(void **state)
{
    struct sides sides;

    (void)state;
    assert_int_equal(judge_all(&sides, address_read, true), 0);
    assert_true(sides.cases >= CASES_MIN);
}

static void test_every_clause_has_both_sides(void **state)
{
    struct sides sides;
    unsigned missing = 0;

    (void)state;
    judge_all(&sides, address_read, false);
    for (unsigned i = 0; i < ADDRESS_CLAUSES; i++) {
        if (sides.accepted[i] > 0 && sides.refused[i] > 0)
            continue;
        print_message("%s: %u accepted, %u refused\n", address_clause_info(i)->id,
                      sides.accepted[i], sides.refused[i]);
        missing++;
    }
    assert_int_equal(missing, 0);
}

/* The clause that a faulty reference does not know: what breaks it, it accepts. */
static enum address_clause forgotten;

static bool read_forgetful(struct address_verdict *v, struct sockdrill_address *out,
                           enum sockdrill_form form, const char *text, size_t length)
{
    if (address_read(v, out, form, text, length))
        return true;
    v->accepted = v->clause == forgotten;
    return v->accepted;
}

/* What the clause allows, it refuses. */
static bool read_narrow(struct address_verdict *v, struct sockdrill_address *out,
                        enum sockdrill_form form, const char *text, size_t length)
{
    return address_read(v, out, form, text, length) && !(v->kept >> forgotten & 1);
}

/* Stands for another address than it says. */
static bool read_shifted(struct address_verdict *v, struct sockdrill_address *out,
                         enum sockdrill_form form, const char *text, size_t length)
{
    bool accepted = address_read(v, out, form, text, length);

    out->bytes[3] ^= accepted;
    return accepted;
}

static void test_planted_faults_are_found(void **state)
{
    struct sides sides;

    (void)state;
    for (unsigned i = 0; i < ADDRESS_CLAUSES; i++) {
        forgotten = (enum address_clause)i;
        assert_true(judge_all(&sides, read_forgetful, false) > 0);
        assert_true(judge_all(&sides, read_narrow, false) > 0);
    }
    assert_true(judge_all(&sides, read_shifted, false) > 0);
}

static void test_lines_that_are_wrong(void **state)
{
    static const char *const lines[] = {
        "accept",
        "accept IPV4_PARTS",
        "accept IPV4_PARTS 1.2.3.4",
        "accept IPV4_PARTS \"1.2.3.4",
        "accept IPV4_PART \"1.2.3.4\"",
        "allow IPV4_PARTS \"1.2.3.4\"",
        "accept IPV4_PARTS \"1.2.3.4\" 1.2.3.4",
        "refuse IPV4_PARTS \"1\" = 1.2.3.4",
        "refuse IPV4_PARTS \"\\x0\"",
        "refuse IPV4_PARTS \"\\q\"",
        "refuse IPV4_PARTS \"\\",
    };
    struct address_case c;
    const char *error;

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(lines); i++) {
        assert_int_equal(address_line_read(&c, lines[i], &error), ADDRESS_LINE_WRONG);
        assert_non_null(error);
    }
}

static void test_quoting_is_read_back(void **state)
{
    char text[32], line[512], quoted[400];
    struct address_case c;
    const char *error;

    (void)state;
    for (unsigned first = 0; first < 256; first += sizeof text) {
        for (unsigned i = 0; i < sizeof text; i++)
            text[i] = (char)(first + i);
        address_quote(quoted, sizeof quoted, text, sizeof text);
        snprintf(line, sizeof line, "refuse IPV4_PARTS %s", quoted);
        assert_int_equal(address_line_read(&c, line, &error), ADDRESS_LINE_CASE);
        assert_int_equal(c.length, sizeof text);
        assert_memory_equal(c.text, text, sizeof text);
    }
    address_quote(quoted, 16, "0123456789abcdef", 16);
    assert_string_equal(quoted, "\"012345...\"");
}

CHECK_MAIN(cmocka_unit_test(test_the_reference_is_right),
           cmocka_unit_test(test_every_clause_has_both_sides),
           cmocka_unit_test(test_planted_faults_are_found),
           cmocka_unit_test(test_lines_that_are_wrong), cmocka_unit_test(test_quoting_is_read_back))
