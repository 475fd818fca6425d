/*
 * codec_message: what is sent and received in parts, with addresses and ancillary data. Of a
 * message to send the payload is: ancillary messages, sizes of parts, a raw address, data. The
 * header says how many there are of each, and no more count than the payload has, so that a record
 * which is cut off says the same when it is written again.
 */
#include "drill/codec.h"

/* The number's highest byte: how many cuts, and above them the shape. Of rooms only the shape. */
enum { HEADER_PARTS = HEADER_NUMBER + 3, PARTS_BITS = 2, PARTS_MASK = 3 };

/* The shape of a list of parts: enum part_claim, or no parts at all. */
enum { SHAPE_ALL, SHAPE_NONE, SHAPE_MOST, SHAPE_TOO_MANY };

enum { LOW_24_BITS = 0xffffff };

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Takes a little-endian number off the payload, which has so many bytes. */
static uint32_t take(struct record *record, size_t bytes)
{
    uint32_t number = 0;

    for (size_t i = bytes; i > 0; i--)
        number = number << 8 | record->payload[i - 1];
    record->payload += bytes;
    record->payload_size -= bytes;
    return number;
}

static void lead_number(struct codec *c, uint32_t number, size_t bytes)
{
    uint8_t little[4];

    for (size_t i = 0; i < bytes; i++)
        little[i] = (uint8_t)(number >> 8 * i);
    codec_lead(c, little, bytes);
}

static unsigned shape_of(const struct codec *c, unsigned byte)
{
    unsigned shape = byte & PARTS_MASK;

    if (c->call->bad == BAD_DATA && shape == SHAPE_NONE)
        return SHAPE_ALL; /* no part would have no pointer */
    return call_many(c->call->op) && shape != SHAPE_NONE ? SHAPE_ALL : shape;
}

static void set_claim(struct codec *c, unsigned shape)
{
    c->call->part_claim = (uint8_t)(shape > SHAPE_NONE ? shape - SHAPE_NONE : PARTS_ALL);
}

static unsigned shape_of_call(const struct call *call)
{
    if (call->part_count == 0)
        return SHAPE_NONE;
    return call->part_claim == PARTS_ALL ? SHAPE_ALL : call->part_claim + SHAPE_NONE;
}

/* Whether the parts, or what they are in, are no memory: then there is one, which says nothing. */
static bool parts_are_bad(const struct call *call)
{
    return call->bad == BAD_HEADER || call->bad == BAD_PARTS || call->bad == BAD_DATA;
}

/* --- what is sent --- */

/* The sizes as they stand in the payload, before it is known how much data there is. */
struct cuts {
    unsigned shape;
    size_t count;
    uint32_t sizes[PARTS_MAX - 1];
};

static void take_cuts(struct codec *c, struct cuts *cuts)
{
    unsigned byte = c->record->header[HEADER_PARTS];

    cuts->shape = shape_of(c, byte >> PARTS_BITS);
    cuts->count = min_size(byte & PARTS_MASK, c->record->payload_size / CUT_BYTES);
    if (cuts->shape == SHAPE_NONE || parts_are_bad(c->call))
        cuts->count = 0;
    for (size_t i = 0; i < cuts->count; i++)
        cuts->sizes[i] = take(c->record, CUT_BYTES);
}

static void decode_cut_data(struct codec *c, const struct cuts *cuts)
{
    struct call *call = c->call;
    uint32_t total = (record_number(c->record) & LOW_24_BITS) % (c->rules->fill_max + 1);
    uint32_t left = (uint32_t)c->record->payload_size;

    if (cuts->shape == SHAPE_NONE)
        return;
    set_claim(c, cuts->shape);
    call->part_count = (uint8_t)(cuts->count + 1);
    if (parts_are_bad(call)) {
        call->number = call->bad == BAD_DATA ? total : 0;
        return;
    }
    call->data = c->record->payload;
    call->data_size = left;
    call->number = total > left ? total : 0;
    for (size_t i = 0; i < cuts->count; i++) {
        call->parts[i] = cuts->sizes[i] % (left + 1);
        left -= call->parts[i];
    }
    call->parts[cuts->count] = left;
}

static void encode_cut_sizes(struct codec *c)
{
    const struct call *call = c->call;
    unsigned cuts = call->part_count > 0 ? call->part_count - 1u : 0;
    uint32_t byte = cuts | shape_of_call(call) << PARTS_BITS;

    record_set_number(c->record, call->number | byte << 24);
    for (size_t i = 0; i < cuts; i++)
        lead_number(c, call->parts[i], CUT_BYTES);
    c->record->payload = call->data;
    c->record->payload_size = call->data_size;
}

void decode_parts(struct codec *c)
{
    struct cuts cuts;

    take_cuts(c, &cuts);
    decode_cut_data(c, &cuts);
}

void encode_parts(struct codec *c)
{
    encode_cut_sizes(c);
}

/* --- ancillary data --- */

/* The fixed hosts of the family that a message's level has, in their order. */
static unsigned family_hosts(const struct control_info *info, uint8_t list[HOSTS])
{
    int family = info->level == IPPROTO_IPV6 ? AF_INET6 : AF_INET;
    unsigned count = 0;

    for (unsigned i = 0; i < HOSTS; i++)
        if (hosts()[i].family == family)
            list[count++] = (uint8_t)i;
    return count;
}

static int16_t decode_control_value(const struct control_info *info, uint32_t value)
{
    uint8_t list[HOSTS];

    if (info->form == CONTROL_HOST)
        return list[value % family_hosts(info, list)];
    return (int16_t)(value < 0x8000 ? (int32_t)value : (int32_t)value - 0x10000);
}

static uint32_t encode_control_value(const struct control_info *info, int16_t value)
{
    uint8_t list[HOSTS];
    uint32_t index = 0;

    if (info->form != CONTROL_HOST)
        return (uint16_t)value;
    for (family_hosts(info, list); list[index] != value;)
        index++;
    return index;
}

static void decode_controls(struct codec *c)
{
    struct call *call = c->call;
    unsigned byte = c->record->header[HEADER_CHOICE];
    size_t kinds;
    const struct control_info *info = controls(&kinds);

    if (call->bad != BAD_CONTROL)
        call->control_count =
            (uint8_t)min_size(byte % (CONTROLS_MAX + 1), c->record->payload_size / CONTROL_BYTES);
    call->control_length = (uint8_t)(byte / (CONTROLS_MAX + 1) % CONTROL_LENGTHS);
    for (size_t i = 0; i < call->control_count; i++) {
        struct control *control = &call->controls[i];

        control->kind = (uint8_t)(take(c->record, 1) % kinds);
        control->length = (uint8_t)(take(c->record, 1) % CONTROL_LENGTHS);
        control->value = decode_control_value(&info[control->kind], take(c->record, 2));
    }
}

static void encode_controls(struct codec *c)
{
    const struct call *call = c->call;
    size_t kinds;
    const struct control_info *info = controls(&kinds);

    c->record->header[HEADER_CHOICE] =
        (uint8_t)(call->control_count + (CONTROLS_MAX + 1) * call->control_length);
    for (size_t i = 0; i < call->control_count; i++) {
        const struct control *control = &call->controls[i];

        lead_number(c, control->kind, 1);
        lead_number(c, control->length, 1);
        lead_number(c, encode_control_value(&info[control->kind], control->value), 2);
    }
}

void decode_sent_message(struct codec *c)
{
    struct cuts cuts;

    if (c->call->bad == BAD_HEADER)
        return;
    decode_controls(c);
    take_cuts(c, &cuts);
    decode_optional_address(c);
    decode_cut_data(c, &cuts);
}

void encode_sent_message(struct codec *c)
{
    if (c->call->bad == BAD_HEADER)
        return;
    encode_controls(c);
    encode_cut_sizes(c);
    encode_optional_address(c);
}

/* --- what is received --- */

/* The first room stands in the header, so that a bare record receives; others in the payload. */
void decode_rooms(struct codec *c)
{
    struct call *call = c->call;
    unsigned shape = shape_of(c, c->record->header[HEADER_PARTS]);
    size_t more = min_size(c->record->payload_size / ROOM_BYTES, PARTS_MAX - 1);
    uint32_t left = DATA_BYTES_MAX;

    if (shape == SHAPE_NONE)
        return;
    set_claim(c, shape);
    call->part_count = (uint8_t)(parts_are_bad(call) ? 1 : 1 + more);
    if (parts_are_bad(call) && call->bad != BAD_DATA)
        return;
    call->parts[0] = (number_of(c) & LOW_24_BITS) % (left + 1);
    for (size_t i = 1; i < call->part_count; i++) {
        left -= call->parts[i - 1];
        call->parts[i] = take(c->record, ROOM_BYTES) % (left + 1);
    }
}

void encode_rooms(struct codec *c)
{
    const struct call *call = c->call;
    bool sized = call->part_count > 0 && (!parts_are_bad(call) || call->bad == BAD_DATA);
    uint32_t first = sized ? call->parts[0] ^ number_default(c) : 0;

    record_set_number(c->record, first | (uint32_t)shape_of_call(call) << 24);
    for (size_t i = 1; i < call->part_count; i++)
        lead_number(c, call->parts[i], ROOM_BYTES);
}

void decode_received_message(struct codec *c)
{
    const uint8_t *choice = c->record->header + HEADER_CHOICE;

    if (c->call->bad == BAD_HEADER)
        return;
    decode_address_length(c);
    decode_rooms(c);
    c->call->number = (uint32_t)(choice[0] | choice[1] << 8) % (CONTROL_BYTES_MAX + 1);
}

void encode_received_message(struct codec *c)
{
    if (c->call->bad == BAD_HEADER)
        return;
    encode_address_length(c);
    encode_rooms(c);
    c->record->header[HEADER_CHOICE] = (uint8_t)c->call->number;
    c->record->header[HEADER_CHOICE2] = (uint8_t)(c->call->number >> 8);
}
