/*
 * play: the remote of code under test, played by a drill on the model. Its calls are made one after
 * another, whenever the code waits.
 */
#ifndef SOCKDRILL_INTERPOSE_PLAY_H
#define SOCKDRILL_INTERPOSE_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "drill/drill.h"

/* play_begin takes up a drill. */
void play_begin(const struct drill *drill);

/* play_adopt gives the variable `remote` a connected socket of the model's. */
void play_adopt(int model_fd);

/*
 * play_step does what the remote does next: the drill's next call, and after the last one it ends
 * what it has to send, then closes everything. Returns false when there is nothing left to do.
 */
bool play_step(void);

/*
 * play_drain has the remote take whatever the code has sent to it over a stream, so that there is
 * room for more; unless the drill receives by itself. Returns whether there was anything.
 */
bool play_drain(void);

/* play_is_on tells whether a call is being made for the remote. */
bool play_is_on(void);

#endif
