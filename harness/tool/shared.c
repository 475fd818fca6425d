/* shared: see shared.h. */
#include "tool/shared.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tool/command.h"

enum { SHARED_BYTES_MAX = 1 << 29 }; /* reserved, not used */

/* At the beginning of the memory itself, so that all processes go on from the same place. */
struct arena {
    alignas(max_align_t) size_t used;
};

static struct arena *reserve(void)
{
    struct arena *arena = mmap(NULL, SHARED_BYTES_MAX, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (arena == MAP_FAILED)
        exit(command_fail("no memory for what is found: %m"));
    arena->used = sizeof *arena;
    return arena;
}

void *shared_alloc(size_t size)
{
    static struct arena *arena;
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    uint8_t *place;

    if (arena == NULL)
        arena = reserve();
    if (size > SHARED_BYTES_MAX || rounded > SHARED_BYTES_MAX - arena->used)
        exit(command_fail("too much was found: %d MB of it", SHARED_BYTES_MAX >> 20));
    place = (uint8_t *)arena + arena->used;
    arena->used += rounded;
    return place;
}

char *shared_copy(const char *text)
{
    size_t size;

    if (text == NULL)
        return NULL;
    size = strlen(text) + 1;
    return memcpy(shared_alloc(size), text, size);
}

char *shared_text(char *text)
{
    char *copy = shared_copy(text);

    free(text);
    return copy;
}
