/*
 * implementation: parsers and printers of addresses that are held against the reference, by the
 * library that they are of. Each library has one adapter file here.
 */
#ifndef SOCKDRILL_ADDRESS_IMPLEMENTATION_H
#define SOCKDRILL_ADDRESS_IMPLEMENTATION_H

#include <sockdrill/address.h>

#include <stdbool.h>
#include <stddef.h>

/* The functions of one library. */
struct address_library {
    const char *name;
    const struct sockdrill_address_parser *parsers;
    size_t count;
};

/* A library that this sockdrill was built without, and the package that has it. */
struct address_absent {
    const char *name;
    const char *package;
};

/* address_libraries returns those that this sockdrill was built with. */
const struct address_library *const *address_libraries(size_t *count);

/* address_libraries_absent returns the others. */
const struct address_absent *address_libraries_absent(size_t *count);

#endif
