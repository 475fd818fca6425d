/* test_interpose_refused: what no socket can fails as its text says, what is not emulated says so.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "interpose/run.h"
#include "tests/support/check.h"
#include "tests/support/served.h"

static int do_what_no_socket_can(int fd)
{
    struct termios settings;
    char byte = 'x';

    numbers[0] = lseek(fd, 0, SEEK_SET) < 0 ? errno : 0;
    numbers[1] = pread(fd, &byte, 1, 0) < 0 ? errno : 0;
    numbers[2] = ftruncate(fd, 0) < 0 ? errno : 0;
    numbers[3] = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED ? errno : 0;
    numbers[4] = tcgetattr(fd, &settings) < 0 ? errno : 0;
    numbers[5] = openat(fd, "name", O_RDONLY) < 0 ? errno : 0;
    numbers[6] = fdopendir(fd) == NULL ? errno : 0;
    numbers[7] = posix_fallocate(fd, 0, 1);
    fd = openat(fd, "/dev/null", O_RDONLY);
    see("ok", fd >= 0 ? 2 : 0);
    return close(fd);
}

static void check_refused(void)
{
    assert_int_equal(numbers[0], ESPIPE);
    assert_int_equal(numbers[1], ESPIPE);
    assert_int_equal(numbers[2], EINVAL);
    assert_int_equal(numbers[3], ENODEV);
    assert_int_equal(numbers[4], ENOTTY);
    assert_int_equal(numbers[5], ENOTDIR);
    assert_int_equal(numbers[6], ENOTDIR);
    assert_int_equal(numbers[7], ENODEV);
    assert_string_equal(seen, "ok|");
}

static void test_what_no_socket_can(void **state)
{
    (void)state;
    serve_both("", do_what_no_socket_can, check_refused);
}

/* --- ioctl --- */

static int ask(int fd)
{
    struct ifreq interface = {.ifr_ifindex = 1};
    struct termios terminal;

    numbers[0] = ioctl(fd, SIOCGIFNAME, &interface);
    see(interface.ifr_name, (ssize_t)strnlen(interface.ifr_name, sizeof interface.ifr_name));
    numbers[1] = ioctl(fd, TCGETS, &terminal) < 0 ? errno : 0;
    numbers[2] = ioctl(fd, FIOCLEX) == 0 ? fcntl(fd, F_GETFD) : -1;
    numbers[3] = ioctl(fd, FIONCLEX) == 0 ? fcntl(fd, F_GETFD) : -1;
    numbers[4] = ioctl(fd, SIOCSIFFLAGS, &interface) < 0 ? errno : 0;
    return 0;
}

/* Nothing of the machine's is changed. */
static void check_asked(void)
{
    assert_int_equal(numbers[0], 0);
    assert_string_equal(seen, "lo|");
    assert_int_equal(numbers[1], ENOTTY);
    assert_int_equal(numbers[2], FD_CLOEXEC);
    assert_int_equal(numbers[3], 0);
    assert_int_equal(numbers[4], ENOSYS);
}

static void test_ioctl(void **state)
{
    (void)state;
    serve_both("", ask, check_asked);
}

static int do_what_is_not_emulated(int fd)
{
    numbers[0] = fchmod(fd, 0) < 0 ? errno : 0;
    fchmod(fd, 0);
    sigtimedwait(&(sigset_t){0}, NULL, &(struct timespec){0});
    return 0;
}

static int serve_not_emulated(void *unused)
{
    (void)unused;
    interpose_serve(do_what_is_not_emulated, &served_drill, AF_INET);
    return numbers[0] == ENOSYS ? 0 : 1;
}

static unsigned count_of(const char *text, const char *part)
{
    unsigned count = 0;

    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

static void test_what_is_not_emulated_says_so_once(void **state)
{
    struct check_end end;

    (void)state;
    served_parse("");
    end = check_child(serve_not_emulated, NULL, 20);
    assert_true(check_exited(&end, 0));
    assert_int_equal(
        count_of(end.said, "sockdrill: fchmod is not emulated: it fails with ENOSYS\n"), 1);
    assert_int_equal(
        count_of(end.said, "sockdrill: sigtimedwait is not emulated: it takes real time\n"), 1);
    assert_int_equal(count_of(end.said, "\n"), 2);
    free(end.said);
}

CHECK_MAIN(cmocka_unit_test(test_what_no_socket_can), cmocka_unit_test(test_ioctl),
           cmocka_unit_test(test_what_is_not_emulated_says_so_once))
