/* test_address: the reference parsers and printers: why and where they refuse, and any bytes. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "address/address.h"
#include "address/piece.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

static void test_refusals_say_where(void **state)
{
    static const struct {
        enum sockdrill_form form;
        enum address_clause clause;
        const char *text;
        size_t offset;
    } cases[] = {
        {SOCKDRILL_FORM_IPV4, ADDRESS_IPV4_PARTS, "1.2.3", 5},
        {SOCKDRILL_FORM_IPV4, ADDRESS_IPV4_RANGE, "1.2.256.4", 4},
        {SOCKDRILL_FORM_IPV4, ADDRESS_IPV4_END, "1.2.3.4 ", 7},
        {SOCKDRILL_FORM_IPV4, ADDRESS_IPV4_LEADING_ZERO, "0127.0.0.1", 3},
        {SOCKDRILL_FORM_NUMBERS, ADDRESS_NUMBERS_PARTS, "1.2.3.4.5", 7},
        {SOCKDRILL_FORM_NUMBERS, ADDRESS_NUMBERS_OCTAL, "1.08", 3},
        {SOCKDRILL_FORM_NUMBERS, ADDRESS_NUMBERS_BYTE, "1.256.1", 2},
        {SOCKDRILL_FORM_NUMBERS, ADDRESS_NUMBERS_HEX, "0x", 2},
        {SOCKDRILL_FORM_IPV6, ADDRESS_IPV6_ELISION_ONCE, "1::2::3", 4},
        {SOCKDRILL_FORM_IPV6, ADDRESS_IPV6_COLON, "1:2:", 3},
        {SOCKDRILL_FORM_IPV6, ADDRESS_IPV4_RANGE, "::1.2.3.256", 8},
        {SOCKDRILL_FORM_IPV6, ADDRESS_IPV6_NO_ZONE, "fe80::1%lo", 7},
        {SOCKDRILL_FORM_SCOPED, ADDRESS_ZONE_DELIMITER, "fe80::1%a%b", 9},
        {SOCKDRILL_FORM_CANONICAL, ADDRESS_CANON_CASE, "2001:dB8::1", 6},
        {SOCKDRILL_FORM_CANONICAL, ADDRESS_CANON_ZEROS, "2001:db8::01", 10},
        {SOCKDRILL_FORM_HOST, ADDRESS_HOST_PORT, "[::1]:80:80", 8},
        {SOCKDRILL_FORM_HOST, ADDRESS_IPV6_END, "[::g]", 3},
        {SOCKDRILL_FORM_HOST, ADDRESS_HOST_NAME, "a b", 1},
        {SOCKDRILL_FORM_PREFIX, ADDRESS_PREFIX_RANGE_IPV4, "10.0.0.0/33", 9},
        {SOCKDRILL_FORM_PORT, ADDRESS_PORT_DECIMAL, "8 0", 1},
        {SOCKDRILL_FORM_SERVICE, ADDRESS_SERVICE_HYPHENS, "a--b", 2},
        {SOCKDRILL_FORM_SOCKADDR, ADDRESS_SOCKADDR_LENGTH, "\2", 1},
    };

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(cases); i++) {
        struct sockdrill_address address;
        struct address_verdict v;

        assert_false(
            address_read(&v, &address, cases[i].form, cases[i].text, strlen(cases[i].text)));
        assert_string_equal(address_clause_info(v.clause)->id,
                            address_clause_info(cases[i].clause)->id);
        assert_int_equal(v.offset, cases[i].offset);
    }
}

/* Memory that ends where the next page cannot be read. */
static char *map_edge(size_t size, size_t *mapped)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory;

    *mapped = (size / page + 2) * page;
    memory = mmap(NULL, *mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(memory, MAP_FAILED);
    assert_int_equal(mprotect(memory + *mapped - page, page, PROT_NONE), 0);
    return memory + *mapped - page - size;
}

static void read_every_form(const char *text, size_t length)
{
    for (unsigned form = 0; form < SOCKDRILL_FORMS; form++) {
        struct sockdrill_address address;
        struct address_verdict v;
        char printed[ADDRESS_PRINT_MAX];

        if (address_read(&v, &address, (enum sockdrill_form)form, text, length))
            address_print(printed, &address);
        else
            assert_true(v.offset <= length);
    }
}

static void test_nothing_is_read_beyond_the_length(void **state)
{
    static const char *const texts[] = {
        "1.2.3.4", "0x7f.1",     "::ffff:1.2.3.4", "fe80::1%lo", "[fe80::1%25lo]:80",
        "[v1.a]",  "10.0.0.0/8", "ex%41mple:80",   "\2\0\0\0"};
    size_t mapped;
    char *edge = map_edge(64, &mapped) + 64;

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(texts); i++)
        for (size_t length = 0; length <= strlen(texts[i]); length++) {
            memcpy(edge - length, texts[i], length);
            read_every_form(edge - length, length);
        }
    munmap(edge + (size_t)sysconf(_SC_PAGESIZE) - mapped, mapped);
}

static void test_megabytes(void **state)
{
    enum { SIZE = 4 << 20 };
    static const char fills[] = {'0', '1', ':', '.', '%', '[', ']', 'a', ' ', '/', '\0', '\xff'};
    static const char *const heads[] = {"[::1%25", "::1%", "1.2.3.4", "a:", "[v1."};
    char *text = malloc(SIZE);

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < CHECK_COUNT(fills); i++) {
        memset(text, fills[i], SIZE);
        read_every_form(text, SIZE);
        for (size_t head = 0; head < CHECK_COUNT(heads); head++) {
            memcpy(text, heads[head], strlen(heads[head]) + 1);
            text[strlen(heads[head])] = fills[i];
            read_every_form(text, SIZE);
        }
    }
    free(text);
}

/* Mostly a byte that addresses have. */
static char draw_byte(struct random *random)
{
    static const char alphabet[] = "0123456789abcdefxX.:%[]/-+ \n\0\xff";

    if (random_below(random, 8) > 0)
        return alphabet[random_below(random, sizeof alphabet - 1)];
    return (char)(uint8_t)random_next(random);
}

static void test_any_bytes(void **state)
{
    struct random random;

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(300000, 0); i > 0; i--) {
        size_t length = random_below(&random, 24);
        char *text = malloc(length + 1);

        assert_non_null(text);
        for (size_t c = 0; c < length; c++)
            text[c] = draw_byte(&random);
        text = realloc(text, length > 0 ? length : 1);
        read_every_form(text, length);
        free(text);
    }
}

/* Bytes of which many are 0, as addresses have them. */
static void draw_address(struct random *random, uint8_t bytes[16])
{
    random_fill(random, bytes, 16);
    for (int i = 0; i < PIECES; i++)
        if (random_below(random, 3) > 0)
            piece_set(bytes, i, 0);
    if (random_below(random, 8) == 0)
        bytes[10] = bytes[11] = 0xff;
}

static void test_what_is_printed_is_read_back(void **state)
{
    struct random random;

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(300000, 0); i > 0; i--) {
        uint8_t bytes[16], again[16];
        struct address_verdict v = {0};
        struct sockdrill_address address;
        char text[ADDRESS_TEXT_MAX];
        size_t length;

        draw_address(&random, bytes);
        length = address_print_ipv6(text, bytes);
        assert_int_equal(length, strlen(text));
        assert_true(address_ipv6(&v, again, NULL, text, length));
        assert_memory_equal(again, bytes, 16);
        assert_int_equal(inet_pton(AF_INET6, text, again), 1);
        assert_memory_equal(again, bytes, 16);
        assert_true(address_read(&v, &address, SOCKDRILL_FORM_CANONICAL, text, length));
        length = address_print_ipv4(text, bytes);
        assert_true(address_ipv4(&v, again, text, length));
        assert_memory_equal(again, bytes, 4);
        assert_int_equal(inet_pton(AF_INET, text, again), 1);
        assert_memory_equal(again, bytes, 4);
    }
}

static void test_the_longest_texts_fit(void **state)
{
    static const char *const texts[] = {
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "::ffff:255.255.255.255",
        "::ffff:0:255.255.255.255",
    };
    char text[ADDRESS_TEXT_MAX];
    uint8_t bytes[16];

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(texts); i++) {
        struct address_verdict v = {0};

        assert_true(address_ipv6(&v, bytes, NULL, texts[i], strlen(texts[i])));
        address_print_ipv6(text, bytes);
        assert_string_equal(text, texts[i]);
    }
}

static void test_forms_have_names(void **state)
{
    (void)state;
    for (unsigned form = 0; form < SOCKDRILL_FORMS; form++)
        assert_int_equal(address_form_find(address_form_name((enum sockdrill_form)form)), form);
    assert_int_equal(address_form_find("ipv5"), SOCKDRILL_FORMS);
}

CHECK_MAIN(cmocka_unit_test(test_refusals_say_where),
           cmocka_unit_test(test_nothing_is_read_beyond_the_length),
           cmocka_unit_test(test_megabytes), cmocka_unit_test(test_any_bytes),
           cmocka_unit_test(test_what_is_printed_is_read_back),
           cmocka_unit_test(test_the_longest_texts_fit), cmocka_unit_test(test_forms_have_names))
