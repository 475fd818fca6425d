/*
 * differential: what the targets of one family of addresses share. The reference reads an input
 * that ends where the memory ends, then every parser and printer there is reads it, and the
 * reference decides. A class of deviations that is not in lists/address_deviations.def is a
 * finding.
 */
#ifndef SOCKDRILL_TARGETS_DIFFERENTIAL_H
#define SOCKDRILL_TARGETS_DIFFERENTIAL_H

#include <sockdrill/address.h>

/* differential_check checks an input as each of count forms; returns 0. */
int differential_check(const uint8_t *data, size_t size, const enum sockdrill_form *forms,
                       size_t count);

#endif
