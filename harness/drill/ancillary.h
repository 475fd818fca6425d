/* ancillary: reads ancillary data as struct cmsghdr lays it out, however malformed it is. */
#ifndef SOCKDRILL_DRILL_ANCILLARY_H
#define SOCKDRILL_DRILL_ANCILLARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lists/lists.h"

/* One message of it; data points into the whole. */
struct ancillary {
    int level;
    int type;
    const uint8_t *data;
    size_t size;
};

/*
 * ancillary_next reads the message at *at, which is 0 for the first one, and moves *at to the next.
 * Returns false at the end, and at a header whose length cannot be: a system looks no further.
 */
bool ancillary_next(struct ancillary *message, size_t *at, const uint8_t *control, size_t size);

/* ancillary_info returns the row of controls.def, or NULL when there is none. */
const struct control_info *ancillary_info(const struct ancillary *message);

#endif
