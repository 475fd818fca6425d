/* command: see command.h. */
#include "tool/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads a number that counts something; ends the program with one line when it is none. */
static error_t read_number(struct argp_state *state, const char *text, unsigned long long *number)
{
    char *end;

    errno = 0;
    *number = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || strchr(text, '-') != NULL) {
        fprintf(stderr, "%s: %s is no number\n", state->name, text);
        exit(EXIT_COULD_NOT_RUN);
    }
    return 0;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct words *words = state->input;

    switch (key) {
    case 'j':
        words->json = true;
        return 0;
    case 'b':
        words->binary = true;
        return 0;
    case 't':
        words->target = argument;
        return 0;
    case 's':
        words->stack = argument;
        return 0;
    case 'p':
        words->profile = argument;
        return 0;
    case 'o':
        words->save = argument;
        return 0;
    case 'r':
        words->record = argument;
        return 0;
    case 'a':
        words->parser = argument;
        return 0;
    case 'm':
        words->markdown = true;
        return 0;
    case 'H':
        words->histogram = true;
        return 0;
    case 'f':
        words->first = true;
        return 0;
    case 'P':
        words->progress = true;
        return 0;
    case 'n':
        words->calls_given = true;
        return read_number(state, argument, &words->calls);
    case 'S':
        return read_number(state, argument, &words->seed);
    case ARGP_KEY_ARGS:
        words->words = state->argv + state->next;
        words->count = (size_t)(state->argc - state->next);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

void command_words(struct words *words, int argc, char **argv, const struct argp_option *options,
                   const char *arguments, const char *doc, size_t least, size_t most)
{
    const struct argp argp = {
        .options = options, .parser = parse_option, .args_doc = arguments, .doc = doc};

    *words = (struct words){.seed = 1};
    argp_parse(&argp, argc, argv, 0, NULL, words);
    if (words->count >= least && words->count <= most)
        return;
    fprintf(stderr, "sockdrill: usage: %s %s (%s --help tells more)\n", argv[0], arguments,
            argv[0]);
    exit(EXIT_COULD_NOT_RUN);
}

int command_fail(const char *format, ...)
{
    va_list arguments;

    fputs("sockdrill: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return EXIT_COULD_NOT_RUN;
}

bool command_read_drill(const char *path, struct drill *drill, struct drill_notes *notes,
                        const struct drill_rules *rules)
{
    char error[INPUT_ERROR_MAX];
    static uint8_t *bytes; /* the drill points into it until the next one is read */
    size_t size;

    if (input_has_ending(path, ".drill")) {
        if (input_parse(path, drill, notes, error))
            return true;
        command_fail("%s", error);
        return false;
    }
    free(bytes);
    bytes = input_read(path, &size, error);
    if (bytes == NULL) {
        command_fail("%s", error);
        return false;
    }
    drill_decode(drill, bytes, size, rules);
    memset(notes, 0, offsetof(struct drill_notes, text));
    if (rules->remote)
        strcpy(notes->names[SLOT_REMOTE], "remote");
    return true;
}

void command_hash(char text[17], const uint8_t *bytes, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3u;
    snprintf(text, 17, "%016llx", (unsigned long long)hash);
}

bool command_make_folders(const char *path)
{
    char *copy = strdup(path);
    bool made = copy != NULL;

    for (char *slash = copy; made && slash != NULL;) {
        slash = strchr(slash + 1, '/');
        if (slash != NULL)
            *slash = '\0';
        made = mkdir(copy, 0777) == 0 || errno == EEXIST;
        if (slash != NULL)
            *slash = '/';
    }
    free(copy);
    return made;
}

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);

        if (written < 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

bool command_write_file(const char *path, const void *bytes, size_t size)
{
    char *beside;
    bool written;
    int fd;

    if (asprintf(&beside, "%s.%ld", path, (long)getpid()) < 0)
        return false;
    fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    written = fd >= 0 && write_all(fd, bytes, size);
    if (fd >= 0)
        written = close(fd) == 0 && written;
    written = written && rename(beside, path) == 0;
    if (!written)
        unlink(beside);
    free(beside);
    return written;
}
