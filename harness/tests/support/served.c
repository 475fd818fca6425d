/* served: code under test on the model, and what it saw. See served.h. */
#include "tests/support/served.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "interpose/run.h"
#include "tests/support/check.h"

struct drill served_drill;
char seen[512];
int64_t numbers[8];

void served_parse(const char *text)
{
    static struct drill_notes notes;
    struct drill_error error;

    if (!drill_parse(&served_drill, &notes, &error, text, strlen(text)))
        fail_msg("%u: %s", error.line, error.message);
    memset(seen, 0, sizeof seen);
    memset(numbers, 0, sizeof numbers);
}

void see(const char *bytes, ssize_t size)
{
    size_t used = strlen(seen);

    snprintf(seen + used, sizeof seen - used, "%.*s|", size > 0 ? (int)size : 0, bytes);
}

void serve_both(const char *text, int (*server)(int), void (*check)(void))
{
    for (unsigned v6 = 0; v6 < 2; v6++) {
        served_parse(text);
        interpose_serve(server, &served_drill, v6 ? AF_INET6 : AF_INET);
        check();
    }
}
