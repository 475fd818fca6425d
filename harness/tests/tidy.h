/*
 * tidy: the house rules that a compiler does not know, checked on the sources below a root, which
 * holds harness/, targets/ and corpus/ as the project does:
 *
 *     lines     no .c or .h file has more than 500 lines
 *     function  no function has more than 60 lines
 *     comment   every .c, .h and .def file begins with a comment that begins with its name
 *     space     no line ends with white space
 *     include   within harness/ includes point one way: lists, drill, spec, oracle,
 *               mutate, stacks, engines, tool
 *     entry     every entry of a .def file is used: by another source, or by a drill of corpus/
 *
 * A test of its own shows for each rule that what breaks it is seen.
 */
#ifndef SOCKDRILL_TESTS_TIDY_H
#define SOCKDRILL_TESTS_TIDY_H

#include <stdio.h>

/* tidy_check prints one line for each fault, "path:line: rule: what", and returns their number. */
unsigned tidy_check(FILE *out, const char *root);

#endif
