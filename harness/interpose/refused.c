/*
 * refused: what code under test cannot do with an emulated descriptor: what no socket can, which
 * fails as its text says, and what is not emulated, which says so. And other names of functions.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "interpose/interpose.h"

#define EMULATED_FD(fd) number_emulated(fd)
#define RELATIVE(path) ((path)[0] != '/')

#define ALIAS(type, name_, parameters, arguments, other)                                           \
    INTERPOSED(type, name_, parameters)                                                            \
    {                                                                                              \
        return other arguments;                                                                    \
    }
#define REFUSED(type, name_, parameters, arguments, when, failed, error)                           \
    INTERPOSED(type, name_, parameters)                                                            \
    {                                                                                              \
        if (!(when))                                                                               \
            return real()->name_ arguments;                                                        \
        errno = error;                                                                             \
        return failed;                                                                             \
    }
#define UNSUPPORTED(type, name_, parameters, arguments, when, failed)                              \
    INTERPOSED(type, name_, parameters)                                                            \
    {                                                                                              \
        if (!(when))                                                                               \
            return real()->name_ arguments;                                                        \
        interpose_lacks(#name_);                                                                   \
        return failed;                                                                             \
    }
#define SAID(type, name_, parameters, arguments, when, why)                                        \
    INTERPOSED(type, name_, parameters)                                                            \
    {                                                                                              \
        if (when)                                                                                  \
            interpose_says(#name_, why);                                                           \
        return real()->name_ arguments;                                                            \
    }
#include "lists/interposed.def"
