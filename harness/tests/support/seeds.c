/* seeds: see seeds.h. */
#include "tests/support/seeds.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/check.h"
#include "tests/support/inputs.h"

enum { SEEDS_MAX = 4096, FOLDERS_OPEN_MAX = 16 };

const struct drill_rules *const seeds_every_rules[SEEDS_RULES] = {
    &drill_rules_any, &drill_rules_stream, &drill_rules_datagram, &drill_rules_remote,
    &drill_rules_actors};

static struct seed seeds[SEEDS_MAX];
static size_t seed_count;

static void read_text(struct seed *seed, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat status;

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &status), 0);
    seed->path = strdup(path);
    seed->size = (size_t)status.st_size;
    seed->text = malloc(seed->size + 1);
    assert_int_equal(fread(seed->text, 1, seed->size, file), seed->size);
    fclose(file);
}

static void encode(struct seed *seed)
{
    static struct drill drill;
    static struct drill_notes notes;
    static uint8_t room[DRILL_ENCODED_MAX];
    struct drill_error error;

    if (!drill_parse(&drill, &notes, &error, seed->text, seed->size))
        fail_msg("%s:%u:%u: %s", seed->path, error.line, error.column, error.message);
    seed->remote = notes.uses_remote;
    seed->byte_count = drill_encode(&drill, room, sizeof room, seeds_rules(seed));
    assert_true(seed->byte_count > 0);
    seed->bytes = input_exact(room, seed->byte_count);
}

static int visit(const char *path, const struct stat *status, int type, struct FTW *where)
{
    size_t length = strlen(path);

    (void)status;
    (void)where;
    if (type != FTW_F || length < 6 || strcmp(path + length - 6, ".drill") != 0)
        return 0;
    assert_true(seed_count < SEEDS_MAX);
    read_text(&seeds[seed_count++], path);
    return 0;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct seed *)a)->path, ((const struct seed *)b)->path);
}

const struct seed *seeds_all(size_t *count)
{
    if (seed_count == 0) {
        nftw(SOCKDRILL_ROOT "/corpus/seeds", visit, FOLDERS_OPEN_MAX, FTW_PHYS);
        nftw(SOCKDRILL_ROOT "/corpus/regressions", visit, FOLDERS_OPEN_MAX, FTW_PHYS);
        qsort(seeds, seed_count, sizeof *seeds, by_path);
        for (size_t i = 0; i < seed_count; i++)
            encode(&seeds[i]);
    }
    assert_true(seed_count > 0);
    *count = seed_count;
    return seeds;
}

const struct drill_rules *seeds_rules(const struct seed *seed)
{
    return seed->remote ? &drill_rules_remote : &drill_rules_any;
}
