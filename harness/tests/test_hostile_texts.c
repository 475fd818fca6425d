/* test_hostile_texts: whatever stands in a text, parsing it ends with a drill or a good message. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"
#include "tests/support/texts.h"

enum { LONG_LINE = 1 << 20 };

static struct drill drill;
static struct drill again;
static struct drill_notes notes;

/* Where a line of the text starts, or NULL when it has no such line. */
static const char *line_of(const char *text, size_t size, uint32_t number)
{
    const char *line = text;

    for (uint32_t i = 1; i < number && line != NULL; i++) {
        line = memchr(line, '\n', size - (size_t)(line - text));
        line = line != NULL ? line + 1 : NULL;
    }
    return line;
}

/* A message is one line of printable characters, at a place of the text. */
static void check_error(const char *text, size_t size, const struct drill_error *error)
{
    const char *line = line_of(text, size, error->line);
    const char *end;

    if (error->line < 1 || line == NULL) {
        fail_msg("no line %u", error->line);
        return;
    }
    end = memchr(line, '\n', size - (size_t)(line - text));
    end = end != NULL ? end : text + size;
    assert_true(error->column >= 1 && error->column - 1 <= (size_t)(end - line));
    assert_in_range(strlen(error->message), 1, DRILL_ERROR_MAX - 1);
    for (const char *c = error->message; *c != '\0'; c++)
        assert_true(isprint((unsigned char)*c));
}

/* A text that is a drill is read as the same one after it has been printed. */
static void check_drill(void)
{
    size_t size;
    char *text = text_printed(&drill, &notes, &size);
    static struct drill_notes others;

    text_parse_valid(&again, &others, text, size);
    assert_true(drill_equal(&drill, &again));
    free(text);
}

static void check_text(const char *text, size_t size)
{
    struct drill_error error = {.message = ""};

    if (text_parse(&drill, &notes, &error, text, size))
        check_drill();
    else
        check_error(text, size, &error);
}

static void test_every_prefix_of_the_seeds(void **state)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);

    (void)state;
    for (size_t i = 0; i < count; i += 3)
        for (size_t part = 0; part < seeds[i].size && part < 1500; part++)
            check_text(seeds[i].text, part);
}

/* Bytes of which drills are made, in no order. */
static void random_text(struct random *random, char *text, size_t size)
{
    /* Its NUL included. */
    static const char alphabet[] = "s0123456789 =(),|[]{}\"\\\n#\r\txAF_INETOCKM:.->";

    for (size_t i = 0; i < size; i++) {
        if (random_below(random, 8) == 0)
            random_fill(random, (uint8_t *)text + i, 1);
        else
            text[i] = alphabet[random_below(random, sizeof alphabet)];
    }
}

static void test_random_bytes(void **state)
{
    struct random random;
    char text[256];

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(50000, 0); i > 0; i--) {
        size_t size = random_below(&random, sizeof text);

        random_text(&random, text, size);
        check_text(text, size);
    }
}

static void test_mutated_seeds(void **state)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);
    struct random random;

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(20000, 0); i > 0; i--) {
        const struct seed *seed = &seeds[random_below(&random, (uint32_t)count)];
        char *text = malloc(seed->size);

        memcpy(text, seed->text, seed->size);
        for (uint32_t edits = random_below(&random, 4) + 1; edits > 0; edits--)
            random_text(&random, text + random_below(&random, (uint32_t)seed->size), 1);
        check_text(text, seed->size);
        free(text);
    }
}

/* A line of one mebibyte, at each place where the parser reads a run of characters. */
static void test_very_long_lines(void **state)
{
    static const struct {
        const char *start;
        char filling;
    } rows[] = {
        {"", 'a'},
        {"", ' '},
        {"", '#'},
        {"", '('},
        {"", '\0'},
        {"", '\r'},
        {"# ", 'x'},
        {"close(", 'a'},
        {"close(", '9'},
        {"close(", ' '},
        {"close(s0) = ", '1'},
        {"close(s0) = 1 ", 'E'},
        {"s = socket(", 'A'},
        {"listen(s0, ", '0'},
        {"listen(s0, ", '9'},
        {"listen(s0, -", '9'},
        {"send(s0, \"", 'x'},
        {"send(s0, \"", '\\'},
        {"bind(s0, ", '1'},
        {"bind(s0, [", ':'},
        {"bind(s0, sockaddr(\"", 'x'},
        {"send(s0, \"\", 0) = 1 \"", 'x'},
        {"setsockopt(s0, SOL_SOCKET, SO_", 'A'},
        {"poll([{s0, 0}, ", '{'},
    };
    char *text = malloc(LONG_LINE);

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        size_t start = strlen(rows[i].start);

        memset(text, rows[i].filling, LONG_LINE);
        memcpy(text, rows[i].start, start);
        check_text(text, LONG_LINE);
    }
    free(text);
}

/* More expectations than the notes hold: an error, not a write beyond. */
static void test_expectations_that_do_not_fit(void **state)
{
    enum { PART = 30000 };
    char *part = malloc(PART + 1);
    struct drill_error error;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    memset(part, '\x01', PART); /* printed as four characters */
    part[PART] = '\0';
    for (int i = 0; i < 3; i++)
        fprintf(out, "recv(s0, 1, 0) = 1 \"%s\"\n", part);
    fclose(out);
    assert_false(text_parse(&drill, &notes, &error, text, size));
    check_error(text, size, &error);
    free(text);
    free(part);
}

/* With \r\n at the ends of its lines a seed is the same drill. */
static void test_line_ends_of_windows(void **state)
{
    static const char *const ends[] = {"\n", "\r\n", NULL};
    size_t count;
    const struct seed *seeds = seeds_all(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        char *text = strndup(seeds[i].text, seeds[i].size);
        char *windows = text_replaced(text, ends);

        text_parse_valid(&drill, &notes, text, strlen(text));
        text_parse_valid(&again, &notes, windows, strlen(windows));
        assert_true(drill_equal(&drill, &again));
        free(windows);
        free(text);
    }
}

static void test_no_text_at_all(void **state)
{
    struct drill_error error;

    (void)state;
    assert_true(text_parse(&drill, &notes, &error, "", 0));
    assert_int_equal(drill.call_count, 0);
    assert_true(drill_parse(&drill, &notes, &error, NULL, 0));
    assert_int_equal(drill.call_count, 0);
}

CHECK_MAIN(cmocka_unit_test(test_every_prefix_of_the_seeds), cmocka_unit_test(test_random_bytes),
           cmocka_unit_test(test_mutated_seeds), cmocka_unit_test(test_very_long_lines),
           cmocka_unit_test(test_expectations_that_do_not_fit),
           cmocka_unit_test(test_line_ends_of_windows), cmocka_unit_test(test_no_text_at_all))
