/* codec_payload: what stands in a record's payload: data, option values, sets. */
#include <string.h>

#include "drill/codec.h"

void codec_lead(struct codec *c, const uint8_t *bytes, size_t size)
{
    if (size > 0)
        memcpy(c->lead + c->record->lead_size, bytes, size);
    c->record->lead = c->lead;
    c->record->lead_size += size;
}

void decode_data(struct codec *c)
{
    uint32_t total = number_of(c) % (c->rules->fill_max + 1);

    if (c->call->bad == BAD_DATA) {
        c->call->number = total;
        return;
    }
    c->call->data = c->record->payload;
    c->call->data_size = (uint32_t)c->record->payload_size;
    c->call->number = total > c->call->data_size ? total : 0;
}

void encode_data(struct codec *c)
{
    encode_number(c);
    c->record->payload = c->call->data;
    c->record->payload_size = c->call->data_size;
}

void decode_option_value(struct codec *c)
{
    if (c->call->bad == BAD_DATA) {
        c->call->number = record_number(c->record) % (OPTION_BYTES_MAX + 2);
        return;
    }
    c->call->raw_value = c->record->header[HEADER_CHOICE2] & 1;
    if (!c->call->raw_value) {
        c->call->number = number_of(c);
        return;
    }
    c->call->data = c->record->payload;
    c->call->data_size = c->record->payload_size < OPTION_BYTES_MAX
                             ? (uint32_t)c->record->payload_size
                             : OPTION_BYTES_MAX;
}

void encode_option_value(struct codec *c)
{
    c->record->header[HEADER_CHOICE2] = c->call->raw_value;
    if (c->call->bad == BAD_DATA) {
        record_set_number(c->record, c->call->number);
    } else if (c->call->raw_value) {
        c->record->payload = c->call->data;
        c->record->payload_size = c->call->data_size;
    } else {
        encode_number(c);
    }
}

/*
 * The first member stands in the header, so that a bare record is a set too, for input; others are
 * pairs in the payload. Of a set that is no memory there is only how many it claims to have.
 */
static void decode_set(struct codec *c, uint8_t events)
{
    const uint8_t *pair = c->record->payload;
    size_t more = c->record->payload_size / PAIR_BYTES;

    if (c->call->bad == BAD_DATA) {
        c->call->entry_count =
            (uint8_t)((c->record->header[HEADER_FLAGS] ^ 1) % (POLL_ENTRIES_MAX + 1));
        return;
    }
    c->call->entries[0].fd = fd_decode(c, WANTS_ANY, c->record->header[HEADER_FD]);
    c->call->entries[0].events = (c->record->header[HEADER_FLAGS] ^ 1) & events;
    if (more > POLL_ENTRIES_MAX - 1)
        more = POLL_ENTRIES_MAX - 1;
    c->call->entry_count = (uint8_t)(more + 1);
    for (size_t i = 1; i <= more; i++, pair += PAIR_BYTES) {
        c->call->entries[i].fd = fd_decode(c, WANTS_ANY, pair[0]);
        c->call->entries[i].events = pair[1] & events;
    }
}

static void encode_set(struct codec *c)
{
    if (c->call->bad == BAD_DATA) {
        c->record->header[HEADER_FLAGS] = c->call->entry_count ^ 1;
        return;
    }
    c->record->header[HEADER_FD] = fd_encode(c, WANTS_ANY, c->call->entries[0].fd);
    c->record->header[HEADER_FLAGS] = c->call->entries[0].events ^ 1;
    for (size_t i = 1; i < c->call->entry_count; i++) {
        const uint8_t pair[PAIR_BYTES] = {fd_encode(c, WANTS_ANY, c->call->entries[i].fd),
                                          c->call->entries[i].events};

        codec_lead(c, pair, sizeof pair);
    }
}

void decode_poll_set(struct codec *c)
{
    decode_set(c, flag_bits(FLAGS_POLL, UINT8_MAX));
}

void encode_poll_set(struct codec *c)
{
    encode_set(c);
}

void decode_select_set(struct codec *c)
{
    decode_set(c, SELECT_ALL);
}

void encode_select_set(struct codec *c)
{
    encode_set(c);
}
