/* inputs: see inputs.h. */
#include "tests/support/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "drill/record.h"
#include "tests/support/check.h"
#include "tests/support/seeds.h"

enum { EDITS_MAX = 8, BLOCK_MAX = 32 };

/* Mostly short, sometimes long: as an engine's corpus grows. */
static size_t random_size(struct random *random)
{
    return random_below(random, random_below(random, 64) == 0 ? INPUT_SIZE_MAX : 96);
}

static size_t make_noise(struct random *random, uint8_t *room)
{
    size_t size = random_size(random);

    random_fill(random, room, size);
    return size;
}

static size_t make_fences(struct random *random, uint8_t *room)
{
    static const uint8_t alphabet[] = {FENCE_0, FENCE_0, FENCE_1, FENCE_1, CODE_LITERAL, 1, 0x40};
    size_t size = random_size(random);

    for (size_t i = 0; i < size; i++) {
        uint32_t pick = random_below(random, sizeof alphabet + 2);

        room[i] = pick < sizeof alphabet ? alphabet[pick] : (uint8_t)random_next(random);
    }
    return size;
}

/* A record's fields are small as often as not, so that they mean something. */
static void random_header(struct random *random, struct record *record)
{
    for (size_t i = 0; i < HEADER_SIZE; i++) {
        uint32_t pick = random_below(random, 4);

        if (pick >= 2)
            record->header[i] = (uint8_t)random_below(random, pick == 2 ? 16 : 256);
    }
}

static size_t make_records(struct random *random, uint8_t *room)
{
    static const uint8_t fence[] = {FENCE_0, FENCE_1};
    uint8_t payload[BLOCK_MAX];
    size_t used = 0;

    for (uint32_t i = random_below(random, 20); i > 0; i--) {
        struct record record = {.code = (uint8_t)(1 + random_below(random, OPS + 2)),
                                .payload = payload,
                                .payload_size = random_below(random, BLOCK_MAX)};

        random_fill(random, payload, record.payload_size);
        if (random_below(random, 4) == 0 && record.payload_size > 2)
            memcpy(payload, fence, sizeof fence);
        random_header(random, &record);
        if (random_below(random, 4) == 0)
            record.code = (uint8_t)(CODE_ACTOR + random_below(random, 3));
        used = record_write(&record, room, used, INPUT_SIZE_MAX);
        assert_true(used > 0);
    }
    return used;
}

/* Copies a block within the input over what stands there. */
static void move_block(struct random *random, uint8_t *room, size_t size)
{
    size_t length = 1 + random_below(random, BLOCK_MAX);
    size_t from = random_below(random, (uint32_t)size);
    size_t to = random_below(random, (uint32_t)size);

    if (length > size - from)
        length = size - from;
    if (length > size - to)
        length = size - to;
    memmove(room + to, room + from, length);
}

static size_t make_mutated(struct random *random, uint8_t *room)
{
    size_t count;
    const struct seed *seeds = seeds_all(&count);
    const struct seed *seed = &seeds[random_below(random, (uint32_t)count)];
    size_t size = seed->byte_count < INPUT_SIZE_MAX / 2 ? seed->byte_count : INPUT_SIZE_MAX / 2;

    memcpy(room, seed->bytes, size);
    for (uint32_t i = random_below(random, EDITS_MAX) + 1; i > 0 && size > 0; i--) {
        if (random_below(random, 4) == 0)
            move_block(random, room, size);
        else
            size = input_edit(random, (enum input_edit)random_below(random, EDITS), room, size);
    }
    return size;
}

size_t input_make(struct random *random, enum input_kind kind, uint8_t room[INPUT_SIZE_MAX])
{
    switch (kind) {
    case INPUT_NOISE:
        return make_noise(random, room);
    case INPUT_FENCES:
        return make_fences(random, room);
    case INPUT_RECORDS:
        return make_records(random, room);
    default:
        return make_mutated(random, room);
    }
}

uint8_t *input_room(size_t size)
{
    uint8_t *room = malloc(size); /* NOLINT(clang-analyzer-optin.portability.UnixAPI): also 0 */

    assert_true(room != NULL || size == 0);
    return room;
}

uint8_t *input_exact(const uint8_t *input, size_t size)
{
    uint8_t *copy = input_room(size);

    if (size > 0)
        memcpy(copy, input, size);
    return copy;
}

size_t input_edit(struct random *random, enum input_edit edit, uint8_t *room, size_t size)
{
    size_t at = random_below(random, (uint32_t)size + (edit == EDIT_INSERT));

    switch (edit) {
    case EDIT_SUBSTITUTE:
        room[at] ^= (uint8_t)(1 + random_below(random, 255));
        return size;
    case EDIT_INSERT:
        memmove(room + at + 1, room + at, size - at);
        room[at] = (uint8_t)random_next(random);
        return size + 1;
    default:
        memmove(room + at, room + at + 1, size - at - 1);
        return size - 1;
    }
}
