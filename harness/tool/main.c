/* main: the `sockdrill` command, a table of subcommands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/command.h"

static const struct command commands[] = {
    {"run", "make drills' calls on a stack and print each with its result", command_run},
    {"fmt", "convert a drill between its text and its binary form", command_fmt},
    {"list", "list the fuzz targets", command_list},
    {"replay", "run a target on files, such as a crash", command_replay},
    {"keep", "keep a crash as a regression test, in text form", command_keep},
    {"seeds", "build a target's binary seeds from corpus/", command_seeds},
    {"conform", "judge what a stack does by the specification", command_conform},
    {"explain", "judge a recorded trace line by line", command_explain},
    {"clauses", "list the clauses of the specification, and what covers them", command_clauses},
    {"addresses", "hold parsers and printers of addresses against the texts", command_addresses},
    {"dict", "print a target's dictionary for libFuzzer and AFL++", command_dict},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_help(FILE *out)
{
    fputs("Usage: sockdrill COMMAND [ARGUMENT...]\n\n"
          "Drills socket code over real loopback: TCP and UDP, IPv4 and IPv6.\n\nCommands:\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`sockdrill COMMAND --help` tells more.\n"
          "Exit status: 0 clean, 1 could not run, 2 something was found.\n",
          out);
}

static int run_command(const struct command *command, int argc, char **argv)
{
    char name[32];

    snprintf(name, sizeof name, "sockdrill %s", command->name);
    argv[1] = name;
    return command->run(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    argp_program_version = "sockdrill " SOCKDRILL_VERSION;
    argp_err_exit_status = EXIT_COULD_NOT_RUN;
    if (argc < 2) {
        print_help(stderr);
        return EXIT_COULD_NOT_RUN;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return EXIT_CLEAN;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        puts(argp_program_version);
        return EXIT_CLEAN;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return run_command(&commands[i], argc, argv);
    return command_fail("no command \"%s\": see sockdrill --help", argv[1]);
}
