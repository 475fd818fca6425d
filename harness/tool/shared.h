/* shared: memory that outlives a process that works for this one, at the same place in both. */
#ifndef SOCKDRILL_TOOL_SHARED_H
#define SOCKDRILL_TOOL_SHARED_H

#include <stddef.h>

/*
 * shared_alloc returns zeroed memory, aligned for anything, that is never given back. Ends the
 * process when there is no more.
 */
void *shared_alloc(size_t size);

/* shared_text moves a string from the heap there and releases it; NULL stays NULL. */
char *shared_text(char *text);

/* shared_copy copies a string there; NULL stays NULL. */
char *shared_copy(const char *text);

#endif
