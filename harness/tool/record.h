/* record: saves the trace of each drill of a conformance run in a file of its own. */
#ifndef SOCKDRILL_TOOL_RECORD_H
#define SOCKDRILL_TOOL_RECORD_H

#include "engines/trace.h"

/* record_begin begins the trace of a drill; name is its path, or what it is called. */
void record_begin(const char *name, const struct trace_header *header);

/* record_judged adds what was judged. */
void record_judged(const struct judged *judged, const struct drill_notes *notes);

/* record_end saves the trace in folder, or nothing for NULL; one line and false when it cannot. */
bool record_end(const char *folder);

#endif
