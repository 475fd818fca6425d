/* remote: the peer of a server under test, played by a drill over a real loopback connection. */
#ifndef SOCKDRILL_ENGINES_REMOTE_H
#define SOCKDRILL_ENGINES_REMOTE_H

#include <stddef.h>
#include <stdint.h>

#include "drill/drill.h"

/* remote_family is the family of a drill's connection: IPv4 and IPv6 share the drills evenly. */
int remote_family(const struct drill *drill);

/*
 * remote_serve decodes a drill, carries it out on the remote's end of a fresh connection (IPv4 and
 * IPv6 by turns of the input), half-closes, and calls server with the other end. A server that has
 * filled the connection is read from, one that has not returned after 2 s finds it reset. Closes
 * both ends.
 */
void remote_serve(int (*server)(int), const uint8_t *data, size_t size);

#endif
