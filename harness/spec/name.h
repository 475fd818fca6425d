/*
 * name: a socket's local and remote address. The system chooses automatic ports and source hosts;
 * the world learns them when a call first shows them, and from then on they stay. Private to
 * harness/spec.
 */
#ifndef SOCKDRILL_SPEC_NAME_H
#define SOCKDRILL_SPEC_NAME_H

#include "spec/step.h"

/* name_auto gives a socket without a port one that the system chooses. */
void name_auto(struct step *t, const struct sock *s);

/* name_may_get tells whether the stack may choose a port for a socket. */
bool name_may_get(struct step *t, const struct sock *s, uint16_t port);

/* name_after_failure: a call that would have given a socket a port failed; it may have one now. */
void name_after_failure(struct step *t, const struct sock *s);

/* name_connect fixes a socket's local host once it has a peer. */
void name_connect(struct step *t, const struct sock *s, const struct endpoint *to);

/*
 * name_local returns a socket's local address, as the caller's outcome shows it where the world
 * does not know it yet. seen is the address in the outcome, or NULL.
 */
struct endpoint name_local(struct step *t, const struct sock *s);

/* name_remote returns a socket's remote address. */
struct endpoint name_remote(struct step *t, const struct sock *s);

/* name_release gives an automatic port back; the name still shows it. */
void name_release(struct step *t, const struct sock *s);

/* name_dissolve forgets what the system chose, when an association is dissolved. */
void name_dissolve(struct step *t, const struct sock *s);

#endif
