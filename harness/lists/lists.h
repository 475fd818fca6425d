/*
 * lists: the names of the sockets API, generated from the .def files beside this header.
 * Nothing here knows of drills; everything else may include it.
 */
#ifndef SOCKDRILL_LISTS_H
#define SOCKDRILL_LISTS_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

/* An option number that no level knows, to see ENOPROTOOPT, and such a control message's type. */
#define SO_INVALID 0x7ffe
#define IP_INVALID 0x7ffe

/* The lists of which a call takes exactly one value. */
enum value_list {
#define VALUES(list, ...) VALUES_##list,
#include "lists/values.def"
#undef VALUES
    VALUE_LISTS
};

/* The sets of flags of which a call takes any union. */
enum flag_set {
#define FLAGS(set, ...) FLAGS_##set,
#include "lists/flags.def"
#undef FLAGS
    FLAG_SETS
};

/* A named number. */
struct named_value {
    const char *name;
    int value;
};

/* A list of named numbers; an entry's index is its binary form. */
struct value_table {
    const struct named_value *entries;
    size_t count;
};

/* The form in which an option's value is written. */
enum option_form { OPTION_INT, OPTION_LINGER, OPTION_TIME, OPTION_STRING, OPTION_BYTES };

/* A socket option. */
struct option_info {
    const char *level_name;
    const char *name;
    int level;
    int number;
    enum option_form form;
};

/* The form in which an ancillary message's value is written. */
enum control_form { CONTROL_INT, CONTROL_HOST, CONTROL_ERROR, CONTROL_HIDDEN };

/* A kind of ancillary message. */
struct control_info {
    const char *name;
    int level;
    int type;
    enum control_form form;
};

/* A fixed host, by family and network-order bytes. */
struct host_info {
    int family;
    const char *bytes;
};

/* The indices of the fixed hosts. */
enum host {
#define ADDRESS(name, family, bytes) HOST_##name,
#include "lists/addresses.def"
#undef ADDRESS
    HOSTS
};

/* values returns the list's table. */
const struct value_table *values(enum value_list list);

/* flags returns the set's table; an entry's index is its bit in the binary form. */
const struct value_table *flags(enum flag_set set);

/* flags_value turns bits of the binary form into the set's real value; unknown bits count nothing.
 */
int flags_value(enum flag_set set, unsigned bits);

/* flags_print writes the union that the bits name, "0" for none, to out. */
void flags_print(FILE *out, enum flag_set set, unsigned bits);

/* options returns the options and sets *count to how many there are. */
const struct option_info *options(size_t *count);

/* controls returns the kinds of ancillary message and sets *count to how many there are. */
const struct control_info *controls(size_t *count);

/* hosts returns the fixed hosts, HOSTS of them. */
const struct host_info *hosts(void);

/* errno_name returns the name of an error number, or NULL when the list does not have it. */
const char *errno_name(int number);

/* errno_number returns the number of an error's name, or 0 when the list does not have it. */
int errno_number(const char *name, size_t length);

#endif
