/* files: the drills that a command's words name, folders included. */
#ifndef SOCKDRILL_TOOL_FILES_H
#define SOCKDRILL_TOOL_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct files {
    char **paths;
    size_t count;
};

/*
 * files_add adds a file, or every *.drill and *.trace below a folder, in the order of their names.
 * Prints one line and returns false when it cannot be read, or has none.
 */
bool files_add(struct files *files, const char *path);

/* files_free releases the paths. */
void files_free(struct files *files);

#endif
