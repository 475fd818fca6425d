/* codec: arguments between a record and a call. Private to harness/drill. */
#ifndef SOCKDRILL_DRILL_CODEC_H
#define SOCKDRILL_DRILL_CODEC_H

#include "drill/drill.h"
#include "drill/record.h"
#include "drill/repair.h"

/* The most that arguments write before the payload proper: a raw address and small fields. */
enum { LEAD_BYTES_MAX = sizeof(struct sockaddr_storage) + 32 };

/* What an argument's functions work on. */
struct codec {
    const struct drill_rules *rules;
    const struct repair *repair;
    struct record *record;
    struct call *call;
    uint8_t lead[LEAD_BYTES_MAX]; /* what is written before the payload proper */
};

/* How one kind of argument is read and written. Descriptors come before addresses, data is last. */
struct argument_codec {
    void (*decode)(struct codec *codec);
    void (*encode)(struct codec *codec);
};

extern const struct argument_codec argument_codecs[ARGUMENT_KINDS];

/* number_default returns the number that a missing one stands for. */
uint32_t number_default(const struct codec *codec);

/* number_of reads the record's number, of which zero is the call's default. */
uint32_t number_of(const struct codec *codec);

/* flag_bits drops the bits that the set does not have. */
uint8_t flag_bits(enum flag_set set, uint8_t byte);

/* fd_decode and fd_encode are for a descriptor that the wants describe. */
uint8_t fd_decode(const struct codec *codec, enum wants wants, uint8_t byte);
uint8_t fd_encode(const struct codec *codec, enum wants wants, uint8_t fd);

/* decode_bad comes before the arguments, because it says what of them counts. */
void decode_bad(struct codec *codec);
void encode_bad(struct codec *codec);

/* codec_lead appends to what is written before the payload proper. */
void codec_lead(struct codec *codec, const uint8_t *bytes, size_t size);

/* decode_X and encode_X are the functions of argument X, as far as they stand in other files. */
#define ARGUMENT(name)                                                                             \
    void decode_##name(struct codec *codec);                                                       \
    void encode_##name(struct codec *codec);
ARGUMENT(number)
ARGUMENT(address)
ARGUMENT(optional_address)
ARGUMENT(address_length)
ARGUMENT(data)
ARGUMENT(option_value)
ARGUMENT(poll_set)
ARGUMENT(select_set)
ARGUMENT(parts)
ARGUMENT(rooms)
ARGUMENT(sent_message)
ARGUMENT(received_message)
#undef ARGUMENT

#endif
