/* targets: see targets.h. */
#include "tool/targets.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/command.h"

static const struct target targets[] = {
#define TARGET(name, form) {name, INPUT_##form},
#include "targets.def"
#undef TARGET
};

enum { TARGETS = sizeof targets / sizeof *targets };

const struct target *targets_all(size_t *count)
{
    *count = TARGETS;
    return targets;
}

const struct target *targets_find(const char *name)
{
    char known[1024] = "";
    size_t used = 0;

    for (size_t i = 0; i < TARGETS; i++)
        if (strcmp(targets[i].name, name) == 0)
            return &targets[i];
    for (size_t i = 0; i < TARGETS && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, " %s", targets[i].name);
    command_fail("no target \"%s\"; there are:%s", name, known);
    return NULL;
}

/* Each form's name and rules. */
static const struct {
    const char *name;
    const struct drill_rules *rules;
} forms[INPUT_FORMS] = {
    [INPUT_drill] = {"drill", &drill_rules_any},
    [INPUT_stream] = {"stream", &drill_rules_stream},
    [INPUT_datagram] = {"datagram", &drill_rules_datagram},
    [INPUT_remote] = {"remote", &drill_rules_remote},
    [INPUT_text] = {"text", NULL},
    [INPUT_bytes] = {"bytes", NULL},
};

const char *input_form_name(enum input_form form)
{
    return forms[form].name;
}

const struct drill_rules *targets_rules(const struct target *target)
{
    return forms[target->form].rules;
}

static char *join(const char *folder, const char *middle, const char *name)
{
    char *path;

    if (asprintf(&path, "%s/%s/%s", folder, middle, name) < 0)
        abort();
    return path;
}

char *targets_binary(const struct target *target)
{
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);

    if (length < 0)
        length = 0;
    self[length] = '\0';
    return join(dirname(self), "targets", target->name);
}

char *targets_folder(const struct target *target, const char *kind)
{
    char corpus[PATH_MAX];

    snprintf(corpus, sizeof corpus, "%s/corpus", SOCKDRILL_ROOT);
    return join(corpus, kind, target->name);
}
