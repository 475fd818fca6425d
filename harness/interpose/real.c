/* real: where the C library's own functions are. */
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interpose/interpose.h"

/*
 * Where the sanitizers' functions are that check a call's memory and make it; older and newer
 * names.
 */
#define OWN(type, name, parameters)                                                                \
    extern char checked_##name[] __asm__("__interceptor_" #name) __attribute__((weak));            \
    extern char checking_##name[] __asm__("___interceptor_" #name) __attribute__((weak));
#define REFUSED(type, name, parameters, ...) OWN(type, name, parameters)
#define UNSUPPORTED(type, name, parameters, ...) OWN(type, name, parameters)
#define SAID(type, name, parameters, ...) OWN(type, name, parameters)
#include "lists/interposed.def"

/* Those of a program beneath which this is preloaded come back here. */
#ifdef SOCKDRILL_PRELOADED
#define CHECKS(name) NULL
#else
#define CHECKS(name) name
#endif

static const struct {
    const char *name;
    size_t place; /* in struct real */
    char *checked;
    char *checking;
    bool needed; /* what no C library has any more nobody calls either */
} functions[] = {
#define PLACE(name, needed)                                                                        \
    {#name, offsetof(struct real, name), CHECKS(checked_##name), CHECKS(checking_##name), needed},
#define OWN(type, name, parameters) PLACE(name, true)
#define REFUSED(type, name, ...) PLACE(name, false)
#define UNSUPPORTED(type, name, ...) PLACE(name, false)
#define SAID(type, name, ...) PLACE(name, false)
#include "lists/interposed.def"
};

static struct real found;
static bool is_found;

static void *look_up(const char *name, bool needed)
{
    static const char message[] = "sockdrill: the C library lacks a function that is replaced\n";
    void *function = dlsym(RTLD_NEXT, name);

    if (function != NULL || !needed)
        return function;
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0)
        abort();
    abort();
}

static void find(void)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = functions[i].checking != NULL ? functions[i].checking
                         : functions[i].checked != NULL
                             ? functions[i].checked
                             : look_up(functions[i].name, functions[i].needed);

        memcpy((char *)&found + functions[i].place, &function, sizeof function);
    }
    is_found = true;
}

const struct real *real(void)
{
    if (!is_found)
        find();
    return &found;
}
