/* forms: the parsers of one form each that address_read chooses from; as address_read. */
#ifndef SOCKDRILL_ADDRESS_FORMS_H
#define SOCKDRILL_ADDRESS_FORMS_H

#include "address/address.h"

typedef bool address_reader(struct address_verdict *v, struct sockdrill_address *out,
                            const char *text, size_t length);

address_reader address_read_scoped, address_read_canonical, address_read_host, address_read_prefix,
    address_read_port, address_read_service, address_read_sockaddr;

/* address_all_digits tells whether every byte is a decimal digit; true of no bytes. */
bool address_all_digits(const char *text, size_t length);

/* address_decimal returns the number that digits are, or most + 1 if it is greater than most. */
uint64_t address_decimal(const char *text, size_t length, uint64_t most);

/* address_name keeps the beginning of a name in out. */
void address_name(struct sockdrill_address *out, const char *name, size_t length);

#endif
