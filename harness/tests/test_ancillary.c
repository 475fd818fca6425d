/* test_ancillary: ancillary data is read as far as its headers can be, and not beyond it. */
#include "drill/ancillary.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/support/check.h"
#include "tests/support/inputs.h"

/* Two messages, an int and a byte, laid out by the system's own macros. */
static size_t lay_out(uint8_t room[128])
{
    struct msghdr message = {.msg_control = room, .msg_controllen = 128};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);

    memset(room, 0, 128);
    header->cmsg_len = CMSG_LEN(sizeof(int));
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_TTL;
    *CMSG_DATA(header) = 64;
    header = (struct cmsghdr *)(room + CMSG_SPACE(sizeof(int)));
    header->cmsg_len = CMSG_LEN(1);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_INVALID + 1;
    *CMSG_DATA(header) = 7;
    return CMSG_SPACE(sizeof(int)) + CMSG_SPACE(1);
}

static void test_messages_are_read_one_after_another(void **state)
{
    uint8_t room[128] __attribute__((aligned(16)));
    size_t size = lay_out(room);
    struct ancillary message;
    size_t at = 0;

    (void)state;
    assert_true(ancillary_next(&message, &at, room, size));
    assert_int_equal(message.level, IPPROTO_IP);
    assert_int_equal(message.type, IP_TTL);
    assert_int_equal(message.size, sizeof(int));
    assert_int_equal(message.data[0], 64);
    assert_string_equal(ancillary_info(&message)->name, "IP_TTL");
    assert_true(ancillary_next(&message, &at, room, size));
    assert_int_equal(message.size, 1);
    assert_int_equal(message.data[0], 7);
    assert_null(ancillary_info(&message));
    assert_false(ancillary_next(&message, &at, room, size));
}

/* A header that claims less than itself, or more than there is, ends the reading; cmsg(3). */
static void test_lengths_that_cannot_be_end_it(void **state)
{
    static const size_t lengths[] = {0, 1, sizeof(struct cmsghdr) - 1, 129, SIZE_MAX, SIZE_MAX - 7};
    uint8_t room[128] __attribute__((aligned(16)));
    struct ancillary message;

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(lengths); i++) {
        size_t at = 0;

        lay_out(room);
        memcpy(room, &lengths[i], sizeof lengths[i]);
        assert_false(ancillary_next(&message, &at, room, sizeof room));
    }
}

/* Cut off anywhere, and random: an exact allocation, so that a sanitizer sees a read beyond it. */
static void test_nothing_is_read_beyond_the_end(void **state)
{
    uint8_t room[128] __attribute__((aligned(16)));
    struct random random;
    size_t whole = lay_out(room);

    (void)state;
    random_start(&random);
    for (uint64_t i = random_count(20000, 0); i > 0; i--) {
        size_t size = random_below(&random, (uint32_t)whole + 1);
        struct ancillary message;
        uint8_t *exact;
        size_t at = 0;
        unsigned sum = 0;

        if (i % 2)
            room[random_below(&random, (uint32_t)whole)] = (uint8_t)random_next(&random);
        else
            lay_out(room);
        exact = input_exact(room, size);
        for (unsigned steps = 0; ancillary_next(&message, &at, exact, size); steps++) {
            assert_true(steps < whole);
            for (size_t b = 0; b < message.size; b++)
                sum += message.data[b];
        }
        assert_true(sum < 256 * 128);
        free(exact);
    }
}

CHECK_MAIN(cmocka_unit_test(test_messages_are_read_one_after_another),
           cmocka_unit_test(test_lengths_that_cannot_be_end_it),
           cmocka_unit_test(test_nothing_is_read_beyond_the_end))
