/* real: where the C library's own functions are. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interpose/interpose.h"

/* The sanitizers' functions that check a call's memory and make it; older and newer names. */
#define EMULATED(type, name, parameters, arguments, checks) OWN(type, name, parameters)
#define OWN(type, name, parameters)                                                                \
    type checked_##name parameters __asm__("__interceptor_" #name) __attribute__((weak));          \
    type checking_##name parameters __asm__("___interceptor_" #name) __attribute__((weak));
#include "lists/interposed.def"
#undef OWN

static struct real found;

static void *look_up(const char *name)
{
    static const char message[] = "sockdrill: the C library lacks a function that is replaced\n";
    void *function = dlsym(RTLD_NEXT, name);

    if (function != NULL)
        return function;
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0)
        abort();
    abort();
}

static void find(void)
{
    void *function;

#define OWN(type, name, parameters)                                                                \
    if (checking_##name != NULL) {                                                                 \
        found.name = checking_##name;                                                              \
    } else if (checked_##name != NULL) {                                                           \
        found.name = checked_##name;                                                               \
    } else {                                                                                       \
        function = look_up(#name);                                                                 \
        memcpy(&found.name, &function, sizeof function);                                           \
    }
#include "lists/interposed.def"
#undef OWN
}

const struct real *real(void)
{
    if (found.usleep == NULL) /* one of the last, so that all are there when it is */
        find();
    return &found;
}
