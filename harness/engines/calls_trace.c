/* calls_trace: see calls_trace.h. */
#include "engines/calls_trace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drill/call.h"
#include "interpose/interpose.h"
#include "interpose/play.h"
#include "interpose/program.h"
#include "stacks/model.h"

enum { LINE_MAX_BYTES = 512, SHOWN_MAX = 96 };

static int file = -1;
static unsigned sockets;

struct line {
    char text[LINE_MAX_BYTES];
    size_t size;
};

static void __attribute__((format(printf, 2, 3))) add(struct line *l, const char *format, ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(l->text + l->size, sizeof l->text - l->size, format, arguments);
    va_end(arguments);
    l->size += size > 0 ? (size_t)size : 0;
    if (l->size >= sizeof l->text)
        l->size = sizeof l->text - 1;
}

static void add_bytes(struct line *l, const struct payload *bytes)
{
    uint32_t shown = bytes->length < SHOWN_MAX ? bytes->length : SHOWN_MAX;

    add(l, ", \"");
    for (uint32_t i = 0; i < shown; i++) {
        uint8_t byte = bytes->data[i % bytes->period];

        if (byte == '"' || byte == '\\')
            add(l, "\\%c", byte);
        else if (byte >= ' ' && byte < 0x7f)
            add(l, "%c", byte);
        else if (byte == '\n' || byte == '\r')
            add(l, byte == '\n' ? "\\n" : "\\r");
        else
            add(l, "\\%03o", byte);
    }
    add(l, shown < bytes->length ? "\"..." : "\"");
}

static int error_of(enum model_stage stage)
{
    return stage == MODEL_REFUSED       ? errno
           : stage == MODEL_INTERRUPTED ? EINTR
                                        : model_prediction()->error;
}

static void trace(const struct request *request, enum model_stage stage)
{
    struct line l = {.size = 0};
    int64_t result = stage == MODEL_ENDS ? model_prediction()->result : -1;
    int error = errno;
    bool inside = interpose_inside;

    if (stage == MODEL_WAITS)
        return;

    interpose_inside = false;
    add(&l, "%s: %s(%d", play_is_on() ? "remote" : "code", call_info((enum op)request->op)->name,
        request->fd);
    if (request->sent.length > 0 && request->sent.period > 0)
        add_bytes(&l, &request->sent);
    add(&l, ") = %" PRId64, result);
    if (result < 0)
        add(&l, " %s", strerrorname_np(error_of(stage)));
    sockets += request->op == OP_socket && result >= 0;
    dprintf(file, "%s\n", l.text);
    interpose_inside = inside;
    errno = error;
}

void calls_trace_begin(const char *path)
{
    int opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);

    if (opened >= 0)
        file = dup3(opened, KEPT_TRACE, O_CLOEXEC);
    if (file < 0) {
        fprintf(stderr, "sockdrill: SOCKDRILL_TRACE: %s: %s\n", path, strerror(errno));
        _exit(1);
    }
    close(opened);
    model_saw = trace;
}

void calls_trace_end(void)
{
    if (file >= 0)
        dprintf(file, "# %u sockets\n", sockets);
}
