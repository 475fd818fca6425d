/* record: see record.h. */
#include "drill/record.h"

#include <string.h>

void record_reader_start(struct record_reader *reader, const uint8_t *input, size_t size,
                         uint8_t *scratch, size_t payload_max)
{
    static const uint8_t empty[1];

    *reader = (struct record_reader){.next = size > 0 ? input : empty,
                                     .end = size > 0 ? input + size : empty,
                                     .scratch = scratch,
                                     .payload_left = payload_max};
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Finds the next fence that starts a record, or end. Sets *escaped when a literal was passed. */
static const uint8_t *find_fence(const uint8_t *from, const uint8_t *end, bool *escaped)
{
    while (end - from >= 3) {
        const uint8_t *fence = memchr(from, FENCE_0, (size_t)(end - from - 2));

        if (fence == NULL)
            break;
        if (fence[1] != FENCE_1) {
            from = fence + 1;
        } else if (fence[2] == CODE_LITERAL) {
            *escaped = true;
            from = fence + 3;
        } else {
            return fence;
        }
    }
    return end;
}

/* Copies up to capacity bytes of a body without the escape bytes; returns how many. */
static size_t unescape(uint8_t *output, size_t capacity, const uint8_t *body, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < size && used < capacity; i++) {
        output[used++] = body[i];
        if (i >= 1 && i + 1 < size && body[i - 1] == FENCE_0 && body[i] == FENCE_1 &&
            body[i + 1] == CODE_LITERAL)
            i++;
    }
    return used;
}

bool record_read(struct record_reader *reader, struct record *record)
{
    bool escaped = false;
    bool implicit = !reader->started;
    const uint8_t *body = reader->next;
    const uint8_t *end;
    size_t size;
    size_t header;

    reader->started = true;
    if (body == reader->end)
        return false;
    if (implicit && find_fence(body, reader->end, &escaped) == body)
        implicit = false;
    memset(record, 0, sizeof *record);
    if (!implicit) {
        record->code = body[2];
        body += 3;
    }
    escaped = false;
    end = find_fence(body, reader->end, &escaped);
    size = (size_t)(end - body);
    reader->next = end;
    header = implicit ? 0 : HEADER_SIZE;
    if (escaped) {
        size = unescape(reader->scratch, header + reader->payload_left, body, size);
        body = reader->scratch;
        reader->scratch += size;
    }
    header = size < header ? size : header;
    if (header > 0)
        memcpy(record->header, body, header);
    record->payload = body + header;
    record->payload_size = min_size(size - header, reader->payload_left);
    reader->payload_left -= record->payload_size;
    return true;
}

/* Appends bytes, escaping every fence among them; the last two bytes are looked at across calls. */
static size_t append_escaped(const uint8_t *bytes, size_t size, uint8_t *output, size_t used,
                             size_t capacity, uint8_t *last)
{
    for (size_t i = 0; i < size; i++) {
        bool fence = *last == FENCE_0 && bytes[i] == FENCE_1;

        if (used + 1 + fence > capacity)
            return 0;
        output[used++] = bytes[i];
        if (fence)
            output[used++] = CODE_LITERAL;
        *last = bytes[i];
    }
    return used;
}

size_t record_write(const struct record *record, uint8_t *output, size_t used, size_t capacity)
{
    const uint8_t fence[] = {FENCE_0, FENCE_1, record->code};
    size_t header = HEADER_SIZE;
    uint8_t last = 0;

    if (used + sizeof fence > capacity)
        return 0;
    memcpy(output + used, fence, sizeof fence);
    used += sizeof fence;
    while (record->lead_size + record->payload_size == 0 && header > 0 &&
           record->header[header - 1] == 0)
        header--;
    used = append_escaped(record->header, header, output, used, capacity, &last);
    if (used != 0)
        used = append_escaped(record->lead, record->lead_size, output, used, capacity, &last);
    if (used == 0)
        return 0;
    return append_escaped(record->payload, record->payload_size, output, used, capacity, &last);
}

uint32_t record_number(const struct record *record)
{
    const uint8_t *n = record->header + HEADER_NUMBER;

    return n[0] | (uint32_t)n[1] << 8 | (uint32_t)n[2] << 16 | (uint32_t)n[3] << 24;
}

void record_set_number(struct record *record, uint32_t number)
{
    for (unsigned i = 0; i < 4; i++)
        record->header[HEADER_NUMBER + i] = (uint8_t)(number >> 8 * i);
}
