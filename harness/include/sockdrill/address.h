/*
 * sockdrill/address.h: hold a parser or printer of addresses against the texts. A function that
 * reads one kind of text, in a table, so that `sockdrill addresses --parser ./mine.so` can call it:
 *
 *     static int read_ipv4(struct sockdrill_address *out, const char *text, size_t length)
 *     {
 *         out->host = SOCKDRILL_HOST_IPV4;
 *         return my_parse(text, out->bytes) ? SOCKDRILL_ACCEPTED : SOCKDRILL_REFUSED;
 *     }
 *
 *     const struct sockdrill_address_parser sockdrill_address_parser = {
 *         SOCKDRILL_ADDRESS_VERSION, SOCKDRILL_FORM_IPV4, "my_parse", read_ipv4};
 */
#ifndef SOCKDRILL_ADDRESS_H
#define SOCKDRILL_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

/* Raised with every change of what follows. */
#define SOCKDRILL_ADDRESS_VERSION 1

/* The kinds of text. */
enum sockdrill_form {
    SOCKDRILL_FORM_IPV4,      /* 192.0.2.1, as inet_pton takes it */
    SOCKDRILL_FORM_NUMBERS,   /* 192.0.2.1, 0xc0.513, as inet_addr takes it */
    SOCKDRILL_FORM_IPV6,      /* 2001:db8::1, as inet_pton takes it */
    SOCKDRILL_FORM_SCOPED,    /* fe80::1%2, fe80::1%eth0, 2001:db8::1 */
    SOCKDRILL_FORM_CANONICAL, /* an IPv6 address, accepted if a printer would write it so */
    SOCKDRILL_FORM_HOST,      /* host and port of a URI: example.org:80, [::1]:80 */
    SOCKDRILL_FORM_PREFIX,    /* 192.0.2.0/24, 2001:db8::/32 */
    SOCKDRILL_FORM_PORT,      /* a numeric port */
    SOCKDRILL_FORM_SERVICE,   /* a service's name */
    SOCKDRILL_FORM_SOCKADDR,  /* the bytes of a struct sockaddr_in or sockaddr_in6 */
    SOCKDRILL_FORMS
};

/* What kind of host a text names. */
enum sockdrill_host {
    SOCKDRILL_HOST_NONE, /* the text is a port */
    SOCKDRILL_HOST_IPV4,
    SOCKDRILL_HOST_IPV6,
    SOCKDRILL_HOST_NAME,  /* a registered name, or a service */
    SOCKDRILL_HOST_FUTURE /* a literal of a later version */
};

enum { SOCKDRILL_NAME_MAX = 64 }; /* bytes of a name, with its NUL */

/* What a text stands for. A reader finds it with host none, bytes 0, scope 0, prefix and port -1.
 */
struct sockdrill_address {
    enum sockdrill_host host;
    uint8_t bytes[16];             /* in network order; of IPv4 the first four */
    uint32_t scope;                /* the zone, when it is a number */
    int32_t prefix;                /* bits of a prefix, -1 for none */
    int32_t port;                  /* -1 for none */
    char name[SOCKDRILL_NAME_MAX]; /* of host or zone, cut; shown, not compared */
};

/* What a reader returns. */
enum sockdrill_reading {
    SOCKDRILL_REFUSED,
    SOCKDRILL_ACCEPTED,
    SOCKDRILL_UNCLEAR, /* it cannot be told whether it was refused, or accepted as what is in out */
    SOCKDRILL_UNASKED  /* the text is not of the kind that the parser is for, so no reading */
};

/*
 * A reader gets a text of length bytes, none of them NUL, with a NUL behind it; of sockaddr any
 * bytes. It may be called any number of times.
 */
struct sockdrill_address_parser {
    uint32_t version; /* SOCKDRILL_ADDRESS_VERSION */
    enum sockdrill_form form;
    const char *name; /* for reports */
    int (*read)(struct sockdrill_address *out, const char *text, size_t length);
};

#endif
