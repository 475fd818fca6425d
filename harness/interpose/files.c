/* files: a socket as a file, and files to and from sockets. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "interpose/interpose.h"
#include "stacks/model.h"

/* --- sendfile --- */

enum { CHUNK = 1 << 16 };

/* Sends from a position of a file; returns how much, and -1 only if that was nothing. */
static ssize_t send_from(int fd, int file, off_t position, size_t count)
{
    static char chunk[CHUNK];
    size_t done = 0;

    while (done < count) {
        size_t most = count - done < CHUNK ? count - done : CHUNK;
        ssize_t size = real()->pread(file, chunk, most, position + (off_t)done);
        ssize_t sent =
            size > 0 ? sockdrill_stack_model.write(number_model(fd), chunk, (size_t)size) : size;

        if (sent > 0)
            done += (size_t)sent;
        if (sent < 0 && done == 0)
            return -1;
        if (sent <= 0 || sent < size)
            break;
    }
    return (ssize_t)done;
}

/* What is read from must be a file that mmap could take. Source: sendfile(2). */
static ssize_t send_file(int fd, int file, off_t *offset, size_t count)
{
    off_t position = number_emulated(file) ? -1
                     : offset != NULL      ? *offset
                                           : real()->lseek(file, 0, SEEK_CUR);
    ssize_t sent;

    if (position < 0 || !number_emulated(fd)) {
        errno = EINVAL;
        return -1;
    }
    sent = send_from(fd, file, position, count);
    if (sent > 0 && offset != NULL)
        *offset = position + sent;
    else if (sent > 0)
        real()->lseek(file, position + sent, SEEK_SET);
    return sent;
}

INTERPOSED(ssize_t, sendfile, (int fd, int file, off_t *offset, size_t count))
{
    if (!number_emulated(fd) && !number_emulated(file))
        return real()->sendfile(fd, file, offset, count);
    return send_file(fd, file, offset, count);
}

INTERPOSED(ssize_t, sendfile64, (int fd, int file, off_t *offset, size_t count))
{
    if (!number_emulated(fd) && !number_emulated(file))
        return real()->sendfile64(fd, file, offset, count);
    return send_file(fd, file, offset, count);
}

/* --- splice --- */

/* Not more than a pipe that has room takes at once. */
enum { PORTION = 4096 };

static bool is_pipe(int fd)
{
    return real()->fcntl(fd, F_GETPIPE_SZ) >= 0;
}

static ssize_t splice_to_pipe(int fd, int pipe, size_t size, unsigned flags)
{
    struct pollfd room = {.fd = pipe, .events = POLLOUT};
    char portion[PORTION];

    if (real()->poll(&room, 1, flags & SPLICE_F_NONBLOCK ? 0 : -1) == 0) {
        errno = EAGAIN;
        return -1;
    }
    size = size < PORTION ? size : PORTION;
    size = (size_t)sockdrill_stack_model.read(number_model(fd), portion, size);
    return (ssize_t)size > 0 ? real()->write(pipe, portion, size) : (ssize_t)size;
}

/* What the socket does not take stays in the pipe, so it is sent from a copy of that. */
static ssize_t splice_from_pipe(int pipe, int fd, size_t size, unsigned flags)
{
    char portion[PORTION];
    int copy[2];
    ssize_t sent;

    if (pipe2(copy, O_CLOEXEC) != 0)
        return -1;
    sent = real()->tee(pipe, copy[1], size < PORTION ? size : PORTION, flags);
    if (sent > 0)
        sent = real()->read(copy[0], portion, (size_t)sent);
    if (sent > 0)
        sent = sockdrill_stack_model.write(number_model(fd), portion, (size_t)sent);
    if (sent > 0)
        sent = real()->read(pipe, portion, (size_t)sent);
    real()->close(copy[0]);
    real()->close(copy[1]);
    return sent;
}

INTERPOSED(ssize_t, splice,
           (int from, off64_t *from_offset, int to, off64_t *to_offset, size_t size,
            unsigned flags))
{
    bool from_socket = number_emulated(from);
    bool to_socket = number_emulated(to);

    if (!from_socket && !to_socket)
        return real()->splice(from, from_offset, to, to_offset, size, flags);
    if (from_socket == to_socket || !is_pipe(from_socket ? to : from)) {
        errno = EINVAL;
        return -1;
    }
    if (from_offset != NULL || to_offset != NULL) {
        errno = from_socket == (to_offset != NULL) ? ESPIPE : EINVAL;
        return -1;
    }
    if (size == 0)
        return 0;
    return from_socket ? splice_to_pipe(from, to, size, flags)
                       : splice_from_pipe(from, to, size, flags);
}

/* --- what kind of file it is --- */

static int show_status(int fd, struct stat *status)
{
    enum { BLOCK = 4096, DEVICE = 8 };
    bool is_socket = world_sock(model_world(), number_model(fd)) != NULL;

    memory_written(status, sizeof *status);
    *status = (struct stat){.st_mode = is_socket ? S_IFSOCK | S_IRWXU | S_IRWXG | S_IRWXO
                                                 : S_IRUSR | S_IWUSR,
                            .st_dev = DEVICE,
                            .st_ino = (ino_t)number_model(fd) + 1,
                            .st_nlink = 1,
                            .st_uid = getuid(),
                            .st_gid = getgid(),
                            .st_blksize = BLOCK};
    return 0;
}

INTERPOSED(int, fstat, (int fd, struct stat *status))
{
    return number_emulated(fd) ? show_status(fd, status) : real()->fstat(fd, status);
}

INTERPOSED(int, fstat64, (int fd, struct stat *status))
{
    return number_emulated(fd) ? show_status(fd, status) : real()->fstat64(fd, status);
}

/* As programs call it that are older than the C library's 2.33. */
INTERPOSED(int, __fxstat, (int version, int fd, struct stat *status))
{
    return number_emulated(fd) ? show_status(fd, status) : real()->__fxstat(version, fd, status);
}

INTERPOSED(int, __fxstat64, (int version, int fd, struct stat *status))
{
    return number_emulated(fd) ? show_status(fd, status) : real()->__fxstat64(version, fd, status);
}

INTERPOSED(int, isfdtype, (int fd, int type))
{
    struct stat status;

    if (!number_emulated(fd))
        return real()->isfdtype(fd, type);
    show_status(fd, &status);
    return (status.st_mode & S_IFMT) == (mode_t)type;
}

/* --- streams --- */

static size_t write_all(int fd, const char *data, size_t size)
{
    ssize_t sent;
    size_t done = 0;

    while (done < size && (sent = write(fd, data + done, size - done)) > 0)
        done += (size_t)sent;
    return done;
}

/* A stream's cookie stands in a table, at the place of its number. */
static const char cookies[NUMBERS];

static int number_of(const void *cookie)
{
    return (int)((const char *)cookie - cookies);
}

static ssize_t read_cookie(void *cookie, char *data, size_t size)
{
    return read(number_of(cookie), data, size);
}

/* A cookie's function returns 0 for failure. Source: fopencookie(3). */
static ssize_t write_cookie(void *cookie, const char *data, size_t size)
{
    return (ssize_t)write_all(number_of(cookie), data, size);
}

static int close_cookie(void *cookie)
{
    return close(number_of(cookie));
}

INTERPOSED(FILE *, fdopen, (int fd, const char *mode))
{
    const cookie_io_functions_t calls = {
        .read = read_cookie, .write = write_cookie, .close = close_cookie};
    FILE *stream;

    if (!number_emulated(fd))
        return real()->fdopen(fd, mode);
    stream = fopencookie(changeable(&cookies[fd]), mode, calls);
    if (stream != NULL)
        stream->_fileno = fd; /* for fileno() */
    return stream;
}

/* --- dprintf --- */

static int print_to(int fd, const char *format, va_list arguments)
{
    char *text;
    int size = vasprintf(&text, format, arguments);
    size_t sent;

    if (size < 0)
        return -1;
    sent = write_all(fd, text, (size_t)size);
    free(text);
    return sent == (size_t)size ? size : -1;
}

INTERPOSED(int, vdprintf, (int fd, const char *format, va_list arguments))
{
    return number_emulated(fd) ? print_to(fd, format, arguments)
                               : real()->vdprintf(fd, format, arguments);
}

INTERPOSED(int, __vdprintf_chk, (int fd, int checks, const char *format, va_list arguments))
{
    return number_emulated(fd) ? print_to(fd, format, arguments)
                               : real()->__vdprintf_chk(fd, checks, format, arguments);
}

INTERPOSED(int, dprintf, (int fd, const char *format, ...))
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = interposed_vdprintf(fd, format, arguments);
    va_end(arguments);
    return size;
}

INTERPOSED(int, __dprintf_chk, (int fd, int checks, const char *format, ...))
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = interposed___vdprintf_chk(fd, checks, format, arguments);
    va_end(arguments);
    return size;
}
