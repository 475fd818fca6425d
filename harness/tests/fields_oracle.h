/*
 * fields_oracle: what each argument of a call must be when it reaches the stack, told from the
 * record's header and payload alone. Written from record.h, call.h and the lists, not from the
 * decoder; a kind of argument without an entry here fails test_fields.
 */
#ifndef SOCKDRILL_TESTS_FIELDS_ORACLE_H
#define SOCKDRILL_TESTS_FIELDS_ORACLE_H

#include "drill/record.h"
#include "drill/request.h"
#include "tests/support/recorder.h"

enum { ORACLE_FIELDS_MAX = 8, ORACLE_BASES_MAX = 20 };

/* A header byte that is set before another one is varied. */
struct oracle_base {
    uint8_t field;
    uint8_t value;
};

/* How a kind of argument stands in a record, and what it must become. */
struct oracle {
    /* The header bytes that carry it, each varied over all its values; HEADER_SIZE ends them. */
    uint8_t fields[ORACLE_FIELDS_MAX + 1];
    /* Headers from which they are varied, besides that of zeros. */
    struct oracle_base bases[ORACLE_BASES_MAX];
    size_t base_count;
    /* Sets what the recorder must have written down; NULL when it is seen by what follows. */
    void (*expect)(struct recorded *expected, const struct record *record);
};

extern const struct oracle oracles[ARGUMENT_KINDS];

/*
 * The calls before the one under test, so that there is a variable of every sort: s0 fresh, s1
 * listening, s2 a bound datagram socket of IPv6, s3 connected, s4 a bound stream.
 */
extern const char oracle_prefix[];
enum { ORACLE_PREFIX_SLOTS = 5 };

/* The descriptor that not_socket stands for, which the executor opens. */
extern int oracle_not_socket;

/* oracle_expect sets the whole call; expected->bytes is to be freed. */
void oracle_expect(struct recorded *expected, enum op op, const struct record *record);

/* request_record writes a request down as the recorder would; seen->bytes is to be freed. */
void request_record(struct recorded *seen, const struct request *request);

/* oracle_number is the record's number, of which zero is the call's default. */
uint32_t oracle_number(enum op op, const struct record *record);

/* oracle_union is the union of flags that the bits name. */
int oracle_union(const int *flag, size_t count, uint8_t bits);

/* oracle_raw_size is how many bytes of the payload are a raw address, if the kind says so. */
size_t oracle_raw_size(const struct recorded *expected, const struct record *record, unsigned kind);

/*
 * oracle_address sets the address of a kind, 0 for what suits and then as in call.h, plus one.
 * Returns its natural size.
 */
size_t oracle_address(uint8_t *room, const struct recorded *expected, const struct record *record,
                      unsigned kind);

/*
 * oracle_expect_bad sets which pointer is no memory; what stands behind it nobody sees, so it is
 * not expected. It comes before the arguments.
 */
void oracle_expect_bad(struct recorded *expected, const struct record *record);

/* oracle_is_bad tells whether that pointer is no memory. */
bool oracle_is_bad(const struct recorded *expected, enum bad_pointer pointer);

/* oracle_fd is the descriptor that a byte means, of those that the wants describe. */
int oracle_fd(enum wants wants, uint8_t byte);

/* oracle_set_bytes sets the bytes that the call is given. */
void oracle_set_bytes(struct recorded *expected, const void *bytes, size_t size);

/* oracle_repeat makes so many bytes of fewer ones, of none zeros; to be freed. */
uint8_t *oracle_repeat(const uint8_t *bytes, size_t size, size_t total);

/* oracle_expect_timeout sets the time that a call which waits for events is given. */
void oracle_expect_timeout(struct recorded *expected, int timeout_ms);

/* Those of the entries that stand in fields_ready.c. */
void oracle_expect_poll_set(struct recorded *expected, const struct record *record);
void oracle_expect_select_set(struct recorded *expected, const struct record *record);
void oracle_expect_epoll_flags(struct recorded *expected, const struct record *record);
void oracle_expect_epoll_command(struct recorded *expected, const struct record *record);
void oracle_expect_epoll_events(struct recorded *expected, const struct record *record);
void oracle_expect_event_room(struct recorded *expected, const struct record *record);

/* oracle_set_length sets the length that is passed, which may be another than the natural one. */
void oracle_set_length(struct recorded *expected, const struct record *record, size_t natural);

/* oracle_no_message takes out what is not passed when there is no message to bear it. */
void oracle_no_message(struct recorded *recorded);

/* Those of the entries that stand in fields_message.c. */
void oracle_expect_parts(struct recorded *expected, const struct record *record);
void oracle_expect_rooms(struct recorded *expected, const struct record *record);
void oracle_expect_sent_message(struct recorded *expected, const struct record *record);
void oracle_expect_received_message(struct recorded *expected, const struct record *record);

/* Those of the entries that stand in fields_address.c. */
void oracle_expect_address(struct recorded *expected, const struct record *record);
void oracle_expect_name_length(struct recorded *expected, const struct record *record);
void oracle_expect_data(struct recorded *expected, const struct record *record);

#endif
