/* tidy: see tidy.h. */
#include "tests/tidy.h"

#include <ctype.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 4096, FOLDERS_OPEN_MAX = 16, LINES_MAX = 500, FUNCTION_LINES_MAX = 60 };

/* A file, with its lines as strings of their own. */
struct source {
    char *path; /* from the root on */
    char *text;
    char **lines;
    unsigned count;
};

static struct {
    FILE *out;
    size_t root_length;
    unsigned faults;
    struct source sources[FILES_MAX];
    size_t count;
} tidy;

static void fault(const struct source *source, unsigned line, const char *format, ...)
{
    va_list arguments;

    fprintf(tidy.out, "%s:%u: ", source->path, line);
    va_start(arguments, format);
    vfprintf(tidy.out, format, arguments);
    va_end(arguments);
    fputc('\n', tidy.out);
    tidy.faults++;
}

/* --- files --- */

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t tail = strlen(ending);

    return length >= tail && strcmp(text + length - tail, ending) == 0;
}

static bool is_c(const struct source *source)
{
    return ends_with(source->path, ".c") || ends_with(source->path, ".h");
}

static bool is_def(const struct source *source)
{
    return ends_with(source->path, ".def");
}

/* A copy in which every line ends with NUL. */
static void split(struct source *source, size_t size)
{
    source->lines = calloc(size + 1, sizeof *source->lines);
    for (char *c = source->text; c < source->text + size;) {
        char *end = strchr(c, '\n');

        source->lines[source->count++] = c;
        if (end == NULL)
            break;
        *end = '\0';
        c = end + 1;
    }
}

static void read_source(const char *path)
{
    struct source *source = &tidy.sources[tidy.count++];
    FILE *file = fopen(path, "rb");
    size_t size;

    if (file == NULL || tidy.count == FILES_MAX)
        abort();
    fseek(file, 0, SEEK_END);
    size = (size_t)ftell(file);
    rewind(file);
    *source = (struct source){.path = strdup(path + tidy.root_length + 1)};
    source->text = calloc(1, size + 1);
    if (fread(source->text, 1, size, file) != size)
        abort();
    fclose(file);
    split(source, size);
}

static int visit(const char *path, const struct stat *status, int type, struct FTW *where)
{
    static const char *const endings[] = {".c",  ".h",     ".def",   ".sh",
                                          ".md", ".cmake", ".drill", "CMakeLists.txt"};

    (void)status;
    (void)where;
    for (size_t i = 0; type == FTW_F && i < sizeof endings / sizeof *endings; i++)
        if (ends_with(path, endings[i])) {
            read_source(path);
            break;
        }
    return 0;
}

static void read_folder(const char *root, const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", root, name);
    nftw(path, visit, FOLDERS_OPEN_MAX, FTW_PHYS);
}

static void release(void)
{
    for (size_t i = 0; i < tidy.count; i++) {
        free(tidy.sources[i].path);
        free(tidy.sources[i].text);
        free(tidy.sources[i].lines);
    }
    tidy.count = 0;
}

/* --- lines, functions, comments, space --- */

static void check_lines(const struct source *source)
{
    if (source->count > LINES_MAX)
        fault(source, LINES_MAX + 1, "lines: %u, more than %d", source->count, LINES_MAX);
}

/*
 * In this style a function's braces stand alone at the beginning of a line; a table's opening one
 * does not. Its lines are counted from the opening to the closing brace.
 */
static void check_functions(const struct source *source)
{
    unsigned opened = 0;

    for (unsigned i = 0; i < source->count; i++) {
        if (strcmp(source->lines[i], "{") == 0) {
            opened = i + 1;
        } else if (opened != 0 && strcmp(source->lines[i], "}") == 0) {
            if (i + 2 - opened > FUNCTION_LINES_MAX)
                fault(source, opened, "function: %u lines, more than %d", i + 2 - opened,
                      FUNCTION_LINES_MAX);
            opened = 0;
        }
    }
}

/* "/" "* name: what it is": the name is that of the file, or of the target that the file begins. */
static bool begins_with_name(const struct source *source)
{
    const char *slash = strrchr(source->path, '/');
    const char *file = slash != NULL ? slash + 1 : source->path;
    const char *word = source->lines[0] + 2;
    size_t length;

    if (*word == '\0' && source->count > 1)
        word = source->lines[1];
    word += strspn(word, " *");
    length = strcspn(word, ":");
    for (size_t i = 0; i < length; i++)
        if (word[i] == '/') {
            word += i + 1;
            length -= i + 1;
            i = 0;
        }
    if (strcspn(word, ".") < length)
        length = strcspn(word, ".");
    return length > 0 && strncmp(file, word, length) == 0;
}

static void check_comment(const struct source *source)
{
    if (strncmp(source->text, "/*", 2) != 0)
        fault(source, 1, "comment: the file does not begin with one");
    else if (!is_def(source) && !begins_with_name(source))
        fault(source, 1, "comment: the first one does not begin with the file's name");
}

static void check_space(const struct source *source)
{
    for (unsigned i = 0; i < source->count; i++) {
        size_t length = strlen(source->lines[i]);

        if (length > 0 && isspace((unsigned char)source->lines[i][length - 1]))
            fault(source, i + 1, "space: the line ends with white space");
    }
}

/* --- includes --- */

/* The folders of harness/ that include one way: each may include itself and those before it. */
static const char *const order[] = {"lists",  "drill",  "address", "spec", "oracle",
                                    "mutate", "stacks", "engines", "tool"};
enum { ORDER = sizeof order / sizeof *order };

/* The place of a folder's name in the order, ORDER when it has none. */
static unsigned place_of(const char *name, size_t length)
{
    unsigned i = 0;

    while (i < ORDER && (strlen(order[i]) != length || strncmp(order[i], name, length) != 0))
        i++;
    return i;
}

static void check_include(const struct source *source, unsigned line, const char *folder,
                          const char *header)
{
    unsigned own = place_of(folder, strcspn(folder, "/"));
    unsigned other = place_of(header, strcspn(header, "/"));

    if (own < ORDER && other < ORDER && other > own)
        fault(source, line, "include: %s/ is not before %s/", order[other], order[own]);
    if (strncmp(folder, "include/", 8) == 0)
        fault(source, line, "include: a public header includes \"%s\"", header);
    if (own < ORDER && strncmp(header, "tests/", 6) == 0)
        fault(source, line, "include: only tests include tests/");
}

static void check_includes(const struct source *source)
{
    static const char start[] = "#include \"";
    const char *folder = source->path + strlen("harness/");

    if (strncmp(source->path, "harness/", strlen("harness/")) != 0)
        return;
    for (unsigned i = 0; i < source->count; i++) {
        const char *header = source->lines[i] + strlen(start);

        if (strncmp(source->lines[i], start, strlen(start)) == 0 && strchr(header, '/') != NULL)
            check_include(source, i + 1, folder, header);
    }
}

/* --- entries of the lists --- */

/* Which argument of an entry is its name, and how sources call it besides. */
static const struct {
    const char *file;
    const char *macro; /* NULL: nothing else calls it */
    unsigned argument;
    const char *prefix;
} entries[] = {
    {"calls.def", "CALL(", 1, "OP_"},
    {"errnos.def", "ERRNO(", 0, ""},
    {"options.def", "OPTION(", 1, ""},
    {"flags.def", " F(", 0, ""},
    {"flags.def", "FLAGS(", 0, "FLAGS_"},
    {"values.def", " V(", 0, ""},
    {"values.def", "VALUES(", 0, "VALUES_"},
    {"addresses.def", "ADDRESS(", 0, "HOST_"},
    {"/clauses.def", "CLAUSE(", 0, "CLAUSE_"},
    {"traits.def", "TRAIT(", 0, ""},
    {"controls.def", "CONTROL(", 1, ""},
    {"faults.def", "FAULT(", 1, "fault_"},
    {"interposed.def", "EMULATED(", 1, ""},
    {"interposed.def", "OWN(", 1, "interposed_"},
    {"refused.def", NULL, 0, ""}, /* each line is a function, or says of one that it is passed */
    {"answers.def", NULL, 0, ""}, /* each line is found by its code */
    {"address_clauses.def", "CLAUSE(", 0, "ADDRESS_"},
    {"address_deviations.def", "DEVIATION(", 2, "ADDRESS_"},
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool line_names(const char *line, const char *prefix, const char *name)
{
    char prefixed[128];

    snprintf(prefixed, sizeof prefixed, "%s%s", prefix, name);
    for (const char *at = strstr(line, name); at != NULL; at = strstr(at + 1, name)) {
        const char *start = at;

        while (start > line && is_word(start[-1]))
            start--;
        if (!is_word(at[strlen(name)]) &&
            (start == at || strncmp(start, prefixed, strlen(prefixed)) == 0))
            return true;
    }
    return false;
}

static bool is_used(const char *prefix, const char *name)
{
    for (size_t i = 0; i < tidy.count; i++)
        for (unsigned l = 0; l < tidy.sources[i].count && !is_def(&tidy.sources[i]); l++)
            if (line_names(tidy.sources[i].lines[l], prefix, name))
                return true;
    return false;
}

/* Takes the name out of what follows an entry's parenthesis; a number is no name. */
static bool take_name(char name[64], const char *arguments, unsigned argument)
{
    size_t length = 0;

    for (; argument > 0 && strchr(arguments, ',') != NULL; argument--)
        arguments = strchr(arguments, ',') + 1;
    arguments += strspn(arguments, " ");
    while (length < 63 && is_word(arguments[length]))
        length++;
    memcpy(name, arguments, length);
    name[length] = '\0';
    return length > 0 && !isdigit((unsigned char)name[0]);
}

static void check_entry(const struct source *source, unsigned line, size_t kind)
{
    const char *macro = entries[kind].macro;
    const char *at = strstr(source->lines[line], macro);
    char name[64];

    for (; at != NULL; at = strstr(at + 1, macro))
        if (take_name(name, at + strlen(macro), entries[kind].argument) &&
            !is_used(entries[kind].prefix, name))
            fault(source, line + 1, "entry: %s is used nowhere", name);
}

static void check_entries(const struct source *source)
{
    bool known = false;

    for (size_t kind = 0; kind < sizeof entries / sizeof *entries; kind++) {
        bool comment = true;

        if (!ends_with(source->path, entries[kind].file))
            continue;
        known = true;
        for (unsigned i = 0; i < source->count && entries[kind].macro != NULL; i++) {
            if (!comment)
                check_entry(source, i, kind);
            comment = comment && strstr(source->lines[i], "*/") == NULL;
        }
    }
    if (!known)
        fault(source, 1, "entry: tidy.c does not know how this list names its entries");
}

/* --- all of it --- */

static void check_source(const struct source *source)
{
    check_space(source);
    if (is_c(source)) {
        check_lines(source);
        check_functions(source);
        check_includes(source);
    }
    if (is_c(source) || is_def(source))
        check_comment(source);
    if (is_def(source))
        check_entries(source);
}

unsigned tidy_check(FILE *out, const char *root)
{
    tidy.out = out;
    tidy.root_length = strlen(root);
    tidy.faults = 0;
    read_folder(root, "harness");
    read_folder(root, "targets");
    read_folder(root, "corpus");
    for (size_t i = 0; i < tidy.count; i++)
        check_source(&tidy.sources[i]);
    release();
    return tidy.faults;
}
