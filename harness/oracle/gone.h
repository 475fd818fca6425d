/*
 * gone: sockets that no call can reach any more: closed, waiting in no queue, and no peer of one
 * that is not gone. Over a slow network possible worlds often differ only in how such a connection
 * ended; all that still shows of it is which name it may keep from others.
 */
#ifndef SOCKDRILL_ORACLE_GONE_H
#define SOCKDRILL_ORACLE_GONE_H

#include "spec/world.h"

/* gone_find says of each socket of a world whether it is gone. */
void gone_find(const struct world *world, bool gone[SOCKS_MAX]);

/*
 * gone_keeps_more tells whether one that is gone keeps from others whatever it may keep in another
 * world, or more.
 */
bool gone_keeps_more(const struct sock *more, const struct sock *less);

#endif
