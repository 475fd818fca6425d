/* calls_trace: writes the calls of both sides, the program's and the remote's, as they are made. */
#ifndef SOCKDRILL_ENGINES_CALLS_TRACE_H
#define SOCKDRILL_ENGINES_CALLS_TRACE_H

/* calls_trace_begin opens the file, and ends the process with a line when it cannot. */
void calls_trace_begin(const char *path);

/* calls_trace_end says how many sockets there were. */
void calls_trace_end(void);

#endif
