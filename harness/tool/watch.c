/* watch: see watch.h. */
#include "tool/watch.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tool/command.h"

static struct {
    struct watched next;
    sigjmp_buf *escape;
    unsigned seconds;
} watch = {.seconds = WATCH_SECONDS};

static void put(const char *text)
{
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        _exit(EXIT_COULD_NOT_RUN);
}

static void put_number(unsigned number)
{
    char digits[12];
    char *first = digits + sizeof digits - 1;

    *first = '\0';
    do
        *--first = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    put(first);
}

static void end_hanging(int number)
{
    sigjmp_buf *escape = watch.escape;

    (void)number;
    if (escape != NULL) {
        watch.escape = NULL;
        alarm(WATCH_SECONDS);
        siglongjmp(*escape, 1);
    }
    put("sockdrill: ");
    put(watch.next.file);
    put(": call ");
    put_number(watch.next.number);
    put(", ");
    put(watch.next.call);
    put(", did not return within ");
    put_number(watch.seconds);
    put(" s\n");
    _exit(EXIT_FOUND);
}

void watch_start(sigjmp_buf *escape)
{
    watch.escape = escape;
    signal(SIGALRM, end_hanging);
}

void watch_is_slow(void)
{
    watch.seconds = WATCH_SLOW_SECONDS;
}

void watch_next(const char *file, unsigned number, const char *call)
{
    watch.next = (struct watched){file, number, call};
    alarm(watch.seconds);
}

void watch_stop(void)
{
    alarm(0);
}
