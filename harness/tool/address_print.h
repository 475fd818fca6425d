/* address_print: what `sockdrill addresses` has found, for people, as JSON and as a report. */
#ifndef SOCKDRILL_TOOL_ADDRESS_PRINT_H
#define SOCKDRILL_TOOL_ADDRESS_PRINT_H

#include <jansson.h>

#include "tool/address_findings.h"

/* address_print_reference prints a row: what the texts say of a text. */
void address_print_reference(enum sockdrill_form form, const char *text);

/* address_print_reading prints a row: what a parser made of it. */
void address_print_reading(const struct address_parser *parser,
                           const struct address_judgement *judgement);

/* address_json_reading returns the same as JSON. */
json_t *address_json_reading(const struct address_parser *parser,
                             const struct address_judgement *judgement);

/* address_print_findings prints the deviations by clause. */
void address_print_findings(const struct address_findings *all);
json_t *address_json_findings(const struct address_findings *all);

/* address_print_report prints reports/conformance/addresses.md. */
void address_print_report(const struct address_findings *all);

/* address_print_absent prints which libraries are not there, one a line. */
void address_print_absent(void);

#endif
