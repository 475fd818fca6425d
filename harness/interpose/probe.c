/*
 * probe: whether the calls of code under test arrive here. One that did not would reach the system,
 * or a sanitizer's function that passes it on, and nobody would notice.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "interpose/interpose.h"

/* Each function here, by the name that is nobody else's, and what the program calls instead. */
#define OWN(type, name, ...)                                                                       \
    extern char own_##name[] __asm__("sockdrill_own_" #name)                                       \
        __attribute__((visibility("hidden")));                                                     \
    extern char called_##name[] __asm__(#name);
#define ALIAS(type, name, ...) OWN(type, name)
#define REFUSED(type, name, ...) OWN(type, name)
#define UNSUPPORTED(type, name, ...) OWN(type, name)
#define SAID(type, name, ...) OWN(type, name)
#include "lists/interposed.def"

static const struct {
    const char *name;
    const char *own;
    const char *called;
} functions[] = {
#define OWN(type, name, ...) {#name, own_##name, called_##name},
#define ALIAS(type, name, ...) OWN(type, name)
#define REFUSED(type, name, ...) OWN(type, name)
#define UNSUPPORTED(type, name, ...) OWN(type, name)
#define SAID(type, name, ...) OWN(type, name)
#include "lists/interposed.def"
};

/* Preloaded beneath a program with a sanitizer, that one's function passes the call on to this. */
static bool passes_on(const char *called)
{
    Dl_info owner;
    Dl_info caller;

    return dladdr(&functions, &owner) != 0 && dladdr(called, &caller) != 0 &&
           owner.dli_fbase != caller.dli_fbase &&
           dlsym(RTLD_DEFAULT, "__sanitizer_print_stack_trace");
}

static void check(const char *name, const char *own, const char *called)
{
    Dl_info at = {.dli_fname = "another place"};

    if (called == own || passes_on(called))
        return;
    dladdr(called, &at);
    fprintf(stderr,
            "sockdrill: calls of %s do not arrive in sockdrill but in %s: link its interposed "
            "functions whole, before any sanitizer\n",
            name, at.dli_fname);
    exit(1);
}

void interpose_probe(void)
{
    static bool done;

    for (size_t i = 0; !done && i < sizeof functions / sizeof *functions; i++) {
        const char *found = dlsym(RTLD_DEFAULT, functions[i].name);

        check(functions[i].name, functions[i].own, functions[i].called);
        if (found != NULL) /* what the program's libraries call */
            check(functions[i].name, functions[i].own, found);
    }
    done = true;
}
