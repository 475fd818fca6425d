/* trace: see trace.h. */
#include "engines/trace.h"

#include <string.h>

uint32_t trace_record(FILE *out, const struct judged *j, const struct drill_notes *notes)
{
    int not_socket;

    if (j->call == NULL && j->request->act == ACT_RESUME) {
        trace_print_resumed(out, j->request->resumed, j->outcome, notes);
        return 1;
    }
    if (j->call == NULL) {
        trace_print_asked(out, (enum op)j->request->op, j->request->fd, j->outcome);
        return 1;
    }
    not_socket = conform_not_socket(j->call, j->request);
    if (not_socket >= 0)
        trace_print_not_socket(out, not_socket);
    trace_print_call(out, j->call, j->outcome, j->waited_ms, notes);
    return not_socket >= 0 ? 2 : 1;
}

static void judge_line(struct trace_judge *t, const struct trace_line *line,
                       const struct request *request)
{
    struct judged j = {.call = line->call,
                       .request = request,
                       .outcome = &line->outcome,
                       .waited_ms = line->waited_ms,
                       .made = outcome_made(&line->outcome)};

    judged_describe(&j, oracle_world(&t->oracle));
    memset(&t->oracle.coverage, 0, sizeof t->oracle.coverage);
    if (j.made)
        j.judgement = judged_by(&t->oracle, &j);
    t->report(t->context, line, &j);
}

bool trace_judge_text(struct trace_judge *t, const struct profile *profile, const char *text,
                      size_t size, struct drill_error *error)
{
    struct trace_line line;
    struct request request;
    enum retraced next;

    if (!retrace_start(&t->retrace, error, text, size))
        return false;
    if (profile == NULL)
        profile = profile_find(t->retrace.reader.header.profile);
    if (profile == NULL) {
        *error = (struct drill_error){.line = 1, .column = 1};
        snprintf(error->message, sizeof error->message,
                 "no profile is called so: judge it by another with --profile");
        return false;
    }
    oracle_init(&t->oracle, profile, t->retrace.reader.header.settle_ms);
    if (!conform_keeps_time_wait(t->retrace.reader.header.stack))
        oracle_without_time_wait(&t->oracle);
    if (t->retrace.reader.header.slow)
        oracle_is_slow(&t->oracle);
    oracle_begin(&t->oracle);
    while ((next = retrace_next(&t->retrace, &line, &request)) != RETRACED_END) {
        if (next == RETRACED_FAULT)
            return false;
        if (next == RETRACED_NOT_SOCKET)
            oracle_knows_other(&t->oracle, line.fd);
        else
            judge_line(t, &line, &request);
    }
    return true;
}
