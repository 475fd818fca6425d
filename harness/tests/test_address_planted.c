/*
 * test_address_planted: a fault planted in a parser is found by the differential targets' own code,
 * told apart by its title, and shown by the shortest string.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address/address.h"
#include "address/implementations/implementation.h"
#include "address/judge.h"
#include "targets/address/differential.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

enum { TRIES = 200000, CHILD_SECONDS = 60 };

/* What is wrong with the parser under test; nothing if it is NULL. */
static const struct fault {
    enum sockdrill_form form;
    int (*read)(struct sockdrill_address *out, const char *text, size_t length);
    const char *title;
    const char *shortest;
} * fault;

/* The reference as a parser. */
static int read_right(enum sockdrill_form form, struct sockdrill_address *out, const char *text,
                      size_t length)
{
    struct address_verdict v;

    return address_read(&v, out, form, text, length) ? SOCKDRILL_ACCEPTED : SOCKDRILL_REFUSED;
}

static int read_cut_space(struct sockdrill_address *out, const char *text, size_t length)
{
    return read_right(SOCKDRILL_FORM_IPV4, out, text, length > 0 ? strcspn(text, " ") : 0);
}

static int read_octal(struct sockdrill_address *out, const char *text, size_t length)
{
    int reading = read_right(SOCKDRILL_FORM_NUMBERS, out, text, length);

    if (length > 1 && text[0] == '0' && text[1] != 'x' && text[1] != '.')
        out->bytes[3] ^= 1;
    return reading;
}

static int read_without_gap_at_end(struct sockdrill_address *out, const char *text, size_t length)
{
    if (length > 2 && strcmp(text + length - 2, "::") == 0)
        return SOCKDRILL_REFUSED;
    return read_right(SOCKDRILL_FORM_IPV6, out, text, length);
}

static int read_port_modulo(struct sockdrill_address *out, const char *text, size_t length)
{
    if (read_right(SOCKDRILL_FORM_PORT, out, text, length) == SOCKDRILL_ACCEPTED)
        return SOCKDRILL_ACCEPTED;
    if (length == 0 || strspn(text, "0123456789") < length)
        return SOCKDRILL_REFUSED;
    out->port = (int32_t)(strtoul(text, NULL, 10) & UINT16_MAX);
    return SOCKDRILL_ACCEPTED;
}

static int read_prefix_far(struct sockdrill_address *out, const char *text, size_t length)
{
    if (length > 3 && strcmp(text + length - 3, "/33") == 0)
        return read_right(SOCKDRILL_FORM_IPV4, out, text, length - 3);
    return read_right(SOCKDRILL_FORM_PREFIX, out, text, length);
}

static const struct fault faults[] = {
    {SOCKDRILL_FORM_IPV4, read_cut_space, "deviation: planted parser (IPV4_END): got accepted",
     "0.0.0.0 "},
    {SOCKDRILL_FORM_NUMBERS, read_octal, "deviation: planted parser (NUMBERS_OCTAL): got otherwise",
     "00"},
    {SOCKDRILL_FORM_IPV6, read_without_gap_at_end,
     "deviation: planted parser (IPV6_ELISION): got refused", "0::"},
    {SOCKDRILL_FORM_PORT, read_port_modulo, "deviation: planted parser (PORT_RANGE): got accepted",
     "65536"},
    {SOCKDRILL_FORM_PREFIX, read_prefix_far,
     "deviation: planted parser (PREFIX_RANGE_IPV4): got accepted", "0.0.0.0/33"},
};

/* --- what the targets find in place of the libraries --- */

static int read_planted(struct sockdrill_address *out, const char *text, size_t length)
{
    return fault->read(out, text, length);
}

const struct address_library *const *address_libraries(size_t *count)
{
    static struct sockdrill_address_parser parser = {
        .version = SOCKDRILL_ADDRESS_VERSION, .name = "parser", .read = read_planted};
    static const struct address_library library = {"planted", &parser, 1};
    static const struct address_library *const libraries[] = {&library};

    parser.form = fault->form;
    *count = 1;
    return libraries;
}

/* --- finding it --- */

static void draw(struct random *random, char *text, size_t size, size_t *length)
{
    static const char *const pieces[] = {"0", "1",  "255",     "65536",   ".", ".", ":", "::",
                                         "/", "33", "0.0.0.0", "1.2.3.4", " ", "x", "a"};
    unsigned count = random_below(random, 8);

    *length = 0;
    while (count-- > 0) {
        const char *piece = pieces[random_below(random, CHECK_COUNT(pieces))];

        *length += (size_t)snprintf(text + *length, size - *length, "%s", piece);
    }
}

static int fuzz(void *context)
{
    struct random random;

    (void)context;
    random_start(&random);
    for (unsigned i = 0; i < TRIES; i++) {
        char text[128];
        size_t length;

        draw(&random, text, sizeof text, &length);
        differential_check((const uint8_t *)text, length, &fault->form, 1);
    }
    return 0;
}

static void test_faults_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(faults); i++) {
        struct check_end end;

        fault = &faults[i];
        end = check_child(fuzz, NULL, CHILD_SECONDS);
        if (!check_died(&end) || strncmp(end.said, fault->title, strlen(fault->title)) != 0)
            fail_msg("wanted \"%s\", got \"%s\"", fault->title, end.said);
        free(end.said);
    }
}

static int read_reference(struct sockdrill_address *out, const char *text, size_t length)
{
    return read_right(fault->form, out, text, length);
}

static void test_without_a_fault_nothing_is_found(void **state)
{
    (void)state;
    for (unsigned form = 0; form < SOCKDRILL_FORMS; form++) {
        const struct fault none = {.form = (enum sockdrill_form)form, .read = read_reference};
        struct check_end end;

        fault = &none;
        end = check_child(fuzz, NULL, CHILD_SECONDS);
        assert_true(check_exited(&end, 0));
        free(end.said);
    }
}

/* From a long string to the shortest. */
static void test_strings_are_shortened(void **state)
{
    static const char *const texts[] = {"192.0.2.1 x", "0377.0.0.1", "2001:db8::", "99999",
                                        "192.168.1.1/33"};

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(faults); i++) {
        struct sockdrill_address_parser parser = {SOCKDRILL_ADDRESS_VERSION, faults[i].form,
                                                  "parser", faults[i].read};
        char text[64];

        snprintf(text, sizeof text, "%s", texts[i]);
        address_shorten(&parser, text, strlen(text));
        assert_string_equal(text, faults[i].shortest);
    }
}

CHECK_MAIN(cmocka_unit_test(test_faults_are_found),
           cmocka_unit_test(test_without_a_fault_nothing_is_found),
           cmocka_unit_test(test_strings_are_shortened))
