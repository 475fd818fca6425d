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

int served_family;

/* A drill for IPv4 is one for IPv6 once its families and hosts are others. */
void served_parse_for(int of_family, const char *text)
{
    char other[2048] = "";
    size_t used = 0;

    served_family = of_family;
    while (*text != '\0') {
        const char *from[] = {"AF_INET,", "127.0.0.1:"};
        const char *to[] = {"AF_INET6,", "[::1]:"};
        size_t i = 0;

        while (i < 2 && (served_family == AF_INET || strncmp(text, from[i], strlen(from[i])) != 0))
            i++;
        assert_true(used + 16 < sizeof other);
        if (i < 2) {
            used += (size_t)snprintf(other + used, sizeof other - used, "%s", to[i]);
            text += strlen(from[i]);
        } else {
            other[used++] = *text++;
        }
    }
    other[used] = '\0';
    served_parse(other);
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
