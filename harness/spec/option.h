/*
 * option: the values of socket options. What is not known yet, such as a default that the texts
 * leave open, is learnt when it is first shown. Private to harness/spec.
 */
#ifndef SOCKDRILL_SPEC_OPTION_H
#define SOCKDRILL_SPEC_OPTION_H

#include "spec/step.h"

enum { OPTION_US_IN_S = 1000000 };

/* The lines of options.def. */
enum option {
#define OPTION(level, name, form) OPT_##name,
#include "lists/options.def"
#undef OPTION
    OPTIONS
};

/* How an option behaves. */
enum option_kind {
    KIND_OPEN,  /* nothing is promised of its value */
    KIND_FLAG,  /* 0 or 1 */
    KIND_RANGE, /* from least to most, and reads back as it was set; others are EINVAL */
    KIND_KEPT,  /* likewise, but of others nothing is promised */
    KIND_BUFFER,
    KIND_LOW_WATER,
    KIND_LINGER,
    KIND_TIME,
    KIND_SHOWN,   /* only read */
    KIND_PATH,    /* only read, and only with a peer */
    KIND_BYTES,   /* not an int */
    KIND_UNKNOWN, /* no protocol has it */
};

/* Which sockets have an option. */
enum option_sockets { ON_ALL, ON_STREAMS, ON_DATAGRAMS };

/* What holds of an option, besides its form. */
struct option_rule {
    uint8_t kind;    /* enum option_kind */
    uint8_t sockets; /* enum option_sockets */
    bool has_initial;
    bool bounds_open; /* the range stands in no text, so going beyond it may be allowed */
    int least;
    int most;
    int initial; /* of a new socket */
    enum clause clause;
};

/* option_rules are the rules, in the order of options.def; the last is of those not listed. */
extern const struct option_rule option_rules[OPTIONS + 1];

/* option_is_posix tells of each option whether POSIX.1-2017 has it: sys/socket.h and its kin. */
extern const bool option_is_posix[OPTIONS + 1];

/* option_find returns an option's line, or OPTIONS when no option has that level and number. */
unsigned option_find(int level, int number);

/* option_setting returns what is known of an option's value, or NULL. */
const struct setting *option_setting(const struct world *w, uint16_t sock, unsigned option);

/* option_store says what is known of an option's value from now on. */
void option_store(struct world *w, uint16_t sock, unsigned option, int value,
                  enum setting_state state);

/* option_int returns the value of an option that was set or has an initial one; else 0. */
int option_int(const struct world *w, const struct sock *s, enum option option);

/* check_level collects whether a socket lacks the request's option. */
void check_level(struct step *t, const struct sock *s, unsigned option);

/* option_is_set tells whether setsockopt has set an option. */
bool option_is_set(const struct world *w, uint16_t sock, enum option option);

/* option_is_on tells whether a flag was set to other than 0. */
bool option_is_on(const struct world *w, uint16_t sock, enum option option);

/* option_notes_packet tells whether a socket has asked to be told the addresses of datagrams. */
bool option_notes_packet(const struct world *w, uint16_t sock);

/* buffer_is_small tells whether a receive buffer was made smaller than systems have it. */
bool buffer_is_small(const struct world *w, const struct sock *s);

/* option_become sets an option's value as a side effect of another call. */
void option_become(struct world *w, const struct sock *s, enum option option, int value);

/* options_forget: of a socket's options nothing is known any more. */
void options_forget(struct world *world, uint16_t sock);

/* options_inherit gives an accepted socket its listener's values. */
void options_inherit(struct world *w, uint16_t child, uint16_t listener);

#endif
