/* fields_bad: fields_oracle's knowledge of pointers to no memory. */
#include "tests/fields_oracle.h"

#define DATA (1u << BAD_DATA)
#define ADDRESS (1u << BAD_ADDRESS)
#define LENGTH (1u << BAD_LENGTH)
#define HEADER (1u << BAD_HEADER)
#define TIMEOUT (1u << BAD_TIMEOUT)
#define MESSAGE (HEADER | ADDRESS | DATA | 1u << BAD_PARTS | 1u << BAD_CONTROL)
#define NO_NAME (1u << BAD_POINTERS)

/* Which pointers each call has, by its prototype; and of which NULL means that no name is wanted.
 */
static const unsigned pointers[OPS] = {
    [OP_bind] = ADDRESS,
    [OP_connect] = ADDRESS,
    [OP_accept] = ADDRESS | LENGTH | NO_NAME,
    [OP_accept4] = ADDRESS | LENGTH | NO_NAME,
    [OP_send] = DATA,
    [OP_sendto] = DATA | ADDRESS,
    [OP_recv] = DATA,
    [OP_recvfrom] = DATA | ADDRESS | LENGTH | NO_NAME,
    [OP_read] = DATA,
    [OP_write] = DATA,
    [OP_getsockname] = ADDRESS | LENGTH,
    [OP_getpeername] = ADDRESS | LENGTH,
    [OP_setsockopt] = DATA,
    [OP_getsockopt] = DATA | LENGTH,
    [OP_ioctl] = DATA,
    [OP_poll] = DATA,
    [OP_sendmsg] = MESSAGE,
    [OP_recvmsg] = MESSAGE | NO_NAME,
    [OP_readv] = HEADER | DATA,
    [OP_writev] = HEADER | DATA,
    [OP_sendmmsg] = MESSAGE,
    [OP_recvmmsg] = MESSAGE | TIMEOUT | NO_NAME,
    [OP_ppoll] = DATA | TIMEOUT,
    [OP_select] = DATA,
    [OP_pselect] = DATA | TIMEOUT,
    [OP_epoll_ctl] = DATA,
    [OP_epoll_wait] = DATA,
};

/* The highest bytes: 0xff is the first kind of pointer, and so on; 0xf8 is NULL. */
void oracle_expect_bad(struct recorded *expected, const struct record *record)
{
    bool creates = call_info(expected->op)->arguments[0] == ARG_NEW;
    unsigned byte = record->header[creates ? HEADER_CHOICE : HEADER_RESULT];
    unsigned has = pointers[expected->op];

    if (byte == 0xf8)
        expected->places[PLACE_NULL] = (has & NO_NAME) != 0;
    else if (byte > 0xf8 && has >> (0x100 - byte) & 1)
        expected->places[PLACE_BAD] = 0x100 - byte;
}

bool oracle_is_bad(const struct recorded *expected, enum bad_pointer pointer)
{
    return expected->places[PLACE_BAD] == (int64_t)pointer;
}
