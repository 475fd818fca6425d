/* find: see find.h. */
#include "stacks/find.h"

#include <stdio.h>
#include <string.h>

#include "stacks/lwip.h"
#include "stacks/model.h"
#include "stacks/plugin.h"

bool stack_find(const char *name, const struct sockdrill_stack **stack, char error[STACK_ERROR_MAX])
{
    if (strchr(name, '/') != NULL)
        return plugin_load(name, stack, error);
    if (strcmp(name, "lwip") == 0)
        return lwip_start(stack, error);
    if (strcmp(name, "kernel") == 0) {
        *stack = &sockdrill_stack_kernel;
        return true;
    }
    if (strcmp(name, "model") == 0) {
        *stack = &sockdrill_stack_model;
        return true;
    }
    snprintf(error, STACK_ERROR_MAX,
             "no stack \"%s\": there are kernel, model, lwip and plug-ins, whose path has a slash "
             "(./%s)",
             name, name);
    return false;
}
