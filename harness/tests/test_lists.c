/* test_lists: the .def files hold no duplicate and fit the binary form; names and numbers agree. */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "drill/call.h"
#include "drill/record.h"
#include "tests/support/check.h"

/* The call codes are frozen: an old input keeps its meaning. Append only. */
static const struct {
    const char *name;
    uint8_t code;
} frozen[] = {
    {"socket", 0x01},        {"bind", 0x02},        {"listen", 0x03},      {"connect", 0x04},
    {"accept4", 0x05},       {"send", 0x06},        {"sendto", 0x07},      {"recv", 0x08},
    {"recvfrom", 0x09},      {"read", 0x0a},        {"write", 0x0b},       {"shutdown", 0x0c},
    {"close", 0x0d},         {"getsockname", 0x0e}, {"getpeername", 0x0f}, {"setsockopt", 0x10},
    {"getsockopt", 0x11},    {"fcntl", 0x12},       {"ioctl", 0x13},       {"poll", 0x14},
    {"dup", 0x15},           {"accept", 0x16},      {"sendmsg", 0x17},     {"recvmsg", 0x18},
    {"readv", 0x19},         {"writev", 0x1a},      {"sendmmsg", 0x1b},    {"recvmmsg", 0x1c},
    {"dup2", 0x1d},          {"ppoll", 0x1e},       {"select", 0x1f},      {"pselect", 0x20},
    {"epoll_create1", 0x21}, {"epoll_ctl", 0x22},   {"epoll_wait", 0x23},
};

static void test_call_codes_are_unique_and_frozen(void **state)
{
    bool seen[256] = {false};

    (void)state;
    assert_int_equal(OPS, CHECK_COUNT(frozen));
    for (int op = 0; op < OPS; op++) {
        uint8_t code = call_info(op)->code;

        assert_int_not_equal(code, CODE_LITERAL);
        assert_false(seen[code]);
        seen[code] = true;
        assert_string_equal(call_info(op)->name, frozen[op].name);
        assert_int_equal(code, frozen[op].code);
    }
}

static void test_call_names_are_unique(void **state)
{
    (void)state;
    for (int a = 0; a < OPS; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(call_info(a)->name, call_info(b)->name);
}

/* The codec, the printer and the parser take NEW first, and each kind once. */
static void test_calls_have_each_argument_once(void **state)
{
    (void)state;
    for (int op = 0; op < OPS; op++) {
        const enum argument *arguments = call_info(op)->arguments;
        bool ended = false;

        assert_true(call_info(op)->wants < WANTS_KINDS);
        for (int i = 0; i < CALL_ARGUMENTS_MAX; i++) {
            ended |= arguments[i] == ARG_NONE;
            assert_true(!ended || arguments[i] == ARG_NONE);
            assert_true(i == 0 || arguments[i] != ARG_NEW);
            for (int j = 0; j < i && !ended; j++)
                assert_int_not_equal(arguments[i], arguments[j]);
        }
    }
}

/* Tells whether two entries of a table have the same name or the same value. */
static bool has_duplicates(const struct value_table *table)
{
    for (size_t a = 0; a < table->count; a++)
        for (size_t b = 0; b < a; b++)
            if (strcmp(table->entries[a].name, table->entries[b].name) == 0 ||
                table->entries[a].value == table->entries[b].value)
                return true;
    return false;
}

static void test_values_are_unique_and_fit_a_byte(void **state)
{
    (void)state;
    for (int list = 0; list < VALUE_LISTS; list++) {
        assert_in_range(values(list)->count, 1, UINT8_MAX + 1);
        assert_false(has_duplicates(values(list)));
    }
}

/* Tells whether a table is a set of at most eight flags of one bit each. */
static bool is_flag_set(const struct value_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        unsigned value = (unsigned)table->entries[i].value;

        if (value == 0 || (value & (value - 1)) != 0)
            return false;
    }
    return table->count >= 1 && table->count <= 8 && !has_duplicates(table);
}

static void test_flag_sets_fit_a_byte(void **state)
{
    (void)state;
    for (int set = 0; set < FLAG_SETS; set++)
        assert_true(is_flag_set(flags(set)));
}

/* The two checks above see what they are there for. */
static void test_planted_duplicates_are_seen(void **state)
{
    static const struct named_value names[] = {{"A", 1}, {"B", 2}, {"A", 4}};
    static const struct named_value values_twice[] = {{"A", 1}, {"B", 2}, {"C", 1}};
    static const struct named_value two_bits[] = {{"A", 1}, {"B", 6}};
    static const struct named_value nine[] = {{"A", 1},  {"B", 2},   {"C", 4},
                                              {"D", 8},  {"E", 16},  {"F", 32},
                                              {"G", 64}, {"H", 128}, {"I", 256}};

    (void)state;
    assert_true(has_duplicates(&(struct value_table){names, CHECK_COUNT(names)}));
    assert_true(has_duplicates(&(struct value_table){values_twice, CHECK_COUNT(values_twice)}));
    assert_false(is_flag_set(&(struct value_table){two_bits, CHECK_COUNT(two_bits)}));
    assert_false(is_flag_set(&(struct value_table){nine, CHECK_COUNT(nine)}));
    assert_true(is_flag_set(&(struct value_table){nine, 8}));
}

static void test_flags_value_is_the_union(void **state)
{
    (void)state;
    assert_int_equal(flags_value(FLAGS_SOCKET, 0), 0);
    assert_int_equal(flags_value(FLAGS_SOCKET, 3), SOCK_NONBLOCK | SOCK_CLOEXEC);
    assert_int_equal(flags_value(FLAGS_SOCKET, 0xfc), 0); /* unknown bits count nothing */
    assert_int_equal(flags_value(FLAGS_SEND, 1u << 1 | 1u << 2), MSG_DONTWAIT | MSG_OOB);
    assert_int_equal(flags_value(FLAGS_RECV, 2), MSG_PEEK);
}

static void check_flags_printed(enum flag_set set, unsigned bits, const char *expected)
{
    char text[200] = "";
    FILE *out = fmemopen(text, sizeof text, "w");

    assert_non_null(out);
    flags_print(out, set, bits);
    fclose(out);
    assert_string_equal(text, expected);
}

static void test_flags_print_names_each_bit(void **state)
{
    (void)state;
    check_flags_printed(FLAGS_RECV, 0, "0");
    check_flags_printed(FLAGS_RECV, 1u << 2, "MSG_WAITALL");
    check_flags_printed(FLAGS_SOCKET, 3, "SOCK_NONBLOCK|SOCK_CLOEXEC");
}

static void test_options_are_unique_and_fit_a_byte(void **state)
{
    size_t count;
    const struct option_info *option = options(&count);

    (void)state;
    assert_in_range(count, 1, UINT8_MAX + 1);
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++) {
            assert_true(strcmp(option[a].level_name, option[b].level_name) != 0 ||
                        strcmp(option[a].name, option[b].name) != 0);
            assert_true(option[a].level != option[b].level || option[a].number != option[b].number);
        }
}

/* Options that reach beyond loopback or act on the process must stay out (options.def). */
static void test_dangerous_options_are_not_listed(void **state)
{
    static const struct {
        int level;
        int number;
    } barred[] = {{SOL_SOCKET, SO_BINDTODEVICE},   {SOL_SOCKET, SO_MARK},
                  {SOL_SOCKET, SO_ATTACH_FILTER},  {SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF},
                  {IPPROTO_IP, IP_OPTIONS},        {IPPROTO_IP, IP_TRANSPARENT},
                  {IPPROTO_IP, IP_ADD_MEMBERSHIP}, {IPPROTO_IPV6, IPV6_JOIN_GROUP},
                  {IPPROTO_IPV6, IPV6_TRANSPARENT}};
    size_t count;
    const struct option_info *option = options(&count);

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < CHECK_COUNT(barred); b++)
            assert_false(option[i].level == barred[b].level &&
                         option[i].number == barred[b].number);
}

/* The hosts, as inet_pton reads them; RFC 5737 (192.0.2.0/24), RFC 3849 (2001:db8::/32). */
static void test_hosts_are_what_their_names_say(void **state)
{
    static const char *const texts[HOSTS] = {
        [HOST_LOOPBACK4] = "127.0.0.1",
        [HOST_LOOPBACK6] = "::1",
        [HOST_ANY4] = "0.0.0.0",
        [HOST_ANY6] = "::",
        [HOST_MAPPED] = "::ffff:127.0.0.1",
        [HOST_LOOPBACK4_OTHER] = "127.0.0.2",
        [HOST_MAPPED_ANY] = "::ffff:0.0.0.0",
        [HOST_DOCUMENTATION4] = "192.0.2.1",
        [HOST_DOCUMENTATION6] = "2001:db8::1",
    };
    uint8_t bytes[sizeof(struct in6_addr)];

    (void)state;
    for (int host = 0; host < HOSTS; host++) {
        const struct host_info *info = &hosts()[host];

        assert_non_null(texts[host]);
        assert_int_equal(inet_pton(info->family, texts[host], bytes), 1);
        assert_memory_equal(bytes, info->bytes, info->family == AF_INET ? 4 : sizeof bytes);
    }
    /* The low half of the address byte holds the kind plus one; the high half the length. */
    assert_true(ADDRESS_KINDS + 1 <= 16 && LENGTHS <= 16);
}

static void test_ancillary_messages_are_unique_and_fit_a_byte(void **state)
{
    size_t count;
    const struct control_info *info = controls(&count);

    (void)state;
    assert_in_range(count, 1, UINT8_MAX + 1);
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++) {
            assert_string_not_equal(info[a].name, info[b].name);
            assert_true(info[a].level != info[b].level || info[a].type != info[b].type);
        }
}

static void test_errno_names_and_numbers_are_inverse(void **state)
{
    unsigned known = 0;

    (void)state;
    for (int number = -1; number < 4096; number++) {
        const char *name = errno_name(number);

        if (name == NULL)
            continue;
        known++;
        assert_int_equal(errno_number(name, strlen(name)), number);
    }
    assert_true(known >= 40);
    assert_string_equal(errno_name(EAGAIN), "EAGAIN");
    assert_null(errno_name(0));
    assert_null(errno_name(INT_MAX));
    assert_int_equal(errno_number("EAGAIN", 6), EAGAIN);
    assert_int_equal(errno_number("EAGAIN", 5), 0);
    assert_int_equal(errno_number("EAGAINX", 7), 0);
    assert_int_equal(errno_number("eagain", 6), 0);
    assert_int_equal(errno_number("", 0), 0);
}

/* Every errno that POSIX.1-2024 lists under ERRORS for the calls of calls.def. */
static void test_errnos_of_posix_are_listed(void **state)
{
    static const int posix[] = {
        EACCES,       EADDRINUSE,      EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN,       EALREADY,
        EBADF,        ECONNABORTED,    ECONNREFUSED,  ECONNRESET,   EDESTADDRREQ, EDOM,
        EHOSTUNREACH, EINPROGRESS,     EINTR,         EINVAL,       EIO,          EISCONN,
        EMFILE,       EMSGSIZE,        ENETDOWN,      ENETUNREACH,  ENFILE,       ENOBUFS,
        ENOMEM,       ENOPROTOOPT,     ENOTCONN,      ENOTSOCK,     EOPNOTSUPP,   EPIPE,
        EPROTO,       EPROTONOSUPPORT, EPROTOTYPE,    ETIMEDOUT,
    };

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(posix); i++)
        assert_non_null(errno_name(posix[i]));
}

/* Further ones that Linux's manual pages give for these calls: accept(2), send(2), read(2) and
 * ioctl(2) EFAULT; accept(2) the errors of the network; socket(2), fcntl(2), ioctl(2), tcp(7).
 */
static void test_errnos_of_linux_are_listed(void **state)
{
    static const int manual[] = {
        EFAULT, EPERM,       EHOSTDOWN,       ENONET,  EHOSTUNREACH, ENETUNREACH,
        ENOTTY, ENOPROTOOPT, ESOCKTNOSUPPORT, ENODEV,  ENOENT,       EMFILE,
        EIO,    EPROTOTYPE,  EALREADY,        EISCONN, ECONNABORTED, ENFILE,
    };

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(manual); i++)
        if (errno_name(manual[i]) == NULL)
            fail_msg("errno %d (%s) has no name", manual[i], strerror(manual[i]));
}

CHECK_MAIN(cmocka_unit_test(test_call_codes_are_unique_and_frozen),
           cmocka_unit_test(test_call_names_are_unique),
           cmocka_unit_test(test_calls_have_each_argument_once),
           cmocka_unit_test(test_values_are_unique_and_fit_a_byte),
           cmocka_unit_test(test_flag_sets_fit_a_byte),
           cmocka_unit_test(test_planted_duplicates_are_seen),
           cmocka_unit_test(test_flags_value_is_the_union),
           cmocka_unit_test(test_flags_print_names_each_bit),
           cmocka_unit_test(test_options_are_unique_and_fit_a_byte),
           cmocka_unit_test(test_dangerous_options_are_not_listed),
           cmocka_unit_test(test_hosts_are_what_their_names_say),
           cmocka_unit_test(test_ancillary_messages_are_unique_and_fit_a_byte),
           cmocka_unit_test(test_errno_names_and_numbers_are_inverse),
           cmocka_unit_test(test_errnos_of_posix_are_listed),
           cmocka_unit_test(test_errnos_of_linux_are_listed))
