/* known: the classes of deviations that are published in reports/conformance/addresses.md. */
#ifndef SOCKDRILL_ADDRESS_KNOWN_H
#define SOCKDRILL_ADDRESS_KNOWN_H

#include "address/judge.h"

/* address_known tells whether lists/address_deviations.def has the class. */
bool address_known(const char *library, const char *parser, enum address_clause clause,
                   enum address_difference difference);

#endif
