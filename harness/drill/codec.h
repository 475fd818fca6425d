/* codec: arguments between a record and a call. Private to harness/drill. */
#ifndef SOCKDRILL_DRILL_CODEC_H
#define SOCKDRILL_DRILL_CODEC_H

#include "drill/drill.h"
#include "drill/record.h"
#include "drill/repair.h"

/* What an argument's functions work on. */
struct codec {
    const struct drill_rules *rules;
    const struct repair *repair;
    struct record *record;
    struct call *call;
    uint8_t pairs[2 * POLL_ENTRIES_MAX]; /* a poll set's further members, being written */
};

/* How one kind of argument is read and written. Descriptors come before addresses, data is last. */
struct argument_codec {
    void (*decode)(struct codec *codec);
    void (*encode)(struct codec *codec);
};

extern const struct argument_codec argument_codecs[ARGUMENT_KINDS];

#endif
