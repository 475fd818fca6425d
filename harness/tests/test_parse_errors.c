/*
 * test_parse_errors: what the parser says of malformed drills, and exactly where. A caret in a
 * row's text marks the place that the message must name; it is taken out before parsing.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/texts.h"

/* What a row is about, beside the kinds of argument. */
enum { ABOUT_LINE = ARGUMENT_KINDS, ABOUT_EXPECTATION, ABOUT_POINTER, ABOUT_END };

struct row {
    int about; /* enum argument, or one of the above */
    const char *text;
    const char *message; /* a part of it */
};

#define OPTION "setsockopt(s0, SOL_SOCKET, "
#define DESCRIPTORS "a descriptor: a variable, -1, 2147483647 or not_socket"
#define DOMAINS "AF_INET, AF_INET6, AF_UNSPEC, AF_INVALID"

static const struct row rows[] = {
    {ABOUT_LINE, "^D: close(-1)", "expected an actor: A, B or C"},
    {ABOUT_LINE, "A: ^", "expected a call or an assignment"},
    {ABOUT_LINE, "A: <... ^recv>", "A has made no call yet"},
    {ABOUT_LINE, "A: close(-1)\nB: <... ^close>", "B has made no call yet"},
    {ABOUT_LINE, "A: close(-1)\nA: <... ^recv>", "A's last call is close"},
    {ABOUT_LINE, "A: close(-1)\nA: <... ^", "expected the call that is resumed"},
    {ABOUT_LINE, "A: close(-1)\nA: <... close^", "expected \">\""},
    {ABOUT_LINE, "^<... close>", "expected a call or an assignment"},
    {ABOUT_LINE, "A: --- SIGUSR1^ ---", "A has made no call yet"},
    {ABOUT_LINE, "A: close(-1)\nA: --- SIGUSR1 ^{SA_NODEFER} ---", "{SA_RESTART} or ---"},
    {ABOUT_LINE, "A: close(-1)\nA: --- SIGUSR1 --- ^= 0", "what comes of a signal its actor shows"},
    {ABOUT_LINE, "^frobnicate(s0)", "unknown call \"frobnicate\""},
    {ABOUT_LINE, "^= socket(AF_INET, SOCK_STREAM, 0)", "expected a call or an assignment"},
    {ABOUT_LINE, "s = ^", "expected a call, found the end of the line"},
    {ABOUT_LINE, "s = ^5", "expected a call, found \"5\""},
    {ABOUT_LINE, "close^", "expected \"(\", found the end of the line"},
    {ABOUT_LINE, "close ^s0)", "expected \"(\", found \"s0\""},
    {ABOUT_LINE, "close(s0^", "expected \")\", found the end of the line"},
    {ABOUT_LINE, "close(s0 ^s1)", "expected \")\", found \"s1\""},
    {ABOUT_LINE, "close(s0)\n\n# c\n  ^listen2(s0, 1)\n", "unknown call \"listen2\""},
    {ABOUT_LINE, "close(s0)\r\n\t^x(s0)\r\n", "unknown call \"x\""},
    {ABOUT_LINE, "close(s0) # fine ^\n^?", "a call or an assignment, found \"?\""},
    {ABOUT_LINE, "^\x01", "found byte 0x1"},
    {ABOUT_LINE, "close(^\xff)", "found byte 0xff"},
    {ARG_NEW, "^socket(AF_INET, SOCK_STREAM, 0)", "expected \"variable = socket(...)\""},
    {ARG_NEW, "^s = close(s0)", "close makes no descriptor to assign"},
    {ARG_NEW, "^abcdefghijklmnopqrstuvwx = dup(s0)", "a name of at most 23 characters"},
    {ARG_NEW, "a = dup(-1)\n^s0 = dup(-1)", "\"s0\" and \"a\" would be the same variable"},
    {ARG_FD, "close(^x)", "variable \"x\" has not been assigned"},
    {ARG_FD, "close(^)", DESCRIPTORS},
    {ARG_FD, "close(^5)", DESCRIPTORS},
    {ARG_FD, "close(^s16)", "variable \"s16\" has not been assigned"},
    {ARG_FD, "s = dup(^s)", "variable \"s\" has not been assigned"},
    {ARG_DOMAIN, "s = socket(^AF_UNIX, SOCK_STREAM, 0)", DOMAINS ", found \"AF_UNIX\""},
    {ARG_DOMAIN, "s = socket(^2, SOCK_STREAM, 0)", DOMAINS ", found \"2\""},
    {ARG_DOMAIN, "s = socket(AF_INET ^SOCK_STREAM, 0)", "expected \",\""},
    {ARG_TYPE, "s = socket(AF_INET, ^SOCK_RAW, 0)", "SOCK_STREAM, SOCK_DGRAM"},
    {ARG_TYPE, "s = socket(AF_INET, SOCK_STREAM|^SOCK_X, 0)", "SOCK_NONBLOCK|SOCK_CLOEXEC"},
    {ARG_PROTOCOL, "s = socket(AF_INET, SOCK_STREAM, ^6)", "0, IPPROTO_TCP, IPPROTO_UDP"},
    {ARG_PROTOCOL, "s = socket(AF_INET, SOCK_STREAM^)", "expected \",\", found \")\""},
    {ARG_ADDRESS, "bind(s0, ^127.0.0.256:0)", "an address: 127.0.0.1:0, [::1]:0, name(variable)"},
    {ARG_ADDRESS, "bind(s0, ^localhost:0)", "expected an address, found \"localhost\""},
    {ARG_ADDRESS, "bind(s0, 127.0.0.1^)", "expected \":\""},
    {ARG_ADDRESS, "bind(s0, 127.0.0.1:^65536)", "a port, found 65536: not between 0 and 65535"},
    {ARG_ADDRESS, "bind(s0, 127.0.0.1:^-1)", "a port, found -1"},
    {ARG_ADDRESS, "bind(s0, 127.0.0.1:^99999999999999999999)", "a port, found 9999999"},
    {ARG_ADDRESS, "bind(s0, 127.0.0.1:^)", "a port, found \")\""},
    {ARG_ADDRESS, "bind(s0, [^127.0.0.1]:0)", "an address"},
    {ARG_ADDRESS, "bind(s0, [^::1:g]:0)", "an address"},
    {ARG_ADDRESS, "bind(s0, ^10.0.0.1:port(s0))", "port(variable) goes with a loopback"},
    {ARG_ADDRESS, "bind(s0, name(^x))", "variable \"x\" has not been assigned"},
    {ARG_ADDRESS, "bind(s0, peer(^))", "expected a variable"},
    {ARG_ADDRESS, "bind(s0, peer ^s0)", "expected \"(\""},
    {ARG_ADDRESS, "bind(s0, sockaddr(^x))", "expected a string"},
    {ARG_ADDRESS, "bind(s0, 127.0.0.1:0, ^3)", "an address length of -1, 0, 1, 2, 4, 8, 15"},
    {ARG_ADDRESS, "bind(s0, 127.0.0.1:0, ^130)", "not between -1 and 129"},
    {ARG_NUMBER, "listen(s0, ^x)", "expected a number, found \"x\""},
    {ARG_NUMBER, "listen(s0, ^2147483648)", "not between -2147483648 and 2147483647"},
    {ARG_NUMBER, "listen(s0, ^-2147483649)", "found -2147483649: not between"},
    {ARG_NUMBER, "listen(s0, ^-)", "expected a number, found \"-\""},
    {ARG_LENGTH, "recv(s0, ^-1, 0)", "a length, found -1: not between 0 and 262144"},
    {ARG_LENGTH, "read(s0, ^262145)", "a length, found 262145: not between 0 and 262144"},
    {ARG_DATA, "send(s0, ^hello, 0)", "expected a string, found \"hello\""},
    {ARG_DATA, "send(s0, ^\"abc, 0)\nclose(s0)", "the string to end on its line"},
    {ARG_DATA, "send(s0, \"^\\q\", 0)", "an escape: \\n \\r \\t \\0"},
    {ARG_DATA, "send(s0, \"ab^\\x4\", 0)", "an escape"},
    {ARG_DATA, "send(s0, \"ab^\\", "an escape"},
    {ARG_DATA, "write(s0, fill(\"ab\", ^1))", "fill, found 1: not between 2 and 262144"},
    {ARG_DATA, "write(s0, fill(\"ab\", ^262145))", "not between 2 and 262144"},
    {ARG_DATA, "write(s0, fill(\"ab\"^))", "expected \",\""},
    {ARG_SOCKET_FLAGS, "a = accept4(s0, ^SOCK_X)", "SOCK_NONBLOCK|SOCK_CLOEXEC"},
    {ARG_SOCKET_FLAGS, "a = accept4(s0^)", "expected \",\", found \")\""},
    {ARG_SEND_FLAGS, "send(s0, \"a\", ^MSG_PEEK)", "MSG_NOSIGNAL|MSG_DONTWAIT"},
    {ARG_SEND_FLAGS, "send(s0, \"a\", MSG_OOB|^)", "MSG_NOSIGNAL|MSG_DONTWAIT"},
    {ARG_SEND_FLAGS, "send(s0, \"a\", MSG_OOB ^MSG_MORE)", "expected \")\""},
    {ARG_RECV_FLAGS, "recv(s0, 1, ^MSG_NOSIGNAL)", "MSG_DONTWAIT|MSG_PEEK"},
    {ARG_RECV_FLAGS, "recv(s0, 1, 0^|MSG_PEEK)", "expected \")\""},
    {ARG_NAME_LENGTH, "getsockname(s0, ^5)", "an address length of -1, 0, 1, 2, 4, 8, 15"},
    {ARG_NAME_LENGTH, "getpeername(s0, ^x)", "expected an address length, found \"x\""},
    {ARG_HOW, "shutdown(s0, ^1)", "SHUT_RD, SHUT_WR, SHUT_RDWR"},
    {ARG_OPTION, "getsockopt(s0, ^1, SO_ERROR)", "an option's level, such as SOL_SOCKET"},
    {ARG_OPTION, "getsockopt(s0, SOL_SOCKET, ^4)", "an option, such as SO_REUSEADDR"},
    {ARG_OPTION, "getsockopt(s0, ^SOL_SOCKET, TCP_NODELAY)",
     "unknown option SOL_SOCKET, TCP_NODELAY"},
    {ARG_OPTION_VALUE, OPTION "SO_REUSEADDR, ^1)", "expected \"[\""},
    {ARG_OPTION_VALUE, OPTION "SO_REUSEADDR, [^x])", "expected a number"},
    {ARG_OPTION_VALUE, OPTION "SO_LINGER, ^[1])", "expected \"{\""},
    {ARG_OPTION_VALUE, OPTION "SO_LINGER, {l_onoff=^2, l_linger=0})", "not between 0 and 1"},
    {ARG_OPTION_VALUE, OPTION "SO_LINGER, {^l_linger=0})", "expected l_onoff"},
    {ARG_OPTION_VALUE, OPTION "SO_LINGER, {l_onoff=1^})", "expected \",\""},
    {ARG_OPTION_VALUE, OPTION "SO_RCVTIMEO, ^{tv_sec=0, tv_usec=1})", "whole milliseconds"},
    {ARG_OPTION_VALUE, OPTION "SO_SNDTIMEO, {tv_sec=0, tv_usec=^1000000})",
     "not between 0 and 999999"},
    {ARG_OPTION_LENGTH, "getsockopt(s0, SOL_SOCKET, SO_ERROR, ^257)", "the value's length"},
    {ARG_OPTION_LENGTH, "getsockopt(s0, SOL_SOCKET, SO_ERROR, ^x)", "the value's length"},
    {ARG_FCNTL, "fcntl(s0, ^F_SETOWN)", "F_GETFL, F_SETFL, F_GETFD, F_SETFD, F_DUPFD"},
    {ARG_FCNTL_VALUE, "fcntl(s0, F_SETFL^)", "expected \",\""},
    {ARG_FCNTL_VALUE, "fcntl(s0, F_SETFL, ^O_APPEND)", "expected O_NONBLOCK"},
    {ARG_FCNTL_VALUE, "fcntl(s0, F_SETFD, ^O_NONBLOCK)", "expected FD_CLOEXEC"},
    {ARG_FCNTL_VALUE, "fcntl(s0, F_GETFL^, 0)", "expected \")\""},
    {ARG_FCNTL_VALUE, "d = fcntl(s0, F_DUPFD, ^1024)", "-1 or 2147483647 of at most 1023"},
    {ARG_FCNTL_VALUE, "d = fcntl(s0, F_DUPFD, ^-2)", "a descriptor's number"},
    {ARG_NEW, "^fcntl(s0, F_DUPFD, 0)", "expected \"variable = fcntl(...)\""},
    {ARG_NEW, "^d = fcntl(s0, F_GETFL)", "fcntl makes no descriptor to assign"},
    {ARG_IOCTL, "ioctl(s0, ^FIOASYNC)", "FIONREAD, FIONBIO, SIOCATMARK, SIOCOUTQ"},
    {ARG_OTHER_FD, "dup2(s0, ^not_socket)", "dup2 does not replace not_socket"},
    {ARG_OTHER_FD, "dup2(s0, ^5)", DESCRIPTORS},
    {ARG_IOCTL_VALUE, "ioctl(s0, FIONBIO^)", "expected \",\""},
    {ARG_IOCTL_VALUE, "ioctl(s0, FIONBIO, ^1)", "expected \"[\""},
    {ARG_IOCTL_VALUE, "ioctl(s0, FIONREAD^, [1])", "expected \")\""},
    {ARG_POLL_SET, "poll(^s0, 0)", "expected \"[\""},
    {ARG_POLL_SET, "poll([^], 0)", "expected \"{\""},
    {ARG_POLL_SET, "poll([{s0^}], 0)", "expected \",\""},
    {ARG_POLL_SET, "poll([{s0, ^POLLX}], 0)", "POLLIN|POLLOUT|POLLPRI"},
    {ARG_POLL_SET, "poll([{^x, 0}], 0)", "variable \"x\" has not been assigned"},
    {ARG_POLL_SET, "poll([{s0, 0}, {s0, 0}, {s0, 0}, {s0, 0}, ^{s0, 0}], 0)", "four members"},
    {ARG_SELECT_SET, "select(^s0, 0)", "expected \"[\""},
    {ARG_SELECT_SET, "select([^s0], 0)", "sets, such as r, w or rwx, and a descriptor"},
    {ARG_SELECT_SET, "select([^wr s0], 0)", "sets, such as r, w or rwx"},
    {ARG_SELECT_SET, "select([r^, w s0], 0)", "a descriptor"},
    {ARG_SELECT_SET, "select([r s0, r s0, r s0, r s0, ^r s0], 0)", "four members"},
    {ARG_EPOLL_FLAGS, "e = epoll_create1(^SOCK_CLOEXEC)", "expected EPOLL_CLOEXEC"},
    {ARG_EPOLL_COMMAND, "epoll_ctl(s0, ^1, s0, 0)", "EPOLL_CTL_ADD, EPOLL_CTL_MOD"},
    {ARG_EPOLL_EVENTS, "epoll_ctl(s0, EPOLL_CTL_ADD, s0^)", "expected \",\""},
    {ARG_EPOLL_EVENTS, "epoll_ctl(s0, EPOLL_CTL_ADD, s0, ^POLLIN)", "EPOLLIN|EPOLLOUT"},
    {ARG_EPOLL_EVENTS, "epoll_ctl(s0, EPOLL_CTL_DEL, s0^, EPOLLIN)", "expected \")\""},
    {ARG_EVENT_ROOM, "epoll_wait(s0, ^5, 0)", "how many events: 1 to 4, 0 or -1"},
    {ARG_EVENT_ROOM, "epoll_wait(s0, ^-2, 0)", "how many events: 1 to 4, 0 or -1"},
    {ABOUT_EXPECTATION, "select([r s0], 0) = 1 [^s0]", "sets, such as r, w or rwx"},
    {ABOUT_EXPECTATION, "epoll_wait(s0, 4, 0) = 1 [{s0, ^EPOLLET}]", "EPOLLERR|EPOLLHUP"},
    {ABOUT_POINTER, "listen(s0, ^EFAULT)", "expected a number, found \"EFAULT\""},
    {ABOUT_POINTER, "close(^EFAULT)", "variable \"EFAULT\" has not been assigned"},
    {ABOUT_POINTER, "send(s0, EFAULT, 0^)", "expected \",\""},
    {ABOUT_POINTER, "recv(s0, EFAULT, ^x, 0)", "expected a length"},
    {ABOUT_POINTER, "sendto(s0, EFAULT, 5, 0, ^EFAULT)", "expected an address"},
    {ABOUT_POINTER, "getsockname(s0, ^NULL)", "an address length, found \"NULL\""},
    {ABOUT_POINTER, "getsockname(s0, EFAULT, ^5)", "an address length of -1, 0"},
    {ABOUT_POINTER, "a = accept(s0, NULL^, 16)", "expected \")\""},
    {ABOUT_POINTER, "recvmsg(s0, {EFAULT, [^EFAULT 5]}, 0)", "expected a length"},
    {ABOUT_POINTER, "recvmsg(s0, {iov ^x}, 0)", "expected EFAULT"},
    {ABOUT_POINTER, "writev(s0, ^iov EFAULT)", "expected \"[\""},
    {ABOUT_POINTER, "poll(EFAULT, ^5, 0)", "how many members, found 5: not between 0 and 4"},
    {ABOUT_POINTER, "select([r s0], ^EFAULT)", "expected a number"},
    {ARG_PARTS, "writev(s0, ^\"a\")", "expected \"[\""},
    {ARG_PARTS, "writev(s0, [^5])", "expected a string"},
    {ARG_PARTS, "writev(s0, [\"a\"^)", "expected \"]\""},
    {ARG_PARTS, "writev(s0, [\"\", \"\", \"\", \"\", ^\"\"])", "at most four parts"},
    {ARG_PARTS, "writev(s0, fill([\"ab\", \"c\"], ^2))", "fill, found 2: not between 3 and"},
    {ARG_PARTS, "writev(s0, fill([]^, 5))", "a part to repeat"},
    {ARG_PARTS, "writev(s0, [\"a\"], ^2)", "a number of parts of 1024, 1025"},
    {ARG_PARTS, "writev(s0, []^, 1024)", "expected \")\""},
    {ARG_ROOMS, "readv(s0, ^5)", "expected \"[\""},
    {ARG_ROOMS, "readv(s0, [200000, ^62145])", "a length, found 62145: not between 0 and 62144"},
    {ARG_ROOMS, "readv(s0, [1, 2, 3, 4, ^5])", "at most four parts"},
    {ARG_SENT_MESSAGE, "sendmsg(s0, ^\"a\", 0)", "expected \"{\""},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {[^\"a\"]}, 0)", "an address"},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {NULL^}, 0)", "expected \",\""},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {name(s0), ^3, [\"a\"]}, 0)", "an address length of -1, 0, 1"},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {NULL, [\"a\"], ^IP_TTL}, 0)", "expected \"[\""},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {NULL, [\"a\"], [{^IP_X 5}]}, 0)", "see lists/controls.def"},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {NULL, [\"a\"], [{IP_TTL ^x}]}, 0)", "expected a value"},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {NULL, [\"a\"], [{IP_TTL ^32768}]}, 0)", "32767"},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {NULL, [\"a\"], [{IP_TTL 5, ^2}]}, 0)",
     "an ancillary message's length of -1, 0, 1, 15"},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {NULL, [\"a\"], [{IP_PKTINFO ^[::1]}]}, 0)",
     "message's family"},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {NULL, [\"a\"], [{IPV6_PKTINFO ^[::5]}]}, 0)", "wildcard or"},
    {ARG_SENT_MESSAGE, "sendmsg(s0, {NULL, [\"a\"], [], ^3}, 0)", "ancillary data of -1, 0"},
    {ARG_SENT_MESSAGE,
     "sendmsg(s0, {NULL, [], [{IP_TTL 1}, {IP_TTL 1}, {IP_TTL 1}, ^{IP_TTL 1}]}, 0)",
     "at most three ancillary messages"},
    {ARG_SENT_MESSAGE, "sendmmsg(s0, {NULL, [\"a\"], ^1024}, 0)", "expected \"[\""},
    {ARG_RECEIVED_MESSAGE, "recvmsg(s0, ^[5], 0)", "expected \"{\""},
    {ARG_RECEIVED_MESSAGE, "recvmsg(s0, {16^}, 0)", "expected \",\""},
    {ARG_RECEIVED_MESSAGE, "recvmsg(s0, {[5], ^x 5}, 0)", "\"control\" and the room"},
    {ARG_RECEIVED_MESSAGE, "recvmsg(s0, {[5], control ^1025}, 0)", "not between 0 and 1024"},
    {ARG_RECVMSG_FLAGS, "recvmsg(s0, {[5]}, ^MSG_NOSIGNAL)", "MSG_CMSG_CLOEXEC|MSG_WAITFORONE"},
    {ARG_SHORT_TIMEOUT, "recvmmsg(s0, {[5]}, 0, ^5)", "a time in ms of 0, 1, 20, 1000, -2"},
    {ABOUT_EXPECTATION, "recvmsg(s0, {[5]}, 0) = 1 \"a\" [{^IP_X 5}]", "see lists/controls.def"},
    {ABOUT_EXPECTATION, "recvmsg(s0, {[5]}, 0) = 1 \"a\" [{IP_TTL ^x}]", "expected a value"},
    {ABOUT_EXPECTATION, "recvmsg(s0, {[5]}, 0) = 1 \"a\" [{level 1 ^x}]", "expected \"type\""},
    {ABOUT_EXPECTATION, "recvmsg(s0, {[5]}, 0) = 1 \"a\" ^MSG_PEEK", "MSG_OOB|MSG_TRUNC"},
    {ABOUT_EXPECTATION, "recvmmsg(s0, {[5]}, 0) = 1 [{^\"a\"}]", "a message's length"},
    {ABOUT_EXPECTATION, "sendmmsg(s0, {NULL, [\"a\"]}, 0) = 1 [{1}^", "expected \"]\""},
    {ABOUT_EXPECTATION, "close(s0) ^0", "expected \"=\""},
    {ABOUT_EXPECTATION, "close(s0) ^x", "expected \"=\""},
    {ABOUT_EXPECTATION, "close(s0) = ^x", "expected a result"},
    {ABOUT_EXPECTATION, "close(s0) = ^-2", "a result, found -2: not between -1 and 262144"},
    {ABOUT_EXPECTATION, "close(s0) = -1 ^EWHAT", "an error's name, such as EAGAIN"},
    {ABOUT_EXPECTATION, "close(s0) = 0 ^0", "expected the end of the line"},
    {ABOUT_EXPECTATION, "close(s0) <unfinished> ^= 0", "expected the end of the line"},
    {ABOUT_EXPECTATION, "recv(s0, 2, 0) = 2 ^\"ab", "the string to end on its line"},
    {ABOUT_EXPECTATION, "recv(s0, 2, 0) = 2 \"^\\y\"", "an escape"},
    {ABOUT_EXPECTATION, "s = dup(s0) >= ^1", "0: a new descriptor's number is not fixed"},
    {ABOUT_EXPECTATION, "poll([{s0, 0}], 0) = 1 [{^x, POLLIN}]", "variable \"x\""},
    {ABOUT_EXPECTATION, "poll([{s0, 0}], 0) = 1 [{s0, POLLIN^]", "expected \"}\""},
    {ABOUT_EXPECTATION, "poll([{s0, 0}], 0) = 1 [{s0, ^POLLX}]", "POLLIN|POLLOUT"},
    {ABOUT_EXPECTATION, "ioctl(s0, FIONREAD) = 0 [5^", "expected \"]\""},
    {ABOUT_EXPECTATION, "ioctl(s0, FIONREAD) = 0 [^]", "a value"},
    {ABOUT_EXPECTATION, "getsockopt(s0, SOL_SOCKET, SO_ERROR) = 0 [^EWHAT]", "an error's name"},
};

static struct drill drill;
static struct drill_notes notes;

/* The place that the last caret marks; takes it out. An earlier one stays in its comment. */
static struct drill_error take_caret(char *text)
{
    struct drill_error place = {.line = 1, .column = 1};
    char *caret = strrchr(text, '^');

    assert_non_null(caret);
    for (const char *c = text; c < caret; c++) {
        place.column++;
        if (*c == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    memmove(caret, caret + 1, strlen(caret));
    return place;
}

static bool row_holds(const struct row *row)
{
    struct drill_error error = {.message = ""};
    char *text = strdup(row->text);
    struct drill_error place = take_caret(text);
    bool refused = !text_parse(&drill, &notes, &error, text, strlen(text));
    bool holds = refused && error.line == place.line && error.column == place.column &&
                 strstr(error.message, row->message) != NULL;

    if (!holds)
        print_message("%s\n  wanted %u:%u: ...%s...\n  got    %u:%u: %s\n", text, place.line,
                      place.column, row->message, error.line, error.column,
                      refused ? error.message : "no error");
    free(text);
    return holds;
}

static void test_messages_and_places(void **state)
{
    unsigned failed = 0;

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++)
        failed += !row_holds(&rows[i]);
    assert_int_equal(failed, 0);
}

static void test_every_kind_of_argument_has_a_row(void **state)
{
    bool covered[ABOUT_END] = {[ARG_NONE] = true};

    (void)state;
    for (size_t i = 0; i < CHECK_COUNT(rows); i++)
        covered[rows[i].about] = true;
    for (int about = 0; about < ABOUT_END; about++)
        if (!covered[about])
            fail_msg("no malformed text about argument kind %d", about);
}

/* Fails with this message at this place, for texts that are too large to stand in a row. */
static void assert_error(const char *text, size_t size, uint32_t line, uint32_t column,
                         const char *message)
{
    struct drill_error error;

    assert_false(text_parse(&drill, &notes, &error, text, size));
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    assert_non_null(strstr(error.message, message));
}

static void test_limits(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    for (int i = 0; i <= DRILL_CALLS_MAX; i++)
        fputs("close(s0)\n", out);
    fclose(out);
    assert_error(text, size, DRILL_CALLS_MAX + 1, 1, "a drill has at most 128 calls");
    free(text);

    out = open_memstream(&text, &size);
    for (int i = 0; i <= SLOTS_MAX; i++)
        fprintf(out, "v%d = dup(-1)\n", i);
    fclose(out);
    assert_error(text, size, SLOTS_MAX + 1, 1, "\"v16\" is one variable too many: 16 at most");
    free(text);

    out = open_memstream(&text, &size);
    fprintf(out, "send(s0, \"%*s\", 0)", DRILL_BYTES_MAX + 1, "");
    fclose(out);
    assert_error(text, size, 1, 10, "expected at most 65536 bytes here");
    free(text);

    out = open_memstream(&text, &size);
    fprintf(out, "bind(s0, sockaddr(\"%129s\"))", "");
    fclose(out);
    assert_error(text, size, 1, 19, "expected at most 128 bytes here");
    free(text);
}

/* NUL is no end of a text. */
static void test_nul_is_a_character(void **state)
{
    (void)state;
    assert_error("close(s0)\n\0close(s0)\n", 21, 2, 1, "found byte 0");
    assert_error("bind(s0, \0"
                 "127.0.0.1:0)",
                 22, 1, 10, "an address");
}

/* Names that begin as a word of the language does are names all the same. */
static void test_words_are_whole_words(void **state)
{
    static const char text[] = "not_socket2 = socket(AF_INET, SOCK_STREAM, 0)\n"
                               "close(not_socket2)\n";

    (void)state;
    text_parse_valid(&drill, &notes, text, sizeof text - 1);
    assert_int_equal(drill.calls[1].fd, drill.calls[0].result);
    assert_error("s = dup(-1)\nbind(s, AF_UNSPECIFIED)", 35, 2, 9, "an address");
    assert_error("close(-12)", 10, 1, 7, "a descriptor");
    assert_error("close(21474836470)", 18, 1, 7, "a descriptor");
}

/* A variable cannot take a word that means something else where a descriptor stands. */
static void test_reserved_words_are_no_names(void **state)
{
    (void)state;
    assert_error("not_socket = dup(-1)", 20, 1, 1, "not_socket");
}

/* What checks the rows sees a wrong line, column or message. */
static void test_planted_wrong_rows_are_seen(void **state)
{
    static const struct row right = {0, "close(^5)", DESCRIPTORS};
    static const struct row column = {0, "close(5^)", DESCRIPTORS};
    static const struct row line = {0, "close(5)\n^", DESCRIPTORS};
    static const struct row message = {0, "close(^5)", "another message"};
    static const struct row valid = {0, "close(^s0)", ""};

    (void)state;
    assert_true(row_holds(&right));
    assert_false(row_holds(&column));
    assert_false(row_holds(&line));
    assert_false(row_holds(&message));
    assert_false(row_holds(&valid));
}

CHECK_MAIN(cmocka_unit_test(test_messages_and_places),
           cmocka_unit_test(test_every_kind_of_argument_has_a_row), cmocka_unit_test(test_limits),
           cmocka_unit_test(test_nul_is_a_character), cmocka_unit_test(test_words_are_whole_words),
           cmocka_unit_test(test_reserved_words_are_no_names),
           cmocka_unit_test(test_planted_wrong_rows_are_seen))
