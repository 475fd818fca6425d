/* adapter: what the adapters share. Each function that reads returns a sockdrill_reading. */
#ifndef SOCKDRILL_ADDRESS_ADAPTER_H
#define SOCKDRILL_ADDRESS_ADAPTER_H

#include "address/implementations/implementation.h"

#include <sys/socket.h>

enum { ADAPTER_TEXT_MAX = 128 }; /* bytes that a printer may fill */

/* A row of an adapter's table; FUNCTION is what people call it, read the adapter's function. */
#define ADAPTER(function, form, read)                                                              \
    {                                                                                              \
        SOCKDRILL_ADDRESS_VERSION, SOCKDRILL_FORM_##form, function, read                           \
    }

/* ADAPTER_LIBRARY defines the library of a table. */
#define ADAPTER_LIBRARY(id, table)                                                                 \
    extern const struct address_library address_library_##id;                                      \
    const struct address_library address_library_##id = {#id, table,                               \
                                                         sizeof(table) / sizeof *(table)}

/* adapter_ipv4 and adapter_ipv6 say whether out->bytes were filled with such an address. */
int adapter_ipv4(struct sockdrill_address *out, bool accepted);
int adapter_ipv6(struct sockdrill_address *out, bool accepted);

/* adapter_pton is inet_pton by another name and with the result that means success. */
typedef int adapter_pton_function(int family, const char *text, void *bytes);
int adapter_pton(struct sockdrill_address *out, int family, const char *text,
                 adapter_pton_function *function, int success);

/* adapter_number is an IPv4 address in network order, where all ones may also mean failure. */
int adapter_number(struct sockdrill_address *out, uint32_t number);

/* adapter_name takes host and, if it is not, port from a socket address. */
int adapter_name(struct sockdrill_address *out, const struct sockaddr *name, bool port);

/* adapter_host takes a host as a library of URIs writes it, in brackets if it is IPv6. */
int adapter_host(struct sockdrill_address *out, const char *host, size_t length);

/*
 * adapter_ends tells whether the host and port of a URI would end within the text: then a library
 * of URIs is not asked, for it would be asked something else.
 */
bool adapter_ends(const char *text);

/* adapter_scoped takes a host as getnameinfo writes it, with its zone if it has one. */
int adapter_scoped(struct sockdrill_address *out, const char *host);

/* adapter_port takes a port in decimal; an empty one is none. */
int adapter_port(struct sockdrill_address *out, const char *port, size_t length);

/*
 * adapter_printed has a printer print the address that the text stands for, as the reference reads
 * it, and accepts the text if it is what was printed. The printer returns whether it printed.
 */
typedef bool adapter_printer(char text[ADAPTER_TEXT_MAX], const uint8_t bytes[16]);
int adapter_printed(struct sockdrill_address *out, const char *text, size_t length,
                    adapter_printer *printer);

#endif
