/* binary: records to calls and back; a call is the sum of its arguments. */
#include <string.h>

#include "drill/actors.h"
#include "drill/codec.h"

enum { REMOTE_FILL_MAX = 1 << 14 };

const struct drill_rules drill_rules_actors = {.fill_max = DATA_BYTES_MAX, .actors = true};
const struct drill_rules drill_rules_any = {.fill_max = DATA_BYTES_MAX};
const struct drill_rules drill_rules_stream = {.type = SOCK_STREAM, .fill_max = DATA_BYTES_MAX};
const struct drill_rules drill_rules_datagram = {.type = SOCK_DGRAM, .fill_max = DATA_BYTES_MAX};
const struct drill_rules drill_rules_remote = {.remote = true, .fill_max = REMOTE_FILL_MAX};

/* What a code that no call has stands for: frozen, so that an old input keeps its meaning. */
static const uint8_t common[] = {OP_send, OP_socket,  OP_bind,    OP_listen,
                                 OP_recv, OP_connect, OP_accept4, OP_close};

/* Plus one, so that 0 is a code that no call has. */
static const uint8_t assigned[256] = {
#define CALL(code, name, wants, n_default, ...) [code] = OP_##name + 1,
#include "lists/calls.def"
#undef CALL
};

static uint8_t op_of_code(uint8_t code)
{
    return assigned[code] ? (uint8_t)(assigned[code] - 1) : common[code % sizeof common];
}

/* The arguments of a call in the order in which they are decoded: data takes what is left. */
static void decode_call(struct codec *codec)
{
    const struct call_info *info = call_info(codec->call->op);

    decode_bad(codec);
    for (size_t i = 0; i < CALL_ARGUMENTS_MAX && info->arguments[i] != ARG_NONE; i++)
        if (info->arguments[i] != ARG_DATA)
            argument_codecs[info->arguments[i]].decode(codec);
    if (call_has(codec->call->op, ARG_DATA))
        argument_codecs[ARG_DATA].decode(codec);
}

/* Reads what an actor does, into call; tells whether the record was about one. */
static bool decode_act(const struct record *record, struct actors *actors, struct call *call,
                       bool *made)
{
    uint8_t actor = (uint8_t)(1 + record->header[HEADER_FD] % ACTORS);

    switch (record->code) {
    case CODE_ACTOR:
        actors->next = actor;
        *made = false;
        return true;
    case CODE_RESUME:
        *made = actors_act(actors, ACT_RESUME, actors_suitable(actors, actor), call);
        break;
    case CODE_SIGNAL:
        *made = actors_act(actors, ACT_SIGNAL, actors_suitable(actors, actor), call);
        call->restarts = record->header[HEADER_FLAGS] & 1;
        break;
    default:
        return false;
    }
    actors->next = 0;
    return true;
}

static void decode_answer(struct drill *drill, const uint8_t *header)
{
    struct answer *a = &drill->answers[drill->answer_count];

    if (drill->answer_count == ANSWERS_MAX)
        return;
    drill->answer_count++;
    *a = (struct answer){.kind = header[HEADER_RESULT] % ANSWER_KINDS};
    if (answer_names_socket(a->kind))
        a->socket = header[HEADER_FD] % ANSWER_SOCKETS;
    if (answer_takes_number(a->kind))
        a->number = (uint16_t)(header[HEADER_FLAGS] | header[HEADER_ADDRESS] << 8);
}

void drill_decode(struct drill *drill, const uint8_t *input, size_t size,
                  const struct drill_rules *rules)
{
    struct record_reader reader;
    struct record record;
    struct repair repair;
    struct actors actors;
    uint8_t *scratch = drill->bytes;

    drill->call_count = drill->answer_count = 0;
    record_reader_start(&reader, input, size, drill->bytes, DRILL_BYTES_MAX);
    repair_start(&repair, rules);
    actors_start(&actors);
    while (record_read(&reader, &record)) {
        struct call *call = &drill->calls[drill->call_count];
        struct codec codec = {.rules = rules, .repair = &repair, .record = &record, .call = call};
        bool answers = rules->remote && record.code == CODE_ANSWER;
        bool made;

        if (answers)
            decode_answer(drill, record.header);
        if (answers || drill->call_count == DRILL_CALLS_MAX) {
            reader.scratch = scratch;
            continue;
        }

        if (rules->actors && decode_act(&record, &actors, call, &made)) {
            reader.scratch = scratch; /* it has no bytes that stay */
            drill->call_count += made;
            continue;
        }
        scratch = reader.scratch;
        drill->call_count++;
        memset(call, 0, sizeof *call);
        call->op = op_of_code(record.code);
        decode_call(&codec);
        repair_follow(&repair, call);
        actors_call(&actors, call);
    }
}

static size_t encode_record(uint8_t code, const struct call *call, uint8_t *output, size_t used,
                            size_t capacity)
{
    struct record record = {.code = code};

    record.header[HEADER_FD] = (uint8_t)(call->actor - 1);
    record.header[HEADER_FLAGS] = code == CODE_SIGNAL && call->restarts;
    return record_write(&record, output, used, capacity);
}

static size_t encode_call(const struct drill_rules *rules, struct repair *repair, struct call call,
                          uint8_t *output, size_t used, size_t capacity)
{
    const struct call_info *info = call_info(call.op);
    struct record record = {.code = info->code};
    struct codec codec = {.rules = rules, .repair = repair, .record = &record, .call = &call};

    if (call.act != ACT_CALL)
        return encode_record(call.act == ACT_RESUME ? CODE_RESUME : CODE_SIGNAL, &call, output,
                             used, capacity);
    if (call.actor != 0) {
        used = encode_record(CODE_ACTOR, &call, output, used, capacity);
        if (used == 0)
            return 0;
    }
    encode_bad(&codec);
    for (size_t a = 0; a < CALL_ARGUMENTS_MAX && info->arguments[a] != ARG_NONE; a++)
        argument_codecs[info->arguments[a]].encode(&codec);
    used = record_write(&record, output, used, capacity);
    repair_follow(repair, &call);
    return used;
}

static size_t encode_answer(const struct answer *a, uint8_t *output, size_t used, size_t capacity)
{
    struct record record = {.code = CODE_ANSWER};

    record.header[HEADER_FD] = a->socket;
    record.header[HEADER_RESULT] = a->kind;
    record.header[HEADER_FLAGS] = (uint8_t)a->number;
    record.header[HEADER_ADDRESS] = (uint8_t)(a->number >> 8);
    return record_write(&record, output, used, capacity);
}

size_t drill_encode(const struct drill *drill, uint8_t *output, size_t capacity,
                    const struct drill_rules *rules)
{
    struct repair repair;
    size_t used = 0;

    repair_start(&repair, rules);
    for (uint32_t i = 0; i < drill->call_count; i++) {
        used = encode_call(rules, &repair, drill->calls[i], output, used, capacity);
        if (used == 0)
            return 0;
    }
    for (uint32_t i = 0; i < drill->answer_count && rules->remote; i++) {
        used = encode_answer(&drill->answers[i], output, used, capacity);
        if (used == 0)
            return 0;
    }
    return used;
}

void drill_mend(struct drill *drill)
{
    struct actors actors;
    uint32_t kept = 0;

    actors_start(&actors);
    for (uint32_t i = 0; i < drill->call_count; i++) {
        struct call call = drill->calls[i];

        if (call.act != ACT_CALL) {
            bool restarts = call.restarts;

            if (!actors_act(&actors, (enum act)call.act, call.actor, &call))
                continue;
            call.restarts = restarts;
        } else {
            actors.next = call.actor;
            actors_call(&actors, &call);
        }
        drill->calls[kept++] = call;
    }
    drill->call_count = kept;
}

bool drill_equal(const struct drill *a, const struct drill *b)
{
    if (a->call_count != b->call_count || a->answer_count != b->answer_count)
        return false;
    for (uint32_t i = 0; i < a->answer_count; i++)
        if (!answer_equal(&a->answers[i], &b->answers[i]))
            return false;
    for (uint32_t i = 0; i < a->call_count; i++)
        if (!call_equal(&a->calls[i], &b->calls[i]))
            return false;
    return true;
}
