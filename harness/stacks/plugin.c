/* plugin: see plugin.h. */
#include "stacks/plugin.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char symbol[] = "sockdrill_stack";

/* What dlopen said, without the path that it begins with. */
static const char *reason(const char *path)
{
    const char *said = dlerror();
    size_t length = strlen(path);

    if (said == NULL)
        return "no reason given";
    return strncmp(said, path, length) == 0 && strncmp(said + length, ": ", 2) == 0
               ? said + length + 2
               : said;
}

/* The version comes first in the table, in every version of it. */
static bool table_is_usable(const struct sockdrill_stack *table, const char *path,
                            char error[STACK_ERROR_MAX])
{
    if (table->version != SOCKDRILL_STACK_VERSION) {
        snprintf(error, STACK_ERROR_MAX,
                 "%s: its %s is of version %u, not %u: build it with this sockdrill's "
                 "<sockdrill/stack.h>, and .version = SOCKDRILL_STACK_VERSION",
                 path, symbol, table->version, SOCKDRILL_STACK_VERSION);
        return false;
    }
    if (table->name == NULL || table->socket == NULL) {
        snprintf(error, STACK_ERROR_MAX, "%s: its %s has no %s: fill in at least .name and .socket",
                 path, symbol, table->name == NULL ? "name" : "socket function");
        return false;
    }
    return true;
}

bool plugin_load(const char *path, const struct sockdrill_stack **stack,
                 char error[STACK_ERROR_MAX])
{
    const struct sockdrill_stack *table;
    void *object;

    if (access(path, R_OK) != 0) {
        snprintf(error, STACK_ERROR_MAX, "%s: %m: a plug-in is a shared object that exports %s",
                 path, symbol);
        return false;
    }
    object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        snprintf(error, STACK_ERROR_MAX,
                 "%s: cannot be loaded: %s: build it with cc -shared -fPIC, and link all it needs",
                 path, reason(path));
        return false;
    }
    table = dlsym(object, symbol);
    if (table == NULL) {
        snprintf(error, STACK_ERROR_MAX,
                 "%s: exports no %s: include <sockdrill/stack.h> and define const struct "
                 "sockdrill_stack %s",
                 path, symbol, symbol);
        return false;
    }
    if (!table_is_usable(table, path, error))
        return false;
    *stack = table;
    return true;
}
