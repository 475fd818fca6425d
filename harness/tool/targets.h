/* targets: the registered fuzz targets, and where their files are. */
#ifndef SOCKDRILL_TOOL_TARGETS_H
#define SOCKDRILL_TOOL_TARGETS_H

#include "drill/drill.h"

/* How a target's inputs are written down: see harness/cmake/SockdrillTarget.cmake. */
enum input_form {
    INPUT_drill,
    INPUT_stream,
    INPUT_datagram,
    INPUT_remote,
    INPUT_text,
    INPUT_bytes,
    INPUT_FORMS
};

struct target {
    const char *name;
    enum input_form form;
};

/* targets_all returns the targets and sets *count to how many there are. */
const struct target *targets_all(size_t *count);

/* targets_find returns a target, or NULL after one line that names those that there are. */
const struct target *targets_find(const char *name);

/* input_form_name returns the form's name. */
const char *input_form_name(enum input_form form);

/* targets_rules returns the rules under which the target reads drills; NULL when it reads none. */
const struct drill_rules *targets_rules(const struct target *target);

/*
 * targets_binary returns the path of a target's stand-alone replay, which lies beside this program,
 * and targets_folder that of corpus/KIND/NAME; to be freed by the caller.
 */
char *targets_binary(const struct target *target);
char *targets_folder(const struct target *target, const char *kind);

#endif
