/*
 * law: a target's assertion. It holds in every build, NDEBUG or not: a law that is broken is a
 * finding, printed with its place and ended with abort(), which every engine keeps as a crash.
 */
#ifndef SOCKDRILL_TARGETS_LAW_H
#define SOCKDRILL_TARGETS_LAW_H

#include <stdio.h>
#include <stdlib.h>

/* LAW asserts condition; text says in one sentence what must hold. */
#define LAW(condition, text)                                                                       \
    do {                                                                                           \
        if (!(condition))                                                                          \
            law_broken(text, #condition, __FILE__, __LINE__);                                      \
    } while (0)

_Noreturn static inline void law_broken(const char *text, const char *condition, const char *file,
                                        int line)
{
    fprintf(stderr, "law broken: %s\n%s:%d: %s\n", text, file, line, condition);
    fflush(stderr);
    abort();
}

#endif
