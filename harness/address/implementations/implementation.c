/* implementation: the table of libraries; CMakeLists.txt writes the list of those that are there.
 */
#include "address/implementations/implementation.h"

#define LIBRARY(id) extern const struct address_library address_library_##id;
#define ABSENT(id, package)
#include "address_libraries.def"
#undef LIBRARY
#undef ABSENT

static const struct address_library *const libraries[] = {
#define LIBRARY(id) &address_library_##id,
#define ABSENT(id, package)
#include "address_libraries.def"
#undef LIBRARY
#undef ABSENT
    NULL};

static const struct address_absent absent[] = {
#define LIBRARY(id)
#define ABSENT(id, package) {#id, package},
#include "address_libraries.def"
#undef LIBRARY
#undef ABSENT
    {NULL, NULL}};

const struct address_library *const *address_libraries(size_t *count)
{
    for (*count = 0; libraries[*count] != NULL;)
        ++*count;
    return libraries;
}

const struct address_absent *address_libraries_absent(size_t *count)
{
    *count = sizeof absent / sizeof *absent - 1;
    return absent;
}
