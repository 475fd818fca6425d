/* files: a folder of its own for each test program, removed at its end. */
#ifndef SOCKDRILL_TESTS_FILES_H
#define SOCKDRILL_TESTS_FILES_H

#include <stddef.h>

/* files_path returns the path of a name in the folder; to be freed. */
char *files_path(const char *name);

/* files_write writes a file there and returns its path; to be freed. */
char *files_write(const char *name, const void *bytes, size_t size);

/* files_remove removes the folder and all in it. */
void files_remove(void);

#endif
