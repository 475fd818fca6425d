/* printer: what the parts of the text form's printer share. Private to harness/drill. */
#ifndef SOCKDRILL_DRILL_PRINTER_H
#define SOCKDRILL_DRILL_PRINTER_H

#include "drill/outcome.h"

/* What an argument's function works on. */
struct printer {
    FILE *out;
    const struct call *call;
    const struct drill_notes *notes;
    const char *separator;
};

/* print_next writes what separates an argument from the one before it, and returns the file. */
FILE *print_next(struct printer *printer);

/* print_bad writes that a pointer is no memory, if it is the call's, and tells whether it is. */
bool print_bad(struct printer *printer, enum bad_pointer pointer);

/* print_host writes a host, of IPv6 in brackets. */
void print_host(FILE *out, int family, const void *host);

/* print_address writes a socket address and, where it is not the natural one, its length. */
void print_address(struct printer *printer);

/* print_name_length writes the length that is offered for a name, where it is not the natural one.
 */
void print_name_length(struct printer *printer);

/* The arguments of calls that send and receive in parts. */
void print_parts(struct printer *printer);
void print_rooms(struct printer *printer);
void print_sent_message(struct printer *printer);
void print_received_message(struct printer *printer);

/* The arguments that are sets of descriptors. */
void print_poll_set(struct printer *printer);
void print_select_set(struct printer *printer);

/* outcome_print_ready writes a space and what is ready of a set. */
void outcome_print_ready(FILE *out, const struct call *call, const struct outcome *outcome,
                         const struct drill_notes *notes);

/* Each writes a space and what there is of an outcome's messages, or nothing. */
void outcome_print_control(FILE *out, const uint8_t *control, size_t size);
void outcome_print_flags(FILE *out, int message_flags);
void outcome_print_messages(FILE *out, const struct call *call, const struct outcome *outcome);

#endif
