/*
 * served: code under test on the model, and what it saw. That is looked at only afterwards, since a
 * test that fails would leave the run.
 */
#ifndef SOCKDRILL_TESTS_SUPPORT_SERVED_H
#define SOCKDRILL_TESTS_SUPPORT_SERVED_H

#include <stdint.h>
#include <sys/types.h>

#include "drill/drill.h"

/* The remote's drill. */
extern struct drill served_drill;

/* What the code saw: runs of bytes, each with a bar behind it, and numbers. */
extern char seen[512];
extern int64_t numbers[8];

/* served_parse reads the remote's drill, and forgets what was seen. */
void served_parse(const char *text);

/* served_parse_for reads a drill for IPv4 as one for either family, which served_family is then. */
extern int served_family;
void served_parse_for(int of_family, const char *text);

/* see notes what a call has read. */
void see(const char *bytes, ssize_t size);

/* serve_both runs a server that is given a connection, over IPv4 and over IPv6. */
void serve_both(const char *text, int (*server)(int), void (*check)(void));

#endif
