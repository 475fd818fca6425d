/*
 * profile: which of the behaviours that the texts leave open, or that a system is documented to
 * have, hold for the stack that is judged. The specification asks for a trait, never for a
 * system's name.
 */
#ifndef SOCKDRILL_SPEC_PROFILE_H
#define SOCKDRILL_SPEC_PROFILE_H

#include <stdbool.h>

/* Which traits hold. */
struct profile {
    const char *name;
#define TRAIT(name, posix, linux, meaning) bool name;
#include "lists/traits.def"
#undef TRAIT
};

/* profile_posix holds every system to what the texts say; profile_linux is the tightest. */
extern const struct profile profile_posix;
extern const struct profile profile_linux;

/* profile_find returns the profile of that name, or NULL. */
const struct profile *profile_find(const char *name);

#endif
