/*
 * play: the remote of code under test, played by a drill on the model. Its calls are made one after
 * another, whenever the code waits.
 */
#ifndef SOCKDRILL_INTERPOSE_PLAY_H
#define SOCKDRILL_INTERPOSE_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "drill/drill.h"
#include "interpose/peer.h"

/* play_begin takes up a drill, whose remote is given to it. */
void play_begin(const struct drill *drill);

/*
 * play_set_up says who the remote is instead, as peer_begin does, and makes the first calls of the
 * drill, as far as they only prepare sockets: what the code connects to is there when it begins.
 */
socklen_t play_set_up(enum peer kind, int family, struct sockaddr_storage *name);

/* play_adopt gives the variable `remote` a connected socket of the model's. */
void play_adopt(int model_fd);

/*
 * play_step does what the remote does next: the drill's next call, and after the last one it ends
 * what it has to send, then closes everything. Returns false when there is nothing left to do, or
 * nobody to do it with yet; but code that waits for ever will not come, and the call is left out.
 */
bool play_step(bool waits_for_ever);

/*
 * play_drain has the remote take whatever the code has sent to it over a stream, so that there is
 * room for more; unless the drill receives by itself. Returns whether there was anything.
 */
bool play_drain(void);

/* play_is_on tells whether a call is being made for the remote. */
bool play_is_on(void);

#endif
