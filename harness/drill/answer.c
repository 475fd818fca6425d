/* answer: see answer.h. */
#include "drill/answer.h"

#include <errno.h>
#include <stddef.h>

static const struct answer_info infos[ANSWER_KINDS] = {
#define ANSWER(code, call, answer, form, level, number, text)                                      \
    [code] = {answer, text, ANSWERED_##call, ANSWER_##form, LEVEL_##level, number},
#include "lists/answers.def"
#undef ANSWER
};

const struct answer_info *answer_info(unsigned kind)
{
    return &infos[kind];
}

bool answer_takes_number(unsigned kind)
{
    return infos[kind].form == ANSWER_SHORT || infos[kind].form == ANSWER_NUMBER;
}

bool answer_names_socket(unsigned kind)
{
    return infos[kind].call != ANSWERED_socket && infos[kind].call != ANSWERED_wait;
}

const char *answer_call_name(enum answered call)
{
    static const char *const names[ANSWERED_KINDS] = {"socket", "accept", "connect",
                                                      "recv",   "send",   "wait"};

    return names[call];
}

const char *answer_level_name(unsigned level)
{
    static const char *const names[] = {"none", "io", "faults"};

    return level < ANSWER_LEVELS ? names[level] : NULL;
}

bool answer_equal(const struct answer *a, const struct answer *b)
{
    return a->kind == b->kind && a->socket == b->socket && a->number == b->number;
}

void answer_print(FILE *out, const struct answer *a)
{
    const struct answer_info *info = answer_info(a->kind);

    fprintf(out, "answer %s %s", answer_call_name(info->call), info->answer);
    if (answer_takes_number(a->kind))
        fprintf(out, " %u", a->number);
    if (a->socket != 0)
        fprintf(out, " on %u", a->socket);
}
