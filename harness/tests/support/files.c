/* files: see files.h. */
#include "tests/support/files.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/check.h"

enum { FOLDERS_OPEN_MAX = 16 };

static char folder[4096];

static const char *make_folder(void)
{
    const char *parent = getenv("TMPDIR");

    if (folder[0] != '\0')
        return folder;
    snprintf(folder, sizeof folder, "%s/sockdrill-test.XXXXXX", parent != NULL ? parent : "/tmp");
    assert_non_null(mkdtemp(folder));
    return folder;
}

/* Makes the folders above a file. */
static void make_parents(char *path)
{
    for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
}

char *files_path(const char *name)
{
    char *path;

    assert_true(asprintf(&path, "%s/%s", make_folder(), name) > 0);
    return path;
}

char *files_write(const char *name, const void *bytes, size_t size)
{
    char *path = files_path(name);
    FILE *file;

    make_parents(path);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

void files_remove(void)
{
    if (folder[0] != '\0')
        nftw(folder, remove_one, FOLDERS_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
    folder[0] = '\0';
}
