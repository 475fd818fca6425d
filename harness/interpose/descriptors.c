/* descriptors: the calls that make, copy and close descriptors, or work on them. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <linux/sockios.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "interpose/adversary.h"
#include "interpose/interpose.h"
#include "interpose/program.h"
#include "stacks/model.h"

int16_t interpose_numbers[NUMBERS];

/* The numbers that were ever set in this run. */
static int lowest = NUMBERS;
static int highest = -1;

void number_set(int number, int model_fd)
{
    interpose_numbers[number] = (int16_t)(model_fd + 1);
    lowest = number < lowest ? number : lowest;
    highest = number > highest ? number : highest;
}

void numbers_reset(void)
{
    if (highest >= lowest)
        memset(interpose_numbers + lowest, 0,
               (size_t)(highest - lowest + 1) * sizeof *interpose_numbers);
    lowest = NUMBERS;
    highest = -1;
    if (epolls_besides > 0)
        epolls_reset();
}

int number_given(int model_fd)
{
    int number = EMULATED_MIN + model_fd;
    int wanted = adversary_number();

    if (model_fd < 0)
        return -1;
    if (wanted >= EMULATED_MIN && wanted < NUMBERS && interpose_numbers[wanted] == 0)
        number = wanted;
    /* What was put there by dup2 has the number, and this one the next that is free. */
    while (number < NUMBERS && interpose_numbers[number] != 0)
        number++;
    if (number == NUMBERS) {
        sockdrill_stack_model.close(model_fd);
        errno = EMFILE;
        return -1;
    }
    number_set(number, model_fd);
    return number;
}

void interpose_says(const char *what, const char *becomes)
{
    enum { SAID_MAX = 256 };
    static const char *said[SAID_MAX];
    bool inside = interpose_inside;

    interpose_inside = false;
    for (size_t i = 0; i < SAID_MAX; i++) {
        if (said[i] == what)
            break;
        if (said[i] != NULL)
            continue;
        said[i] = what;
        fprintf(stderr, "sockdrill: %s is not emulated: %s\n", what, becomes);
        break;
    }
    interpose_inside = inside;
}

int interpose_lacks(const char *what)
{
    interpose_says(what, "it fails with ENOSYS");
    errno = ENOSYS;
    return -1;
}

/* Sockets of other families are the system's. */
INTERPOSED(int, socket, (int domain, int type, int protocol))
{
    bool is_internet = domain == AF_INET || domain == AF_INET6;

    if (program_is && !interpose_inside &&
        is_internet) { /* of another thread: see pthread_create */
        errno = EAFNOSUPPORT;
        return -1;
    }
    if (!interpose_inside || !is_internet)
        return real()->socket(domain, type, protocol);
    return number_given(sockdrill_stack_model.socket(domain, type, protocol));
}

INTERPOSED(int, connect, (int fd, const struct sockaddr *address, socklen_t length))
{
    if (!number_emulated(fd))
        return real()->connect(fd, address, length);
    memory_read(address, length);
    if (program_is)
        program_meets(number_model(fd), address, length);
    return sockdrill_stack_model.connect(number_model(fd), address, length);
}

INTERPOSED(int, accept, (int fd, struct sockaddr *address, socklen_t *length))
{
    if (!number_emulated(fd))
        return real()->accept(fd, address, length);
    if (address != NULL)
        memory_written(address, *length);
    return number_given(sockdrill_stack_model.accept(number_model(fd), address, length));
}

INTERPOSED(int, accept4, (int fd, struct sockaddr *address, socklen_t *length, int flags))
{
    if (!number_emulated(fd))
        return real()->accept4(fd, address, length, flags);
    if (address != NULL)
        memory_written(address, *length);
    return number_given(sockdrill_stack_model.accept4(number_model(fd), address, length, flags));
}

/* What is not the program's to close. */
static bool is_kept(int fd)
{
    return interpose_inside && program_is && fd >= KEPT_FIRST && fd <= KEPT_LAST;
}

static int close_other(int fd)
{
    if (is_kept(fd)) {
        errno = EBADF;
        return -1;
    }
    if (timers_open > 0)
        timers_closed(fd, fd);
    if (program_is)
        watches_closed(fd);
    return real()->close(fd);
}

/* A number of the system's that dup2 has covered is closed beneath as well. */
static int close_emulated(int fd)
{
    int model_fd = number_model(fd);
    int result;

    number_set(fd, -1);
    if (fd < EMULATED_MIN)
        close_other(fd);
    result = sockdrill_stack_model.close(model_fd);
    if (epolls_besides > 0)
        epolls_forget_closed();
    return result;
}

INTERPOSED(int, close, (int fd))
{
    return number_emulated(fd) ? close_emulated(fd) : close_other(fd);
}

static void close_or_mark(int fd, int flags)
{
    if (flags & CLOSE_RANGE_CLOEXEC)
        sockdrill_stack_model.fcntl(number_model(fd), F_SETFD, FD_CLOEXEC);
    else
        close_emulated(fd);
}

/* AFL++ talks to its fork server over descriptors that are not code under test's to close. */
INTERPOSED(int, close_range, (unsigned first, unsigned last, int flags))
{
    enum { KNOWN = CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE };
    int result = 0;

    if (!interpose_inside)
        return real()->close_range(first, last, flags);
    if (first > last || (flags & ~KNOWN)) {
        errno = EINVAL;
        return -1;
    }
    for (unsigned fd = first; fd <= last && fd < NUMBERS; fd++)
        if (number_emulated((int)fd))
            close_or_mark((int)fd, flags);
    if (!(flags & CLOSE_RANGE_CLOEXEC) && first < NUMBERS)
        timers_closed((int)first, last < NUMBERS ? (int)last : NUMBERS - 1);
    if (first < KEPT_FIRST)
        result = real()->close_range(first, last < KEPT_FIRST ? last : KEPT_FIRST - 1, flags);
    if (result == 0 && last > KEPT_LAST)
        result = real()->close_range(first > KEPT_LAST ? first : KEPT_LAST + 1, last, flags);
    return result;
}

INTERPOSED(void, closefrom, (int first))
{
    if (interpose_inside)
        close_range(first > 0 ? (unsigned)first : 0, UINT_MAX, 0);
    else
        real()->closefrom(first);
}

/* A copy that the system made of one of its descriptors, or -1. */
static int copied(int fd, int copy)
{
    if (timers_open > 0)
        timers_copied(fd, copy);
    return copy;
}

INTERPOSED(int, dup, (int fd))
{
    if (!number_emulated(fd))
        return copied(fd, real()->dup(fd));
    return number_given(sockdrill_stack_model.dup(number_model(fd)));
}

/* Puts a copy of an emulated descriptor on a number, of whichever kind that was. */
static int cover(int fd, int other_fd, int flags)
{
    int copy;

    if (other_fd < 0 || other_fd >= NUMBERS) {
        errno = EBADF;
        return -1;
    }
    copy = sockdrill_stack_model.fcntl(number_model(fd),
                                       flags & O_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD, 0);
    if (copy < 0)
        return -1;
    if (interpose_numbers[other_fd] != 0)
        sockdrill_stack_model.close(number_model(other_fd));
    if (epolls_besides > 0)
        epolls_forget_closed();
    number_set(other_fd, copy);
    return other_fd;
}

INTERPOSED(int, dup2, (int fd, int other_fd))
{
    if (number_emulated(fd))
        return fd == other_fd ? fd : cover(fd, other_fd, 0);
    if (number_emulated(other_fd))
        return interpose_lacks("dup2 of another file onto an emulated descriptor");
    return copied(fd, real()->dup2(fd, other_fd));
}

INTERPOSED(int, dup3, (int fd, int other_fd, int flags))
{
    if (number_emulated(fd) && (fd == other_fd || (flags & ~O_CLOEXEC))) {
        errno = EINVAL;
        return -1;
    }
    if (number_emulated(fd))
        return cover(fd, other_fd, flags);
    if (number_emulated(other_fd))
        return interpose_lacks("dup3 of another file onto an emulated descriptor");
    return copied(fd, real()->dup3(fd, other_fd, flags));
}

static int control_file(int fd, int command, int argument)
{
    bool copies = command == F_DUPFD || command == F_DUPFD_CLOEXEC;

    if (copies) /* the number that it is to be from on counts for the system alone */
        return number_given(sockdrill_stack_model.fcntl(number_model(fd), command, 0));
    return sockdrill_stack_model.fcntl(number_model(fd), command, argument);
}

INTERPOSED(int, fcntl, (int fd, int command, ...))
{
    bool copies = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
    va_list arguments;
    void *argument;
    int result;

    va_start(arguments, command);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    if (!number_emulated(fd)) {
        result = real()->fcntl(fd, command, argument);
        return copies ? copied(fd, result) : result;
    }
    return control_file(fd, command, (int)(intptr_t)argument);
}

/* Which is fcntl where off_t has 64 bits. */
INTERPOSED(int, fcntl64, (int fd, int command, ...))
{
    va_list arguments;
    void *argument;

    va_start(arguments, command);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    return interposed_fcntl(fd, command, argument);
}

/* Which interfaces there are, and their names, is asked by way of any socket. */
static int ask_interfaces(unsigned long request, void *argument)
{
    int fd = real()->socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int result = fd < 0 ? -1 : real()->ioctl(fd, request, argument);
    int error = errno;

    if (fd >= 0)
        real()->close(fd);
    errno = error;
    return result;
}

static bool asks_interfaces(unsigned long request)
{
    static const unsigned long asks[] = {
        SIOCGIFNAME,    SIOCGIFCONF,    SIOCGIFFLAGS,  SIOCGIFADDR, SIOCGIFDSTADDR,
        SIOCGIFBRDADDR, SIOCGIFNETMASK, SIOCGIFMETRIC, SIOCGIFMTU,  SIOCGIFHWADDR,
        SIOCGIFINDEX,   SIOCGIFTXQLEN,  SIOCGIFMAP,    SIOCGARP,
    };

    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
        if (request == asks[i])
            return true;
    return false;
}

static int control_emulated(int fd, unsigned long request, void *argument)
{
    enum { OF_TERMINALS = 'T' };

    if (request == FIONREAD || request == FIONBIO || request == SIOCATMARK || request == SIOCOUTQ) {
        memory_written(argument, sizeof(int));
        return sockdrill_stack_model.ioctl(number_model(fd), request, argument);
    }
    if (request == FIOCLEX || request == FIONCLEX)
        return sockdrill_stack_model.fcntl(number_model(fd), F_SETFD,
                                           request == FIOCLEX ? FD_CLOEXEC : 0);
    if (asks_interfaces(request))
        return ask_interfaces(request, argument);
    if (request >> 8 != OF_TERMINALS)
        return interpose_lacks("ioctl, but for what sockets and interfaces have,");
    errno = ENOTTY;
    return -1;
}

INTERPOSED(int, ioctl, (int fd, unsigned long request, ...))
{
    va_list arguments;
    void *argument;

    va_start(arguments, request);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    if (!number_emulated(fd))
        return real()->ioctl(fd, request, argument);
    return control_emulated(fd, request, argument);
}

INTERPOSED(int, sockatmark, (int fd))
{
    int at_mark = 0;

    if (!number_emulated(fd))
        return real()->sockatmark(fd);
    return sockdrill_stack_model.ioctl(number_model(fd), SIOCATMARK, &at_mark) < 0 ? -1 : at_mark;
}
