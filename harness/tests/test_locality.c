/*
 * test_locality: a random edit of one byte changes few calls, so that an engine's small steps stay
 * small. Before slots are repaired an edit changes at most two records; how many calls it changes
 * after repair is measured and printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drill/drill.h"
#include "drill/record.h"
#include "tests/support/check.h"
#include "tests/support/inputs.h"
#include "tests/support/seeds.h"

enum { RECORDS_MAX = INPUT_SIZE_MAX / 3 + 2, CHANGED_MAX = 2, LOCAL_PERCENT = 99 };

/* An input and what is read from it. */
struct reading {
    uint8_t input[INPUT_SIZE_MAX + 1];
    uint8_t scratch[INPUT_SIZE_MAX + RECORDS_MAX * HEADER_SIZE];
    size_t size;
    struct record records[RECORDS_MAX];
    size_t record_count;
    struct drill drill;
};

static struct reading old;
static struct reading new;

static void read_input(struct reading *reading)
{
    struct record_reader reader;

    reading->record_count = 0;
    record_reader_start(&reader, reading->input, reading->size, reading->scratch, INPUT_SIZE_MAX);
    while (record_read(&reader, &reading->records[reading->record_count]))
        reading->record_count++;
}

static bool record_same(const void *a, size_t i, const void *b, size_t j)
{
    const struct record *x = &((const struct reading *)a)->records[i];
    const struct record *y = &((const struct reading *)b)->records[j];

    return x->code == y->code && memcmp(x->header, y->header, HEADER_SIZE) == 0 &&
           x->payload_size == y->payload_size &&
           memcmp(x->payload, y->payload, x->payload_size) == 0;
}

static bool call_same(const void *a, size_t i, const void *b, size_t j)
{
    return call_equal(&((const struct reading *)a)->drill.calls[i],
                      &((const struct reading *)b)->drill.calls[j]);
}

/* How many of two sequences are not in their common prefix or suffix: the larger number. */
static size_t changed(const void *a, size_t a_count, const void *b, size_t b_count,
                      bool (*same)(const void *, size_t, const void *, size_t))
{
    size_t least = a_count < b_count ? a_count : b_count;
    size_t most = a_count < b_count ? b_count : a_count;
    size_t prefix = 0;
    size_t suffix = 0;

    while (prefix < least && same(a, prefix, b, prefix))
        prefix++;
    while (suffix < least - prefix && same(a, a_count - 1 - suffix, b, b_count - 1 - suffix))
        suffix++;
    return most - prefix - suffix;
}

/* Half are seeds, half random drills; all are as the encoder writes them. */
static void make_encoded(struct random *random, struct reading *reading)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);
    const struct seed *seed = &seeds[random_below(random, (uint32_t)count)];

    if (random_below(random, 2) == 0 && seed->byte_count <= INPUT_SIZE_MAX) {
        memcpy(reading->input, seed->bytes, seed->byte_count);
        reading->size = seed->byte_count;
        return;
    }
    do {
        uint8_t room[INPUT_SIZE_MAX];

        drill_decode(&reading->drill, room, input_make(random, INPUT_RECORDS, room),
                     &drill_rules_actors);
        reading->size =
            drill_encode(&reading->drill, reading->input, INPUT_SIZE_MAX, &drill_rules_actors);
    } while (reading->size == 0);
}

struct figures {
    uint64_t trials;
    uint64_t local_records;
    uint64_t local_calls;
};

static void try_edit(struct random *random, enum input_edit edit, struct figures *figures)
{
    make_encoded(random, &old);
    memcpy(new.input, old.input, old.size);
    new.size = input_edit(random, edit, new.input, old.size);
    read_input(&old);
    read_input(&new);
    drill_decode(&old.drill, old.input, old.size, &drill_rules_actors);
    drill_decode(&new.drill, new.input, new.size, &drill_rules_actors);
    figures->trials++;
    figures->local_records +=
        changed(&old, old.record_count, &new, new.record_count, record_same) <= CHANGED_MAX;
    figures->local_calls +=
        changed(&old, old.drill.call_count, &new, new.drill.call_count, call_same) <= CHANGED_MAX;
}

static void check_edit(enum input_edit edit, const char *name)
{
    struct figures figures = {0};
    struct random random;

    random_start(&random);
    for (uint64_t i = random_count(20000, 0); i > 0; i--)
        try_edit(&random, edit, &figures);
    printf("%s: at most %d changed in %.2f %% of %llu trials before repair, in %.2f %% after\n",
           name, CHANGED_MAX, 100.0 * (double)figures.local_records / (double)figures.trials,
           (unsigned long long)figures.trials,
           100.0 * (double)figures.local_calls / (double)figures.trials);
    assert_true(figures.local_records * 100 >= figures.trials * LOCAL_PERCENT);
}

static void test_substitution_is_local(void **state)
{
    (void)state;
    check_edit(EDIT_SUBSTITUTE, "substitution");
}

static void test_insertion_is_local(void **state)
{
    (void)state;
    check_edit(EDIT_INSERT, "insertion");
}

static void test_deletion_is_local(void **state)
{
    (void)state;
    check_edit(EDIT_DELETE, "deletion");
}

static void set_input(struct reading *reading, const char *codes)
{
    reading->size = 0;
    for (; *codes != '\0'; codes++) {
        struct record record = {.code = (uint8_t)*codes};

        reading->size = record_write(&record, reading->input, reading->size, INPUT_SIZE_MAX);
    }
    read_input(reading);
}

/* What counts the changes counts right; three changed records would be seen. */
static void test_planted_changes_are_counted(void **state)
{
    static const struct {
        const char *old;
        const char *new;
        size_t changed;
    } rows[] = {
        {"", "", 0},        {"abc", "abc", 0},     {"abc", "axc", 1},     {"abc", "ac", 1},
        {"abc", "abbc", 1}, {"abcde", "axxde", 2}, {"abcde", "axcxe", 3}, {"abcde", "xabcd", 5},
        {"aaaa", "aaa", 1}, {"abcd", "", 4},       {"abcd", "efghi", 5},  {"abc", "abcdef", 3},
    };

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
        set_input(&old, rows[i].old);
        set_input(&new, rows[i].new);
        assert_int_equal(changed(&old, old.record_count, &new, new.record_count, record_same),
                         rows[i].changed);
    }
}

CHECK_MAIN(cmocka_unit_test(test_planted_changes_are_counted),
           cmocka_unit_test(test_substitution_is_local), cmocka_unit_test(test_insertion_is_local),
           cmocka_unit_test(test_deletion_is_local))
