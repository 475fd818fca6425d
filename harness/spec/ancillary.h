/*
 * ancillary: the ancillary data of messages. What is received follows from the options that ask for
 * it; what is sent holds for one datagram. Source: POSIX.1-2017 recvmsg(), <sys/socket.h>; cmsg(3),
 * ip(7), ipv6(7), socket(7); RFC 3542, 6. Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_ANCILLARY_H
#define SOCKDRILL_SPEC_ANCILLARY_H

#include "spec/step.h"

/* What a datagram is sent with. */
struct packet {
    int hops;               /* or enum packet_field */
    int traffic;            /* likewise */
    struct endpoint source; /* what it asks for, or a wildcard */
};

static inline bool packet_has_source(const struct packet *packet)
{
    return !endpoint_is_any(&packet->source);
}

/* packet_has_none tells whether it asks for the IPv4 wildcard, so that not even bind's counts. */
static inline bool packet_has_none(const struct packet *packet, const struct profile *profile)
{
    return profile->empty_source_unbinds && endpoint_is_v4(&packet->source) &&
           !packet_has_source(packet);
}

/*
 * ancillary_of_packet says with what a socket's datagram to an endpoint is sent, and collects what
 * is wrong with the ancillary data that comes with it.
 */
void ancillary_of_packet(struct step *t, const struct sock *s, const struct endpoint *to,
                         struct packet *packet);

/* ancillary_of_stream collects what is wrong with ancillary data for a stream, which has no use. */
void ancillary_of_stream(struct step *t);

/* ancillary_datagram, ancillary_stream and ancillary_error say what comes with what is received. */
void ancillary_datagram(struct step *t, const struct sock *s, const struct piece *datagram);
void ancillary_stream(struct step *t, const struct sock *s);
void ancillary_error(struct step *t, const struct sock *s, const struct piece *error);

/* ancillary_matches tells whether what was received is as predicted, as far as there was room. */
bool ancillary_matches(const struct shown_message *shown, const struct request *request,
                       const uint8_t *control, size_t size, int flags);

/*
 * ancillary_write lays out what is received with so much room, which it returns the used part of;
 * *flags gets MSG_CTRUNC if it is too little.
 */
size_t ancillary_write(const struct shown_message *shown, size_t room, uint8_t *control,
                       int *flags);

#endif
