/* strength: how binding a clause is. */
#ifndef SOCKDRILL_LISTS_STRENGTH_H
#define SOCKDRILL_LISTS_STRENGTH_H

/* Its text's word, or that only Linux documents it. */
enum strength { STRENGTH_SHALL, STRENGTH_SHOULD, STRENGTH_MAY, STRENGTH_LINUX, STRENGTHS };

/* strength_name returns "shall", "should", "may" or "Linux". */
const char *strength_name(enum strength strength);

#endif
