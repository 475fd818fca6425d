/*
 * messages: what sendmsg and recvmsg have beside the data: the header, the name, the flags. Private
 * to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_MESSAGES_H
#define SOCKDRILL_SPEC_MESSAGES_H

#include "spec/step.h"

/* step_sending and step_receiving carry out every call that sends or receives: send.c, recv.c. */
void step_sending(struct step *t);
void step_receiving(struct step *t);

/* recv_datagram carries out a call that receives on a datagram socket: recv_datagram.c. */
void recv_datagram(struct step *t, const struct sock *s);

/* send_datagram carries out a call that sends on a datagram socket: send_datagram.c. */
void send_datagram(struct step *t, const struct sock *s);

/* recv_waits says that there is nothing to receive yet. */
void recv_waits(struct step *t, const struct sock *s);

/* message_is_wrong collects what is wrong with a message's header, and tells whether the call ends.
 */
bool message_is_wrong(struct step *t);

/* message_datagram says what recvmsg shows of a datagram, of which so much was there from start. */
void message_datagram(struct step *t, const struct sock *s, const struct piece *datagram,
                      uint32_t length, uint32_t start);

/* message_stream says what recvmsg shows of a stream. */
void message_stream(struct step *t, const struct sock *s);

/* message_error says what recvmsg shows of a queued error, of which so much may have come back. */
void message_error(struct step *t, const struct sock *s, const struct piece *error,
                   uint32_t quoted_least, uint32_t quoted_most);

/* message_matches tells whether an outcome is as predicted, name and data apart. */
bool message_matches(const struct step *t, const struct outcome *outcome);

#endif
