/* command: what the subcommands of `sockdrill` share: their table, their options, how they fail. */
#ifndef SOCKDRILL_TOOL_COMMAND_H
#define SOCKDRILL_TOOL_COMMAND_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "engines/input.h"

/* Exit statuses, the same everywhere. */
enum { EXIT_CLEAN = 0, EXIT_COULD_NOT_RUN = 1, EXIT_FOUND = 2 };

/* A subcommand: run gets its own words, argv[0] being "sockdrill NAME", and returns the status. */
struct command {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
};

int command_addresses(int argc, char **argv);
int command_clauses(int argc, char **argv);
int command_conform(int argc, char **argv);
int command_dict(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_fmt(int argc, char **argv);
int command_keep(int argc, char **argv);
int command_list(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_run(int argc, char **argv);
int command_seeds(int argc, char **argv);

/* The words of a subcommand once its options are taken. */
struct words {
    char **words;
    size_t count;
    bool json;
    bool binary;
    const char *target;
    const char *stack;
    const char *profile;
    const char *save;
    const char *record;
    const char *parser;
    bool markdown;
    bool histogram;
    bool first;
    bool progress;
    bool calls_given;
    unsigned long long calls;
    unsigned long long seed; /* 1 if it is not given */
};

/* Options that more than one subcommand has; argp rows for their tables. */
#define OPTION_JSON                                                                                \
    {                                                                                              \
        "json", 'j', NULL, 0, "Write JSON", 0                                                      \
    }
#define OPTION_BINARY                                                                              \
    {                                                                                              \
        "binary", 'b', NULL, 0, "Write the binary form", 0                                         \
    }
#define OPTION_TARGET                                                                              \
    {                                                                                              \
        "target", 't', "TARGET", 0, "The input belongs to TARGET", 0                               \
    }
#define OPTION_STACK                                                                               \
    {                                                                                              \
        "stack", 's', "STACK", 0, "On STACK: kernel (the default), model, lwip, a plug-in's path", \
            0                                                                                      \
    }
#define OPTION_PROFILE                                                                             \
    {                                                                                              \
        "profile", 'p', "PROFILE", 0,                                                              \
            "Judge by PROFILE: linux (the default for the kernel) or posix (for other stacks)", 0  \
    }

/*
 * command_words parses a subcommand's line into words; options is NULL where it has none. Exits
 * with --help, --version, or, when there are fewer than least or more than most words, with one
 * line and status 1.
 */
void command_words(struct words *words, int argc, char **argv, const struct argp_option *options,
                   const char *arguments, const char *doc, size_t least, size_t most);

/* command_fail prints one line that begins with "sockdrill: " and returns EXIT_COULD_NOT_RUN. */
int command_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * command_read_drill reads a drill in either form, with its names and expectations if it has any; a
 * binary one under these rules. Prints one line when it cannot.
 */
bool command_read_drill(const char *path, struct drill *drill, struct drill_notes *notes,
                        const struct drill_rules *rules);

/* command_hash writes the 16 hexadecimal digits that name a content (FNV-1a, 64 bits). */
void command_hash(char text[17], const uint8_t *bytes, size_t size);

/* command_make_folders makes a folder and those above it; false with errno when it cannot. */
bool command_make_folders(const char *path);

/* command_write_file writes a file whole or not at all: beside it, then renamed. */
bool command_write_file(const char *path, const void *bytes, size_t size);

#endif
