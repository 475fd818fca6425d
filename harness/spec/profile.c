/* profile: the profiles, columns of lists/traits.def. */
#include "spec/profile.h"

#include <stddef.h>
#include <string.h>

const struct profile profile_posix = {
    .name = "posix",
#define TRAIT(name, posix, linux, meaning) .name = (posix),
#include "lists/traits.def"
#undef TRAIT
};

#undef linux /* some compilers define it */
const struct profile profile_linux = {
    .name = "linux",
#define TRAIT(name, posix, linux, meaning) .name = (linux),
#include "lists/traits.def"
#undef TRAIT
};

const struct profile *profile_find(const char *name)
{
    static const struct profile *const profiles[] = {&profile_posix, &profile_linux};

    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++)
        if (strcmp(profiles[i]->name, name) == 0)
            return profiles[i];
    return NULL;
}
