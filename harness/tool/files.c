/* files: see files.h. */
#include "tool/files.h"

#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tool/command.h"

static void add(struct files *f, const char *path)
{
    char **paths = realloc(f->paths, (f->count + 1) * sizeof *paths);

    if (paths == NULL || (paths[f->count] = strdup(path)) == NULL)
        abort();
    f->paths = paths;
    f->count++;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

bool files_add(struct files *f, const char *path)
{
    char *roots[] = {(char *)path, NULL};
    size_t before = f->count;
    struct stat status;
    FTS *tree;

    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        add(f, path); /* whoever reads it says what is wrong with it */
        return true;
    }
    tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    for (FTSENT *e = NULL; tree != NULL && (e = fts_read(tree)) != NULL;)
        if (e->fts_info == FTS_F &&
            (input_has_ending(e->fts_path, ".drill") || input_has_ending(e->fts_path, ".trace")))
            add(f, e->fts_path);
    if (tree != NULL)
        fts_close(tree);
    if (f->count == before)
        command_fail("%s: there is no drill (*.drill) in this folder", path);
    return f->count > before;
}

void files_free(struct files *f)
{
    for (size_t i = 0; i < f->count; i++)
        free(f->paths[i]);
    free(f->paths);
    *f = (struct files){.count = 0};
}
