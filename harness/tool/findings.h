/* findings: what a conformance run finds, told apart by title and each with one example. */
#ifndef SOCKDRILL_TOOL_FINDINGS_H
#define SOCKDRILL_TOOL_FINDINGS_H

#include <jansson.h>

#include "engines/conform.h"

enum { TITLE_MAX = 256, FINDINGS_MAX = 4096 };

enum finding_kind {
    FINDING_DEVIATION,   /* the oracle allows no such outcome */
    FINDING_EXPECTATION, /* a drill expects another */
    FINDING_DEPARTURE,   /* likewise, but the drill says that Linux departs: no fault */
    FINDING_HANG,        /* a call did not return */
    FINDING_CRASH,       /* a call ended the process */
    FINDING_KINDS
};

/* An outcome that was allowed, in words. */
struct finding_allowed {
    char *outcome;
    enum clause clause;
};

/* Things found that have one title. Strings live as long as the process; NULL for what there is
 * not.
 */
struct finding {
    enum finding_kind kind;
    char title[TITLE_MAX];
    uint64_t count;
    /* The first of them. */
    const char *op;
    const char *type;
    const char *family;
    enum standing standing;
    char *path; /* of its drill; NULL for one that was drawn */
    uint32_t line;
    uint64_t seed;
    bool audit; /* it came after the drill's last call */
    char *call;
    char *got;
    char *expected;
    unsigned allowed_count;
    struct finding_allowed *allowed;
    char *drill;   /* one that was drawn, minimised */
    bool unstable; /* which did not deviate again by itself */
};

struct findings {
    size_t count;
    struct finding list[FINDINGS_MAX];
    uint64_t totals[FINDING_KINDS];
};

/*
 * finding_title writes the title of a deviation: its call, what kind of socket it is about, what it
 * came to, and what would have been allowed, each without the details that differ by chance.
 */
void finding_title(char title[TITLE_MAX], const struct judged *judged, const struct oracle *oracle);

/*
 * findings_add counts a finding and returns it; its count is 1 when it is the first of that title.
 * Returns NULL when there are too many titles.
 */
struct finding *findings_add(struct findings *findings, enum finding_kind kind, const char *title);

/* finding_tell fills in the example: the call and what it came to, and what the oracle allowed. */
void finding_tell(struct finding *finding, const struct judged *judged, const struct oracle *oracle,
                  const struct drill_notes *notes);

/* findings_print writes those of a kind for people; colour: with escapes for a terminal. */
void findings_print(FILE *out, const struct findings *findings, enum finding_kind kind,
                    bool colour);

/* findings_json returns those of a kind as an array. */
json_t *findings_json(const struct findings *findings, enum finding_kind kind);

/*
 * finding_save saves in folder the drill, which was drawn; profile names what judged it. Prints one
 * line when it cannot.
 */
void finding_save(const struct finding *finding, const char *folder, const char *profile);

/* finding_outcome returns an outcome in words, to be freed; names as a remark. */
char *finding_outcome(const struct call *call, const struct outcome *outcome,
                      const struct drill_notes *notes);

#endif
